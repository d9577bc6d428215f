"""The run panel as visitors see it: their picture, and what to do with it."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import anywidget
import ipywidgets
import traitlets

from stylelab.labs.lab import button, side_by_side
from stylelab.labs.run_panel import GUESSED, RunPanel
from stylelab.labs.widgets.base import page_code
from stylelab.pictures import images
from stylelab.pictures.writing import encode
from stylelab.runs.job import Job
from stylelab.runs.live import LiveRun, Maker
from stylelab.studio.browser_memory import BrowserMemory, Kept
from stylelab.studio.job_messages import (
    Painted,
    guess_there,
    new_secret,
    unpack_progress,
)
from stylelab.studio.messages import Message
from stylelab.studio.picture_picker import HERE, read_upload, thumbnail
from stylelab.studio.words import ENDED, LOST

SILENT = 12  # seconds without a question of the page: nobody looks at it
LONGEST = 900  # pixels of the longer side of the photo, as shown
HINT = "Your picture will grow here."
SAVED = "{} went to your downloads. The recipe is inside."


class BeforeAfter(anywidget.AnyWidget):
    """The photo on the left of a line that can be dragged, the result on its right."""

    _esm = page_code("before_after.js", HERE)

    pictures = traitlets.List().tag(sync=True)  # before and after, encoded


class Heartbeat(anywidget.AnyWidget):
    """Answers the page, which watches whether the studio is there; sends it files."""

    _esm = page_code("heartbeat.js", HERE)

    lost = traitlets.Unicode(LOST).tag(sync=True)

    def __init__(self) -> None:
        super().__init__()
        self._last_question = time.monotonic()
        self.on_msg(self._answer)

    @property
    def silence(self) -> float:
        """Seconds since the page asked last."""
        return time.monotonic() - self._last_question

    def _answer(self, *_: object) -> None:
        self._last_question = time.monotonic()
        self.send({})

    def download(self, name: str, content: bytes) -> None:
        """Puts a file into the visitor's downloads."""
        self.send({"name": name}, [content])


class PaintingPanel(RunPanel):
    """A run panel whose result lies over the photo, and is saved by the browser.

    again: what a visitor can do for another picture, by the words on its button.
    """

    def __init__(
        self,
        order: Callable[[], Job],
        make: Maker,
        foresee: Callable[[Job], str],
        again: dict[str, Callable[[], None]],
    ) -> None:
        self.heartbeat, self.before_after = Heartbeat(), BeforeAfter()
        self.memory = BrowserMemory()  # keeps the run and its result
        self.maker, self.run_name = make, ""
        self.begun: dict = {}  # the settings of the last run
        self.before, self.file_name = b"", ""  # its photo as shown; where it is saved
        looks = {"foresee": foresee, "guess": guess_there}
        super().__init__(order, self._make, save=self._download, **looks)
        self.growing.hint = HINT
        buttons = [button(text, text, action) for text, action in again.items()]
        again_with = ipywidgets.Label("Again, with"), *buttons
        top, forecast, message, growing, facts = self.children
        self.children = [
            *(top, forecast, message, self.before_after, growing),
            side_by_side(*again_with, kind="sl-row st-again"),
            *(facts, self.heartbeat),
        ]
        self.add_class("st-panel")
        self.add_class("st-idle")

    def preview(self, photo: images.Source) -> None:
        """Shows the photo faintly, until there is a picture of it."""
        if self.result is None and not self.live.busy:
            self.growing.value = thumbnail(photo, LONGEST)
            self.growing.label = "The photo that will be painted"

    def _show_guess(self, job: Job) -> None:
        super()._show_guess(job)
        if self.growing.status == GUESSED:
            self.remove_class("st-ended")
            self.remove_class("st-idle")

    def _show_buttons(self) -> None:
        super()._show_buttons()
        self.run.description = "▶ Paint it again" if self.result else "▶ Paint it"

    def is_away(self) -> bool:
        """Whether nobody looks at the page any more, as when a phone is locked."""
        return self.heartbeat.silence > SILENT

    def start(self, name: str = "") -> None:
        """name: of a run that may be under way already; then it is followed."""
        if not self.live.busy:
            self.run_name = name or new_secret()
            self.begun = self.memory.settings
            super().start()

    def _make(self, job: Job, stop: threading.Event) -> Iterator:
        self.before = thumbnail(job.sources["photo"], LONGEST)
        self.file_name = _file_name(job)
        self.memory.keep("run", {"name": self.run_name, "settings": self.begun})
        return self.maker(job, stop)

    def restore(self, kept: Kept) -> None:
        """Shows a result that the browser has kept."""
        before, png = kept.files
        read_upload("the result", png)
        self.before = thumbnail(read_upload("the photo", before), LONGEST)
        self.file_name = str(kept.value["file name"])
        facts = kept.value["facts"]
        self.live.show(unpack_progress(Message("result", facts, (png,))))

    def _follow(self, live: LiveRun) -> None:
        if live.busy:
            self.remove_class("st-ended")  # the growing picture instead of before-after
            if live.shot:
                self.remove_class("st-idle")
        super()._follow(live)
        if not live.busy and live.error != ENDED:  # then it is wanted still
            self.memory.forget("run")

    def _conclude(self, result: Painted) -> None:
        self.before_after.pictures = [self.before, images.jpeg(result.image())]
        self.add_class("st-ended")
        super()._conclude(result)
        facts = {name: value for name, value in vars(result).items() if name != "png"}
        kept = {"facts": facts, "file name": self.file_name}
        self.memory.keep("result", kept, self.before, result.png)

    def _say(self, role: str, text: str, traceback: str = "") -> None:
        super()._say(role, text)  # tracebacks hold this machine's paths

    def _download(self, result: Painted) -> str:
        content = encode(result.image(), "PNG", result.record)
        self.heartbeat.download(self.file_name, content)
        return SAVED.format(self.file_name)


def _file_name(job: Job) -> str:
    inputs = [of for role, of in job.sources.items() if role != "masks"]
    pictures = [one for sources in inputs for one in images.as_tuple(sources)]
    stems = [Path(images.base_name(picture)).stem for picture in pictures]
    return "-".join(stems)[:80] + ".png"
