"""What a page and its kernel tell each other beside the pictures."""

from __future__ import annotations

import time
from pathlib import Path

import anywidget

from stylelab.labs.widgets.base import page_code

HERE = Path(__file__).parent


class Heartbeat(anywidget.AnyWidget):
    """Answers the page, which says so where it hears nothing, and sends it files."""

    _esm = page_code("heartbeat.js", HERE)

    def __init__(self) -> None:
        super().__init__()
        self._heard = time.monotonic()
        self.on_msg(self._answer)

    @property
    def silence(self) -> float:
        """Seconds since the page was heard last."""
        return time.monotonic() - self._heard

    def _answer(self, *_: object) -> None:
        self._heard = time.monotonic()
        self.send({})

    def download(self, name: str, content: bytes) -> None:
        """Gives the visitor a file."""
        self.send({"name": name}, [content])
