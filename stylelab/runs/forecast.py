"""How long a run will take on this machine, and how much memory it needs."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from stylelab.core.descent import LBFGS, Adam
from stylelab.core.style_transfer import Step, minimise
from stylelab.runs import limits
from stylelab.runs.cost import GIB, Forecast, StepTime
from stylelab.runs.device import chosen_precision, default_device
from stylelab.runs.inputs import count_masks
from stylelab.runs.memory import memory
from stylelab.runs.recipe import Recipe
from stylelab.runs.run import Run, history_of, space_of
from stylelab.runs.tiles import tiles

TILE = 512  # pixels: the side of a tile where one is needed
FORWARD = 0.45  # of a step: seeing a picture once, for a goal, without a slope
TICKS, ENOUGH = 8, 0.125  # Windows counts a thread's time in 64 ticks a second
CHEAP = 0.1  # seconds of a step that can be timed at twice the side as well


def forecast(run: Run, steps: int | None = None) -> Forecast:
    """Times real steps of `run` with small pictures, and scales them up.

    steps: how many of its steps are to be made; None: all.
    """
    (height, width), styles = run.inputs.shape, run.inputs.styles
    pixels, masks = height * width, count_masks(run.record["pictures"])
    style_pixels = sum(style[0, 0].numel() for style in styles)
    recipe, step, seen = run.recipe, step_time(run), _seen(run)
    goals = bool(recipe.content_strengths) * pixels
    goals += bool(recipe.style_strengths) * style_pixels
    once = [
        step.seconds(goals * (size / recipe.size) ** 2) for size, _ in recipe.stages
    ]
    seconds = step.of_run(recipe, seen, steps) + FORWARD * sum(once) * (goals > 0)
    options = pixels, run.network.dtype, masks, run.tile, style_pixels
    return Forecast(seconds, memory(recipe, *options))


def step_time(run: Run) -> StepTime:
    """The time of a step of `run`, at any picture size: timed at two sizes."""
    side, own = 32, max(run.inputs.shape)
    small, large = (_seconds_per_step(run, n) for n in (side, 2 * side))
    # What is cheap is timed at a larger size, where memory is as slow as in the run.
    while large < CHEAP and 4 * side <= max(own, 128):
        side *= 2
        small, large = large, _seconds_per_step(run, 2 * side)
    per_pixel = max(large - small, 0.0) / (3 * side**2)
    return StepTime(max(large - per_pixel * 4 * side**2, 0.0), per_pixel)


def _seconds_per_step(run: Run, side: int) -> float:
    """The mean of some steps of `run` with pictures of about `side` x `side` pixels."""
    # On a processor only this thread's time counts: other work may soon be over.
    clock = time.thread_time if run.network.device.type == "cpu" else time.perf_counter
    small = _of_noise(run, side)
    start = small.start.to(run.network.device)
    space = space_of(run.recipe, *small.inputs.shape)
    descent = _Standing(run, space.encode(start))
    most = min(500, len(run))
    steps = minimise(small.objective, start, run.network, most + 1, space, descent)
    next(steps)  # it also pays for the first use of everything
    return _seconds_each(steps, clock)


def _seconds_each(steps: Iterator[Step], clock: Callable[[], float]) -> float:
    """The mean seconds of `steps`: of as many as a clock needs that seldom ticks."""
    began = now = clock()
    count = ticks = 0
    for _ in steps:
        before, now = now, clock()
        count, ticks = count + 1, ticks + (now > before)
        if ticks == TICKS or now - began >= ENOUGH:
            break
    return (now - began) / max(1, count)


def _of_noise(run: Run, side: int) -> Run:
    """`run` with other pictures, of about `side` x `side` pixels.

    Noise, not one grey: sliced_wasserstein sorts, and sorting sorted numbers is too
    fast to be typical. An odd width, as photos have: the Fourier transforms of powers
    of two are faster.
    """
    draws, real = torch.Generator().manual_seed(0), run.inputs
    shape = side, side + 1
    given = {name: getattr(real, name) for name in ("photo", "coloured", "first")}
    noise = torch.rand(1, 3, *shape, generator=draws)
    pictures: dict[str, Any] = {n: noise for n, one in given.items() if one is not None}
    pictures["styles"] = (noise,) * len(real.styles)
    pictures["masks"] = (torch.ones(1, 1, *shape),) * len(real.masks)
    inputs = replace(real, shape=shape, **pictures)
    # One tile; how many more pixels all tiles see is known without timing it.
    return replace(run, inputs=inputs, tile=side if _is_tiled(run) else 0)


def _is_tiled(run: Run) -> bool:
    return bool(run.tile and run.recipe.layers and max(run.inputs.shape) > run.tile)


def _seen(run: Run) -> float:
    """How many pixels the network sees in a step: tiles have margins, too."""
    if not _is_tiled(run):
        return run.inputs.shape[0] * run.inputs.shape[1]
    cut = tiles(run.inputs.shape, run.tile, run.recipe.layers)
    areas = ([s.stop - s.start for s in tile.outer] for tile in cut)
    return sum(rows * columns for rows, columns in areas)


class _Standing:
    """A descent that stays where it is, and takes as long as that of `run`.

    Its history is as full as that of the run's last level is on average.
    """

    def __init__(self, run: Run, z: Tensor) -> None:
        self.history = history_of(math.prod(run.inputs.shape))
        self.fast, (_, steps) = run.recipe.optimizer == "lbfgs", run.recipe.stages[-1]
        count = round(sum(min(self.history, n) for n in range(steps)) / steps)
        flat = z.flatten().abs() + 1.0
        self.pairs = [(flat.clone(), flat.clone(), flat[0]) for _ in range(count)]

    def next(self, z: Tensor, loss: float, gradient: Tensor) -> Tensor:
        if self.fast:
            lbfgs = LBFGS(self.history)
            lbfgs.pairs.extend(self.pairs)
            lbfgs.last = 0.9 * z, loss, 0.9 * gradient
            lbfgs.next(z, loss, gradient)
        else:
            adam = Adam()
            adam.last = z
            adam.next(z, loss, gradient)
        return z


def choose_tile(
    recipe: Recipe, pixels: int, style_pixels: int = 0, masks: int = 0
) -> int:
    """The side of the tiles that a run of `recipe` needs now; 0: it fits in one piece.

    pixels: of the result; style_pixels: of all style pictures, which the network sees
    once before the run. A ValueError if even tiles need more memory than is free.
    """
    dtype = getattr(torch, chosen_precision(recipe.precision))
    free = _free_memory(default_device())
    needs = {}
    for tile in [recipe.tile] if recipe.tile else [0, TILE, TILE // 2]:
        needs[tile] = memory(recipe, pixels, dtype, masks, tile, style_pixels)
        if needs[tile] <= free:
            return tile
    or_brush = " or brush" if recipe.brush > 1 else ""
    gib = min(needs.values()) / GIB
    needed = f"size {recipe.size} needs about {gib:.1f} GiB of memory"
    advice = f"choose a smaller size{or_brush}"
    raise ValueError(f"{needed}, and {free / GIB:.1f} GiB are free: {advice}")


def _free_memory(device: str) -> int:
    cuda = device == "cuda"
    return torch.cuda.mem_get_info()[0] if cuda else limits.free_memory()
