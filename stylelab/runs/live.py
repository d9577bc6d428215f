"""Runs that somebody watches: made beside everything else, shown as they grow.

    live = LiveRun(make_here, changed=lambda live: print(live.state))
    live.start(Job(recipe, {"style": "gravel"}))

A Make makes the picture, here or elsewhere; a LiveRun iterates over one in a thread of
its own. Neither draws or prints anything.
"""

from __future__ import annotations

import atexit
import collections
import contextlib
import math
import re
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from stylelab.core.descent import Diverged
from stylelab.core.style_transfer import Step
from stylelab.pictures.images import jpeg
from stylelab.runs.run import Result, Tally, finish
from stylelab.runs.sweep import Job
from stylelab.runs.tasks import prepare

PATIENCE = 4.0  # seconds that the end of Python waits for the present step
PAUSE = 0.2  # seconds between two shots: eyes and networks want no more
OUT_OF_MEMORY = re.compile("out of memory|allocate memory", re.IGNORECASE)
STATES = ("ready", "waiting", "running", "done", "stopped", "error")


@dataclass(frozen=True)
class Waiting:
    """A run that waits for its turn."""

    place: int  # 1: it is next; 0: it is its turn


@dataclass(frozen=True)
class Shot:
    """A run at work: its step, and the best picture so far."""

    index: int  # from 1
    total: int
    losses: dict[str, float]  # of this step
    jpeg: bytes = field(repr=False)
    seconds_left: float | None  # None: not known yet

    @property
    def loss(self) -> float:
        return sum(self.losses.values())


# Makes a job: yields Waiting while it waits, Shots, and last a Result. Once the event
# is set that is the picture so far, marked unfinished; nothing if there is none yet.
# What it raises says in one sentence what went wrong.
Make = Callable[[Job, threading.Event], Iterator[Waiting | Shot | Result]]


class Turns:
    """One after another, in the order in which they came."""

    def __init__(self) -> None:
        self._queue: collections.deque[object] = collections.deque()
        self._moved = threading.Condition()

    @contextlib.contextmanager
    def taken(self) -> Iterator[Callable[[float], int]]:
        """A place in the queue, left at the end; gives how many are before it.

        That function waits for at most so many seconds for the number to change.
        """
        ticket = object()
        with self._moved:
            self._queue.append(ticket)

        def before(seconds: float = 0.0) -> int:
            with self._moved:
                if self._queue[0] is not ticket:
                    self._moved.wait(seconds)
                return self._queue.index(ticket)

        try:
            yield before
        finally:
            with self._moved:
                self._queue.remove(ticket)
                self._moved.notify_all()


TURNS = Turns()  # for all runs of this process: two at once would both be slow


def make_here(job: Job, stop: threading.Event) -> Iterator[Waiting | Shot | Result]:
    """A Make in this process: one run at a time, at most five shots a second."""
    with TURNS.taken() as before:
        place = before()
        while place and not stop.is_set():
            yield Waiting(place)
            place = before(PAUSE)
        if not stop.is_set():
            yield Waiting(0)
            yield from _shots(job, stop)


def _shots(job: Job, stop: threading.Event) -> Iterator[Shot | Result]:
    run = prepare(job.recipe, **job.sources)
    tally, first, shown = Tally(), 0.0, -math.inf
    for step in tally.note(run):
        now = time.monotonic()
        if step.index == 1:
            first = now  # it also paid for the first use of everything
        if stop.is_set():
            break
        if now - shown > PAUSE:
            picture = jpeg(tally.best.image())
            left = _seconds_left(step, now - first)
            yield Shot(step.index, step.total, step.losses, picture, left)
            shown = time.monotonic()
    yield finish(run, tally)


def _seconds_left(step: Step, since_first: float) -> float | None:
    done = step.index - 1
    return since_first / done * (step.total - step.index) if done else None


class LiveRun:
    """A run in a thread of its own: what it has come to, and word of every change.

    changed: called with this LiveRun after each change: by `start` for the first one,
    then in the run's own thread.
    """

    def __init__(
        self, make: Make = make_here, changed: Callable[[LiveRun], None] | None = None
    ) -> None:
        self.make, self.changed = make, changed or (lambda live: None)
        self.result: Result | None = None  # of the last run that came to one
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._clear("ready")

    def _clear(self, state: str) -> None:
        self.state = state  # one of STATES
        self.fresh = False  # `result` came of this run, not of one before
        self.place = 0  # in the queue, while waiting
        self.shot: Shot | None = None  # the newest one
        self.curve: list[tuple[int, float]] = []  # step and loss of each shot
        self.error = ""  # one sentence
        self.traceback = ""  # for the curious
        self.stopping = threading.Event()

    @property
    def busy(self) -> bool:
        return self.state in ("waiting", "running")

    def start(self, job: Job) -> bool:
        """Begins a run, and returns at once; False while there is one already."""
        with self._lock:
            if self.busy:
                return False
            self._clear("running")
        try:
            self.changed(self)
        except BaseException:
            self.state = "ready"  # nothing has begun: the next start may
            raise
        self._thread = threading.Thread(
            target=self._work, args=(job, self.stopping), daemon=True
        )
        AT_WORK[self._thread] = self
        self._thread.start()
        return True

    def stop(self) -> None:
        """Asks the run to end after its present step; returns at once."""
        self.stopping.set()

    def join(self, timeout: float | None = None) -> str:
        """Waits for the end, at most `timeout` seconds, and returns the state."""
        if self._thread:
            self._thread.join(timeout)
        return self.state

    def _work(self, job: Job, stop: threading.Event) -> None:
        ended = "stopped"
        try:
            for news in self.make(job, stop):
                if isinstance(news, Result):
                    self.result, self.fresh = news, True
                    ended = "done" if news.finished else "stopped"
                else:
                    self._hear(news)
        except Exception as error:
            self.error, self.traceback = in_words(error), traceback.format_exc()
            ended = "error"
        try:
            self._become(ended)
        finally:
            AT_WORK.pop(threading.current_thread())

    def _hear(self, news: Waiting | Shot) -> None:
        if isinstance(news, Waiting):
            state = "waiting" if news.place else "running"
            if (self.state, self.place) != (state, news.place):
                self.place = news.place
                self._become(state)
            return
        self.shot = news
        self.curve.append((news.index, news.loss))
        self._become("running")

    def _become(self, state: str) -> None:
        self.state = state
        self.changed(self)


# By thread: a LiveRun may be started again before its last thread has quite ended.
AT_WORK: dict[threading.Thread, LiveRun] = {}


@atexit.register
def end_all() -> None:
    """Ends every run: a thread inside of torch would crash Python at its end."""
    for live in [*AT_WORK.values()]:
        live.stop()
    late = time.monotonic() + PATIENCE
    for thread in [*AT_WORK]:
        thread.join(max(0.0, late - time.monotonic()))


def in_words(error: Exception) -> str:
    """What went wrong, in one sentence for people who never saw a traceback."""
    text = " ".join(str(error).split())
    if isinstance(error, MemoryError) or OUT_OF_MEMORY.search(text):
        return "There is not enough memory for this run: choose a smaller size."
    if text and isinstance(error, ValueError | OSError | Diverged):
        return text
    return f"The run failed: {type(error).__name__}: {text}"
