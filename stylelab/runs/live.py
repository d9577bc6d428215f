"""Runs that somebody watches: made beside everything else, shown as they grow.

    live = LiveRun(make_here, changed=lambda live: print(live.state))
    live.start(Job(recipe, {"style": "gravel"}))

A Maker makes the picture; a LiveRun follows it in a thread. Neither draws anything.
"""

from __future__ import annotations

import atexit
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stylelab.core.errors import Diverged
from stylelab.core.language import _
from stylelab.core.words import OUT_OF_MEMORY
from stylelab.runs.job import Job

if TYPE_CHECKING:
    from stylelab.runs.run import Result

PATIENCE = 4.0  # seconds that the end of Python waits for the present step
TOO_LARGE = _("There is not enough memory for this run: choose a smaller size.")
STATES = ("ready", "waiting", "running", "done", "stopped", "error")


@dataclass(frozen=True)
class Waiting:
    """A run that waits for its turn."""

    place: int  # 1: it is next; 0: it is its turn
    seconds: float = 0.0  # until it is its turn, about; 0: not known


@dataclass(frozen=True)
class Shot:
    """A snapshot of a run at work: its step, and the best picture so far."""

    index: int  # from 1
    total: int
    losses: dict[str, float]  # of this step
    jpeg: bytes = field(repr=False)
    seconds_left: float | None  # None: not known yet

    @property
    def loss(self) -> float:
        return sum(self.losses.values())


# Makes a job: yields Waiting while it waits, Shots, and last a Result. Once the event
# is set, the Result is the picture so far, marked unfinished, or there is none. An
# error that it raises says in one sentence what went wrong.
Maker = Callable[[Job, threading.Event], Iterator["Waiting | Shot | Result"]]


class LiveRun:
    """A run in a thread of its own, its state, and what it has made so far.

    changed: called with this LiveRun after each change: by `start` for the first one,
    then in the run's own thread.
    """

    def __init__(
        self, make: Maker, changed: Callable[[LiveRun], None] | None = None
    ) -> None:
        self.make, self.changed = make, changed or (lambda live: None)
        self.result: Result | None = None  # of the last run that had one
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._clear("ready")

    def _clear(self, state: str) -> None:
        self.state = state  # one of STATES
        self.fresh = False  # whether `result` is of this run, not of an earlier one
        self.waiting = Waiting(0)
        self.shot: Shot | None = None  # the newest one
        self.curve: list[tuple[int, float]] = []  # step and loss of each shot
        self.error, self.traceback = "", ""  # one sentence; the rest for the curious
        self.stopping = threading.Event()

    @property
    def busy(self) -> bool:
        return self.state in ("waiting", "running")

    def start(self, job: Job) -> bool:
        """Begins a run, and returns at once; False if one is running already."""
        with self._lock:
            if self.busy:
                return False
            self._clear("running")
        try:
            self.changed(self)
        except BaseException:
            self.state = "ready"  # nothing has begun: the next start may
            raise
        task = job, self.stopping
        self._thread = threading.Thread(target=self._work, args=task, daemon=True)
        AT_WORK[self._thread] = self
        self._thread.start()
        return True

    def show(self, result: Result) -> None:
        """Takes the result of an earlier run, as if it had just ended."""
        self.result, self.fresh = result, True
        self._become("done" if result.finished else "stopped")

    def stop(self) -> None:
        """Asks the run to end after its present step; returns at once."""
        self.stopping.set()

    def join(self, timeout: float | None = None) -> str:
        """Waits for the end, at most `timeout` seconds, and returns the state."""
        if self._thread:
            self._thread.join(timeout)
        return self.state

    def _work(self, job: Job, stop: threading.Event) -> None:
        end = "stopped"
        try:
            for news in self.make(job, stop):
                if isinstance(news, Waiting):
                    state = "waiting" if news.place else "running"
                    if (self.state, self.waiting) != (state, news):
                        self.waiting = news
                        self._become(state)
                elif isinstance(news, Shot):
                    self.shot = news
                    self.curve.append((news.index, news.loss))
                    self._become("running")
                else:
                    self.result, self.fresh = news, True
                    end = "done" if news.finished else "stopped"
        except Exception as error:
            self.error, self.traceback = in_words(error), traceback.format_exc()
            end = "error"
        try:
            self._become(end)
        finally:
            AT_WORK.pop(threading.current_thread())

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
    deadline = time.monotonic() + PATIENCE
    for thread in [*AT_WORK]:
        thread.join(max(0.0, deadline - time.monotonic()))


def in_words(error: Exception) -> str:
    """What went wrong, in one sentence for people who never saw a traceback."""
    text = " ".join(str(error).split())
    if isinstance(error, MemoryError) or OUT_OF_MEMORY.search(text):
        return TOO_LARGE
    if text and isinstance(error, ValueError | OSError | Diverged):
        return text
    return _("The run failed: {}: {}").format(type(error).__name__, text)
