"""The run panel as visitors see it: their picture, and what to do with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import ipywidgets

from stylelab.labs.lab import button, side_by_side
from stylelab.labs.run_panel import RunPanel
from stylelab.pictures import images
from stylelab.pictures.files import encode
from stylelab.runs.live import LiveRun, Make
from stylelab.runs.run import Result
from stylelab.runs.sweep import Job
from stylelab.studio.before_after import BeforeAfter
from stylelab.studio.heartbeat import Heartbeat

AWAY = 300  # seconds of silence after which nobody waits for a picture any more
SHOWN = 900  # pixels of the longer side
HINT = "Your picture will grow here."
SAVED = "{} went to your downloads. The recipe is inside."


class PaintingPanel(RunPanel):
    """A run panel whose result lies over the photo, and is saved by the browser.

    again: what can be done once more in another way, by the words on its button.
    """

    def __init__(
        self,
        order: Callable[[], Job],
        make: Make,
        foresee: Callable[[Job], str],
        again: dict[str, Callable[[], None]],
    ) -> None:
        self.visit, self.divider = Heartbeat(), BeforeAfter()
        super().__init__(order, make, foresee=foresee, save=self._download)
        self.growing.hint = HINT
        words = ipywidgets.Label("Again, with")
        buttons = [button(text, text, do) for text, do in again.items()]
        self.again = side_by_side(words, *buttons, kind="sl-row st-again")
        top, forecast, message, growing, facts = self.children
        shown = [top, forecast, message, self.divider, growing, self.again, facts]
        self.children = [*shown, self.visit]
        self.add_class("st-idle")
        self._show_end(False)

    def preview(self, photo: images.Source) -> None:
        """Shows faintly what will be painted, until something is."""
        if self.result is None and not self.live.busy:
            self.growing.value = _encoded(photo)
            self.growing.label = "The photo that will be painted"

    def _show_buttons(self) -> None:
        super()._show_buttons()
        self.run.description = "▶ Paint it again" if self.result else "▶ Paint it"

    def _follow(self, live: LiveRun) -> None:
        if self.visit.silence > AWAY:
            live.stop()
        if live.busy:
            self._show_end(False)
            if live.shot:
                self.remove_class("st-idle")
        super()._follow(live)

    def _conclude(self, result: Result) -> None:
        with self.divider.hold_sync():
            self.divider.before = _encoded(self.job.sources["photo"])
            self.divider.after = images.jpeg(result.image())
        self._show_end(True)
        super()._conclude(result)

    def _show_end(self, ended: bool) -> None:
        """The divider in the place of the picture that grew."""
        (self.add_class if ended else self.remove_class)("st-ended")

    def _say(self, role: str, text: str, traceback: str = "") -> None:
        super()._say(role, text)  # tracebacks hold this machine's paths

    def _download(self, result: Result) -> str:
        given = [of for role, of in self.job.sources.items() if role != "masks"]
        shown = [one for source in given for one in images.as_tuple(source)]
        stems = [Path(images.base_name(one)).stem for one in shown]
        name = "-".join(stems)[:80] + ".png"
        self.visit.download(name, encode(result.image(), "PNG", result.record))
        return SAVED.format(name)


def _encoded(photo: images.Source) -> bytes:
    image = images.open_picture(photo)
    image.thumbnail((SHOWN, SHOWN))
    return images.jpeg(image)
