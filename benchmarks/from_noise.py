"""Out of noise and of random phases: time to a plain loop's loss of 100 steps.

python -m benchmarks.from_noise [--size 256] [--losses LOSSES ...] [--only CASE]

The plain loop is torch's L-BFGS on float32 pixels, cached targets, from the same noise,
on the same network and losses, Gatys' absolute ones or the relative ones. Losses are of
the picture as saved: 8 bits, in float32.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import math
import time
from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

import stylelab as sl
from benchmarks.bare import machine, plain, precisions, spread
from stylelab.runs.recipe import STYLE_LAYERS, starts_of
from stylelab.runs.run import Run

STEPS = 100
TEXTURES = ("gravel", "brick", "grass", "ihc", "starry_night")
LOUD = {"style_weight": 1e3}
CASES = {
    "texture, 1 layer": (
        sl.texture,
        TEXTURES,
        LOUD | {"style_layers": STYLE_LAYERS[:1]},
    ),
    "texture, 3 layers": (
        sl.texture,
        TEXTURES,
        LOUD | {"style_layers": STYLE_LAYERS[:3]},
    ),
    "texture, 5 layers": (sl.texture, TEXTURES, LOUD | {"style_layers": STYLE_LAYERS}),
    "relu2_2": (sl.reconstruct, ("cat",), {"content_layers": ("relu2_2",)}),
    "relu4_2": (sl.reconstruct, ("cat",), {"content_layers": ("relu4_2",)}),
}


def total(run: Run, picture: Tensor) -> Tensor:
    return sum(run.objective.losses(picture, run.network).values())


@torch.no_grad()
def as_saved(run: Run, picture: Tensor) -> float:
    return total(run, (picture.clamp(0, 1) * 255).round() / 255).item()


def seconds_to(run: Run, scorer: Run, goal: float) -> tuple[float, int]:
    """Seconds and steps until the picture as saved has `goal` by `scorer`'s losses.

    Infinitely many seconds if it never has. What scores take is not the run's time; a
    picture is scored when the run's own loss, perhaps of bfloat16, is near the goal.
    """
    spent, steps = 0.0, iter(run)
    for count in range(1, len(run) + 1):
        began = time.perf_counter()
        step = next(steps)
        spent += time.perf_counter() - began
        if step.loss < 1.5 * goal and as_saved(scorer, step.picture) <= goal:
            return spent, count
    return math.inf, len(run)


def plain_loop(run: Run) -> tuple[float, float]:
    """Seconds of the plain loop's STEPS from the run's start, and its loss as saved."""
    # torch's L-BFGS learns nothing from losses near 1, such as relative ones are.
    loud = 1e6 if run.recipe.losses == "relative" else 1.0
    walk = plain(lambda picture: loud * total(run, picture), run.start)
    began = time.perf_counter()
    *_, picture = itertools.islice(walk, STEPS)
    return time.perf_counter() - began, as_saved(run, picture)


def races(make: Callable[..., Run], starts: Sequence[str], losses: str) -> Iterator:
    """By start and precision, how many times faster stylelab is, and in how many steps.

    The plain loop begins at the first of `starts`. 0 times: it is never overtaken.
    """
    way = {"losses": losses, "levels": 1}
    exact = make(precision="float32", steps=STEPS, start=starts[0], **way)
    slow, goal = plain_loop(exact)
    for start, precision in itertools.product(starts, precisions()):
        ours = make(start=start, precision=precision, steps=3 * STEPS, **way)
        fast, count = seconds_to(ours, exact, goal)
        yield (start, precision), (slow / fast, count)


def case(name: str, size: int, losses: str) -> None:
    """Prints the rows of one of CASES."""
    verb, sources, layers = CASES[name]
    found: dict[tuple[str, str], list[tuple[float, int]]] = {}
    own = starts_of(verb.__name__)  # noise, and of a texture random phases
    begun = [start for start in ("noise", "phases") if start in own]
    for source in sources:
        make = functools.partial(verb, source, size=size, **layers)
        for way, one in races(make, begun, losses):
            found.setdefault(way, []).append(one)
    for (start, precision), values in found.items():
        faster = spread(ratio for ratio, _ in values)
        steps = [count for _, count in values]
        row = f"{name:18} {losses:8} {start:6} {precision:9}"
        print(f"{row} {faster}  {steps}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--losses", nargs="+", default=["absolute", "relative"])
    parser.add_argument("--only", choices=CASES, help="one case instead of all")
    options = parser.parse_args()
    print(machine())
    print(f"times faster than the plain loop to its loss of {STEPS} steps, and steps")
    for losses in options.losses:
        for name in [options.only] if options.only else CASES:
            case(name, options.size, losses)


if __name__ == "__main__":
    main()
