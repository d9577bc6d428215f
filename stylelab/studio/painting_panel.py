"""The run panel as visitors see it: their picture, and what to do with it."""

import time
from collections.abc import Callable
from pathlib import Path

import anywidget
import ipywidgets

from stylelab.labs.lab import button, side_by_side
from stylelab.labs.run_panel import GUESSED, RunPanel
from stylelab.labs.widgets.base import page_code
from stylelab.labs.widgets.picture_picker import thumbnail
from stylelab.labs.widgets.pictures import BeforeAfter
from stylelab.pictures import images
from stylelab.pictures.writing import encode
from stylelab.runs.job import Job
from stylelab.runs.live import LiveRun, Maker
from stylelab.studio.job_messages import Painted, guess_there, outlook

HERE = Path(__file__).parent

AWAY = 300  # seconds of silence after which nobody waits for a picture any more
VANISHED = 60  # the same, where others wait for their turn
LONGEST = 900  # pixels of the longer side of the photo, as shown
HINT = "Your picture will grow here."
SAVED = "{} went to your downloads. The recipe is inside."


class Heartbeat(anywidget.AnyWidget):
    """Answers the page, which watches whether the studio is there; sends it files."""

    _esm = page_code("heartbeat.js", HERE)

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
        looks = {"foresee": foresee, "guess": guess_there}
        super().__init__(order, make, save=self._download, **looks)
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

    def _follow(self, live: LiveRun) -> None:
        silence = self.heartbeat.silence
        if silence > AWAY or (silence > VANISHED and outlook()["waiting"]):
            live.stop()
        if live.busy:
            self.remove_class("st-ended")  # the growing picture instead of before-after
            if live.shot:
                self.remove_class("st-idle")
        super()._follow(live)

    def _conclude(self, result: Painted) -> None:
        photo = thumbnail(self.job.sources["photo"], LONGEST)
        self.before_after.pictures = [photo, images.jpeg(result.image())]
        self.add_class("st-ended")
        super()._conclude(result)

    def _say(self, role: str, text: str, traceback: str = "") -> None:
        super()._say(role, text)  # tracebacks hold this machine's paths

    def _download(self, result: Painted) -> str:
        inputs = [of for role, of in self.job.sources.items() if role != "masks"]
        pictures = [one for sources in inputs for one in images.as_tuple(sources)]
        stems = [Path(images.base_name(picture)).stem for picture in pictures]
        name = "-".join(stems)[:80] + ".png"
        self.heartbeat.download(name, encode(result.image(), "PNG", result.record))
        return SAVED.format(name)
