"""A stream that never ends a run: once it cannot be written, it is silent."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Any, TextIO


class Log:
    """Hands everything on to `stream`; None, as under pythonw, is silent at once.

    A reader that ends (`| head -1`), a full disk and a closed terminal all raise in the
    middle of a run, whose picture counts for more than its log.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self.stream = io.StringIO() if stream is None else stream
        self.error: Exception | None = None  # why it is silent
        if stream is None:
            self.error = ValueError("it is closed")

    def write(self, text: str) -> int:
        self._try(self.stream.write, text)
        return len(text)

    def flush(self) -> None:
        self._try(self.stream.flush)

    def isatty(self) -> bool:
        with suppress(OSError, ValueError):
            return self.error is None and self.stream.isatty()
        return False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def _try(self, action: Any, *arguments: str) -> None:
        if self.error is None:
            try:
                action(*arguments)
            except (OSError, ValueError) as error:  # ValueError: it was closed
                self.error = error
