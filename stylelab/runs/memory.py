"""How much memory a run needs at its peak, by arithmetic."""

import torch

from stylelab.core.layers import CONVS, LAYERS, channels, margin, stride
from stylelab.runs.recipe import Recipe
from stylelab.runs.run import history_of

PICTURE = 600  # bytes per pixel for pictures, their spectrum and convolutions
PAIR = 60  # bytes per pixel for a curvature pair: 24, and the gaps between pairs


def memory(
    recipe: Recipe,
    pixels: float,
    dtype: torch.dtype,
    masks: int = 0,
    tile: int = 0,
    style_pixels: float = 0,
) -> float:
    """Bytes at the peak: of feature maps, their gradients and L-BFGS's history.

    pixels: of the result; masks: how many regions have a style of their own; tile: the
    side of the tiles that are seen one by one; style_pixels: of all style pictures,
    which the network sees once before the run.
    """
    item, whole = dtype.itemsize, not tile or _needs_whole_maps(recipe, masks)
    goals = sum(4 * values(layer) for layer in recipe.content_strengths)
    pairs = min(history_of(int(pixels)), recipe.stages[-1][1])
    history = PAIR * pairs if recipe.optimizer == "lbfgs" else 0
    run = (PICTURE if recipe.layers else PICTURE / 2) + goals + history
    seen, around = pixels, 2 * margin(recipe.layers) if recipe.layers else 0
    if tile:
        # Of the whole picture there are the maps that are compared as such, in float32,
        # their slopes, and what the losses keep of them.
        compared = {*recipe.content_strengths}
        compared |= {*recipe.style_strengths} if whole else set()
        run += sum(8 * values(layer) for layer in compared)
        run += (
            sum(_kept_by_terms(recipe, l, 4, masks) for l in compared) if whole else 0
        )
        seen = min(pixels, (tile + around) ** 2)
    styles = style_pixels if whole else min(style_pixels, (tile + around) ** 2)
    evaluation = pixels * run + seen * _evaluation(recipe, item, masks)
    return max(evaluation, styles * _style_pass(recipe, item))


def values(layer: str) -> float:
    """How many numbers the maps of `layer` have for each pixel of the picture."""
    return channels(layer) / stride(layer) ** 2


def _style_pass(recipe: Recipe, item: int) -> float:
    """Bytes per pixel of a style picture while its statistics are measured."""
    maps = sum(values(layer) for layer in recipe.style_strengths) * item
    lines = 64 * (4 + 4 + 8) if recipe.statistic == "sliced_wasserstein" else 0
    # Three of block 1's maps: before and after padding, and after a convolution.
    return 3 * 12 + max(3 * 64 * item, maps + lines)


def _evaluation(recipe: Recipe, item: int, masks: int) -> float:
    """Bytes per pixel that the backward pass through the network needs at its peak."""
    depth = max((LAYERS.index(layer) for layer in recipe.layers), default=-1)
    kept = slopes = peak = 0.0
    inputs = 3.0
    for name in LAYERS[: depth + 1]:
        size = values(name) * item
        # Autograd keeps what comes out of a ReLU, the places (8 bytes each) of a pool's
        # maxima, and what goes into a convolution: with replicate padding, a copy.
        if name in CONVS:
            kept += inputs * item if recipe.losses == "relative" else 0
        elif name.startswith("relu"):
            kept += size
        else:
            kept += 8 * values(name) if recipe.pooling == "max" else 0
            kept += size if recipe.losses == "absolute" else 0
        # Before it begins, every term has left its slope in the maps of its layer.
        slopes += recipe.layers.count(name) * size
        kept += _kept_by_terms(recipe, name, item, masks)
        # The gradients of a layer's output and of its input are there at once. That of
        # the deepest output is a term's slope.
        passing = size if name != LAYERS[depth] else 0.0
        peak = max(peak, kept + slopes + passing + max(size, inputs * item))
        inputs = values(name)
    return peak


def _kept_by_terms(recipe: Recipe, name: str, item: int, masks: int) -> float:
    """Bytes per pixel that the losses of a layer keep for their slopes."""
    size, in_float32 = values(name) * item, 4 * values(name) if item < 4 else 0
    kept = size if name in CONVS and name in recipe.layers else 0.0
    if name in recipe.content_strengths:
        kept += in_float32
    if name in recipe.style_strengths:
        kept += masks * size + (in_float32 if recipe.statistic != "gram" else 0)
        if recipe.statistic == "sliced_wasserstein":
            kept += 64 * (4 + 8) / stride(name) ** 2  # 64 lines: values, and places
        elif recipe.statistic == "mean_std" and name == min(recipe.style_strengths):
            kept += 4 * values(name)  # two slopes at once, of mean and deviation
    return kept


def _needs_whole_maps(recipe: Recipe, masks: int) -> bool:
    """Whether a style is measured in maps that no tile holds: all but Gram matrices."""
    return masks > 0 or recipe.statistic != "gram"
