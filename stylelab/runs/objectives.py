"""What a recipe asks for, as the losses of core/style_transfer.py."""

import torch

from stylelab.core import style_transfer, vgg
from stylelab.core.statistics import STATISTICS, powers, smoothness, spectrum
from stylelab.core.style_transfer import Objective, gram
from stylelab.core.vgg import Network
from stylelab.runs import tiles
from stylelab.runs.device import default_device
from stylelab.runs.inputs import Inputs
from stylelab.runs.masks import guide
from stylelab.runs.recipe import Recipe

Strengths = dict[str, float]


def network_for(recipe: Recipe, dtype: torch.dtype = torch.float32) -> Network:
    """The recipe's network; all runs that ask for the same network share it."""
    device = default_device()
    padding = "replicate" if recipe.losses == "relative" else "zero"
    options = recipe.pooling, recipe.seed, device, dtype, padding
    return vgg.load(recipe.weights, *options)


def objective(recipe: Recipe, net: Network, inputs: Inputs, tile: int = 0) -> Objective:
    """The weighted losses of `recipe`; terms without a weight are not even computed.

    tile: the side of the tiles in which the goals are measured; 0: in one piece.
    """
    total, relative = Objective(), recipe.losses == "relative"
    layers, strengths = recipe.content_strengths, recipe.style_strengths
    if inputs.photo is not None and layers:
        seen = tiles.InTiles(net, tile) if tile else net
        content = style_transfer.reconstruction(seen, inputs.photo, layers, relative)
        total += recipe.content_weight * content
    if inputs.styles and strengths and inputs.masks:
        total += recipe.style_weight * _by_region(net, inputs, strengths, relative)
    elif inputs.styles and strengths:
        if tile and recipe.statistic == "gram":
            texture = _texture_in_tiles(net, inputs, strengths, relative, tile)
        else:
            mixture = inputs.styles, inputs.mix, strengths, STATISTICS[recipe.statistic]
            texture = style_transfer.texture(net, *mixture, relative)
        total += recipe.style_weight * texture
    weight = recipe.style_weight if inputs.styles else recipe.content_weight
    if relative and weight * recipe.spectrum_weight:
        total += (weight * recipe.spectrum_weight) * _spectrum(inputs)
    if recipe.smoothness:
        total += recipe.smoothness * smoothness()
    return total


def _texture_in_tiles(
    net: Network, inputs: Inputs, strengths: Strengths, relative: bool, tile: int
) -> Objective:
    """style_transfer.texture, for paintings whose maps do not fit into memory."""
    wanted, total = [(layer, True) for layer in strengths], Objective()
    found = [tiles.measure(net, style, wanted, tile) for style in inputs.styles]
    for (layer, weight), *grams in zip(strengths.items(), *found, strict=True):
        goal = torch.stack([a * g for a, g in zip(inputs.mix, grams, strict=True)])
        total += weight * style_transfer.style(layer, goal.sum(0), gram, relative)
    return total


def _areas(inputs: Inputs) -> list[float]:
    """The share of each style in the picture: that of its mask, or of the mixture.

    Regions count by their areas, so that a small one is painted no more strongly than a
    large one, and by the styles' shares; the papers leave these weights open.
    """
    if not inputs.masks:
        return [*inputs.mix]
    pairs = zip(inputs.masks, inputs.mix, strict=True)
    return [mask.mean().item() * share * len(inputs.mix) for mask, share in pairs]


@torch.no_grad()
def _by_region(
    net: Network, inputs: Inputs, strengths: Strengths, relative: bool
) -> Objective:
    """Brings each region to its own style (Gatys et al. 2017, section 4.1)."""
    total = Objective()
    all_maps = [net.features(painting, strengths) for painting in inputs.styles]
    for layer, strength in strengths.items():
        regions = zip(all_maps, inputs.masks, _areas(inputs), strict=True)
        for maps, mask, area in regions:
            channel = guide(mask, layer)

            def guided(maps: torch.Tensor, channel: torch.Tensor = channel):
                return gram(maps * channel.to(maps))

            goal = gram(maps[layer])
            term = style_transfer.style(layer, goal, guided, relative)
            total += (strength * area) * term
    return total


def _spectrum(inputs: Inputs) -> Objective:
    """The powers of the styles, mixed as they are; without a style, the photo's."""
    if not inputs.styles and inputs.photo is not None:
        return spectrum(powers(inputs.photo))
    areas = _areas(inputs)
    goals = (area * powers(s) for area, s in zip(areas, inputs.styles, strict=True))
    return spectrum(sum(goals, torch.zeros(())) / sum(areas))
