"""The objective of a run: the losses of its recipe, aimed at its pictures."""

from __future__ import annotations

import torch

from stylelab.core import style_transfer
from stylelab.core.statistics import BALANCE, STATISTICS, smoothness
from stylelab.core.style_transfer import Objective, gram, style
from stylelab.core.vgg import Network
from stylelab.runs import masks
from stylelab.runs.inputs import Inputs
from stylelab.runs.recipe import Recipe


def objective(recipe: Recipe, net: Network, inputs: Inputs) -> Objective:
    """The weighted losses of `recipe`; what has no weight is not even computed."""
    total = Objective()
    if inputs.photo is not None and recipe.content_weight:
        total += recipe.content_weight * style_transfer.reconstruction(
            net, inputs.photo, recipe.content_layers
        )
    if inputs.styles and recipe.style_strengths:
        total += recipe.style_weight * _style(recipe, net, inputs)
    if recipe.smoothness:
        total += recipe.smoothness * smoothness()
    return total


def _style(recipe: Recipe, net: Network, inputs: Inputs) -> Objective:
    layers = recipe.style_strengths
    if inputs.masks:
        return _by_region(net, inputs, layers)
    statistic = STATISTICS[recipe.statistic]
    return BALANCE[recipe.statistic] * style_transfer.texture(
        net, inputs.styles, inputs.mix, layers, statistic
    )


@torch.no_grad()
def _by_region(net: Network, inputs: Inputs, layers: dict[str, float]) -> Objective:
    """Each region aims at its own style (Gatys et al. 2017, section 4.1).

    Regions count by their areas, so that a small one is painted no more strongly than a
    large one, and by the styles' shares; the paper leaves these weights open.
    """
    total = Objective()
    found = [net.features(painting, layers) for painting in inputs.styles]
    for layer, strength in layers.items():
        for maps, mask, share in zip(found, inputs.masks, inputs.mix, strict=True):
            guide = masks.guide(mask, layer)

            def guided_gram(maps: torch.Tensor, guide=guide) -> torch.Tensor:
                return gram(maps * guide.to(maps))

            area = mask.mean().item() * share * len(found)
            total += (strength * area) * style(layer, gram(maps[layer]), guided_gram)
    return total
