"""Runs belong to visits: pages come and go, and come again in another process."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Iterator

import numpy as np
import PIL.Image
import pytest
from studio_visits import no_guess, picture, slow_work, wait_until

from stylelab.pictures import images
from stylelab.runs.job import Job
from stylelab.runs.live import LiveRun
from stylelab.runs.recipe import recipe_for
from stylelab.studio import messages, run_queue, visits
from stylelab.studio.browser_memory import MOST, BrowserMemory
from stylelab.studio.job_messages import forget_there, make_there, outlook
from stylelab.studio.messages import Message
from stylelab.studio.page import Page
from stylelab.studio.painting_panel import SILENT
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


class Visitor:
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

    def shows(self, index: int = 1) -> Visitor:
        wait_until(lambda: self.live.shot and self.live.shot.index >= index, 20)
        return self

    def stop(self) -> None:
        self.live.stop()
        assert self.live.join(5) == "stopped"


def test_a_run_goes_on_without_its_page_and_another_page_follows_it(
    queue: RunQueue,
) -> None:
    first = Visitor(ADA).shows(20)
    first.vanish()
    time.sleep(0.4)
    second = Visitor(ADA, steps=1).shows()  # what it would make itself does not count
    assert second.live.shot.index > 25
    assert second.live.shot.total == 300
    second.stop()
    assert 25 < len(second.live.result.history) < 300


def test_a_result_waits_for_the_page_that_comes_back(queue: RunQueue) -> None:
    Visitor(ADA, steps=30).shows().vanish()
    time.sleep(1.5)
    other = Visitor(BOB, steps=3)  # the queue is free, and remembers both
    assert other.live.join(10) == "done"
    again = Visitor(ADA)
    assert again.live.join(5) == "done"
    assert len(again.live.result.history) == 30
    assert again.live.shot is None


def test_a_page_that_comes_back_keeps_its_place_in_the_line(queue: RunQueue) -> None:
    first = Visitor(EVE).shows()
    waiting = Visitor(ADA)
    wait_until(lambda: waiting.live.state == "waiting", 10)
    behind = Visitor(BOB)
    wait_until(lambda: behind.live.waiting.place == 2, 10)
    waiting.vanish()
    back = Visitor(ADA)
    wait_until(lambda: back.live.state == "waiting", 10)
    assert back.live.waiting.place == 1
    assert behind.live.waiting.place == 2
    first.stop()
    back.shows().stop()
    behind.shows().stop()


def test_who_vanishes_in_a_run_frees_the_queue_if_others_wait(
    queue: RunQueue, impatient: None
) -> None:
    first = Visitor(ADA).shows()
    first.away = True  # its kernel lives, and hears nothing from its browser
    time.sleep(1)
    assert first.live.busy  # nobody waits for its place
    other = Visitor(BOB, steps=3)
    assert other.live.join(5) == "done"
    assert first.live.join(1) == "stopped"
    assert 1 <= len(first.live.result.history) < 300  # the picture so far is kept


def test_who_vanishes_in_the_line_is_passed_over_and_keeps_the_place(
    queue: RunQueue, impatient: None
) -> None:
    first, vanished = Visitor(EVE).shows(), Visitor(ADA)
    wait_until(lambda: vanished.live.state == "waiting", 10)
    vanished.away = True
    other = Visitor(BOB)
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
    made, waiting = Visitor(ADA).shows(), Visitor(BOB)
    wait_until(lambda: waiting.live.state == "waiting", 10)
    waiting.away = True
    assert waiting.live.join(5) == "stopped"
    assert waiting.live.result is None
    made.away = True
    assert made.live.join(5) == "stopped"
    again = Visitor(BOB, steps=3)  # it never began: it begins now
    assert again.live.join(5) == "done"


def test_another_run_of_a_visit_ends_the_one_before(queue: RunQueue) -> None:
    first = Visitor(ADA).shows()
    second = Visitor(ADA, "second", steps=5)
    assert second.live.join(5) == "done"
    assert first.live.join(1) == "stopped"
    assert outlook()["before"] == 0


def test_a_stop_comes_from_any_page_of_the_visit(queue: RunQueue) -> None:
    pages = Visitor(ADA).shows(), Visitor(ADA).shows()
    pages[1].stop()
    assert pages[0].live.join(5) == "stopped"


def test_a_visit_that_is_forgotten_ends_and_leaves_nothing(queue: RunQueue) -> None:
    first = Visitor(ADA).shows()
    forget_there(ADA)
    assert first.live.join(5) == "stopped"
    again = Visitor(ADA, steps=4)
    assert again.live.join(5) == "done"
    assert len(again.live.result.history) == 4


def test_results_are_kept_for_a_time_and_up_to_a_size(
    queue: RunQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def visit(visit: str, steps: int) -> int:
        page = Visitor(visit, steps=steps)
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


# --- What the browser keeps -----------------------------------------------------------


class Browser:
    """What a browser keeps of one visit, as its code does it."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[object, list[bytes]]] = {}

    def open(self, monkeypatch: pytest.MonkeyPatch) -> Page:
        """A page, which gets what is kept, and keeps more."""
        page = Page()
        monkeypatch.setattr(page.memory, "send", self._hear)
        for key, (value, files) in [*self.kept.items()]:
            kept = json.loads(json.dumps({"kept": key, "value": value}))
            page.memory._on_message(page.memory, kept, [memoryview(f) for f in files])
        page.memory._on_message(page.memory, {"visit": ADA}, [])
        return page

    def _hear(self, content: dict, buffers: list[bytes] = ()) -> None:
        if "keep" in content:
            self.kept[content["keep"]] = content["value"], [*buffers]
        else:
            self.kept.pop(content["forget"], None)


