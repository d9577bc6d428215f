"""The run panel of all labs with runs: start, watch, stop, run again, save.

panel = RunPanel(order=lambda: Job(recipe, {"style": "gravel"}))
panel.run.click(); panel.live.join(); panel.result
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets

from stylelab.labs import run_view, shading
from stylelab.labs.newest_only import NewestOnly
from stylelab.labs.parts import button, escaped, facts_html, side_by_side
from stylelab.labs.widgets.growing_picture import GrowingPicture
from stylelab.runs.live import LiveRun, Make, in_words, make_here
from stylelab.runs.run import Result
from stylelab.runs.sweep import Job

Facts = Sequence[tuple[str, str]]
HINT = "The picture will grow here."
LOOKING = "Looking what it will take …"


class RunPanel(ipywidgets.Box):
    """A run that a lab orders, from its forecast to the saved picture.

    order: reads the controls; raises ValueError, one sentence, where they are wrong.
    make: makes what was ordered. foresee: says what it will take. measure: numbers with
    their units, about a picture that was made. save: keeps a result, and says where.
    """

    def __init__(
        self,
        order: Callable[[], Job],
        make: Make = make_here,
        *,
        foresee: Callable[[Job], str] = run_view.foresee,
        measure: Callable[[Job, Result], Facts] = lambda job, result: (),
        save: Callable[[Result], str] = run_view.save_here,
    ) -> None:
        self.order, self.foresee = order, foresee
        self.measure, self.keep = measure, save
        self.live = LiveRun(make, self._follow)
        self.ahead = NewestOnly(self._look_ahead, self.complain)
        self.job: Job | None = None  # of the last run
        self.stale = False  # whether a control was changed beside a run
        self._build()
        children = [self.buttons, self.forecast, self.message]
        super().__init__([*children, self.growing, self.facts])
        self.add_class("sl-column")
        self._show_buttons()

    def _build(self) -> None:
        self.run = button("▶ Run", "Make the picture", self.start)
        self.run.add_class("sl-main")
        self.stop = button("■ Stop", "End the run and keep its picture", self._stop)
        text = "Keep the picture as a PNG file, with its recipe inside"
        self.save = button("↓ Save", text, self._save)
        self.buttons = side_by_side(
            self.run, self.stop, self.save, kind="sl-row sl-buttons"
        )
        self.forecast, self.message = ipywidgets.HTML(), ipywidgets.HTML()
        self.facts = ipywidgets.HTML()
        self.growing = GrowingPicture(self.live.stop, hint=HINT)

    @property
    def result(self) -> Result | None:
        """What the last run came to; None before the first picture."""
        return self.live.result

    def start(self) -> None:
        """Begins the run that the controls describe; complains where they are wrong."""
        try:
            job = self.order()
        except (ValueError, OSError) as error:
            self.complain(error)
            return
        if not self.live.busy:
            self.job, self.message.value, self.facts.value = job, "", ""
            self.live.start(job)

    def refresh(self) -> None:
        """Looks ahead anew, when a control was changed; beside a run, at its end."""
        self.message.value = self.forecast.value = ""
        self.stale = self.live.busy
        if not self.stale:
            self.ahead.want("the newest settings")

    def complain(self, error: Exception) -> None:
        """Shows what went wrong, in words."""
        self._say("alert", in_words(error))

    def _look_ahead(self, _: object) -> tuple:
        self.forecast.value = _note(LOOKING)
        try:
            text = self.foresee(self.order())
        except Exception:
            self.forecast.value = ""
            raise
        # Beside a run that has begun meanwhile nothing can be timed.
        self.stale = self.live.busy
        self.forecast.value = "" if self.stale else _note(text)
        return ()

    def _stop(self) -> None:
        self.live.stop()
        self.stop.description, self.stop.disabled = "Stopping …", True

    def _save(self) -> None:
        try:
            self._say("status", self.keep(self.result))
        except (ValueError, OSError) as error:
            self.complain(error)

    def _follow(self, live: LiveRun) -> None:
        """Shows how the run stands. Called in its thread: sets traits, nothing else."""
        with self.growing.hold_sync():
            self.growing.status = run_view.status(live)
            self.growing.curve = run_view.curve(live)
            self._show_picture(live)
        self._show_buttons()
        if live.busy and LOOKING in self.forecast.value:
            self.forecast.value = ""
        if live.state == "error":
            self._say("alert", live.error, live.traceback)
        elif live.fresh and not live.busy:
            self._conclude(live.result)
        if self.stale and not live.busy:
            self.stale = False
            self.ahead.want("what was changed meanwhile")

    def _show_picture(self, live: LiveRun) -> None:
        growing, shot = self.growing, live.shot
        if live.busy:
            growing.step, growing.total = (shot.index, shot.total) if shot else (0, 1)
            if shot:
                growing.value = shot.jpeg
                growing.label = f"The picture after step {shot.index}"
        elif self.result:
            # Also after a run without a result: the one before is what Save would keep.
            growing.value = shading.png(self.result.image())
            growing.label = f"The result after {len(self.result.history)} steps"
            growing.step = len(self.result.history) if live.fresh else growing.step

    def _show_buttons(self) -> None:
        busy = self.live.busy
        self.run.disabled, self.stop.disabled = busy, not busy
        self.save.disabled = busy or self.result is None
        self.stop.description = "■ Stop"
        if self.result:
            self.run.description = "▶ Run again"

    def _conclude(self, result: Result) -> None:
        """Says why a run ended early, and measures the picture."""
        if result.reason:
            done = f"Ended after {len(result.history)} steps: {result.reason}"
            self._say("alert", done)
        try:
            self.facts.value = facts_html(self.measure(self.job, result))
        except Exception as error:
            self.complain(error)

    def _say(self, role: str, text: str, traceback: str = "") -> None:
        more = f"<details><summary>For the curious</summary><pre>{escaped(traceback)}"
        more = f"{more}</pre></details>" if traceback else ""
        said = f'<div role="{role}" class="sl-{role}">{escaped(text)}{more}</div>'
        self.message.value = said


def _note(text: str) -> str:
    return f'<p class="sl-note sl-forecast">{escaped(text)}</p>'
