"""One sheet to be looked at: six pairs, five ways to paint each, in the same time.

python -m benchmarks.eye [--size 512] [--steps 100] [--pairs 6]

stylelab's own run sets the time of each pair; every other way gets as many seconds on
the same threads, starts from the photo and sees the same pixels. The sheet, eye.jpg,
has a row for each pair and no names, so that a stranger can choose; the order of the
columns is printed.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import PIL.Image
import torch
import torch.nn.functional as F
from torch import Tensor

import stylelab as sl
from benchmarks.against_peers import STYLE, Scorer, Walk, pastiche
from benchmarks.bare import machine, plain
from benchmarks.octaves import PAIRS
from stylelab.core import vgg
from stylelab.core.style_transfer import gram
from stylelab.pictures import images
from stylelab.runs.starts import resized

UNIT = 57.4  # 255 times the deviation by which torchvision's network divides colours


def multiscale_adam(photo: Tensor, style: Tensor, seconds: float) -> Walk:
    """K. Crowson's recipe (crowsonkb/style-transfer-pytorch), in our words.

    Five sizes, each larger than the last by the root of two, with twice the steps at
    the first; Adam on pixels that are kept in 0..1; distances whose slopes have nearly
    the same length whatever the layer; what is shown is a moving average of pictures.
    Its steps, 3,000 in all, are cut down alike to fit into `seconds`.
    """
    height, width = photo.shape[2:]
    shapes = [
        (round(height / 2 ** (k / 2)), round(width / 2 ** (k / 2)))
        for k in range(4, -1, -1)
    ]
    work = [h * w * (2 if k == 0 else 1) for k, (h, w) in enumerate(shapes)]
    picture, moments = photo, None
    for shape, share in zip(shapes, work, strict=True):
        losses = scaled_losses(
            resized(photo, *shape),
            resized(style, *(round(n * shape[0] / height) for n in style.shape[2:])),
        )
        x = resized(picture, *shape).clone().requires_grad_()
        optimizer = torch.optim.Adam([x], lr=0.02)
        if moments is not None:
            enlarge(optimizer, x, moments)
        mean, weight = torch.zeros_like(x.detach()), 0.0
        end = time.perf_counter() + seconds * share / sum(work)
        while time.perf_counter() < end or not weight:
            optimizer.zero_grad()
            losses(x).backward()
            optimizer.step()
            x.data.clamp_(0, 1)
            mean, weight = 0.99 * mean + 0.01 * x.detach(), 0.99 * weight + 0.01
            picture = mean / weight
            yield picture
        moments = optimizer.state[x]


def enlarge(optimizer: torch.optim.Adam, x: Tensor, moments: dict) -> None:
    """Adam goes on with its means, in the new size of `x`."""

    def larger(mean: Tensor) -> Tensor:
        return F.interpolate(mean, x.shape[2:], mode="bilinear")

    optimizer.state[x] = {
        "step": moments["step"].clone(),
        "exp_avg": larger(moments["exp_avg"]),
        "exp_avg_sq": larger(moments["exp_avg_sq"]),
    }


def scaled_losses(photo: Tensor, style: Tensor):
    """The weighted sum of its losses, as a function of a picture."""
    net, weights = vgg.load(padding="replicate"), (256, 64, 16, 4, 1)
    layers = [*STYLE, "relu4_2"]

    def maps_of(picture: Tensor) -> dict[str, Tensor]:
        return {n: m / UNIT for n, m in net.features(picture, layers).items()}

    with torch.no_grad():
        content = maps_of(photo)["relu4_2"]
        goals = {n: gram(m) for n, m in maps_of(style).items() if n in STYLE}

    def apart(ours: Tensor, theirs: Tensor) -> Tensor:
        difference = ours - theirs
        return difference.square().sum() / (difference.abs().sum() + 1e-8)

    def loss(picture: Tensor) -> Tensor:
        maps = maps_of(picture)
        total = 0.015 * apart(maps["relu4_2"], content)
        for name, weight in zip(STYLE, weights, strict=True):
            total = total + weight / sum(weights) * apart(gram(maps[name]), goals[name])
        steps = (
            picture.diff(dim=2).square().mean() + picture.diff(dim=3).square().mean()
        )
        return total + 2 * steps

    return loss


def ways(photo: Path, style: Path, options: dict, seconds: float) -> dict[str, Walk]:
    """The other four, by their names; each picture that they yield is in 0..1."""
    pixels, painting = sl.load(photo), sl.load(style)
    absolute = {"losses": "absolute", "style_weight": 1e3, "levels": 1}
    run = sl.transfer(photo, style, **options | absolute | {"steps": 10_000})
    return {
        "Gatys' losses": (step.picture for step in run),
        "pastiche": pastiche(photo, style),
        "plain L-BFGS": plain(Scorer(pixels, painting).loss, pixels),
        "multi-scale Adam": multiscale_adam(pixels, painting, seconds),
    }


def last_in_time(walk: Iterator[Tensor], seconds: float) -> Tensor:
    """The picture that a way has come to after `seconds`."""
    began = time.perf_counter()
    return next(p for p in walk if time.perf_counter() - began >= seconds)


def row(pair: tuple[str, str], size: int, steps: int) -> list[PIL.Image.Image]:
    """The five pictures of one pair."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{name}.png" for name in pair]
        for name, file in zip(pair, files, strict=True):
            images.resized(images.open_picture(name), size).save(file)
        options = {"size": size, "steps": steps}
        began = time.perf_counter()
        found = [sl.transfer(*files, **options).result(iter).image()]
        seconds = time.perf_counter() - began
        print(f"{' x '.join(pair)}: {seconds:.0f} s", flush=True)
        for name, walk in ways(*files, options, seconds).items():
            found.append(images.to_image(last_in_time(walk, seconds).clamp(0, 1)))
            print(f"  {name}", flush=True)
    return found


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, default in ("size", 512), ("steps", 100), ("pairs", len(PAIRS)):
        words.add_argument(f"--{name}", type=int, default=default)
    given = words.parse_args()
    print(machine())
    rows = [row(pair, given.size, given.steps) for pair in PAIRS[: given.pairs]]
    width = max(sum(p.width for p in pictures) for pictures in rows)
    sheet = PIL.Image.new("RGB", (width, given.size * len(rows)), "white")
    for number, pictures in enumerate(rows):
        lefts = itertools.accumulate((p.width for p in pictures), initial=0)
        for left, picture in zip(lefts, pictures, strict=False):
            sheet.paste(picture, (left, given.size * number))
    sheet.save("eye.jpg", quality=92)
    print("eye.jpg: stylelab, Gatys' losses, pastiche, plain L-BFGS, multi-scale Adam")


if __name__ == "__main__":
    main()
