"""Out of noise and of random phases: time to a plain loop's loss of 100 steps.

python -m benchmarks.from_noise [--size 256] [--rounds 1] [--only CASE]

The plain loop is torch's L-BFGS on float32 pixels, cached targets, from the same noise,
on the same network and Gatys' absolute losses. Losses are of the picture as saved: 8
bits, in float32.
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
from stylelab.runs.recipe import STYLE_LAYERS
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


def seconds_to(run: Run, walk: Iterator[Tensor], goal: float, limit: int) -> tuple:
    """Seconds until the saved picture's loss is at most `goal`, its loss, its step."""
    spent, loss, count = 0.0, math.inf, 0
    while loss > goal and count < limit:
        began = time.perf_counter()
        picture = next(walk)
        spent += time.perf_counter() - began
        loss, count = as_saved(run, picture), count + 1
    return spent, loss, count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", choices=CASES, help="one case instead of all")
    options = parser.parse_args()
    print(machine())
    print(
        f"times faster than the plain loop to its loss after {STEPS} steps, and steps"
    )
    for name in [options.only] if options.only else CASES:
        verb, sources, layers = CASES[name]
        found: dict[tuple[str, str], list[tuple[float, int]]] = {}
        for source in options.rounds * sources:
            make = functools.partial(verb, source, size=options.size, **layers)
            for way, one in races(make, ("noise", "phases")):
                found.setdefault(way, []).append(one)
        for (start, precision), values in found.items():
            faster = spread(ratio for ratio, _ in values)
            steps = [count for _, count in values]
            print(f"{name:18} {start:6} {precision:9} {faster}  {steps}", flush=True)


def races(make: Callable[..., Run], starts: Sequence[str]) -> Iterator[tuple]:
    """By start and precision, how many times faster stylelab is, and in how many steps.

    The plain loop begins at the first of `starts`. 0 times: it is never overtaken.
    """
    # torch's L-BFGS learns nothing from losses near 1, such as relative ones are.
    absolute = {"losses": "absolute", "levels": 1}
    exact = make(precision="float32", steps=STEPS, start=starts[0], **absolute)
    walk = plain(lambda picture: total(exact, picture), exact.start)
    slow, goal, _ = seconds_to(exact, walk, -1.0, STEPS)
    for start, precision in itertools.product(starts, precisions()):
        way = {"start": start, "precision": precision, "steps": 3 * STEPS}
        ours = make(**way, **absolute)
        pictures = (step.picture for step in ours)
        fast, loss, count = seconds_to(exact, pictures, goal, len(ours))
        yield (start, precision), (slow / fast if loss <= goal else 0.0, count)


if __name__ == "__main__":
    main()
