"""The Maker of this process: one run at a time, with a picture after every step."""

import math
import threading
import time
from collections.abc import Iterator

from stylelab.pictures.images import jpeg
from stylelab.runs.job import Job
from stylelab.runs.live import Shot, Waiting
from stylelab.runs.run import Result, Tally
from stylelab.runs.tasks import prepare

PAUSE = 0.2  # seconds between two shots: eyes and networks want no more

# The runs of this process, in the order in which they came. Only the first is made: two
# at once would both be slow.
QUEUE: list[object] = []


def make_here(job: Job, stop: threading.Event) -> Iterator[Waiting | Shot | Result]:
    """Makes `job` in this process: one run at a time, at most five shots a second."""
    ticket = object()
    QUEUE.append(ticket)
    try:
        while (place := QUEUE.index(ticket)) and not stop.is_set():
            yield Waiting(place)
            stop.wait(PAUSE)
        if stop.is_set():
            return
        yield Waiting(0)
        run = prepare(job.recipe, **job.sources)
        # A step takes longer on a finer level, which has more pixels.
        costs = [size**2 for size, steps in job.recipe.stages for _ in range(steps)]
        tally, first_step, last_shot = Tally(run), 0.0, -math.inf
        for step in tally.follow(run):
            now = time.monotonic()
            if step.index == 1:
                first_step = now  # it also paid for the first use of everything
            if stop.is_set():
                break
            if now - last_shot > PAUSE:
                done, to_do = sum(costs[1 : step.index]), sum(costs[step.index :])
                left = (now - first_step) / done * to_do if done else None
                picture = jpeg((tally.best or step).image())
                yield Shot(step.index, step.total, step.losses, picture, left)
                last_shot = time.monotonic()
        yield tally.result()
    finally:
        QUEUE.remove(ticket)
