import pytest
import torch

from stylelab.figures import growing
from stylelab.lessons.nb07_why import figures, separate
from stylelab.lessons.nb07_why.naming import Judged
from stylelab.lessons.nb07_why.other_network import NETWORKS, Trial
from stylelab.lessons.nb07_why.separate import Readout

LAYERS = ("relu1_1", "relu2_1", "relu3_1")
TRAINED = dict(zip(LAYERS, (0.3, 0.2, 0.1), strict=True))
RANDOM = [dict.fromkeys(LAYERS, value) for value in (0.4, 0.6)]


def square(seed, side=32):
    draws = torch.Generator().manual_seed(seed)
    return torch.rand(1, 3, side, side, generator=draws)


def drawn(plate):
    """The figure's bytes are made: nothing in it that cannot be shown."""
    data, _ = plate._repr_mimebundle_()
    assert data["text/plain"] == plate.alt
    return data


@pytest.mark.parametrize("random", [[], RANDOM[:1], RANDOM])
def test_curves_are_told_and_drawn_before_the_control_is_there(random):
    found = [("trained", TRAINED), *(("random\nweights", one) for one in random)]
    plate = figures.by_layer(found, 0.35, "claim", "Lamps.", "other lamp")
    assert "trained: 0.30, 0.20, 0.10." in plate.alt
    assert ("random weights: 0.50, 0.50, 0.50." in plate.alt) == (len(random) == 2)
    drawn(plate)
    low, high = plate.axes[0].get_ylim()
    assert low == 0
    assert high >= max(0.35, *(v for _, one in found for v in one.values()))


def test_each_random_network_is_a_dot_and_the_guess_a_line():
    found = [("trained", TRAINED), *(("random", one) for one in RANDOM)]
    guess = {"your prediction": (LAYERS, [0.1, 0.2, 0.3])}
    plate = figures.by_layer(found, 0.35, "claim", "alt", "other lamp", guess)
    lines = plate.axes[0].lines
    assert [*lines[-1].get_ydata()] == [0.1, 0.2, 0.3]
    dots = [line for line in lines if line.get_linestyle() == "None"]
    assert [line.get_ydata()[0] for line in dots] == [0.4, 0.6]


@pytest.mark.parametrize("seeds", [0, 2])
def test_readouts_are_told_and_no_marker_hides_another(seeds):
    maps, gram = Readout(photo=1.0, style=0.5), Readout(photo=0.25, style=0.75)
    by_layer = dict.fromkeys(LAYERS, (maps, gram))
    plate = figures.readouts(by_layer, [by_layer] * seeds, 0.25, "claim", "alt")
    assert "relu1_1: style by Gram 0.75, by maps 0.50; photo by maps 1.00" in plate.alt
    drawn(plate)
    for axes, by_gram in zip(plate.axes, (0.75, 0.25), strict=True):
        lines = {line.get_label(): line for line in axes.lines}
        assert [*lines["Gram matrix"].get_ydata()] == [by_gram] * 3
        places = [x for line in axes.lines[1:] for x in line.get_xdata()]
        assert len({round(float(x), 3) for x in places}) == 3 * 2 * (1 + seeds)


def test_verdicts_have_a_row_per_photo_and_a_line_per_pair():
    judged = [
        Judged(photo, style, weight, square(0), 0.5, "cup")
        for photo in ("coffee", "cat")
        for style in ("starry_night", "auvers")
        for weight in (0, 30, 0.1)
    ]
    plate = figures.verdicts(judged, "claim", "alt")
    assert "coffee in auvers 30: 0.50" in plate.alt
    *pictures, axes = plate.axes
    assert len(pictures) == 2 * 3
    assert all(one.images for one in pictures)
    curves = [line for line in axes.lines if len(line.get_xdata())]
    assert len(curves) == 2 * 2
    assert [*curves[0].get_xdata()] == [0, 1, 2]
    drawn(plate)


def test_textures_of_other_networks_are_told_and_drawn_growing():
    sources = {"brick": square(0), "grass": square(1)}
    trials = [Trial("brick", name, square(2), 0.25) for name in NETWORKS]
    plate = figures.why_vgg([*trials, trials[0]], sources, "claim", "alt")
    assert "brick, VGG-19: median 0.250." in plate.alt
    assert "grass" not in plate.alt.replace("grass, ", "")
    drawn(plate)


def test_photos_and_styles_are_shown_growing_and_returned_in_order(monkeypatch):
    plates = []

    class Handle:
        def update(self, plate):
            plates.append(plate)

    def display(plate, display_id):
        plates.append(plate)
        return Handle()

    monkeypatch.setattr(growing, "display", display)
    monkeypatch.setattr(growing, "PAUSE", 0)
    monkeypatch.setattr(growing, "SHARE", 0)
    photos, styles = [square(0), square(1)], [square(2), square(3)]
    jobs = separate.jobs(
        photos, styles, size=32, steps=3, style_layers="relu1_1", style_weight=1
    )
    results = figures.watch_crossed(jobs, photos, styles, "claim", "alt")
    assert [result.record["steps_run"] for result in results] == [3] * 4
    # An empty table, then at every step a new one, and the finished one.
    assert len(plates) == 14
    full = [sum(bool(axes.images) for axes in plate.axes) for plate in plates]
    assert full[0] == 4
    assert full == sorted(full)
    assert full[-1] == 8
    again = figures.watch_crossed(jobs, photos, styles, "claim", "alt")
    assert all(
        torch.equal(one.picture, other.picture)
        for one, other in zip(results, again, strict=True)
    )
