"""TradeoffLab without a browser: its row, its slider, and what it makes on request."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
from ipywidgets import Widget

from stylelab.figures.plots import BLUE
from stylelab.labs import TradeoffLab
from stylelab.labs.tradeoff_view import Curve, TradeoffView
from stylelab.runs import sweep, tasks
from stylelab.runs.here import make_here
from stylelab.runs.job import Job
from stylelab.runs.live import Shot

SMALL = {"size": 32, "steps": 2}


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch, tmp_path):
    monkeypatch.setattr(sweep, "cache_folder", lambda: tmp_path / "cache")


@pytest.fixture
def lab() -> TradeoffLab:
    return TradeoffLab("cat", "brick", **SMALL)


def run(lab: TradeoffLab) -> str:
    lab.panel.run.click()
    return lab.panel.live.join(300)


def ring(lab: TradeoffLab) -> tuple[float, float]:
    """Where the chosen dot is on the curve: percent from the left and from the top."""
    (dot,) = [dot for dot in lab.curve.dots if dot["key"] == lab.curve.chosen]
    return 100 * dot["left"], 100 * dot["top"]


def is_shown(widget: Widget) -> bool:
    return widget.layout.display != "none"


def offers_a_run(lab: TradeoffLab) -> bool:
    """Whether the panel's buttons and its forecast are there."""
    buttons, forecast, *_ = lab.panel.children
    assert is_shown(buttons) == is_shown(forecast)
    return is_shown(buttons)


def test_the_shipped_row_is_there_at_once_without_a_network(monkeypatch) -> None:
    monkeypatch.setattr(tasks, "network_for", lambda recipe: pytest.fail("loaded"))
    lab = TradeoffLab()
    assert sorted(lab.view.points) == list(range(7))
    assert not offers_a_run(lab)
    assert (is_shown(lab.picture), is_shown(lab.panel.growing)) == (True, False)
    states = set()
    for _, place in lab.slider.options:
        lab.slider.value = place
        states.add((lab.picture.value, lab.facts.value))
        assert f"picture {place + 1} of 7" in lab.picture.value.lower()
    assert len(states) == 7


def test_the_other_shipped_row_starts_from_noise(monkeypatch) -> None:
    monkeypatch.setattr(tasks, "network_for", lambda recipe: pytest.fail("loaded"))
    lab = TradeoffLab()
    from_photo = lab.view.words()
    lab.start.value = "noise"
    assert sorted(lab.view.points) == list(range(7))
    assert not offers_a_run(lab)
    assert lab.view.words() != from_photo
    assert TradeoffLab(start="noise").view.points == lab.view.points


def test_the_ring_moves_along_the_curve_which_is_drawn_once(monkeypatch) -> None:
    lab = TradeoffLab()
    assert "7 pictures from photo to style, errors by ratio 0.0293:" in lab.curve.label
    monkeypatch.setattr(Curve, "__init__", lambda *_: pytest.fail("drawn again"))
    rings = []
    for _, place in lab.slider.options:
        lab.slider.value = place
        rings.append(ring(lab))
    across, down = zip(*rings, strict=True)
    assert list(across) == sorted(set(across))  # more style: away from the photo
    assert list(down) == sorted(set(down))  # and down, to the style


def test_the_ring_is_around_the_dot_of_the_drawing() -> None:
    lab = TradeoffLab()
    svg = lab.curve.drawing.decode()
    width, height = map(float, re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups())
    uses = re.findall(r'<use xlink:href="#\w+" x="(\S+)" y="(\S+)" style="([^"]+)', svg)
    dots = [
        (100 * float(x) / width, 100 * float(y) / height)
        for x, y, style in uses
        if f"fill: {BLUE.lower()}" in style
    ]
    assert len(dots) == 7
    for place, dot in enumerate(dots):
        lab.slider.value = place
        assert ring(lab) == pytest.approx(dot, abs=0.01)


def test_a_missing_row_is_made_on_request_and_kept(lab: TradeoffLab) -> None:
    assert lab.view.points == {}
    assert lab.slider.disabled
    lab.shown()
    lab.panel.ahead.join(300)
    assert "7 pictures of this row are missing" in lab.panel.forecast.value
    assert run(lab) == "done"
    assert sorted(lab.view.points) == list(range(7))
    assert not lab.slider.disabled
    assert not offers_a_run(lab)
    assert lab.panel.growing.status == "All 7 pictures of this row are made."
    again = TradeoffLab("cat", "brick", **SMALL)
    assert sorted(again.view.points) == list(range(7))
    for place, point in again.view.points.items():
        assert point == lab.view.points[place]


