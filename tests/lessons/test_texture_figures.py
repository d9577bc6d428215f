"""Figures of notebook 05, and the gallery in which runs grow."""

import pytest
import torch

import stylelab as sl
from stylelab.core import style_transfer
from stylelab.figures import growing
from stylelab.lessons.nb05_texture import figures

TINY = {"size": 32, "steps": 3, "style_layers": "relu1_1", "precision": "float32"}

NAMES = ((0, "a"), (1, "b"), (2, "a"))  # a seed, and the column of its dot


@pytest.fixture
def drawn(monkeypatch):
    """Every plate that was displayed or put in its place, in order."""
    plates = []

    class Handle:
        def update(self, plate):
            plates.append(plate)

    def display(plate, display_id):
        plates.append(plate)
        return Handle()

    monkeypatch.setattr(growing, "display", display)
    return plates


def captions(plate):
    return [axes.get_title() for axes in plate.axes]


def test_runs_grow_beside_pictures_one_after_another(drawn):
    original = sl.load("brick", 32)
    runs = [sl.texture("brick", seed=seed, **TINY) for seed in (0, 1)]
    panels = [("original", original), ("one", runs[0]), ("two", runs[1])]
    results = growing.watch_gallery(panels, "Claim", "alt", note=lambda p: "noted")
    assert captions(drawn[0]) == ["original", "one\nnoted", "two\nnoted"]
    assert [result.finished for result in results] == [True, True]
    for result, run in zip(results, runs, strict=True):
        assert torch.equal(result.picture, run.result(iter).picture)
    assert drawn[-1].alt == "alt"
    assert len(drawn) >= 2


def test_an_interrupt_keeps_what_has_grown(drawn, monkeypatch, capsys):
    runs = [sl.texture("brick", **TINY) for _ in range(3)]
    updates = iter(range(100))

    def impatient(canvas, now=False):
        if not now and next(updates) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(growing.Canvas, "update", impatient)
    results = growing.watch_gallery([("a", run) for run in runs], "Claim", "alt")
    assert [result.finished for result in results] == [True, False, False]
    assert [len(result.history) for result in results] == [3, 1, 1]
    assert "1 of 3 pictures are done" in capsys.readouterr().out


def test_an_interrupt_before_the_first_picture_is_no_traceback(
    drawn, capsys, monkeypatch
):
    runs = [sl.texture("brick", **TINY) for _ in range(2)]
    calls = iter(range(100))

    def interrupted(*arguments):
        if next(calls) == 0:
            raise KeyboardInterrupt
        return style_transfer.minimise(*arguments)

    monkeypatch.setattr("stylelab.runs.run.minimise", interrupted)
    results = growing.watch_gallery([("a", run) for run in runs], "Claim", "alt")
    assert [len(result.history) for result in results] == [1, 1]
    assert "0 of 2 pictures are done" in capsys.readouterr().out


def test_a_run_that_loses_its_way_stops_no_other(drawn, diverging, capsys):
    longer = TINY | {"steps": 9}
    runs = [sl.texture("brick", optimizer=o, **longer) for o in ("lbfgs", "adam")]
    with pytest.warns(RuntimeWarning, match="no way down"):
        results = growing.watch_gallery([("a", run) for run in runs], "Claim", "alt")
    assert [len(result.history) for result in results] == [6, 9]
    assert "Interrupted" not in capsys.readouterr().out


def test_drawing_takes_its_share_of_the_time_and_no_more(drawn, monkeypatch):
    clock = iter([0, 0, 0.5, 1, 2.6, 3])
    monkeypatch.setattr(growing.time, "monotonic", lambda: next(clock))
    canvas = growing.Canvas(lambda: "plate")  # drawn at 0
    canvas.update()  # from 0 to 0.5: the next is due at 2.5
    canvas.update()  # at 1: too early
    assert len(drawn) == 2
    canvas.update()  # at 2.6
    assert len(drawn) == 3


def test_numbers_stand_in_their_matrices():
    maps = torch.tensor([[1.0, 0, 2, 0], [0, 1, 0, 1], [1, 1, 1, 1]])
    product = style_transfer.gram(maps[None, :, None])[0]
    plate = figures.matrices(
        [("F", maps), ("G", product)], "Claim", "alt", ["a", "b", "c"]
    )
    texts = [[text.get_text() for text in axes.texts] for axes in plate.axes]
    assert texts[0][:4] == ["1", "0", "2", "0"]
    assert texts[1] == ["1.2", "0", "0.75", "0", "0.5", "0.5", "0.75", "0.5", "1"]


def test_blocks_on_the_diagonal_are_outlined():
    panels = [("rows", torch.ones(6, 4)), ("products", torch.ones(6, 6))]
    plate = figures.matrices(panels, "Claim", "alt", [*"abcdef"], block=3)
    rows, products = plate.axes
    assert not rows.patches
    assert [frame.get_xy() for frame in products.patches] == [(-0.5, -0.5), (2.5, 2.5)]
    assert products.patches[0].get_width() == products.patches[0].get_height() == 3


def test_bars_are_as_high_as_their_numbers():
    picture = sl.load("brick", 32)
    plate = figures.changes(
        [("rolled", picture, 0.25, 1.5), ("same", picture, 0.0, 0.0)], "Claim", "alt"
    )
    heights = [[bar.get_height() for bar in axes.patches] for axes in plate.axes]
    assert heights[2:] == [[0.25, 1.5], [0, 0]]
    assert plate.axes[2].get_ylim()[1] > 1.5


def test_dots_stand_in_their_columns_with_a_bar_at_the_median():
    plate = figures.dots(
        {"one": [0.1, 0.5, 0.2], "two": [1.0]}, "Claim", "alt", "error"
    )
    (axes,) = plate.axes
    assert [[*line.get_ydata()] for line in axes.lines] == [[0.1, 0.5, 0.2], [1.0]]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["one", "two"]
    bars = [bar.get_segments()[0][0][1] for bar in axes.collections]
    assert bars == [0.2, 1.0]
    assert axes.get_ylim()[0] <= 0


def test_each_run_becomes_a_dot_in_the_column_of_its_name(drawn):
    runs = [(name, sl.texture("brick", seed=seed, **TINY)) for seed, name in NAMES]
    given = {"real": [0.5]}
    text = ("Claim", "alt", "brightness")
    groups = figures.grow_dots(runs, lambda p: p.mean().item(), *text, given)
    assert [*groups] == ["real", "a", "b"]
    assert [len(values) for values in groups.values()] == [1, 2, 1]
    _, run = runs[2]
    assert groups["a"][1] == run.result(iter).picture.mean().item()
    assert len(drawn[-1].axes[0].lines) == 3


def test_an_interrupt_ends_all_runs_and_keeps_the_dots(drawn, monkeypatch):
    runs = [(name, sl.texture("brick", seed=seed, **TINY)) for seed, name in NAMES]
    asked = iter(range(100))

    def impatient(picture):
        if next(asked) == 1:
            raise KeyboardInterrupt
        return 1.0

    groups = figures.grow_dots(runs, impatient, "Claim", "alt", "y")
    assert groups == {"a": [1.0]}
