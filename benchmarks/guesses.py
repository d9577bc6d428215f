"""A guess beside a search: seconds from call to picture, and what a guess is worth."""

from __future__ import annotations

import statistics
import time

from benchmarks.bare import machine
from benchmarks.octaves import PAIRS
from stylelab.lessons.nb09_guess.race import race
from stylelab.runs.guess import guess

REPEATS = 20


def seconds(size: int) -> list[float]:
    """Of REPEATS guesses, from the call to the picture."""
    guess("palace", "starry_night", size)  # loads the networks
    found = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        guess("palace", "starry_night", size)
        found.append(time.perf_counter() - began)
    return found


def main() -> None:
    print(machine())
    for size in (256, 512, 1024):
        found = seconds(size)
        print(
            f"{size} px: median of {REPEATS} {statistics.median(found):.2f} s, "
            f"slowest {max(found):.2f} s",
            flush=True,
        )
    print("\npair, 128 px | loss of guess | search passes it | evaluations saved")
    for photo, style in PAIRS[:5]:
        *_, one = race(photo, style, size=128, steps=60)
        step, after = one.crossing or (0, float("nan"))
        print(
            f"{one.name} | {one.guessed:.2f} after {one.seconds:.2f} s | "
            f"step {step}, {after:.1f} s | {one.steps_saved} of 60",
            flush=True,
        )


if __name__ == "__main__":
    main()
