"""Figures that redraw themselves while something runs, in a notebook.

Interrupting (the square button, or I twice) ends a run; what there is by then is kept.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from IPython.display import display
from torch import Tensor

from stylelab.core.style_transfer import Step
from stylelab.figures import plots
from stylelab.runs.run import Result, Run

T = TypeVar("T")
PAUSE = 1.0  # seconds between two drawings: each of them costs about 0.2
SHARE = 4  # a pause is at least so many times as long as the drawing took


class Canvas:
    """A figure that is drawn anew in its place, so seldom that it delays nothing."""

    def __init__(self, draw: Callable[[], plots.Plate]) -> None:
        self.draw = draw
        self.handle = display(draw(), display_id=True)  # None: this is no notebook
        self.due = time.monotonic()

    def update(self, now: bool = False) -> None:
        """Draws again if enough time has gone by, or `now`."""
        began = time.monotonic()
        if self.handle and (now or began >= self.due):
            self.handle.update(self.draw())
            ended = time.monotonic()
            self.due = ended + max(PAUSE, SHARE * (ended - began))


def watch(running: Iterable[T], draw: Callable[[list[T]], plots.Plate]) -> list[T]:
    """Everything `running` yields; meanwhile `draw` shows what there is so far."""
    items: list[T] = []
    canvas = None
    try:
        for item in running:
            items.append(item)
            canvas = canvas or Canvas(lambda: draw(items))
            canvas.update()
    except KeyboardInterrupt:
        print(f"Interrupted after {len(items)} steps: going on with what there is.")
    if canvas is not None:
        canvas.update(now=True)
    return items


def watch_pictures(
    running: Iterable[Step], claim: str, alt: str, caption: str = "", log: bool = False
) -> list[Step]:
    """A run's growing picture, and its loss (`log`: in powers of ten) beside it."""

    def draw(steps: list[Step]) -> plots.Plate:
        plate, last = plots.Plate(claim, alt, 10, 4.6), steps[-1]
        left, right = plate.subplots(1, 2)
        plots.show(left, last.picture)
        left.set_title(caption, fontsize=plots.LARGE)
        curve = [s.index for s in steps], [s.loss for s in steps]
        right.plot(*curve, color=plots.BLUE, lw=2)
        right.set_xlim(0, last.total)
        if log:
            plots.in_powers_of_ten(right)
        right.set_title(f"step {last.index} of {last.total}", fontsize=plots.MEDIUM)
        plots.label(right, "step", "loss")
        return plate

    return watch(running, draw)


def watch_gallery(
    panels: Sequence[tuple[str, plots.Shown | Run]],
    claim: str,
    alt: str,
    columns: int = 0,
    note: Callable[[Tensor], str] | None = None,
) -> list[Result]:
    """Pictures and runs side by side: one run after another grows in its place.

    `note`: words about a run's picture, below its caption. An interrupt ends the
    present run, and those after it at their first step: each run has a result.
    """
    runs = [run for _, run in panels if isinstance(run, Run)]
    grown = {run: run.start for run in runs}

    def draw() -> plots.Plate:
        now = []
        for caption, picture in panels:
            if isinstance(picture, Run):
                picture = grown[picture]
                caption += f"\n{note(picture)}" if note else ""
            now.append((caption, picture))
        return plots.gallery(now, claim, alt, columns)

    def grow(run: Run) -> Iterator[Step]:
        for step in run:
            grown[run] = step.picture
            canvas.update()
            yield step

    canvas = Canvas(draw)
    results, going = [], True
    for run in runs:
        try:
            result = run.result(grow if going else lambda run: islice(run, 1))
        except KeyboardInterrupt:  # before there was a picture
            going, result = False, run.result(lambda run: islice(run, 1))
        results.append(result)
        grown[run] = result.picture
        # A run that found no way down has a reason: nobody asked the others to stop.
        going = going and (result.finished or result.reason != "")
    if not going:
        done = sum(result.finished for result in results)
        print(f"Interrupted: {done} of {len(runs)} pictures are done.")
    canvas.update(now=True)
    return results
