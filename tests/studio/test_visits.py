"""Runs belong to visits: pages come and go, and come again in another process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from studio_visits import no_guess, picture, slow_work, wait_until

from stylelab.runs.job import Job
from stylelab.runs.live import LiveRun
from stylelab.runs.recipe import recipe_for
from stylelab.studio import messages, run_queue, visits
from stylelab.studio.job_messages import forget_there, make_there, outlook
from stylelab.studio.messages import Message
from stylelab.studio.run_queue import RunQueue

ADA, BOB, EVE = ("a" * 32, "b" * 32, "e" * 32)


@pytest.fixture(scope="module")
def shared() -> Iterator[RunQueue]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_queue, "work", slow_work)
        patch.setattr(run_queue, "guess", no_guess)
        queue = RunQueue()
        yield queue
        queue.close()


@pytest.fixture
def queue(shared: RunQueue, monkeypatch: pytest.MonkeyPatch) -> RunQueue:
    """One queue for all tests, which knows no visit."""
    monkeypatch.setattr(shared, "_visits", visits.Visits())
    monkeypatch.setenv(messages.QUEUE, shared.address)
    return shared


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who vanishes is waited for half a second."""
    monkeypatch.setattr(visits, "VANISHED", 0.5)


class Page:
    """A page of a visit that asks for a run, and can go without a word."""

    def __init__(self, visit: str, run: str = "first", steps: int = 300) -> None:
        recipe = recipe_for("transfer", {"size": 32, "steps": steps})
        self.gone = self.away = False

        def make(job: Job, stop: threading.Event) -> Iterator:
            return make_there(job, stop, visit, run, self._is_away)

        self.live = LiveRun(make)
        self.live.start(Job(recipe, {"photo": "cat", "style": "brick"}))

    def _is_away(self) -> bool:
        if self.gone:
            raise ConnectionError("the page has gone")
        return self.away

    def vanish(self) -> None:
        self.gone = True
        assert self.live.join(5) == "error"

    def shows(self, index: int = 1) -> Page:
        wait_until(lambda: self.live.shot and self.live.shot.index >= index, 20)
        return self

    def stop(self) -> None:
        self.live.stop()
        assert self.live.join(5) == "stopped"


def test_a_run_goes_on_without_its_page_and_another_page_follows_it(
    queue: RunQueue,
) -> None:
    first = Page(ADA).shows(20)
    first.vanish()
    time.sleep(0.4)
    second = Page(ADA, steps=1).shows()  # what it would make itself does not count
    assert second.live.shot.index > 25
    assert second.live.shot.total == 300
    second.stop()
    assert 25 < len(second.live.result.history) < 300


def test_a_result_waits_for_the_page_that_comes_back(queue: RunQueue) -> None:
    Page(ADA, steps=30).shows().vanish()
    time.sleep(1.5)
    other = Page(BOB, steps=3)  # the queue is free, and remembers both
    assert other.live.join(10) == "done"
    again = Page(ADA)
    assert again.live.join(5) == "done"
    assert len(again.live.result.history) == 30
    assert again.live.shot is None


def test_a_page_that_comes_back_keeps_its_place_in_the_line(queue: RunQueue) -> None:
    first = Page(EVE).shows()
    waiting = Page(ADA)
    wait_until(lambda: waiting.live.state == "waiting", 10)
    behind = Page(BOB)
    wait_until(lambda: behind.live.waiting.place == 2, 10)
    waiting.vanish()
    back = Page(ADA)
    wait_until(lambda: back.live.state == "waiting", 10)
    assert back.live.waiting.place == 1
    assert behind.live.waiting.place == 2
    first.stop()
    back.shows().stop()
    behind.shows().stop()


def test_who_vanishes_in_a_run_frees_the_queue_if_others_wait(
    queue: RunQueue, impatient: None
) -> None:
    first = Page(ADA).shows()
    first.away = True  # its kernel lives, and hears nothing from its browser
    time.sleep(1)
    assert first.live.busy  # nobody waits for its place
    other = Page(BOB, steps=3)
    assert other.live.join(5) == "done"
    assert first.live.join(1) == "stopped"
    assert 1 <= len(first.live.result.history) < 300  # the picture so far is kept


def test_who_vanishes_in_the_line_is_passed_over_and_keeps_the_place(
    queue: RunQueue, impatient: None
) -> None:
    first, vanished = Page(EVE).shows(), Page(ADA)
    wait_until(lambda: vanished.live.state == "waiting", 10)
    vanished.away = True
    other = Page(BOB)
    wait_until(lambda: other.live.waiting.place == 2, 10)
    wait_until(lambda: other.live.waiting.place == 1, 10)
    assert outlook()["waiting"] == 1
    vanished.away = False
    wait_until(lambda: other.live.waiting.place == 2, 10)
    vanished.away = True
    first.stop()
    other.shows()
    vanished.away = False
    time.sleep(0.3)
    other.stop()
    vanished.shows().stop()


def test_nobody_is_waited_for_without_end(
    queue: RunQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "ABANDONED", 0.5)
    made, waiting = Page(ADA).shows(), Page(BOB)
    wait_until(lambda: waiting.live.state == "waiting", 10)
    waiting.away = True
    assert waiting.live.join(5) == "stopped"
    assert waiting.live.result is None
    made.away = True
    assert made.live.join(5) == "stopped"
    again = Page(BOB, steps=3)  # it never began: it begins now
    assert again.live.join(5) == "done"


def test_another_run_of_a_visit_ends_the_one_before(queue: RunQueue) -> None:
    first = Page(ADA).shows()
    second = Page(ADA, "second", steps=5)
    assert second.live.join(5) == "done"
    assert first.live.join(1) == "stopped"
    assert outlook()["before"] == 0


def test_a_stop_comes_from_any_page_of_the_visit(queue: RunQueue) -> None:
    pages = Page(ADA).shows(), Page(ADA).shows()
    pages[1].stop()
    assert pages[0].live.join(5) == "stopped"


def test_a_visit_that_is_forgotten_ends_and_leaves_nothing(queue: RunQueue) -> None:
    first = Page(ADA).shows()
    forget_there(ADA)
    assert first.live.join(5) == "stopped"
    again = Page(ADA, steps=4)
    assert again.live.join(5) == "done"
    assert len(again.live.result.history) == 4


def test_results_are_kept_for_a_time_and_up_to_a_size(
    queue: RunQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def visit(visit: str, steps: int) -> int:
        page = Page(visit, steps=steps)
        assert page.live.join(10) == "done"
        return len(page.live.result.history)

    monkeypatch.setattr(visits, "KEPT_BYTES", 2.5 * len(picture("PNG", 3)))
    for name in (ADA, BOB, EVE, "f" * 32):
        assert visit(name, 3) == 3
    assert visit(EVE, 4) == 3
    assert visit(ADA, 4) == 4  # the oldest, made again
    monkeypatch.setattr(visits, "KEPT", 0)
    assert visit(EVE, 4) == 4


@pytest.mark.parametrize("visit", ["", "a" * 31, "g" * 32, "../" * 11])
def test_a_visit_that_could_be_guessed_is_refused_in_words(
    queue: RunQueue, visit: str
) -> None:
    run = queue._run_for(Message("make", {"visit": visit, "run": "first"}))
    assert run.news.kind == "error"
    assert "accepted are 32 to 64 digits of hex" in run.news.facts["words"]
