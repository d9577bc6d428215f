"""The run panel of all labs with runs: start, watch, stop, run again, save.

panel = RunPanel(make_job, make_here, foresee=foresee, save=save_here)
panel.run.click(); panel.live.join(); panel.result
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import ipywidgets

from stylelab.core.errors import WeightsError
from stylelab.labs import run_status
from stylelab.labs.lab import button, side_by_side
from stylelab.labs.markup import facts_html, message_html, note_html
from stylelab.labs.newest_only import NewestOnly
from stylelab.labs.widgets.pictures import GrowingPicture
from stylelab.pictures import images
from stylelab.runs.job import Job
from stylelab.runs.live import LiveRun, Maker, in_words

if TYPE_CHECKING:
    from stylelab.runs.run import Result

Facts = Sequence[tuple[str, str]]
Follower = Callable[[LiveRun, ipywidgets.HTML], None]


class RunPanel(ipywidgets.Box):
    """A run of a lab, from its forecast to the saved picture.

    make_job: reads the controls; raises ValueError, one sentence, where they are wrong.
    make: makes the job's picture. foresee: says what that will take. guess: a picture
    to look at before the run, as JPEG, or None. measure: numbers with their units,
    about the result. save: keeps the result, and says where.
    """

    words = run_status.WORDS

    def __init__(
        self,
        make_job: Callable[[], Job],
        make: Maker,
        *,
        foresee: Callable[[Job], str],
        guess: Callable[[Job], bytes | None] = lambda job: None,
        measure: Callable[[Job, Result], Facts] = lambda job, result: (),
        save: Callable[[Result], str],
    ) -> None:
        self.make_job, self.foresee, self.guess = make_job, foresee, guess
        self.measure, self.keep = measure, save
        self.live = LiveRun(make, self._follow)
        self.ahead = NewestOnly(self._look_ahead, self.complain)
        self.job: Job | None = None  # of the last run
        self.restored: Result | None = None  # of an earlier run, shown once more
        # What a lab does before each run, and with its result, measured and shown.
        self.starting: Callable[[], None] = lambda: None
        self.ended: Callable[[Result], None] = lambda result: None
        self.stale = False  # whether a control was changed during a run
        self.guessed: bytes | None = None  # the last guess
        # Called after all news of a run, in its thread, with where to say something.
        self.follower: Follower = lambda live, message: None

        words = self.words
        self.run = button(words["run"], words["about run"], self.start)
        self.run.add_class("sl-main")
        self.stop = button(words["stop"], words["about stop"], self._stop)
        self.save = button(words["save"], words["about save"], self._save)
        buttons = [self.run, self.stop, self.save]
        top = side_by_side(*buttons, kind="sl-row sl-buttons")
        self.forecast, self.message, self.facts = (ipywidgets.HTML() for _ in range(3))
        self.growing = GrowingPicture(hint=words["hint"])
        super().__init__([top, self.forecast, self.message, self.growing, self.facts])
        self.add_class("sl-column")
        self._show_buttons()

    def close(self) -> None:
        self.live.stop()
        self.live.changed = lambda live: None  # nobody looks at the rest of the run
        super().close()

    @property
    def result(self) -> Result | None:
        """The result of the last run that had one."""
        return self.live.result

    def start(self) -> None:
        """Begins the run that the controls describe; complains where they are wrong."""
        try:
            job = self.make_job()
        except (ValueError, OSError) as error:
            self.complain(error)
        else:
            self.make_now(job)

    def make_now(self, job: Job) -> None:
        """Begins the run of `job`, unless one is running."""
        if not self.live.busy:
            self.job, self.message.value, self.facts.value = job, "", ""
            self.growing.run += 1
            self.starting()
            self.live.start(job)

    def show_again(self, result: Result, facts: str, total: int) -> None:
        """Shows the result of an earlier run of `total` steps, and `facts` as HTML."""
        if not self.live.busy:
            self.restored = result
            self.ahead.want(lambda job: None)  # no guess in the place of the result
            self.message.value, self.facts.value = "", facts
            self.growing.run += 1
            self.growing.total = total
            self.live.show(result)

    def refresh(self) -> None:
        """Renews the forecast after a change of the controls: now, or after the run."""
        self.message.value = self.forecast.value = ""
        self.stale = self.live.busy
        if not self.stale:
            # A result that comes before the guess does is not hidden by it.
            before = self.result
            self.ahead.want(lambda job: self._show_guess(job, before))

    def complain(self, error: Exception) -> None:
        """Shows what went wrong, in words."""
        self._say("alert", in_words(error))

    def _look_ahead(self, first: Callable[[Job], None]) -> Iterator[None]:
        """Does what comes `first` with the job of the controls; then foresees it."""
        self._show_forecast(self.words["looking"])
        try:
            job = self.make_job()
            first(job)
            yield  # a slider that has moved on wants its guess now, and no forecast
            text = self.foresee(job)
        except Exception:
            self.forecast.value = ""
            raise
        # If a run has begun meanwhile, it has disturbed the timing.
        self.stale = self.live.busy
        self._show_forecast("" if self.stale else text)

    def _show_guess(self, job: Job, before: Result | None) -> None:
        try:
            found = self.guess(job)
        except WeightsError as error:  # said once: all else works without guesses
            self.guess = lambda job: None
            self._say("status", in_words(error))
            return
        # The same guess again, as for more steps, would only hide the result.
        is_new = found and found != self.guessed
        self.guessed = found
        if is_new and not self.live.busy and self.result is before:
            with self.growing.hold_sync():
                self.growing.value, self.growing.status = found, self.words["guessed"]
                self.growing.label = self.words["guess"]
                self.growing.step, self.growing.curve = 0, []

    def _show_forecast(self, text: str) -> None:
        self.forecast.value = note_html(text, "sl-note sl-forecast") if text else ""

    def _stop(self) -> None:
        self.live.stop()
        self.stop.description, self.stop.disabled = self.words["stopping"], True

    def _save(self) -> None:
        try:
            self._say("status", self.keep(self.result))
        except (ValueError, OSError) as error:
            self.complain(error)

    def _follow(self, live: LiveRun) -> None:
        """Shows how the run stands. Called in its thread: sets traits, nothing else."""
        with self.growing.hold_sync():
            self.growing.busy = live.busy
            self.growing.status = self.status(live)
            self.growing.curve = run_status.curve(live)
            self._show_picture(live)
        self._show_buttons()
        if live.busy and self.words["looking"] in self.forecast.value:
            self.forecast.value = ""
        if live.state == "error":
            self._say("alert", live.error, live.traceback)
        elif live.fresh and not live.busy and live.result is not self.restored:
            self._conclude(live.result)
        if self.stale and not live.busy:
            self.stale = False
            self.ahead.want(lambda job: None)  # the result stays where it is
        self.follower(self.live, self.message)

    def status(self, live: LiveRun) -> str:
        """How a run stands, in a few words."""
        return run_status.status(live, self.words)

    def _show_picture(self, live: LiveRun) -> None:
        growing, shot = self.growing, live.shot
        if live.busy:
            growing.step, growing.total = (shot.index, shot.total) if shot else (0, 1)
            if shot:
                growing.value = shot.jpeg
                growing.label = self.words["grown"].format(shot.index)
        elif self.result:
            # Also after a run without a result: Save would keep the one before.
            growing.value = images.png(self.result.image())
            steps = len(self.result.history)
            growing.label = self.words["result"].format(steps)
            growing.step = steps if live.fresh else growing.step

    def _show_buttons(self) -> None:
        busy = self.live.busy
        self.run.disabled, self.stop.disabled = busy, not busy
        self.save.disabled = busy or self.result is None
        self.stop.description = self.words["stop"]
        if self.result:
            self.run.description = self.words["run again"]

    def _conclude(self, result: Result) -> None:
        """Says why a run ended early, and measures the picture."""
        if result.reason:
            ended = self.words["ended"].format(len(result.history), result.reason)
            self._say("alert", ended)
        try:
            self.facts.value = facts_html(self.measure(self.job, result))
        except Exception as error:
            self.complain(error)
        self.ended(result)

    def _say(self, role: str, text: str, traceback: str = "") -> None:
        if "_" not in text.partition(" ")[0]:  # else it begins with an option's name
            text = text[:1].upper() + text[1:]
        self.message.value = message_html(role, text, traceback)