def test_the_run_is_seen_in_the_place_of_the_picture(lab: TradeoffLab) -> None:
    growing, picture = lab.panel.growing, lab.picture
    assert (is_shown(picture), is_shown(growing), offers_a_run(lab)) == (
        *(False, True, True),
    )
    begun, go_on = threading.Event(), threading.Event()

    def make(job: Job, stop: threading.Event) -> Iterator:
        if len(lab.view.points) == 2:
            yield Shot(1, 2, {"style": 1.0}, b"jpeg", None)
            begun.set()
            assert go_on.wait(60)
            return
        yield from make_here(job, stop)

    lab.panel.live.make = lab.view.make_missing(make, lab._add)
    lab.panel.run.click()
    assert begun.wait(60)
    assert (is_shown(picture), is_shown(growing)) == (False, True)
    assert growing.status == "Picture 3 of 7, step 1 of 2"
    assert [dot["key"] for dot in lab.curve.dots] == [5, 6]
    assert lab.view.place == lab.curve.chosen == lab.slider.value == 5
    lab.curve.chosen = 6  # as a click on its dot
    assert lab.slider.value == 6
    assert "Picture 7 of 7" in picture.value
    assert is_shown(picture)
    assert "sl-aside" in lab.panel._dom_classes  # how the run stands is still seen
    lab.panel.stop.click()
    go_on.set()
    lab.panel.live.join(300)
    assert growing.status == "2 of 7 pictures are made; press Run for the rest."
    assert offers_a_run(lab)
    run_again = TradeoffView("cat", "brick", **SMALL)
    assert [*run_again.missing] == [4, 3, 2, 1, 0]


def test_stop_keeps_the_finished_pictures_and_run_goes_on(lab: TradeoffLab) -> None:
    jobs = []

    def make(job: Job, stop: threading.Event) -> Iterator:
        jobs.append(job)
        if len(jobs) == 3:
            stop.set()
        yield from make_here(job, stop)

    view = lab.view
    list(view.make_missing(make, lambda: None)(view.next_job(), threading.Event()))
    assert len(view.points) == 2
    assert len(TradeoffLab("cat", "brick", **SMALL).view.points) == 2
    list(view.make_missing(make_here, lambda: None)(view.next_job(), threading.Event()))
    assert len(view.points) == 7


def test_progress_counts_the_whole_row() -> None:
    view = TradeoffView("cat", "brick", **SMALL)

    def make(job: Job, stop: threading.Event) -> Iterator:
        yield Shot(1, 2, {"style": 1.0}, b"", 3.0)
        yield Shot(2, 2, {"style": 1.0}, b"", 0.0)

    shots = list(
        view.make_missing(make, lambda: None)(view.next_job(), threading.Event())
    )
    assert [shot.index for shot in shots] == list(range(1, 15))
    assert {shot.total for shot in shots} == {14}
    assert shots[0].words == "Picture 1 of 7, step 1 of 2"
    assert shots[3].words == "Picture 2 of 7, step 2 of 2"
    assert shots[0].seconds_left == 3 * 13
    assert shots[1].seconds_left is None  # six pictures are still to come


def test_a_row_changed_while_one_is_made_stays_clean(lab: TradeoffLab) -> None:
    news = lab.view.make_missing(make_here, lambda: None)(
        lab.view.next_job(), threading.Event()
    )
    next(news)
    lab.style.chosen = ["gravel"]
    assert len(list(news)) > 6
    assert lab.view.points == {}
    lab.style.chosen = ["brick"]
    assert sorted(lab.view.points) == list(range(7))


def test_one_picture_twice_is_refused_in_words(lab: TradeoffLab) -> None:
    lab.style.chosen = ["cat"]
    assert "photo and style are one picture" in lab.style.message
    assert (lab.slider.disabled, lab.panel.run.disabled) == (True, True)
    lab.style.chosen = ["brick"]
    assert (offers_a_run(lab), lab.panel.run.disabled) == (True, False)


def test_another_size_is_another_row(lab: TradeoffLab) -> None:
    run(lab)
    lab.size.value = 96
    assert lab.view.points == {}
    lab.size.value = 32
    assert len(lab.view.points) == 7


def test_a_row_without_pictures_draws_its_axes(lab: TradeoffLab) -> None:
    assert "0 pictures from photo to style." in lab.curve.label
    assert b"<svg" in lab.curve.drawing
    assert lab.curve.dots == []


def test_a_page_that_runs_nothing_shows_a_still_and_words(lab: TradeoffLab) -> None:
    for one in (lab, TradeoffLab()):
        data, metadata = one.still()._repr_mimebundle_()
        assert data["text/plain"] == one.words()
        (mime,) = metadata
        assert len(data[mime]) < 400_000
    assert "none of which is made yet" in lab.words()
    assert "style error" in TradeoffLab().words()
