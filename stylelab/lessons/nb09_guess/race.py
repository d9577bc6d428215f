"""Guess against search: whose loss is lower after so many seconds?"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import stylelab as sl
from stylelab.runs.guess import guess
from stylelab.runs.run import Run

Points = list[tuple[float, float]]  # seconds since the start, and the loss


@dataclass(frozen=True)
class Race:
    """A pair's guess, and two searches: from the photo and from the guess."""

    pair: tuple[str, str]  # names of the photo and the style
    seconds: float  # that the guess takes
    from_photo: Points
    from_guess: Points

    @property
    def guessed(self) -> float:
        """The loss of the guess itself."""
        return self.from_guess[0][1]

    @property
    def crossing(self) -> tuple[int, float] | None:
        """Step and second from which the search from the photo is better; or None."""
        for step, (seconds, loss) in enumerate(self.from_photo, 1):
            if loss < self.guessed:
                return step, seconds
        return None

    @property
    def steps_saved(self) -> int:
        """How many steps fewer the search from the guess takes to the same loss."""
        goal = max(self.from_photo[-1][1], self.from_guess[-1][1])
        needed = [
            next(step for step, (_, loss) in enumerate(points, 1) if loss <= goal)
            for points in (self.from_photo, self.from_guess)
        ]
        return needed[0] - needed[1]


def race(photo: str, style: str, size: int, steps: int) -> Iterator[Race]:
    """Guesses once, then searches twice; yields what there is after every step."""
    options = {"size": size, "steps": steps}
    began = time.perf_counter()
    guess(photo, style, size)
    seconds = time.perf_counter() - began
    found: dict[str, Points] = {"guess": [], "photo": []}
    for start, points in found.items():
        for point in timed(sl.transfer(photo, style, start=start, **options)):
            points.append(point)
            if found["photo"]:
                yield Race((photo, style), seconds, found["photo"], found["guess"])


def races(pairs: Sequence[tuple[str, str]], **options: int) -> Iterator[list[Race]]:
    """One race after another; yields all there are so far, after every step."""
    done: list[Race] = []
    for pair in pairs:
        for running in race(*pair, **options):
            yield [*done, running]
        done.append(running)


def steps_saved(races: Sequence[Race]) -> str:
    """A line for each pair: how many steps a start from the guess saves."""
    rows = (f"{' x '.join(race.pair)}: {race.steps_saved}" for race in races)
    return "\n".join(rows)


def timed(run: Run) -> Iterator[tuple[float, float]]:
    """Seconds and the lowest loss so far, after each step; set-up is not counted."""
    run.objective, run.network, run.start  # noqa: B018 # made when first asked for
    began = time.perf_counter()
    losses = accumulate((step.loss for step in run), min)
    return ((time.perf_counter() - began, loss) for loss in losses)
