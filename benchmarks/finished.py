"""Seconds until a texture can be taken for its source, by three measures of pictures.

python -m benchmarks.finished [--size 256] [--only TEXTURE] [--keep]

A picture is finished when at each layer its Gram matrix is no further from the source's
than those of the source's own quarters are on average, and the patches of 7 x 7 pixels
of its quarters no further from theirs than those of any two of them are. Beside it
stands by how much its detail is too strong or too weak, in the octave that is furthest
off: 0.15 is 1.4 times the power. --keep writes the finished pictures into this folder.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Iterator

import torch
from torch import Tensor

import stylelab as sl
from benchmarks.bare import machine
from benchmarks.octaves import power
from stylelab.analysis.measure import patch_distribution
from stylelab.runs.run import Run, Step

TEXTURES = ("gravel", "brick", "grass")  # alike everywhere, unlike paintings
STARTS = ("noise", "phases")


def quarters(picture: Tensor) -> list[Tensor]:
    """The four quarters of a picture [1, 3, H, W]."""
    height, width = (n // 2 for n in picture.shape[2:])
    return [
        picture[:, :, top : top + height, left : left + width]
        for top, left in itertools.product((0, height), (0, width))
    ]


def distances(pairs: Iterator[tuple[Tensor, Tensor]]) -> list[float]:
    """Of the distributions of patches of two pictures each (Rabin et al. 2011)."""
    return [(a - b).square().mean().sqrt().item() for a, b in pairs]


@torch.no_grad()
def style_losses(run: Run, picture: Tensor) -> Tensor:
    """Of each style layer."""
    losses = run.objective.losses(picture, run.network)
    return torch.stack([losses[name] for name in losses if "style" in name])


class Judge:
    """Compares pictures with the source of a texture, as its own quarters are."""

    def __init__(self, run: Run) -> None:
        self.run, (self.source,) = run, run.inputs.styles
        own = quarters(self.source)
        self.patches = [patch_distribution(quarter) for quarter in own]
        self.spread = max(distances(itertools.combinations(self.patches, 2)))
        losses = [style_losses(run, quarter) for quarter in own]
        self.style = torch.stack(losses).mean(0)

    def finished(self, picture: Tensor) -> bool:
        if (style_losses(self.run, picture) > self.style).any():
            return False
        found = [patch_distribution(quarter) for quarter in quarters(picture)]
        apart = distances(itertools.product(found, self.patches))
        return sum(apart) / len(apart) <= self.spread

    def octave(self, picture: Tensor) -> float:
        return (power(picture) - power(self.source)).abs().max().item()


def first_finished(run: Run, judge: Judge) -> tuple[float, Step | None]:
    """Seconds to the first picture that is finished, and its step, if there is one."""
    spent, steps = 0.0, iter(run)
    for _ in range(len(run)):
        began = time.perf_counter()
        step = next(steps)
        spent += time.perf_counter() - began
        if judge.finished(step.picture):
            return spent, step
    return spent, None


def row(texture: str, start: str, size: int, keep: bool) -> None:
    """Makes the texture and prints its row; `keep` writes it into this folder."""
    run = sl.texture(texture, size=size, steps=200, start=start)
    judge = Judge(run)
    seconds, step = first_finished(run, judge)
    if step is None:
        found = f"not in {len(run)} steps, {seconds:.1f} s"
    else:
        octave = judge.octave(step.picture)
        found = f"{step.index:4} {seconds:8.1f} {octave:7.2f}"
        if keep:
            step.image().save(f"finished-{texture}-{start}.png")
    print(f"{texture:13} {start:6} {found}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--only", choices=TEXTURES, help="one texture instead of all")
    parser.add_argument("--keep", action="store_true", help="write the pictures")
    options = parser.parse_args()
    print(machine())
    print("texture       start  step  seconds  octave furthest off")
    for texture in [options.only] if options.only else TEXTURES:
        for start in STARTS:
            row(texture, start, options.size, options.keep)


if __name__ == "__main__":
    main()
