"""The three tasks: content alone, style alone, and both together.

    transfer("palace", "starry_night", size=256).result().save("out.png")

Each returns a Run: iterate over its steps for live pictures, or ask for its result.
"""

from __future__ import annotations

import torch

from stylelab.core import vgg
from stylelab.pictures.images import Source
from stylelab.runs.device import chosen_precision, default_device
from stylelab.runs.forecast import check_memory
from stylelab.runs.inputs import Sources, load_inputs
from stylelab.runs.objective import objective
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
    net = network_for(recipe)
    inputs = load_inputs(recipe, sources)
    start = inputs.start(recipe)
    style_pixels = sum(style[0, 0].numel() for style in inputs.styles)
    check_memory(recipe, start[0, 0].numel(), style_pixels, len(inputs.masks))
    precision = chosen_precision(recipe.precision)
    return Run(
        recipe,
        objective(recipe, net, inputs),
        start,
        network_for(recipe, getattr(torch, precision)),
        describe(recipe, sources, net, precision),
        inputs.coloured,
    )


def network_for(recipe: Recipe, dtype: torch.dtype = torch.float32) -> vgg.Network:
    """The recipe's network; all runs that ask for the same network share it."""
    device = default_device()
    return vgg.load(recipe.weights, recipe.pooling, recipe.seed, device, dtype)
