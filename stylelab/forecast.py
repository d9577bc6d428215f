"""How long a run will take, and how much memory: measured on this machine."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil
import torch

from stylelab.layers import CONVS, LAYERS, channels, stride
from stylelab.losses import statistic
from stylelab.network import Network, default_device, default_precision
from stylelab.recipe import Recipe

if TYPE_CHECKING:
    from stylelab.tasks import Run

GIB = 2**30


@dataclass(frozen=True)
class Forecast:
    """Predicted `seconds` of a run and the `bytes` it adds to the process's memory."""

    seconds: float
    bytes: float

    def __str__(self) -> str:
        minutes, seconds = divmod(max(1, round(self.seconds)), 60)
        duration = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
        return f"about {duration} and {max(0.1, self.bytes / GIB):.1f} GiB of memory"


def forecast(run: Run) -> Forecast:
    """Times two small evaluations of `run`'s network and losses, and scales them up.

    The cost grows in proportion to the pixels, above a share that stays the same.
    """
    small, large = (_seconds_per_step(run, side) for side in (64, 128))
    height, width = run.start.shape[-2:]
    per_pixel = max(large - small, 0.0) / (128**2 - 64**2)
    seconds = large + per_pixel * (height * width - 128**2)
    total = run.recipe.steps * max(seconds, large / 4)
    return Forecast(total, memory(run.recipe, height * width, run.network.dtype))


def check_memory(recipe: Recipe, pixels: int) -> None:
    """A ValueError where a run of `recipe` needs more memory than is free now."""
    device = default_device()
    precision = recipe.precision
    if precision == "auto":
        precision = default_precision(device)
    need = memory(recipe, pixels, getattr(torch, precision))
    free = _free_memory(device)
    if need > free:
        raise ValueError(
            f"size {recipe.size} needs about {need / GIB:.1f} GiB of memory, and "
            f"{free / GIB:.1f} GiB are free: choose a smaller size"
        )


def _free_memory(device: str) -> int:
    if device == "cuda":
        return torch.cuda.mem_get_info()[0]
    return psutil.virtual_memory().available


def memory(recipe: Recipe, pixels: int, precision: torch.dtype) -> float:
    """Bytes of feature maps, their gradients and L-BFGS's history at the peak."""
    layers, item = recipe.layers, precision.itemsize
    depth = max((LAYERS.index(layer) for layer in layers), default=-1)
    # What the backward pass needs again: every ReLU's map, and the pooled maps with the
    # places (8 bytes each) their maxima came from.
    kept = sum(
        channels(name) / stride(name) ** 2 * (item if name[0] == "r" else item + 8)
        for name in LAYERS[: depth + 1]
        if name not in CONVS
    )
    # At its widest the backward pass also holds two gradients of block 1's maps, and,
    # as measured in both precisions, 700 bytes a pixel for convolutions and FFTs.
    gradients = 2 * 64 * item + 700
    history = 2 * 20 * 3 * 4 if recipe.optimizer == "lbfgs" else 2 * 3 * 4
    return pixels * (kept + gradients + history)


def _seconds_per_step(run: Run, side: int) -> float:
    layers, measure = run.objective.layers, statistic(run.recipe.statistic)
    if not layers:
        return 1e-3
    times = []
    for _ in range(3):
        began = time.perf_counter()
        _evaluate(run.network, layers, measure, side)
        times.append(time.perf_counter() - began)
    return min(times[1:])


def _evaluate(net: Network, layers: tuple[str, ...], measure, side: int) -> None:
    with torch.enable_grad():
        picture = torch.full((1, 3, side, side), 0.5, requires_grad=True)
        features = net.features(picture, layers).values()
        sum(measure(found).square().mean() for found in features).backward()
