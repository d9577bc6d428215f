"""Slow work that follows a fast hand: always the newest request, never a queue."""

import threading
from collections.abc import Callable, Iterable


class NewestOnly:
    """Does `work` in a thread; a new request drops those before it, done or half done.

    work: takes a request, and yields wherever it may be left. failed: takes its error.
    """

    def __init__(
        self, work: Callable[[object], Iterable], failed: Callable[[Exception], None]
    ) -> None:
        self._work, self._failed = work, failed
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._request: object = None

    def want(self, request: object) -> None:
        """Returns at once; `request` is anything but None."""
        with self._lock:
            self._request = request
            if self._thread is None:
                # No daemon: Python would crash if it ended beside a thread in torch.
                self._thread = threading.Thread(target=self._run, daemon=False)
                self._thread.start()

    def join(self, timeout: float | None = None) -> None:
        """Waits until nothing is left to do."""
        if thread := self._thread:
            thread.join(timeout)

    def _run(self) -> None:
        while (request := self._take()) is not None:
            try:
                for _ in self._work(request):
                    if self._request is not None:
                        break
            except Exception as error:
                if self._request is None:  # else a newer request has taken its place
                    self._failed(error)

    def _take(self) -> object:
        with self._lock:
            request, self._request = self._request, None
            if request is None:
                self._thread = None
            return request
