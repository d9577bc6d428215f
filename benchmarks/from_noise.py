"""Texture and reconstruction from noise: time to a plain loop's loss of 100 steps.

python -m benchmarks.from_noise [--size 256] [--rounds 3]

The plain loop is torch's L-BFGS on float32 pixels, cached targets, from the same noise,
on the same network and Gatys' absolute losses. Losses are of the picture as saved: 8
bits, in float32.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator

import torch
from torch import Tensor

import stylelab as sl
from benchmarks.bare import machine, plain, precisions, spread
from stylelab.runs.recipe import STYLE_LAYERS
from stylelab.runs.run import Run

STEPS = 100
CASES = {
    "texture, 1 layer": ("texture", "gravel", {"style_layers": STYLE_LAYERS[:1]}),
    "texture, 3 layers": ("texture", "gravel", {"style_layers": STYLE_LAYERS[:3]}),
    "texture, 5 layers": ("texture", "gravel", {"style_layers": STYLE_LAYERS}),
    "relu2_2": ("reconstruct", "cat", {"content_layers": ("relu2_2",)}),
    "relu4_2": ("reconstruct", "cat", {"content_layers": ("relu4_2",)}),
}


def total(run: Run, picture: Tensor) -> Tensor:
    return sum(run.objective.losses(picture, run.network).values())


@torch.no_grad()
def as_saved(run: Run, picture: Tensor) -> float:
    return total(run, (picture.clamp(0, 1) * 255).round() / 255).item()


def seconds_to(run: Run, walk: Iterator[Tensor], goal: float, limit: int) -> tuple:
    """Seconds until the saved picture's loss is at most `goal`, and the last loss."""
    spent = 0.0
    for _ in range(limit):
        began = time.perf_counter()
        picture = next(walk)
        spent += time.perf_counter() - began
        loss = as_saved(run, picture)
        if loss <= goal:
            break
    return spent, loss


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(machine())
    print(
        f"times faster to the plain loop's loss after {STEPS} steps: min, median, max"
    )
    for name, (verb, source, layers) in CASES.items():
        run_options = {"size": options.size, **layers}
        rounds = [ratios(verb, source, run_options) for _ in range(options.rounds)]
        for precision in precisions():
            faster = spread(one[precision] for one in rounds)
            print(f"{name:18} {precision:9} {faster}", flush=True)


def ratios(verb: str, source: str, options: dict) -> dict[str, float]:
    """How many times faster stylelab is, by precision; 0 where it never gets there."""
    make = getattr(sl, verb)
    # torch's L-BFGS learns nothing from losses near 1, such as relative ones are.
    options = {"losses": "absolute", "levels": 1, **options}
    if verb == "texture":
        options["style_weight"] = 1e3
    exact = make(source, precision="float32", steps=STEPS, **options)
    walk = plain(lambda picture: total(exact, picture), exact.start)
    slow, goal = seconds_to(exact, walk, -1.0, STEPS)
    faster = {}
    for precision in precisions():
        ours = make(source, precision=precision, steps=5 * STEPS, **options)
        fast, loss = seconds_to(exact, (s.picture for s in ours), goal, 5 * STEPS)
        faster[precision] = slow / fast if loss <= goal else 0.0
    return faster


if __name__ == "__main__":
    main()