def fan(width: int, height: int = 90) -> bytes:
    """A photo."""
    noise = np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)
    PIL.Image.fromarray(noise).save(file := io.BytesIO(), "PNG")
    return file.getvalue()


def visited(page: Page) -> Page:
    """With a photo, settings of every kind, and a mask."""
    page.photo.add_upload("me.png", fan(120))
    page.style.chosen = ["brick", "great_wave"]
    page.mixture.how.index = 1
    mask = np.zeros(page.mixture.mask.painter.mask.shape, bool)
    mask[:50] = True
    page.mixture.mask.painter.mask = mask
    page.controls["style_weight"].value = 12.0
    page.controls["statistic"].value = "mean_std"
    page.controls["statistic"].value = "gram"
    page.controls["style_layers"].value = ["relu1_1", "relu3_1"]
    page.controls["steps"].value = 60
    page.controls["size"].value = 256
    page.strengths.numbers["relu3_1"].value = 2.0
    return page


def same(one: Job, other: Job) -> bool:
    pictures = [
        [
            images.fingerprint(p)
            for of in job.sources.values()
            for p in images.as_tuple(of)
        ]
        for job in (one, other)
    ]
    return one.recipe == other.recipe and pictures[0] == pictures[1]


def test_photo_settings_and_mask_come_back(
    queue: RunQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser()
    before = visited(browser.open(monkeypatch))
    after = browser.open(monkeypatch)
    assert same(before.job(), after.job())
    assert len(after.job().sources["masks"]) == 2
    assert after.photo.caption == "me.png"


def test_a_run_comes_back_as_it_was_begun_and_then_its_result(
    queue: RunQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser()
    first = visited(browser.open(monkeypatch))
    first.panel.start()
    wait_until(lambda: first.panel.live.shot, 20)
    first.controls["steps"].value = 10  # for the next one
    second = browser.open(monkeypatch)
    assert same(second.panel.job, first.panel.job)
    assert second.job().recipe.steps == 10
    assert second.panel.live.join(20) == "done"
    assert len(second.panel.result.history) == 60
    wait_until(lambda: "run" not in browser.kept, 5)
    third = browser.open(monkeypatch)
    assert not third.panel.live.busy
    assert vars(third.panel.result) == vars(second.panel.result)
    assert third.panel.file_name == "me-brick-great_wave.png"
    assert third.panel.before_after.pictures[0][:2] == b"\xff\xd8"
    assert not third.panel.save.disabled


def test_a_run_that_the_studio_lost_begins_again(
    queue: RunQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser()
    first = visited(browser.open(monkeypatch))
    first.panel.start()
    wait_until(lambda: first.panel.live.shot, 20)
    run = browser.kept["run"]
    first.panel.live.stop()
    first.panel.live.join(5)
    wait_until(lambda: "result" in browser.kept, 5)
    queue._visits = visits.Visits()  # as after a restart
    browser.kept["run"] = run
    second = browser.open(monkeypatch)
    assert second.panel.live.join(20) == "done"
    assert len(second.panel.result.history) == 60


def test_who_starts_anew_is_forgotten(
    queue: RunQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visited(Browser().open(monkeypatch))
    page.panel.start()
    wait_until(lambda: page.panel.live.shot, 20)
    page.memory._on_message(page.memory, {"anew": True}, [])
    assert page.panel.live.join(5) == "stopped"
    wait_until(lambda: ADA not in queue._visits._runs, 5)


RUBBISH = [
    {"settings": (None, [])},
    {"settings": ({"photo": [["/etc/passwd"], {}], "style": "cat"}, [])},
    {
        "settings": (
            {"photo": ["/etc/passwd"], "style": [], "controls": {"size": []}},
            [],
        )
    },
    {"own " + "a" * 32: ({"photo": True, "name": "a.png"}, [b"Dear diary,"])},
    {"own ../../etc": ({"photo": True, "name": "a.png"}, [fan(50)])},
    {"result": ({"file name": 3, "facts": {"history": 4}}, [b"", b""])},
    {"result": ({"file name": "a", "facts": {"history": "no"}}, [fan(50), fan(50)])},
    {"run": ({"name": "first", "settings": 4}, [])},
]


@pytest.mark.parametrize("kept", RUBBISH)
def test_what_a_browser_makes_up_is_left_out(
    queue: RunQueue, monkeypatch: pytest.MonkeyPatch, kept: dict
) -> None:
    browser = Browser()
    browser.kept = kept
    page = browser.open(monkeypatch)
    assert page.job().sources == {
        "photo": page.photo.items[0]["key"],
        "style": ["starry_night"],
    }
    assert page.panel.result is None
    assert not page.panel.live.busy
    assert page.memory.visit == ADA
    page.panel.ahead.join(20)


def test_a_browser_may_not_fill_a_page() -> None:
    memory = BrowserMemory()
    for i in range(2 * MOST):
        memory._on_message(memory, {"kept": str(i), "value": 0}, [memoryview(b"1")])
    assert len(memory._kept) == MOST
    memory._on_message(memory, {"visit": "mine"}, [])
    assert not memory.is_open
    memory._on_message(memory, {"visit": ADA}, [])
    memory._on_message(memory, {"visit": BOB}, [])
    memory._on_message(memory, {"kept": "late", "value": 0}, [])
    assert memory.visit == ADA
    assert memory._kept == {}


def test_a_page_whose_browser_is_silent_waits_for_nobody(
    queue: RunQueue, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visited(Browser().open(monkeypatch))
    page.panel.start()
    wait_until(lambda: page.panel.live.shot, 20)
    page.panel.heartbeat._last_question -= SILENT + 1
    assert Visitor(BOB, steps=3).live.join(10) == "done"
    assert page.panel.live.join(1) == "stopped"
