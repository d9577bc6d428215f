"""Figures that redraw themselves while something runs, in a notebook.

Interrupting (the square button, or I twice) ends a run; what there is by then is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from IPython.display import display
from torch import Tensor

from stylelab.core.style_transfer import Step
from stylelab.figures.plots import (
    BLUE,
    LARGE,
    MEDIUM,
    ORANGE,
    Plate,
    Shown,
    gallery,
    label,
    show,
)
from stylelab.lessons.nb01_convolution.small_networks import Progress
from stylelab.runs.run import Result, Run

T = TypeVar("T")

PAUSE = 1.0  # seconds between two drawings: each of them costs about 0.2
SHARE = 4  # a pause is at least so many times as long as the drawing took


class Canvas:
    """A figure that is drawn anew in its place, so seldom that it delays nothing."""

    def __init__(self, draw: Callable[[], Plate]) -> None:
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


def watch(running: Iterable[T], draw: Callable[[list[T]], Plate]) -> list[T]:
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


def watch_training(
    running: Iterable[Progress], claim: str, score: str, alt: str
) -> list[Progress]:
    """Loss and score of a training while it runs; `score` is a name with its unit."""

    def draw(seen: list[Progress]) -> Plate:
        plate = Plate(claim, alt, 10, 4)
        left, right = plate.subplots(1, 2)
        steps = [p.step for p in seen]
        left.plot(steps, [p.loss for p in seen], color=BLUE, lw=1.5)
        scored = {p.step: p.score for p in seen if p.measured}
        right.plot([*scored], [*scored.values()], "o-", color=ORANGE, lw=3)
        label(left, "step", "loss of the batch")
        label(right, "step", score)
        for axes in (left, right):
            axes.set_xlim(0, seen[-1].total)
        return plate

    return watch(running, draw)


def watch_pictures(
    running: Iterable[Step], claim: str, alt: str, caption: str = "", log: bool = False
) -> list[Step]:
    """The picture of a run while it grows, and its loss beside it.

    `log` draws the loss in powers of ten.
    """

    def draw(steps: list[Step]) -> Plate:
        plate, last = Plate(claim, alt, 10, 4.6), steps[-1]
        left, right = plate.subplots(1, 2)
        show(left, last.picture)
        left.set_title(caption, fontsize=LARGE)
        right.plot([s.index for s in steps], [s.loss for s in steps], color=BLUE, lw=2)
        right.set_xlim(0, last.total)
        right.set_yscale("log" if log else "linear")
        right.set_title(f"step {last.index} of {last.total}", fontsize=MEDIUM)
        label(right, "step", "loss")
        return plate

    return watch(running, draw)


def watch_gallery(
    panels: Sequence[tuple[str, Shown | Run]],
    claim: str,
    alt: str,
    columns: int | None = None,
    note: Callable[[Tensor], str] | None = None,
) -> list[Result]:
    """Pictures and runs side by side: one run after another grows in its place.

    `note` says something about the picture of a run, below its caption. An interrupt
    ends the run that is at work, and the runs after it stop at their first step: every
    run has a result in any case.
    """
    runs = [run for _, run in panels if isinstance(run, Run)]
    grown = {run: run.start for run in runs}

    def draw() -> Plate:
        now = []
        for caption, picture in panels:
            if isinstance(picture, Run):
                picture = grown[picture]
                caption = f"{caption}\n{note(picture)}" if note else caption
            now.append((caption, picture))
        return gallery(now, claim, alt, columns)

    def grow(run: Run) -> Iterator[Step]:
        for step in run:
            grown[run] = step.picture
            canvas.update()
            yield step

    def first_step(run: Run) -> Iterator[Step]:
        return islice(run, 1)

    canvas = Canvas(draw)
    results, going = [], True
    for run in runs:
        try:
            result = run.result(grow if going else first_step)
        except KeyboardInterrupt:  # before there was a picture
            going, result = False, run.result(first_step)
        results.append(result)
        grown[run] = result.picture
        # A run that found no way down has a reason: nobody asked the others to stop.
        going = going and (result.finished or result.reason != "")
    if not going:
        done = sum(result.finished for result in results)
        print(f"Interrupted: {done} of {len(runs)} pictures are done.")
    canvas.update(now=True)
    return results
