"""The run panel without kernel or browser: every state in words, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from stylelab.labs import run_status, run_view
from stylelab.labs.run_panel import RunPanel
from stylelab.labs.run_status import WORDS
from stylelab.pictures.files import read_record
from stylelab.pictures.images import load
from stylelab.runs import live
from stylelab.runs.here import make_here
from stylelab.runs.job import Job
from stylelab.runs.live import Shot, Waiting
from stylelab.runs.recipe import recipe_for
from stylelab.runs.record import recall
from stylelab.runs.run import Result
from stylelab.runs.tasks import prepare

LONG = 100_000  # steps: longer than any test
PNG, JPEG = b"\x89PNG", b"\xff\xd8"


def job(**options: object) -> Job:
    recipe = recipe_for("texture", {"size": 32, "steps": 3} | options)
    return Job(recipe, {"style": "gravel"})


@pytest.fixture(scope="module")
def result() -> Result:
    return prepare(job().recipe, style="gravel").result(iter)


class Steered:
    """A Maker that goes on when a test says so."""

    def __init__(self, *news: object) -> None:
        self.news, self.on = news, threading.Semaphore(0)

    def __call__(self, job: Job, stop: threading.Event) -> Iterator[object]:
        for news in self.news:
            assert self.on.acquire(timeout=60)
            if isinstance(news, Exception):
                raise news
            yield news


class Panel(RunPanel):
    """A panel as labs have it, that notes how it stood after each change."""

    def __init__(self, make_job, make=make_here, **options: object) -> None:
        self.statuses: list[str] = []
        self.met = threading.Event()
        usual = {"foresee": run_view.foresee, "save": run_view.save_here}
        super().__init__(make_job, make, **usual | options)

    def _follow(self, live: live.LiveRun) -> None:
        super()._follow(live)
        self.statuses.append(self.growing.status)
        if live.shot:
            self.met.set()


def running(**options: object) -> Panel:
    """A panel with a run that has begun to grow."""
    panel = Panel(lambda: job(**{"steps": LONG} | options))
    panel.run.click()
    assert panel.met.wait(60)
    return panel


def end(panel: Panel) -> None:
    panel.stop.click()
    panel.live.join(300)


def shot(index: int, left: float | None = None) -> Shot:
    return Shot(index, 3, {"style": 9.0 / index}, JPEG + bytes([index]), left)


def test_before_a_run_there_is_nothing_to_stop_or_save() -> None:
    panel = Panel(job)
    assert panel.run.description == "▶ Run"
    assert (panel.run.disabled, panel.stop.disabled, panel.save.disabled) == (
        *(False, True, True),
    )
    assert panel.growing.value == b""
    assert "grow here" in panel.growing.hint
    assert panel.result is None


def test_it_says_what_a_run_will_take_or_why_it_cannot_be() -> None:
    jobs = [job(), job(start="no such.png")]
    panel = Panel(lambda: jobs[0])
    panel.refresh()
    panel.ahead.join(300)
    assert "This takes about" in panel.forecast.value
    assert "GiB of memory" in panel.forecast.value
    del jobs[0]
    panel.refresh()
    panel.ahead.join(300)
    assert panel.forecast.value == ""
    assert 'role="alert"' in panel.message.value
    assert "no file 'no such.png'" in panel.message.value


def test_what_was_changed_beside_a_run_is_looked_at_after_it(result: Result) -> None:
    foreseeing, go_on = threading.Event(), threading.Event()

    def foresee(job: Job) -> str:
        foreseeing.set()
        assert go_on.wait(60)
        return "This takes a while."

    make = Steered(shot(1), result, shot(1), result)
    panel = Panel(job, make, foresee=foresee)
    panel.refresh()
    assert foreseeing.wait(60)
    assert WORDS["looking"] in panel.forecast.value
    panel.run.click()
    assert panel.forecast.value == ""
    go_on.set()
    panel.ahead.join(300)
    assert panel.forecast.value == ""
    panel.refresh()
    assert panel.forecast.value == ""
    make.on.release(4)
    assert panel.live.join(300) == "done"
    panel.ahead.join(300)
    assert "This takes a while." in panel.forecast.value


def test_a_guess_is_shown_at_once_but_never_over_a_run_or_its_result(result) -> None:
    guesses = iter([JPEG + b"first", JPEG + b"first", JPEG + b"second"])
    make = Steered(shot(1), result)
    panel = Panel(
        job, make, foresee=lambda job: "A while.", guess=lambda job: next(guesses)
    )
    panel.refresh()
    panel.ahead.join(300)
    assert panel.growing.value == JPEG + b"first"
    assert panel.growing.status == WORDS["guessed"]
    assert panel.save.disabled
    panel.run.click()
    panel.refresh()  # a control is changed during the run
    make.on.release(2)
    assert panel.live.join(300) == "done"
    panel.ahead.join(300)
    assert panel.growing.value.startswith(PNG)
    panel.refresh()  # something of which the guess knows nothing was changed
    panel.ahead.join(300)
    assert panel.growing.value.startswith(PNG)
    panel.refresh()
    panel.ahead.join(300)
    assert panel.growing.value == JPEG + b"second"
    assert not panel.save.disabled  # the result is still there


def test_a_guess_that_was_wanted_before_a_result_does_not_hide_it(result) -> None:
    go_on = threading.Event()

    def slow_job() -> Job:
        assert go_on.wait(60)
        return job()

    panel = Panel(slow_job, foresee=lambda job: "A while.", guess=lambda job: JPEG)
    panel.refresh()
    panel.live.show(result)  # as the studio does with what a browser has kept
    go_on.set()
    panel.ahead.join(300)
    assert panel.growing.value.startswith(PNG)


def test_a_complaint_of_settings_that_were_changed_is_not_shown() -> None:
    foreseeing, go_on = threading.Event(), threading.Event()

    def foresee(job: Job) -> str:
        first = not foreseeing.is_set()
        foreseeing.set()
        assert go_on.wait(60)
        if first:
            raise ValueError("too large")
        return "This takes a while."

    panel = Panel(job, foresee=foresee)
    panel.refresh()
    assert foreseeing.wait(60)
    panel.refresh()
    go_on.set()
    panel.ahead.join(300)
    assert panel.message.value == ""
    assert "This takes a while." in panel.forecast.value


def test_a_whole_run_in_words_and_pictures(result: Result) -> None:
    make = Steered(Waiting(2), Waiting(1), Waiting(0), shot(1), shot(2, 61.0), result)
    panel = Panel(job, make, measure=lambda job, result: [("7 dB", "of something")])
    panel.run.click()
    make.on.release(len(make.news))
    assert panel.live.join(300) == "done"
    assert panel.statuses[:-1] == [
        "Getting ready …",
        "Waiting: 2 runs are before this one",
        "Waiting: one run is before this one",
        "Getting ready …",
        "Step 1 of 3",
        "Step 2 of 3, about 1 min 1 s left",
    ]
    assert panel.statuses[-1].startswith("Done: 3 steps in ")
    assert panel.growing.value.startswith(PNG)
    assert (panel.growing.step, panel.growing.total) == (3, 3)
    assert [loss for _, loss in panel.growing.curve] == [*result.history]
    assert "7 dB" in panel.facts.value
    assert panel.result is result
    assert panel.run.description == "▶ Run again"
    assert (panel.run.disabled, panel.stop.disabled, panel.save.disabled) == (
        *(False, True, False),
    )


def test_live_pictures_are_jpegs_and_can_be_watched() -> None:
    panel = running()
    assert panel.growing.value.startswith(JPEG)
    assert panel.growing.label.startswith("The picture after step ")
    assert (panel.run.disabled, panel.stop.disabled, panel.save.disabled) == (
        *(True, False, True),
    )
    end(panel)


def test_stop_keeps_the_picture_and_it_can_be_saved_and_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    panel = running()
    end(panel)
    assert panel.live.state == "stopped"
    assert "the picture is kept" in panel.growing.status
    assert panel.growing.value.startswith(PNG)
    assert panel.stop.description == "■ Stop"
    panel.save.click()
    assert "Saved as texture-gravel.png" in panel.message.value
    assert read_record("texture-gravel.png")["finished"] is False
    panel.make_job = job
    panel.run.click()
    assert panel.live.join(300) == "done"
    panel.save.click()
    assert "Saved as texture-gravel-2.png" in panel.message.value
    assert {path.name for path in tmp_path.iterdir()} == {
        "texture-gravel.png",
        "texture-gravel-2.png",
    }


def test_a_saved_recipe_makes_the_picture_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    panel = Panel(lambda: job(seed=3, statistic="mean_std"))
    panel.run.click()
    panel.live.join(300)
    panel.save.click()
    saved = tmp_path / "texture-gravel.png"
    recipe, sources = recall(read_record(saved), tmp_path, {}, {})
    again = prepare(recipe, **sources).result(iter)
    assert (load(saved) == load(again.image())).all()


def test_a_picture_that_cannot_be_saved_is_said(result: Result) -> None:
    def full(result: Result) -> str:
        raise OSError("the disk is full")

    make = Steered(result)
    panel = Panel(job, make, save=full)
    panel.run.click()
    make.on.release()
    panel.live.join(300)
    panel.save.click()
    assert 'role="alert"' in panel.message.value
    assert "The disk is full" in panel.message.value


def test_wrong_controls_start_nothing() -> None:
    def make_job() -> Job:
        raise ValueError("style_layers is (): name at least <one>")

    panel = Panel(make_job)
    panel.run.click()
    assert panel.live.state == "ready"
    assert "name at least &lt;one&gt;" in panel.message.value
    assert "details" not in panel.message.value


@pytest.mark.parametrize("before", [True, False])
def test_a_run_that_fails_says_so_and_leaves_the_picture_before(
    result: Result, before: bool
) -> None:
    makes = [Steered(result)] * before
    makes.append(Steered(shot(1), MemoryError()))
    panel = Panel(job)
    for make in makes:
        panel.live.make = make
        panel.run.click()
        make.on.release(2)
        panel.live.join(300)
    assert panel.live.state == "error"
    assert "not enough memory for this run" in panel.message.value
    assert "<summary>For the curious</summary>" in panel.message.value
    assert panel.growing.value.startswith(PNG if before else JPEG)
    assert panel.save.disabled is not before
    assert not panel.run.disabled


def test_a_refusal_for_memory_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stylelab.runs.forecast._free_memory", lambda device: 1e6)
    panel = Panel(job)
    panel.run.click()
    panel.live.join(300)
    assert "size 32 needs about" in panel.message.value
    assert "choose a smaller size" in panel.message.value


def test_a_run_that_loses_its_way_says_why_and_keeps_its_picture(diverging) -> None:
    panel = Panel(lambda: job(steps=9))
    panel.run.click()
    panel.live.join(300)
    assert "Ended after 6 steps: no way down" in panel.message.value
    assert panel.growing.value.startswith(PNG)
    assert not panel.save.disabled


def test_two_panels_take_turns() -> None:
    first, second = running(), Panel(job)
    second.run.click()
    while "Waiting: one run is before this one" not in second.statuses:
        assert second.live.busy
    assert not second.stop.disabled
    end(first)
    assert second.live.join(300) == "done"
    assert first.live.state == "stopped"


def test_a_run_begins_only_once() -> None:
    panel = running()
    job_before = panel.job
    panel.start()
    assert panel.job is job_before
    end(panel)


def test_measuring_that_fails_is_said_beside_the_picture(result: Result) -> None:
    def measure(job: Job, result: Result) -> list:
        raise RuntimeError("nothing to measure")

    make = Steered(result)
    panel = Panel(job, make, measure=measure)
    panel.run.click()
    make.on.release()
    assert panel.live.join(300) == "done"
    assert "nothing to measure" in panel.message.value
    assert panel.growing.value.startswith(PNG)


def test_a_long_curve_is_thinned_and_keeps_its_newest_point() -> None:
    run = live.LiveRun(make_here)
    for count in (0, 1, 150, 1000, 1001):
        run.curve = [(i, 1.0 / i) for i in range(1, count + 1)]
        points = run_status.curve(run)
        assert len(points) <= run_status.POINTS
        assert points[-1:] == run.curve[-1:]
        assert points == sorted(points)


def test_what_one_run_stopped_in_the_queue_leaves_is_the_picture_before(
    result: Result,
) -> None:
    before, waiting = Steered(result), Steered(Waiting(1))
    panel = Panel(job, before)
    for make in (before, waiting):
        panel.live.make = make
        panel.run.click()
        make.on.release()
        panel.live.join(300)
    assert panel.growing.status == "Stopped before there was a picture"
    assert panel.growing.value.startswith(PNG)
    assert panel.result is result
    assert not panel.save.disabled
