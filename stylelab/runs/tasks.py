"""The three tasks and what they ask for: content alone, style alone, both together.

>>> run = transfer("palace", "starry_night", size=64, steps=3)
>>> run.result(watch=iter).save("out.png")
"""

import torch
from torch import Tensor

from stylelab.core import style_transfer, vgg
from stylelab.core.statistics import BALANCE, STATISTICS, smoothness
from stylelab.core.style_transfer import Objective, gram
from stylelab.pictures.images import Source
from stylelab.runs.device import chosen_precision, default_device
from stylelab.runs.forecast import check_memory
from stylelab.runs.inputs import Inputs, Sources, load_inputs
from stylelab.runs.masks import guide
from stylelab.runs.recipe import Recipe, recipe_for
from stylelab.runs.record import describe
from stylelab.runs.run import Run


def transfer(
    photo: Source, style: Sources, masks: Sources | None = None, **options: object
) -> Run:
    """The content of `photo` in the style of `style` (Gatys et al. 2016, eq. 7).

    Several styles are mixed; or, with `masks` (pictures, white where a style goes, in
    the order of the styles; the last may be left out), each paints its own region.
    `options` are a Recipe's fields: size=256, steps=100, style_weight=1e3, ...
    """
    sources = {"photo": photo, "style": style}
    if masks is not None:
        sources["masks"] = masks
    return prepare(recipe_for("transfer", options), **sources)


def texture(style: Sources, **options: object) -> Run:
    """A new picture with the texture of `style` (Gatys, Ecker, Bethge 2015).

    Several styles are mixed; the first gives the result its shape.
    """
    return prepare(recipe_for("texture", options), style=style)


def reconstruct(photo: Source, **options: object) -> Run:
    """A picture whose deep features are those of `photo` (Mahendran & Vedaldi 2015)."""
    return prepare(recipe_for("reconstruct", options), photo=photo)


def prepare(recipe: Recipe, **sources: Sources) -> Run:
    """The run of `recipe.task` on pictures by their role: photo, style, masks."""
    net, inputs = network_for(recipe), load_inputs(recipe, sources)
    start = inputs.start(recipe)
    style_pixels = sum(style[0, 0].numel() for style in inputs.styles)
    check_memory(recipe, start[0, 0].numel(), style_pixels, len(inputs.masks))
    losses = objective(recipe, net, inputs)
    precision = chosen_precision(recipe.precision)
    network = network_for(recipe, getattr(torch, precision))
    record = describe(recipe, sources, net, precision)
    return Run(recipe, losses, start, network, record, inputs.coloured)


def network_for(recipe: Recipe, dtype: torch.dtype = torch.float32) -> vgg.Network:
    """The recipe's network; all runs that ask for the same network share it."""
    device = default_device()
    return vgg.load(recipe.weights, recipe.pooling, recipe.seed, device, dtype)


def objective(recipe: Recipe, net: vgg.Network, inputs: Inputs) -> Objective:
    """The weighted losses of `recipe`; terms without a weight are not even computed."""
    total, layers = Objective(), recipe.style_strengths
    photo, styles, kind = inputs.photo, inputs.styles, recipe.statistic
    if photo is not None and recipe.content_weight:
        content = style_transfer.reconstruction(net, photo, recipe.content_layers)
        total += recipe.content_weight * content
    if styles and layers and inputs.masks:
        total += recipe.style_weight * _by_region(net, inputs, layers)
    elif styles and layers:
        mixture = styles, inputs.mix, layers, STATISTICS[kind]
        everywhere = style_transfer.texture(net, *mixture)
        total += recipe.style_weight * (BALANCE[kind] * everywhere)
    if recipe.smoothness:
        total += recipe.smoothness * smoothness()
    return total


@torch.no_grad()
def _by_region(net: vgg.Network, inputs: Inputs, layers: dict[str, float]) -> Objective:
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
            term = style_transfer.style(layer, gram(maps[layer]), guided_gram)
            total += (strength * area) * term
    return total
