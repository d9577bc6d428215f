"""The runs of visits: each belongs to a visit, and any page of that visit follows it.

A page may go and come again, in the same process or another: the run goes on.
"""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from stylelab.studio import messages
from stylelab.studio.messages import Message

HOUR = 3600.0  # seconds: longer than any run, whatever a page says
SECRET = re.compile(r"[0-9a-f]{32,64}")  # what names a visit
# Seconds without a page: then others come first; then nobody is expected any more.
VANISHED, ABANDONED = 45, 600
KEPT = 900  # seconds that a finished run waits for a page of its visit
KEPT_BYTES = 64_000_000  # of the pictures of all finished runs


@dataclass(eq=False)
class Run:
    """A run that waits, is made, or has ended, and the newest message about it.

    name: two requests with the same one ask for the same run.
    """

    seconds: float = 0.0  # that its page expects it to take
    name: str = ""
    began: float | None = None  # on the monotonic clock; None: it waits
    ended: float | None = None
    is_unwanted: bool = False  # whether it shall stop
    news: Message | None = None
    _count: int = 0  # of all messages about it
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _pages: set[Connection] = field(default_factory=set)  # that are looked at
    _left_at: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        """Seconds until its end, as expected."""
        gone = 0.0 if self.began is None else time.monotonic() - self.began
        return max(0.0, self.seconds - gone)

    @property
    def alone(self) -> float:
        """Seconds since somebody looked at it last."""
        return 0.0 if self._pages else time.monotonic() - self._left_at

    @property
    def is_vanished(self) -> bool:
        return self.alone > VANISHED

    @property
    def is_abandoned(self) -> bool:
        return self.alone > ABANDONED

    def tell(self, message: Message) -> None:
        """Has news for all pages that follow the run, and for those that will."""
        with self._changed:
            self.news, self._count = message, self._count + 1
            if message.ends:
                self.ended = time.monotonic()
            self._changed.notify_all()

    def follow(self, page: Connection) -> None:
        """Tells a page the newest state and all that follows, until the end.

        Raises EOFError or OSError if the page goes before.
        """
        seen = 0
        self._look(page, True)
        try:
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._count > seen, 0.1)  # noqa: B023
                    news, is_new, seen = self.news, self._count > seen, self._count
                if is_new:
                    messages.send(page, news)
                    if news.ends:
                        return
                while page.poll():
                    self._obey(page, messages.receive(page))
        finally:
            self._look(page, False)

    def _obey(self, page: Connection, message: Message) -> None:
        if message.kind == "stop":
            self.is_unwanted = True
        else:
            self._look(page, message.kind != "away")

    def _look(self, page: Connection, is_looked_at: bool) -> None:
        (self._pages.add if is_looked_at else self._pages.discard)(page)
        self._left_at = time.monotonic()


class Visits:
    """The current or last run of each visit. The queue's lock keeps it in order."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}

    def run_for(self, message: Message) -> Run:
        """The run that a page asks for: the visit's own if it is the same, or a new
        one, which ends the one before. Raises ValueError, in words.
        """
        visit, name, seconds = map(message.facts.get, ("visit", "run", "seconds"))
        if not (isinstance(visit, str) and SECRET.fullmatch(visit)):
            raise ValueError("visit is not named: accepted are 32 to 64 digits of hex")
        self._tidy()
        before = self._runs.get(visit)
        if before and before.name == name and before.news.kind != "cancelled":
            return before
        self.forget(visit)
        self._runs[visit] = Run(min(HOUR, max(0.0, float(seconds or 0))), name)
        return self._runs[visit]

    def forget(self, visit: str) -> None:
        """Ends the run of a visit, and keeps nothing of it."""
        if before := self._runs.pop(visit, None):
            before.is_unwanted = True

    def _tidy(self) -> None:
        """Drops what has waited too long, or is too much: the oldest first."""
        ended = {visit: run for visit, run in self._runs.items() if run.ended}
        sizes = {v: sum(map(len, run.news.pictures)) for v, run in ended.items()}
        for visit, run in ended.items():
            is_old = time.monotonic() - run.ended > KEPT
            if is_old or sum(sizes.values()) > KEPT_BYTES:
                del self._runs[visit], sizes[visit]
