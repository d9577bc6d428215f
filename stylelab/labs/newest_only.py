"""Slow work that follows a fast hand: always for the newest wish, never a queue."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable, Iterable

PATIENCE = 4.0  # seconds that the end of Python waits for what is half done


class NewestOnly:
    """Does `work` in a thread; a new wish drops those before it, even one half done.

    work: takes a wish and yields whenever it could be left. failed: takes its error.
    """

    def __init__(
        self,
        work: Callable[[object], Iterable],
        failed: Callable[[Exception], None],
    ) -> None:
        self._work, self._failed = work, failed
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wish: object = None
        # A thread inside of torch would crash Python at its end.
        atexit.register(self.join, PATIENCE)

    def want(self, wish: object) -> None:
        """Returns at once; `wish` is anything but None."""
        with self._lock:
            self._wish = wish
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def join(self, timeout: float | None = None) -> None:
        """Waits until nothing is left to do."""
        thread = self._thread
        if thread:
            thread.join(timeout)

    def _run(self) -> None:
        while (wish := self._take()) is not None:
            try:
                for _ in self._work(wish):
                    if self._wish is not None:
                        break
            except Exception as error:
                if self._wish is None:  # else nobody asks for it any more
                    self._failed(error)

    def _take(self) -> object:
        with self._lock:
            wish, self._wish = self._wish, None
            if wish is None:
                self._thread = None
            return wish
