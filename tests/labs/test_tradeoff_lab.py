"""TradeoffLab without a browser: its row, its slider, and what it makes on request."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Iterator

import pytest

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
    """Where the ring is on the curve: percent from the left and from the top."""
    left, top = re.search(r"left: ([\d.]+)%; top: ([\d.]+)%", lab.curve.value).groups()
    return float(left), float(top)


def test_the_shipped_row_is_there_at_once_without_a_network(monkeypatch) -> None:
    monkeypatch.setattr(tasks, "network_for", lambda recipe: pytest.fail("loaded"))
    lab = TradeoffLab()
    assert sorted(lab.view.points) == list(range(7))
    assert lab.panel.layout.display == "none"
    states = set()
    for _, place in lab.slider.options:
        lab.slider.value = place
        states.add((lab.picture.value, lab.facts.value))
        assert f"picture {place + 1} of 7" in lab.picture.value.lower()
    assert len(states) == 7


def test_the_ring_moves_along_the_curve_which_is_drawn_once(monkeypatch) -> None:
    lab = TradeoffLab()
    assert "7 pictures from photo to style, errors by ratio 0.0293:" in lab.curve.value
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
    data = re.search(r"svg\+xml;base64,([^\"]+)", lab.curve.value).group(1)
    svg = base64.b64decode(data).decode()
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
    assert lab.panel.layout.display == "none"
    again = TradeoffLab("cat", "brick", **SMALL)
    assert sorted(again.view.points) == list(range(7))
    for place, point in again.view.points.items():
        assert point == lab.view.points[place]


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
    assert lab.slider.disabled
    assert lab.panel.layout.display == "none"
    lab.style.chosen = ["brick"]
    assert lab.panel.layout.display is None


def test_another_size_is_another_row(lab: TradeoffLab) -> None:
    run(lab)
    lab.size.value = 96
    assert lab.view.points == {}
    lab.size.value = 32
    assert len(lab.view.points) == 7


def test_a_row_without_pictures_draws_its_axes(lab: TradeoffLab) -> None:
    assert "0 pictures from photo to style." in lab.curve.value
    assert "data:image/svg+xml" in lab.curve.value
    assert "<i " not in lab.curve.value


def test_a_page_that_runs_nothing_shows_a_still_and_words(lab: TradeoffLab) -> None:
    for one in (lab, TradeoffLab()):
        data, metadata = one.still()._repr_mimebundle_()
        assert data["text/plain"] == one.words()
        (mime,) = metadata
        assert len(data[mime]) < 400_000
    assert "none of which is made yet" in lab.words()
    assert "style error" in TradeoffLab().words()
