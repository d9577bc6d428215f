"""The objective of a run: the losses of its recipe, aimed at its pictures."""

from __future__ import annotations

import torch
from torch import Tensor

from stylelab.core.statistics import BALANCE, STATISTICS, smoothness
from stylelab.core.style_transfer import (
    Objective,
    gram,
    reconstruction,
    style,
    texture,
)
from stylelab.core.vgg import Network
from stylelab.runs.inputs import Inputs
from stylelab.runs.masks import guide
from stylelab.runs.recipe import Recipe


def objective(recipe: Recipe, net: Network, inputs: Inputs) -> Objective:
    """The weighted losses of `recipe`; terms without a weight are not even computed."""
    total, layers = Objective(), recipe.style_strengths
    if inputs.photo is not None and recipe.content_weight:
        content = reconstruction(net, inputs.photo, recipe.content_layers)
        total += recipe.content_weight * content
    if inputs.styles and layers and inputs.masks:
        total += recipe.style_weight * _by_region(net, inputs, layers)
    elif inputs.styles and layers:
        statistic, balance = STATISTICS[recipe.statistic], BALANCE[recipe.statistic]
        everywhere = texture(net, inputs.styles, inputs.mix, layers, statistic)
        total += recipe.style_weight * (balance * everywhere)
    if recipe.smoothness:
        total += recipe.smoothness * smoothness()
    return total


@torch.no_grad()
def _by_region(net: Network, inputs: Inputs, layers: dict[str, float]) -> Objective:
    """Brings each region to its own style (Gatys et al. 2017, section 4.1).

    Regions count by their areas, so that a small one is painted no more strongly than a
    large one, and by the styles' shares; the paper leaves these weights open.
    """
    total = Objective()
    all_maps = [net.features(painting, layers) for painting in inputs.styles]
    for layer, strength in layers.items():
        for maps, mask, share in zip(all_maps, inputs.masks, inputs.mix, strict=True):
            channel = guide(mask, layer)

            def guided_gram(maps: Tensor, channel: Tensor = channel) -> Tensor:
                return gram(maps * channel.to(maps))

            area = mask.mean().item() * share * len(all_maps)
            total += (strength * area) * style(layer, gram(maps[layer]), guided_gram)
    return total
