"""The still of a lab: its picture in the notebook's file, where nothing runs."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from IPython.display import display

from stylelab.labs.markup import still_html
from stylelab.labs.newest_only import NewestOnly

if TYPE_CHECKING:
    from stylelab.figures.plots import Plate

IDLE = 4.0  # seconds after the last change of a lab, when its still is drawn again


class SavedStill:
    """The still beside a lab in its cell; it follows what the lab shows.

    draw: draws the lab as it is now.
    """

    def __init__(self, draw: Callable[[], Plate]) -> None:
        self.name = f"sl-still-{uuid.uuid4().hex}"  # the class of its HTML
        self.ended = threading.Event()
        self._draw, self._handle = draw, None
        # What changes meanwhile may make no sense to it: then it is drawn once more.
        self.drawing = NewestOnly(self._draw_again, lambda error: None)
        self._lock = threading.Lock()
        self._due, self._waits = 0.0, False

    def show(self, first: Plate) -> None:
        """Displays the still below what the cell has displayed before."""
        data, metadata = self._bundle(first)
        self._handle = display(data, metadata=metadata, raw=True, display_id=True)

    def renew(self) -> None:
        """Draws the still again, in a thread."""
        if self._handle and not self.ended.is_set():
            self.drawing.want(self._handle)

    def changed(self, _: object = None) -> None:
        """Draws the still again, when nothing has changed for IDLE seconds."""
        with self._lock:
            self._due = time.monotonic() + IDLE
            if not self._waits and self._handle:
                self._waits = True
                # A daemon, which delays no end of Python: it only sleeps.
                threading.Thread(target=self._wait, daemon=True).start()

    def close(self) -> None:
        """The still stays as it is."""
        self.ended.set()

    def _wait(self) -> None:
        while True:
            with self._lock:
                left = self._due - time.monotonic()
                if left <= 0:
                    self._waits = False
                    break
            if self.ended.wait(left):
                return
        self.renew()

    def _draw_again(self, handle: object) -> Iterator[None]:
        data, metadata = self._bundle(self._draw())
        yield  # not if something newer is to be drawn
        if not self.ended.is_set():
            handle.update(data, metadata=metadata, raw=True)

    def _bundle(self, plate: Plate) -> tuple[dict, dict]:
        """By MIME type: the picture, its sentence, and both as HTML; the metadata."""
        data, metadata = plate._repr_mimebundle_()
        (mime,) = metadata
        html = still_html(f"data:{mime};base64,{data[mime]}", plate.alt, self.name)
        return {"text/html": html} | data, metadata
