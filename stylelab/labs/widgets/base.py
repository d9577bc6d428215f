"""What all widgets share: their code in the browser, and its style."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import anywidget
import traitlets
from IPython import get_ipython

from stylelab.core.language import page_language

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

HERE = Path(__file__).parent
EVERY = 2.0  # seconds between two questions to the pages of a lab that runs
PATIENCE = 30.0  # seconds without an answer, until nobody is thought to be there


def page_code(*files: str | Path) -> str:
    """The code of a widget in the browser: dom.js, and `files` of this folder after it.

    As text: anywidget watches a file that is given as a Path, and the watcher keeps
    every instance of the widget alive.
    """
    code = "\n".join((HERE / f).read_text("utf-8") for f in ("dom.js", *files))
    return page_language(code)


class PageLink(anywidget.AnyWidget):
    """What a lab needs of the page that shows it. Each lab has one.

    It brings the style sheet of all widgets, keeps the notebook's shortcuts away from
    the lab, names the sliders, and finds out whether a page still shows the lab: each
    page answers each question at once, also while it is hidden, when its timers sleep.
    """

    _esm = page_code("page_link.js")
    _css = (HERE / "labs.css").read_text("utf-8")

    still = traitlets.Unicode("").tag(sync=True)  # class of what a live lab hides

    def __init__(self) -> None:
        super().__init__(layout={"display": "none"})
        self._has_page = False  # whether a page has ever shown the lab
        self._asked, self._waits = 0.0, False  # when; whether no answer has come
        self._silence = 0.0  # seconds without an answer
        self.on_msg(self._hear)

    def _hear(self, _: object, message: dict, __: list) -> None:
        self._has_page = True
        if message["here"]:
            self._waits, self._silence = False, 0.0
        else:  # a page has gone: another one, or the same one again, may answer soon
            self._silence = PATIENCE - EVERY

    def is_left(self) -> bool:
        """Whether pages have shown the lab, and none has answered for PATIENCE seconds.

        To be called again and again: it asks the pages every few seconds.
        """
        now = time.monotonic()
        if not self._has_page or now - self._asked < EVERY:
            return False
        # A laptop that has slept counts as one question. Beside a cell that runs, some
        # notebooks let no answer through.
        if self._waits and not cells.running:
            self._silence += min(now - self._asked, 2 * EVERY)
        self._asked, self._waits = now, True
        self.send({})
        return self._silence >= PATIENCE


class _Cells:
    """Whether the kernel runs a cell, as far as IPython says so."""

    running = False

    def follow(self, shell: InteractiveShell) -> None:
        """To be called once, in a cell."""
        self.begin()
        shell.events.register("pre_execute", self.begin)
        shell.events.register("post_execute", self.end)

    def begin(self) -> None:
        self.running = True

    def end(self) -> None:
        self.running = False


cells = _Cells()
if shell := get_ipython():
    cells.follow(shell)
