"""What the browser keeps of a visit, so that all of it comes back with another page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import anywidget
import traitlets

from stylelab.labs.widgets.base import page_code
from stylelab.studio import words
from stylelab.studio.job_messages import new_secret
from stylelab.studio.visits import SECRET

MOST = 20  # things that a browser may give back


class Kept(NamedTuple):
    """One thing that is kept: what JSON can hold, and files."""

    value: Any
    files: list[bytes]


class BrowserMemory(anywidget.AnyWidget):
    """Keeps things by their keys in the visitor's browser, for a day at most.

    `give_back` is called once, when the browser has named the visit, with all that it
    has kept: it may be anything. `forgotten` is called when the visitor starts anew.
    """

    _esm = page_code(Path(__file__).parent / "browser_memory.js")

    words = traitlets.Dict().tag(sync=True)

    def __init__(self) -> None:
        texts = {"anew": words.START_ANEW, "help": words.START_ANEW_HELP}
        super().__init__(words={**texts, "really": words.REALLY})
        self.give_back: Callable[[Mapping[str, Kept]], None] = lambda kept: None
        self.forgotten: Callable[[], None] = lambda: None
        self.settings: dict[str, Any] = {}  # of the page, as they are now
        self.visit = new_secret()  # until the browser says its own
        self.is_open = False  # before, nothing is kept: it would hide what was
        self._kept: dict[str, Kept] = {}
        self.on_msg(self._on_message)

    def keep(self, key: str, value: Any, *files: bytes) -> None:
        """`value` is what JSON can hold."""
        if self.is_open:
            self.send({"keep": key, "value": value}, [*files])

    def keep_settings(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.keep("settings", settings)

    def forget(self, key: str) -> None:
        if self.is_open:
            self.send({"forget": key})

    def _on_message(self, _: object, content: dict, buffers: list) -> None:
        if content.get("anew"):
            self.forgotten()
        elif not self.is_open and "kept" in content:
            if len(self._kept) < MOST:
                files = [bytes(part) for part in buffers]
                self._kept[str(content["kept"])] = Kept(content.get("value"), files)
        elif not self.is_open and SECRET.fullmatch(str(content.get("visit"))):
            self.visit, kept, self._kept = content["visit"], self._kept, {}
            try:
                self.give_back(kept)
            finally:
                self.is_open = True
