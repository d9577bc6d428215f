"""TradeoffLab without a browser: its row, its slider, and what it makes on request."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest

from stylelab.labs import TradeoffLab
from stylelab.labs.tradeoff_view import TradeoffView, curve
from stylelab.runs import sweep, tasks
from stylelab.runs.live import Shot, make_here
from stylelab.runs.sweep import Job

SMALL = {"size": 32, "steps": 2}


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch, tmp_path):
    monkeypatch.setattr(sweep, "cache_folder", lambda: tmp_path / "cache")


@pytest.fixture
def lab() -> TradeoffLab:
    return TradeoffLab("cat", "brick", **SMALL)


def run(lab: TradeoffLab) -> str:
    lab.panel.run.click()
    return lab.panel.live.join(60)


def dots(svg: str) -> list[tuple[float, float, bool]]:
    """Where the curve's dots are, from the left, and which of them is large."""
    found = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="(\d+)"', svg)
    return sorted((float(x), float(y), r == "19") for x, y, r in found)


def test_the_shipped_row_is_there_at_once_without_a_network(monkeypatch) -> None:
    monkeypatch.setattr(tasks, "network_for", lambda recipe: pytest.fail("loaded"))
    lab = TradeoffLab()
    assert lab.view.made == list(range(7))
    assert lab.panel.layout.display == "none"
    seen = set()
    for _, place in lab.slider.options:
        lab.slider.value = place
        seen.add((lab.picture.value, lab.facts.value))
        assert f"picture {place + 1} of 7" in lab.picture.value.lower()
    assert len(seen) == 7


def test_the_dot_moves_along_the_curve() -> None:
    lab = TradeoffLab()
    large = []
    for _, place in lab.slider.options:
        lab.slider.value = place
        found = dots(lab.curve.value)
        assert len(found) == 7
        ((x, y, _),) = [dot for dot in found if dot[2]]
        large.append((x, y))
    across, up = zip(*large, strict=True)
    assert list(across) == sorted(across)  # more style: away from the photo
    assert list(up) == sorted(up)  # and down, to the style: SVG counts from the top


def test_a_missing_row_is_made_on_request_and_kept(lab: TradeoffLab) -> None:
    assert lab.view.made == []
    assert lab.slider.disabled
    lab.on_paper()
    lab.panel.ahead.join(60)
    assert "7 pictures of this row are missing" in lab.panel.forecast.value
    assert run(lab) == "done"
    assert lab.view.made == list(range(7))
    assert not lab.slider.disabled
    assert lab.panel.layout.display == "none"
    again = TradeoffLab("cat", "brick", **SMALL)
    assert again.view.made == list(range(7))
    for place, point in again.view.points.items():
        assert point == lab.view.points[place]


def test_stop_keeps_the_finished_pictures_and_run_goes_on(lab: TradeoffLab) -> None:
    made = []

    def make(job: Job, stop: threading.Event) -> Iterator:
        made.append(job)
        if len(made) == 3:
            stop.set()
        yield from make_here(job, stop)

    view = lab.view
    list(view.make(make, lambda: None)(view.order(), threading.Event()))
    assert len(view.made) == 2
    assert len(TradeoffLab("cat", "brick", **SMALL).view.made) == 2
    list(view.make(make_here, lambda: None)(view.order(), threading.Event()))
    assert len(view.made) == 7


def test_progress_counts_the_whole_row() -> None:
    view = TradeoffView("cat", "brick", **SMALL)

    def make(job: Job, stop: threading.Event) -> Iterator:
        yield Shot(1, 2, {"style": 1.0}, b"", 3.0)
        yield Shot(2, 2, {"style": 1.0}, b"", 0.0)

    shots = list(view.make(make, lambda: None)(view.order(), threading.Event()))
    assert [shot.index for shot in shots] == list(range(1, 15))
    assert {shot.total for shot in shots} == {14}
    assert shots[0].seconds_left == 3 * 13
    assert shots[1].seconds_left is None  # six pictures are still to come


def test_a_row_changed_while_one_is_made_stays_clean(lab: TradeoffLab) -> None:
    news = lab.view.make(make_here, lambda: None)(lab.view.order(), threading.Event())
    next(news)
    lab.style.chooser.list.value = "gravel"
    assert len(list(news)) > 6
    assert lab.view.made == []
    lab.style.chooser.list.value = "brick"
    assert lab.view.made == list(range(7))


def test_one_picture_twice_is_refused_in_words(lab: TradeoffLab) -> None:
    lab.style.chooser.list.value = "cat"
    assert "photo and style are one picture" in lab.style.chooser.message.value
    assert lab.slider.disabled
    assert lab.panel.layout.display == "none"
    lab.style.chooser.list.value = "brick"
    assert lab.panel.layout.display is None


def test_another_size_is_another_row(lab: TradeoffLab) -> None:
    run(lab)
    lab.size.value = 96
    assert lab.view.made == []
    lab.size.value = 32
    assert len(lab.view.made) == 7


def test_a_row_without_pictures_draws_its_axes() -> None:
    svg = curve({}, 3)
    assert dots(svg) == []
    assert "content error" in svg


def test_a_page_that_runs_nothing_shows_a_still_and_words(lab: TradeoffLab) -> None:
    for shown in (lab, TradeoffLab()):
        data, metadata = shown._repr_mimebundle_()
        assert data["text/plain"] == shown.words()
        (mime,) = metadata
        assert len(data[mime]) < 400_000
    assert "none of which is made yet" in lab.words()
    assert "style error" in TradeoffLab().words()
