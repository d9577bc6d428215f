"""Runs in a thread: they grow, wait for each other, stop, fail in words, and end."""

from __future__ import annotations

import io
import itertools
import subprocess
import sys
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import PIL.Image
import pytest

from stylelab.runs import here
from stylelab.runs.here import QUEUE, make_here
from stylelab.runs.job import Job
from stylelab.runs.live import AT_WORK, STATES, LiveRun, Shot, Waiting, in_words
from stylelab.runs.recipe import recipe_for
from stylelab.runs.run import Result
from stylelab.runs.tasks import prepare

LONG = 100_000  # steps: longer than any test


def job(**options: object) -> Job:
    recipe = recipe_for("texture", {"size": 32, "steps": 3} | options)
    return Job(recipe, {"style": "gravel"})


class Diary:
    """What a LiveRun told of, and an event for each state."""

    def __init__(self) -> None:
        self.states: list[str] = []
        self.met = {state: threading.Event() for state in STATES}
        self.grown = threading.Event()  # there was a shot

    def __call__(self, live: LiveRun) -> None:
        if self.states[-1:] != [live.state]:
            self.states.append(live.state)
        self.met[live.state].set()
        if live.shot:
            self.grown.set()


def started(**options: object) -> tuple[LiveRun, Diary]:
    diary = Diary()
    live = LiveRun(make_here, changed=diary)
    assert live.start(job(**options))
    return live, diary


