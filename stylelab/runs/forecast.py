"""How long a run will take on this machine, and how much memory it needs."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil
import torch

from stylelab.core.layers import CONVS, LAYERS, channels, margin, stride
from stylelab.core.statistics import STATISTICS
from stylelab.core.style_transfer import Measure
from stylelab.core.vgg import Network
from stylelab.runs.device import chosen_precision, default_device
from stylelab.runs.inputs import count_masks
from stylelab.runs.recipe import Recipe
from stylelab.runs.run import Run, history_of

GIB = 2**30
TILE = 512  # pixels: the side of a tile where one is needed
STYLE_PASS = 800  # bytes per style pixel in one pass in float32 (760 were measured)


@dataclass(frozen=True)
class Forecast:
    """Predicted `seconds` of a run and the `bytes` it adds to the process's memory."""

    seconds: float
    bytes: float

    def __str__(self) -> str:
        gib = f"{max(0.1, self.bytes / GIB):.1f} GiB of memory"
        return f"about {duration(self.seconds)} and {gib}"


def duration(seconds: float) -> str:
    """Seconds as people say them: 12 s, 1 min 5 s, 2 h 3 min; never less than 1 s."""
    minutes, seconds = divmod(max(1, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def forecast(run: Run, steps: int | None = None) -> Forecast:
    """Times two small evaluations of `run`'s network and losses, and scales them up.

    steps: how many of its steps are to be made; None: all.
    """
    (height, width), masks = run.inputs.shape, count_masks(run.record["pictures"])
    pixels = height * width
    seconds = step_time(run).of_run(run.recipe, pixels, steps)
    options = pixels, run.network.dtype, masks, run.tile
    return Forecast(seconds, memory(run.recipe, *options))


@dataclass(frozen=True)
class StepTime:
    """Seconds that one step takes: a `fixed` part, and a part `per_pixel`."""

    fixed: float
    per_pixel: float

    def seconds(self, pixels: float) -> float:
        """The seconds of one step with a picture of so many pixels."""
        return self.fixed + self.per_pixel * pixels

    def of_run(self, recipe: Recipe, pixels: float, steps: int | None = None) -> float:
        """The seconds of a run, or of its first `steps`; pixels: of its result."""
        sizes = [size for size, count in recipe.stages for _ in range(count)]
        parts = [pixels * (size / recipe.size) ** 2 for size in sizes[:steps]]
        return sum(map(self.seconds, parts))


def step_time(run: Run) -> StepTime:
    """The time of a step with `run`'s network and losses, at any picture size."""
    small, large = (_seconds_per_step(run, side) for side in (64, 128))
    per_pixel = max(large - small, 0.0) / (128**2 - 64**2)
    return StepTime(max(large - per_pixel * 128**2, 0.0), per_pixel)


def _seconds_per_step(run: Run, side: int) -> float:
    layers, measure = run.recipe.layers, STATISTICS[run.recipe.statistic]
    if not layers:
        return 1e-3
    # On a processor only this thread's time counts: other work may soon be over.
    clock = time.thread_time if run.network.device.type == "cpu" else time.perf_counter
    times = []
    for _ in range(3):
        began = clock()
        _evaluate(run.network, layers, measure, side)
        times.append(clock() - began)
    return min(times[1:])


def _evaluate(net: Network, layers: Sequence[str], measure: Measure, side: int) -> None:
    with torch.enable_grad():
        # Noise, not one grey: sliced_wasserstein sorts, and sorting sorted numbers is
        # too fast to be typical.
        noise = torch.Generator().manual_seed(0)
        picture = torch.rand(1, 3, side, side, generator=noise).requires_grad_()
        maps = net.features(picture, layers).values()
        torch.stack([measure(m).square().mean() for m in maps]).sum().backward()


def memory(
    recipe: Recipe, pixels: float, dtype: torch.dtype, masks: int = 0, tile: int = 0
) -> float:
    """Bytes of feature maps, their gradients and L-BFGS's history at the peak.

    pixels: of the result; masks: how many regions have a style of their own; tile: the
    side of the tiles that are seen one by one.
    """
    item = dtype.itemsize
    depth = max((LAYERS.index(layer) for layer in recipe.layers), default=-1)
    values = {name: channels(name) / stride(name) ** 2 for name in LAYERS}  # per pixel
    # The backward pass needs every ReLU's map again, and the pooled maps with the
    # places (8 bytes each) that their maxima came from.
    kept = [name for name in LAYERS[: depth + 1] if name not in CONVS]
    maps = sum(values[name] * (item if name[0] == "r" else item + 8) for name in kept)
    # For each mask the style layers' maps are kept once more.
    maps += masks * sum(values[name] * item for name in recipe.style_strengths)
    # At its widest the backward pass also holds two gradients of block 1's maps, and,
    # as measured in both precisions, 700 bytes per pixel for convolutions and FFTs.
    seen = maps + 2 * 64 * item + 700
    pairs = history_of(int(pixels)) if recipe.optimizer == "lbfgs" else 1
    history = 2 * pairs * 3 * 4
    if not tile:
        return pixels * (seen + history)
    # Of the whole picture there are the maps that are compared as such, their goal and
    # their slope, and some ten pictures on the way through the spectrum.
    whole = {*recipe.content_strengths}
    whole |= {*recipe.style_strengths} if _needs_whole_maps(recipe, masks) else set()
    compared = sum(values[name] for name in whole) * 3 * 4
    around = 2 * margin(recipe.layers) if recipe.layers else 0
    return (tile + around) ** 2 * seen + pixels * (history + compared + 10 * 3 * 4)


def _needs_whole_maps(recipe: Recipe, masks: int) -> bool:
    """Whether a style is measured in maps that no tile holds: all but Gram matrices."""
    return masks > 0 or recipe.statistic != "gram"


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
        at_once = not tile or _needs_whole_maps(recipe, masks)
        styles = STYLE_PASS * (style_pixels if at_once else tile**2)
        needs[tile] = max(memory(recipe, pixels, dtype, masks, tile), styles)
        if needs[tile] <= free:
            return tile
    or_brush = " or brush" if recipe.brush > 1 else ""
    gib = min(needs.values()) / GIB
    needed = f"size {recipe.size} needs about {gib:.1f} GiB of memory"
    advice = f"choose a smaller size{or_brush}"
    raise ValueError(f"{needed}, and {free / GIB:.1f} GiB are free: {advice}")


def _free_memory(device: str) -> int:
    cuda = device == "cuda"
    return torch.cuda.mem_get_info()[0] if cuda else psutil.virtual_memory().available
