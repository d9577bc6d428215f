import pytest
import torch

from stylelab.figures import growing
from stylelab.lessons.nb07_why import figures, separate
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
    plate = figures.against_chance(TRAINED, random, 0.35, "claim", "other lamp")
    assert "relu3_1 0.10" in plate.alt
    assert ("mean of 2 seeds: relu1_1 0.50" in plate.alt) == (len(random) == 2)
    drawn(plate)
    low, high = plate.axes[0].get_ylim()
    assert low == 0
    assert high > max(0.35, 0.3, *(value for one in random for value in one.values()))


@pytest.mark.parametrize("seeds", [0, 2])
def test_readouts_are_told_and_drawn(seeds):
    maps, gram = Readout(photo=1.0, style=0.5), Readout(photo=0.25, style=0.75)
    by_layer = dict.fromkeys(LAYERS, (maps, gram))
    plate = figures.readouts(by_layer, [by_layer] * seeds, 0.25, "claim")
    assert "relu1_1: style by Gram 0.75, by maps 0.50; photo by maps 1.00" in plate.alt
    drawn(plate)
    for axes, by_gram in zip(plate.axes, (0.75, 0.25), strict=True):
        lines = {line.get_label(): line for line in axes.lines}
        assert [*lines["Gram matrix"].get_ydata()] == [by_gram] * 3


def test_verdicts_leave_room_for_those_to_come():
    judged = [("photo", square(0), 0.9, "cup 0.90"), ("10", square(1), 0.1, "cup 0.3")]
    plate = figures.verdicts(judged, 5, "claim", "espresso", "weight")
    assert "photo: espresso 0.90, first cup 0.90" in plate.alt
    assert plate.axes[1].get_xlim()[1] > 4
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