@pytest.fixture
def every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shot of each step, however fast they are."""
    monkeypatch.setattr(here, "PAUSE", -1.0)


def test_a_run_grows_and_ends_with_the_result_of_the_same_call(every_step) -> None:
    live, diary = started(steps=4)
    assert live.join(300) == "done"
    assert diary.states == ["running", "done"]
    plain = prepare(job(steps=4).recipe, style="gravel").result(iter)
    assert live.result.history == plain.history
    assert live.result.record == plain.record
    assert (live.result.picture == plain.picture).all()
    assert live.curve == [*enumerate(plain.history, 1)]


def test_a_shot_tells_its_step_and_shows_the_best_picture_so_far(every_step) -> None:
    shots = [*make_here(job(steps=5), threading.Event())]
    first, *shots, result = shots
    assert first == Waiting(0)
    assert isinstance(result, Result)
    assert [shot.index for shot in shots] == [1, 2, 3, 4, 5]
    assert {shot.total for shot in shots} == {5}
    assert [shot.loss for shot in shots] == pytest.approx(result.history)
    assert shots[0].seconds_left is None
    assert shots[1].seconds_left > 0
    assert shots[-1].seconds_left == 0
    for shot in shots:
        picture = PIL.Image.open(io.BytesIO(shot.jpeg))
        assert (picture.format, picture.size) == ("JPEG", (32, 32))


def test_the_time_left_knows_that_fine_steps_are_slow(every_step, monkeypatch) -> None:
    clock, plan = [0.0], job(size=64, steps=6, levels=2)
    monkeypatch.setattr(here, "time", SimpleNamespace(monotonic=lambda: clock[0]))

    def timed(recipe, **sources):
        run = prepare(recipe, **sources)

        class Timed(type(run)):
            def __iter__(self) -> Iterator:
                for step in super().__iter__():
                    clock[0] += 4.0 if step.level else 1.0
                    yield step

        return Timed(**vars(run))

    monkeypatch.setattr(here, "prepare", timed)
    _, first, *shots, _ = make_here(plan, threading.Event())
    assert first.seconds_left is None
    left = [4 + 12, 3 + 12, 2 + 12, 1 + 12, 12, 8, 4, 0]  # then three fine steps
    assert [shot.seconds_left for shot in shots] == pytest.approx(left)


def test_there_are_at_most_five_shots_a_second(monkeypatch) -> None:
    clock = itertools.count(step=0.03)  # seconds; it is read about twice a step
    stopped = SimpleNamespace(monotonic=lambda: next(clock))
    monkeypatch.setattr(here, "time", stopped)
    shots = [*make_here(job(steps=40), threading.Event())][1:-1]
    assert shots[0].index == 1
    apart = [b.index - a.index for a, b in itertools.pairwise(shots)]
    assert min(apart) >= 0.2 / (2 * 0.03)


def test_stop_keeps_the_picture_so_far() -> None:
    live, diary = started(steps=LONG)
    assert diary.grown.wait(60)
    live.stop()
    assert live.join(300) == "stopped"
    assert not live.result.finished
    assert live.result.reason == ""
    assert 0 < len(live.result.history) < LONG
    assert live.result.record["steps_run"] == len(live.result.history)


def test_it_runs_again_and_only_once_at_a_time() -> None:
    live, diary = started(steps=LONG)
    assert not live.start(job())
    assert diary.grown.wait(60)
    live.stop()
    live.join(300)
    unfinished = live.result
    assert live.start(job())
    assert live.join(300) == "done"
    assert live.result is not unfinished
    assert len(live.result.history) == 3


def test_runs_take_turns_in_the_order_in_which_they_came() -> None:
    first, diary = started(steps=LONG)
    assert diary.grown.wait(60)
    second, waits = started()
    assert waits.met["waiting"].wait(60)
    third, waits_too = started()
    assert waits_too.met["waiting"].wait(60)
    assert (second.waiting.place, third.waiting.place) == (1, 2)
    assert (second.shot, third.shot) == (None, None)
    first.stop()
    assert (second.join(300), third.join(300)) == ("done", "done")
    assert waits.states == ["running", "waiting", "running", "done"]
    assert first.join(300) == "stopped"


def test_who_gives_up_waiting_has_no_picture_and_is_in_nobodys_way() -> None:
    first, diary = started(steps=LONG)
    assert diary.grown.wait(60)
    second, waits = started()
    assert waits.met["waiting"].wait(60)
    second.stop()
    assert second.join(300) == "stopped"
    assert second.result is None
    assert first.busy
    first.stop()
    first.join(300)
    assert second.start(job())
    assert second.join(300) == "done"


def test_a_run_that_fails_or_is_left_gives_its_place_to_the_next() -> None:
    with pytest.raises(ValueError, match="no file"):
        list(make_here(job(start="no such file.png"), threading.Event()))
    assert QUEUE == []
    first, second = (make_here(job(), threading.Event()) for _ in range(2))
    assert (next(first), next(second)) == (Waiting(0), Waiting(1))
    first.close()
    assert next(second) == Waiting(0)
    second.close()
    assert QUEUE == []


def test_a_run_that_cannot_be_says_why_and_the_next_one_works() -> None:
    live, _ = started(start="no such file.png")
    assert live.join(300) == "error"
    assert "no file 'no such file.png'" in live.error
    assert "Traceback" not in live.error
    assert live.traceback.startswith("Traceback")
    live.start(job())
    assert live.join(300) == "done"
    assert (live.error, live.traceback) == ("", "")


def test_a_size_beyond_the_memory_is_refused_in_words(monkeypatch) -> None:
    monkeypatch.setattr("stylelab.runs.forecast._free_memory", lambda device: 1e6)
    live, _ = started()
    assert live.join(300) == "error"
    assert live.error.startswith("size 32 needs about")
    assert live.error.endswith("choose a smaller size")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "There is not enough memory"),
        (
            RuntimeError("[enforce fail] can't allocate memory: you"),
            "not enough memory",
        ),
        (RuntimeError("CUDA out of memory. Tried\nto"), "choose a smaller size"),
        (ValueError("a size\nis 3"), "a size is 3"),
        (TypeError("no"), "The run failed: TypeError: no"),
        (ValueError(), "The run failed: ValueError"),
    ],
)
def test_errors_are_one_sentence(error: Exception, words: str) -> None:
    assert words in in_words(error)
    assert "\n" not in in_words(error)


def test_a_run_that_loses_its_way_keeps_its_picture_and_the_reason(diverging) -> None:
    live, _ = started(steps=9)
    assert live.join(300) == "stopped"
    assert live.result.reason == "no way down"
    assert len(live.result.history) == 6


def test_any_make_will_do() -> None:
    result = prepare(job().recipe, style="gravel").result(iter)

    def elsewhere(job: Job, stop: threading.Event) -> Iterator[Waiting | Shot | Result]:
        yield Waiting(2)
        yield Waiting(2)
        yield Shot(1, 3, {"style": 2.0}, b"jpeg", None)
        assert stop.wait(60)
        yield result

    diary = Diary()
    live = LiveRun(elsewhere, diary)
    live.start(job())
    assert diary.grown.wait(60)
    assert (live.waiting.place, live.curve) == (2, [(1, 2.0)])
    live.stop()
    assert live.join(300) == "done"
    assert diary.states == ["running", "waiting", "running", "done"]


def test_who_cannot_hear_of_a_run_has_none_and_may_start_again() -> None:
    deaf = iter([True])

    def changed(live: LiveRun) -> None:
        if next(deaf, False):
            raise RuntimeError("nobody listens")

    live = LiveRun(lambda job, stop: iter([]), changed)
    with pytest.raises(RuntimeError, match="nobody listens"):
        live.start(job())
    assert (live.state, live.busy, live.join()) == ("ready", False, "ready")
    assert live.start(job())
    assert live.join(300) == "stopped"


def test_a_run_started_at_the_end_of_the_last_is_known_to_be_at_work() -> None:
    """Else the end of Python would not wait for it."""
    gates = [threading.Event(), threading.Event()]
    waiting, again = iter(gates), iter([True])

    def make(job: Job, stop: threading.Event) -> Iterator[Waiting]:
        yield Waiting(0)
        assert next(waiting).wait(60)

    def changed(live: LiveRun) -> None:
        if live.state == "stopped" and next(again, False):
            assert live.start(job())

    live = LiveRun(make, changed)
    live.start(job())
    first = live._thread
    gates[0].set()
    first.join(300)
    assert first not in AT_WORK
    assert AT_WORK[live._thread] is live
    gates[1].set()
    assert live.join(300) == "stopped"
    assert live._thread not in AT_WORK


def test_the_end_of_python_is_the_end_of_a_run() -> None:
    """The thread outlives nothing, and says nothing at the end."""
    code = """if True:
        import threading
        from stylelab.runs.here import make_here
        from stylelab.runs.live import LiveRun
        from stylelab.runs.recipe import recipe_for
        from stylelab.runs.job import Job

        grown = threading.Event()
        live = LiveRun(make_here, changed=lambda live: live.shot and grown.set())
        recipe = recipe_for("texture", {"size": 64, "steps": 100_000})
        live.start(Job(recipe, {"style": "gravel"}))
        assert grown.wait(60)
    """
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
