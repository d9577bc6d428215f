"""The objective of a run: the losses of its recipe, aimed at its pictures."""

from __future__ import annotations

import torch
from torch import Tensor

from stylelab.core import statistics as losses
from stylelab.core.statistics import Objective
from stylelab.core.vgg import Network
from stylelab.runs import masks as regions
from stylelab.runs.inputs import Shown
from stylelab.runs.recipe import Recipe


def objective(recipe: Recipe, net: Network, shown: Shown) -> Objective:
    """The weighted losses of `recipe`; what has no weight is not even computed."""
    total = Objective(())
    with torch.no_grad():
        if shown.photo is not None and recipe.content_weight:
            found = net.features(shown.photo, recipe.content_layers)
            for layer, features in found.items():
                total += recipe.content_weight * losses.content(layer, features)
        if shown.styles and recipe.style_strengths:
            total += recipe.style_weight * _style(recipe, net, shown)
    if recipe.smoothness:
        total += recipe.smoothness * losses.smoothness()
    return total


def _style(recipe: Recipe, net: Network, shown: Shown) -> Objective:
    """One term a layer, by its strength; with masks, one for each region."""
    total = Objective(())
    seen = [net.features(style, recipe.style_strengths) for style in shown.styles]
    for layer, strength in recipe.style_strengths.items():
        maps = [features[layer] for features in seen]
        if shown.masks:
            term = _by_region(layer, maps, shown)
        else:
            term = losses.style(layer, maps, recipe.statistic, shown.mix)
        total += strength * term
    return total


def _by_region(layer: str, maps: list[Tensor], shown: Shown) -> Objective:
    """The distance of each region to its own style (Gatys et al. 2017, section 4.1).

    Regions count by their areas, so that a small one is painted no more strongly than a
    large one, and by the styles' shares; the paper leaves these weights open.
    """
    total = Objective(())
    for features, mask, share in zip(maps, shown.masks, shown.mix, strict=True):
        weight = mask.mean().item() * share * len(maps)
        guide = regions.guide(mask, layer)
        total += weight * losses.style(layer, features, guide=guide)
    return total
