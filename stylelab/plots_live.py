"""Figures that redraw themselves while something runs, in a notebook.

Interrupting (the square button, or I twice) ends a run; what there is by then is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from IPython.display import display

from stylelab.engine import Step
from stylelab.plots import BLUE, LARGE, MEDIUM, ORANGE, Plate, label, show
from stylelab.smallnets import Progress

T = TypeVar("T")

PAUSE = 1.0  # seconds between two drawings: each of them costs about 0.2


def watch(
    running: Iterable[T], draw: Callable[[list[T]], Plate], pause: float = PAUSE
) -> list[T]:
    """Everything `running` yields; meanwhile `draw` shows what there is so far."""
    seen: list[T] = []
    handle, drawn = None, -pause
    try:
        for item in running:
            seen.append(item)
            if handle is None:
                handle = display(draw(seen), display_id=True)
            elif time.monotonic() - drawn > pause:
                handle.update(draw(seen))
                drawn = time.monotonic()
    except KeyboardInterrupt:
        print(f"Interrupted after {len(seen)} steps: going on with what there is.")
    if handle is not None:
        handle.update(draw(seen))
    return seen


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
    running: Iterable[Step], claim: str, alt: str, caption: str = ""
) -> list[Step]:
    """The picture of a run while it grows, and its loss beside it."""

    def draw(seen: list[Step]) -> Plate:
        plate = Plate(claim, alt, 10, 4.6)
        left, right = plate.subplots(1, 2)
        show(left, seen[-1].picture)
        left.set_title(caption, fontsize=LARGE)
        right.plot([s.index for s in seen], [s.loss for s in seen], color=BLUE, lw=2)
        right.set_xlim(0, seen[-1].total)
        right.set_title(f"step {seen[-1].index} of {seen[-1].total}", fontsize=MEDIUM)
        label(right, "step", "loss")
        return plate

    return watch(running, draw)
