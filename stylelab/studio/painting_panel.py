"""The run panel as visitors see it: their picture, and what to do with it."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import anywidget
import ipywidgets
import traitlets

from stylelab.labs.lab import button, show, side_by_side
from stylelab.labs.newest_only import NewestOnly
from stylelab.labs.run_panel import RunPanel
from stylelab.labs.widgets.base import page_code
from stylelab.labs.widgets.picture_picker import thumbnail
from stylelab.labs.widgets.pictures import BeforeAfter
from stylelab.pictures import images
from stylelab.pictures.uploads import open_upload
from stylelab.pictures.writing import encode
from stylelab.runs.job import Job
from stylelab.runs.live import LiveRun, Maker, in_words
from stylelab.studio import words
from stylelab.studio.browser_memory import BrowserMemory, Kept
from stylelab.studio.job_messages import (
    Painted,
    guess_there,
    larger,
    new_secret,
    outlook,
    seconds_of,
    unpack_progress,
)
from stylelab.studio.messages import Message

HERE = Path(__file__).parent

SILENT = 12  # seconds without a question of the page: nobody looks at it
LONGEST = 900  # pixels of the longer side of the photo, as shown


class Heartbeat(anywidget.AnyWidget):
    """Answers the page, which watches whether the studio is there; sends it files."""

    _esm = page_code(HERE / "heartbeat.js")

    lost = traitlets.Unicode(words.SILENT).tag(sync=True)

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

    words = words.PANEL

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
        self.begun: dict = {}  # what begins the last run again
        self.before, self.file_name = b"", ""  # its photo as shown; where it is saved
        looks = {"foresee": foresee, "guess": guess_there}
        self.larger = button("", words.ABOUT_LARGER, self._make_larger)
        self.larger_job: Job | None = None  # what that button makes
        self.photo: images.Source | None = None  # that has been previewed
        super().__init__(order, self._make, save=self._download, **looks)
        # Before anybody has asked for a picture, no problem is an alarm.
        self.ahead = NewestOnly(
            self._look_ahead, lambda error: self._say("status", in_words(error))
        )
        buttons = [button(text, text, action) for text, action in again.items()]
        again_with = self.larger, ipywidgets.Label(words.AGAIN), *buttons
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
        if self.result is None and not self.live.busy and photo is not self.photo:
            self.photo, self.growing.status = photo, ""
            self.add_class("st-idle")
            self.growing.value = thumbnail(photo, LONGEST)
            self.growing.label = words.PREVIEW

    def _show_guess(self, job: Job, before: Painted | None) -> None:
        super()._show_guess(job, before)
        if self.growing.status == self.words["guessed"]:
            self.remove_class("st-ended")
            self.remove_class("st-idle")

    def _show_buttons(self) -> None:
        super()._show_buttons()
        busy = self.live.busy
        show(self.run, not busy)
        show(self.stop, busy)
        show(self.save, not self.save.disabled)
        (self.add_class if busy else self.remove_class)("st-busy")

    def is_away(self) -> bool:
        """Whether nobody looks at the page any more, as when a phone is locked."""
        return self.heartbeat.silence > SILENT

    def start_again(self, name: str, is_larger: bool) -> None:
        """Follows the visit's run of this `name`; begins it again if it was lost."""
        job = self.make_job()
        if is_larger:
            job = larger(job, outlook()["step_times"]) or job
        self.make_now(job, name)

    def make_now(self, job: Job, name: str = "") -> None:
        if not self.live.busy:
            self.run_name = name or new_secret()
            settings, is_larger = self.memory.settings, job is self.larger_job
            self.begun = {"name": self.run_name, "settings": settings}
            self.begun["larger"] = is_larger
            super().make_now(job)

    def _make(self, job: Job, stop: threading.Event) -> Iterator:
        self.before = thumbnail(job.sources["photo"], LONGEST)
        self.file_name = _file_name(job)
        self.memory.keep("run", self.begun)
        return self.maker(job, stop)

    def restore(self, kept: Kept) -> None:
        """Shows a result that the browser has kept."""
        before, png = kept.files
        open_upload("the result", png)
        self.before = thumbnail(open_upload("the photo", before), LONGEST)
        self.file_name = str(kept.value["file name"])
        facts = kept.value["facts"]
        self.live.show(unpack_progress(Message("result", facts, (png,))))

    def _follow(self, live: LiveRun) -> None:
        if live.busy:
            self.forecast.value = ""  # the picture says how long it still takes
            self.remove_class("st-ended")  # the growing picture instead of before-after
            if live.shot:
                self.remove_class("st-idle")
        super()._follow(live)
        if not live.busy and live.error != words.ENDED:  # then it is wanted still
            self.memory.forget("run")

    def _conclude(self, result: Painted) -> None:
        self.before_after.pictures = [self.before, images.jpeg(result.image())]
        self.add_class("st-ended")
        self._offer_larger()
        super()._conclude(result)
        facts = {name: value for name, value in vars(result).items() if name != "png"}
        kept = {"facts": facts, "file name": self.file_name}
        self.memory.keep("result", kept, self.before, result.png)

    def _offer_larger(self) -> None:
        self.larger_job, step_times = None, {}
        with contextlib.suppress(ValueError, OSError):  # the studio may have ended
            step_times = outlook()["step_times"]
            self.larger_job = larger(self.job or self.make_job(), step_times)
        show(self.larger, self.larger_job is not None)
        if self.larger_job:
            seconds = seconds_of(self.larger_job, step_times) or 0.0
            self.larger.description = words.LARGER.format(max(1, round(seconds / 60)))

    def _make_larger(self) -> None:
        if self.larger_job:
            self.make_now(self.larger_job)

    def _say(self, role: str, text: str, traceback: str = "") -> None:
        # As a sentence, and without a traceback, which holds this machine's paths.
        stop = "" if text[-1:] in (*".!?…", "") else "."
        super()._say(role, text[:1].upper() + text[1:] + stop)

    def _download(self, result: Painted) -> str:
        image = result.image()
        content = encode(image, "PNG", result.record)
        self.heartbeat.download(self.file_name, content)
        return words.SAVED.format(self.file_name, *image.size)


def _file_name(job: Job) -> str:
    inputs = [of for role, of in job.sources.items() if role != "masks"]
    pictures = [one for sources in inputs for one in images.as_tuple(sources)]
    stems = [Path(images.base_name(picture)).stem for picture in pictures]
    return "-".join(stems)[:80] + ".png"
