"""The Maker of this process: one run at a time, with a picture after every step."""

import math
import threading
import time
from collections.abc import Callable, Iterator

from stylelab.pictures.images import jpeg
from stylelab.runs.job import Job
from stylelab.runs.live import Shot, Waiting
from stylelab.runs.recipe import Recipe
from stylelab.runs.run import Result, Tally
from stylelab.runs.tasks import prepare

PAUSE = 0.2  # seconds between two shots: eyes and networks want no more

# The runs of this process, in the order in which they came. Only the first is made: two
# at once would both be slow.
QUEUE: list[object] = []


def make_here(job: Job, stop: threading.Event) -> Iterator[Waiting | Shot | Result]:
    """Makes `job` in this process: one run at a time, at most five shots a second."""
    return in_turn(stop, lambda: _made(job, stop))


def in_turn(stop: threading.Event, made: Callable[[], Iterator]) -> Iterator:
    """Waits until no other run is before this one; then hands on what `made` yields."""
    ticket = object()
    QUEUE.append(ticket)
    try:
        while (place := QUEUE.index(ticket)) and not stop.is_set():
            yield Waiting(place)
            stop.wait(PAUSE)
        if not stop.is_set():
            yield Waiting(0)
            yield from made()
    finally:
        QUEUE.remove(ticket)


def _made(job: Job, stop: threading.Event) -> Iterator[Shot | Result]:
    run = prepare(job.recipe, **job.sources)
    tally, first_step, last_shot = Tally(run), 0.0, -math.inf
    for step in tally.follow(run):
        now = time.monotonic()
        if step.index == 1:
            first_step = now  # it also paid for the first use of everything
        if stop.is_set():
            break
        if now - last_shot > PAUSE:
            left = seconds_left(job.recipe, step.index, now - first_step)
            picture = jpeg((tally.best or step).image())
            yield Shot(step.index, step.total, step.losses, picture, left)
            last_shot = time.monotonic()
    yield tally.result()


def seconds_left(recipe: Recipe, index: int, seconds: float) -> float | None:
    """What the steps after step `index` take, where those since the first took so long.

    None: there was no step since the first.
    """
    # A step takes longer on a finer level, which has more pixels.
    costs = [size**2 for size, steps in recipe.stages for _ in range(steps)]
    done = sum(costs[1:index])
    return seconds / done * sum(costs[index:]) if done else None
