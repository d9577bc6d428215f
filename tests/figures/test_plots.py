import io

import PIL.Image
import pytest
import torch

from stylelab.analysis import receptive_field
from stylelab.analysis.recognize import Guess
from stylelab.figures import growing, plots
from stylelab.lessons.nb01_convolution.small_networks import Progress
from stylelab.lessons.nb02_layers import figures
from stylelab.lessons.nb05_texture.figures import by_layer
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


def test_curves_become_small_files():
    plate = plots.lines({"a": ((1, 2), (3, 4))}, "Claim", "A line", "x", "y, px")
    mime = decoded(plate)[0]
    assert mime == "image/png"
    assert len(plate._repr_mimebundle_()[0][mime]) < 40_000


def test_no_curve_is_left_out_and_no_two_look_alike(photo):
    names = [f"curve {number}" for number in range(8)]
    curves = {name: [1.0, number] for number, name in enumerate(names)}
    series = {name: ((1, 2), up) for name, up in curves.items()}
    fields = [(name, receptive_field.box("relu2_1", 20, 20)) for name in names]
    image = images.to_image(photo)
    alone = plots.lines(series, "Claim", "alt", "x", "y").axes[0]
    layered = by_layer({"measure": curves}, names[:2], "Claim", "alt").axes[0]
    boxed = figures.boxes(fields, image, "Claim", "alt").axes[0]
    for axes in (alone, layered):
        drawn = axes.get_lines()
        assert [line.get_label() for line in drawn] == names
        assert len({(line.get_color(), line.get_linestyle()) for line in drawn}) == 8
    assert [text.get_text().partition(":")[0] for text in boxed.texts] == names


def test_two_drawings_are_the_same_bytes(photo):
    def draw():
        return plots.gallery([("a", photo)], "Claim", "alt")._repr_mimebundle_()

    assert draw() == draw()


def test_every_kind_of_figure_is_drawn(photo):
    image = images.to_image(photo)
    guesses = (Guess("espresso", 0.9), Guess("cup", 0.1))
    field = receptive_field.box("relu2_1", 20, 20)
    heat = torch.rand(96, 144)
    for plate in (
        plots.kernels(torch.randn(5, 3, 3, 3), "Claim", "alt"),
        plots.kernels(torch.ones(2, 1, 3, 3), "Claim", "alt", captions=["a", "b"]),
        figures.guesses([("coffee", image, guesses)], "Claim", "alt"),
        figures.shapes(["relu1_1", "pool5"], 224, 224, "Claim"),
        figures.boxes([("relu2_1", field)], image, "Claim", "alt"),
        figures.growth({"relu1_1": 3, "relu2_1": 8}, "Claim", "alt"),
        figures.influences([("a", heat, field), ("b", heat, field)], "C", "alt"),
    ):
        assert decoded(plate)[1].width == 1000


def test_equal_numbers_in_a_kernel_stay_visible():
    plate = plots.kernels(torch.ones(1, 1, 3, 3), "Claim", "alt", columns=1, width=2)
    assert decoded(plate)[1].convert("L").getextrema()[0] < 100


def test_watching_hands_back_all_and_keeps_what_an_interrupt_leaves(capsys):
    def training():
        yield Progress(1, 5, 0.7, 0.5, True)
        yield Progress(2, 5, 0.6, 0.5, False)
        raise KeyboardInterrupt

    seen = growing.watch_training(training(), "Claim", "accuracy", "alt")
    assert [progress.step for progress in seen] == [1, 2]
    assert "Interrupted after 2 steps" in capsys.readouterr().out
