import io

import PIL.Image
import pytest

from stylelab.figures import plots
from stylelab.pictures import images


def decoded(plate):
    """The picture that a notebook stores, and its description."""
    import base64

    (data, metadata) = plate._repr_mimebundle_()
    mime = next(kind for kind in data if kind.startswith("image/"))
    image = PIL.Image.open(io.BytesIO(base64.b64decode(data[mime])))
    return mime, image, metadata[mime]["alt"]


@pytest.fixture(scope="module")
def photo():
    return images.load("palace", 96)


def test_a_figure_brings_its_description(photo):
    plate = plots.gallery([("a", photo), ("b", photo[0, 0])], "Claim", "Two pictures")
    mime, image, alt = decoded(plate)
    assert alt == "Two pictures"
    assert mime == "image/jpeg"
    assert image.width == 1000
    assert plate._repr_mimebundle_()[0]["text/plain"] == alt


@pytest.mark.parametrize("width", [5, 8, 10])
@pytest.mark.parametrize("word", ["WWW", "will", "(above)"])
def test_a_long_claim_stays_inside_of_its_figure(photo, width, word):
    """In notebook 02 a title of wide letters lost its end."""
    claim = " ".join([word] * 30)
    plate = plots.gallery([("a", photo)], claim, "alt", width=width)
    decoded(plate)
    title, renderer = plate._suptitle, plate.canvas.get_renderer()
    place = title.get_window_extent(renderer)
    assert place.x0 >= 0
    assert place.x1 <= plate.bbox.x1
    assert place.y0 >= plate.axes[0].get_tightbbox(renderer).y1
    assert title.get_text() == claim


def test_curves_become_small_files():
    plate = plots.lines({"a": ((1, 2), (3, 4))}, "Claim", "A line", "x", "y, px")
    mime = decoded(plate)[0]
    assert mime == "image/png"
    assert len(plate._repr_mimebundle_()[0][mime]) < 40_000


def test_no_curve_is_left_out_and_no_two_look_alike():
    series = {f"curve {number}": ((1, 2), (1.0, number)) for number in range(8)}
    axes = plots.lines(series, "Claim", "alt", "x", "y").axes[0]
    drawn = axes.get_lines()
    assert [line.get_label() for line in drawn] == [*series]
    assert len({(line.get_color(), line.get_linestyle()) for line in drawn}) == 8


def test_two_drawings_are_the_same_bytes(photo):
    def draw():
        return plots.gallery([("a", photo)], "Claim", "alt")._repr_mimebundle_()

    assert draw() == draw()
