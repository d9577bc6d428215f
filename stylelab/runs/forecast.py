"""How long a run will take, and how much memory: measured on this machine."""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch

from stylelab.core.statistics import STATISTICS
from stylelab.core.vgg import Network
from stylelab.runs.inputs import count_masks
from stylelab.runs.memory import GIB, memory
from stylelab.runs.run import Run


@dataclass(frozen=True)
class Forecast:
    """Predicted `seconds` of a run and the `bytes` it adds to the process's memory."""

    seconds: float
    bytes: float

    def __str__(self) -> str:
        memory = f"{max(0.1, self.bytes / GIB):.1f} GiB of memory"
        return f"about {duration(self.seconds)} and {memory}"


def duration(seconds: float) -> str:
    """Seconds as people say them: 12 s, 1 min 5 s, 2 h 3 min; never less than 1 s."""
    minutes, seconds = divmod(max(1, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


@dataclass(frozen=True)
class StepTime:
    """Seconds that a step takes: a `fixed` share, and one more `per_pixel`."""

    fixed: float
    per_pixel: float

    def seconds(self, pixels: float) -> float:
        """Of one step with a picture of so many pixels."""
        return self.fixed + self.per_pixel * pixels


def forecast(run: Run) -> Forecast:
    """Times two small evaluations of `run`'s network and losses, and scales them up."""
    height, width = run.start.shape[-2:]
    seconds = run.recipe.steps * step_time(run).seconds(height * width)
    masks = count_masks(run.record["pictures"])
    need = memory(run.recipe, height * width, run.network.dtype, masks)
    return Forecast(seconds, need)


def step_time(run: Run) -> StepTime:
    """The Pace of `run`'s network and losses, whatever the size of its pictures."""
    small, large = (_seconds_per_step(run, side) for side in (64, 128))
    per_pixel = max(large - small, 0.0) / (128**2 - 64**2)
    return StepTime(max(large - per_pixel * 128**2, 0.0), per_pixel)


def _seconds_per_step(run: Run, side: int) -> float:
    layers, measure = run.objective.layers, STATISTICS[run.recipe.statistic]
    if not layers:
        return 1e-3
    # Of this thread alone: what else the machine does just now may soon be over.
    clock = time.thread_time if run.network.device.type == "cpu" else time.perf_counter
    times = []
    for _ in range(3):
        began = clock()
        _evaluate(run.network, layers, measure, side)
        times.append(clock() - began)
    return min(times[1:])


def _evaluate(net: Network, layers: tuple[str, ...], measure, side: int) -> None:
    with torch.enable_grad():
        # Not one grey: what is sorted already is sorted twice as fast.
        noise = torch.Generator().manual_seed(0)
        picture = torch.rand(1, 3, side, side, generator=noise).requires_grad_()
        features = net.features(picture, layers).values()
        sum(measure(found).square().mean() for found in features).backward()
