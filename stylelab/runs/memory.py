"""How much memory a run needs, told before it begins."""

from __future__ import annotations

import psutil
import torch

from stylelab.core.descent import HISTORY
from stylelab.core.layers import CONVS, LAYERS, channels, stride
from stylelab.runs.device import default_device, default_precision
from stylelab.runs.recipe import Recipe

GIB = 2**30
# Bytes a pixel for one pass in float32 that keeps the style layers (760 were seen).
LOOK = 800


def check_memory(
    recipe: Recipe, pixels: int, looked_at: int = 0, masks: int = 0
) -> None:
    """A ValueError where a run of `recipe` needs more memory than is free now.

    pixels: of the result; looked_at: of all style pictures, seen before the run.
    """
    device = default_device()
    precision = recipe.precision
    if precision == "auto":
        precision = default_precision(device)
    need = memory(recipe, pixels, getattr(torch, precision), masks)
    need = max(need, LOOK * looked_at)
    free = _free_memory(device)
    if need > free:
        or_brush = " or brush" if recipe.brush > 1 else ""
        raise ValueError(
            f"size {recipe.size} needs about {need / GIB:.1f} GiB of memory, and "
            f"{free / GIB:.1f} GiB are free: choose a smaller size{or_brush}"
        )


def _free_memory(device: str) -> int:
    if device == "cuda":
        return torch.cuda.mem_get_info()[0]
    return psutil.virtual_memory().available


def memory(
    recipe: Recipe, pixels: int, precision: torch.dtype, masks: int = 0
) -> float:
    """Bytes of feature maps, their gradients and L-BFGS's history at the peak.

    masks: how many regions have a style of their own.
    """
    layers, item = recipe.layers, precision.itemsize
    depth = max((LAYERS.index(layer) for layer in layers), default=-1)
    # What the backward pass needs again: every ReLU's map, and the pooled maps with the
    # places (8 bytes each) their maxima came from.
    kept = sum(
        channels(name) / stride(name) ** 2 * (item if name[0] == "r" else item + 8)
        for name in LAYERS[: depth + 1]
        if name not in CONVS
    )
    # Under each mask the style layers' maps are kept once more.
    kept += masks * sum(
        channels(name) / stride(name) ** 2 * item for name in recipe.style_strengths
    )
    # At its widest the backward pass also holds two gradients of block 1's maps, and,
    # as measured in both precisions, 700 bytes a pixel for convolutions and FFTs.
    gradients = 2 * 64 * item + 700
    history = 2 * HISTORY * 3 * 4 if recipe.optimizer == "lbfgs" else 2 * 3 * 4
    return pixels * (kept + gradients + history)
