"""The three tasks and what they ask for: content alone, style alone, both together.

>>> run = transfer("palace", "starry_night", size=64, steps=3)
>>> run.result(watch=iter).save("out.png")
"""

import warnings
from itertools import product

from stylelab.core.statistics import total_variation
from stylelab.pictures.images import Source
from stylelab.runs.forecast import choose_tile
from stylelab.runs.inputs import Inputs, Sources, load_inputs
from stylelab.runs.masks import guide
from stylelab.runs.objectives import network_for
from stylelab.runs.recipe import Recipe, recipe_for
from stylelab.runs.record import describe
from stylelab.runs.run import Run

DWARFED = 1000  # times that smoothness outweighs the rest before a note is given


def transfer(
    photo: Source, style: Sources, masks: Sources | None = None, **options: object
) -> Run:
    """The content of `photo` in the style of `style` (Gatys et al. 2016, eq. 7).

    Several styles are mixed; or, with `masks` (pictures, white where a style goes, in
    the order of the styles; the last may be left out), each paints its own region.
    `options` are a Recipe's fields: size=256, steps=100, style_weight=30, ...
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
    inputs = load_inputs(recipe, sources)
    style_pixels = sum(style[0, 0].numel() for style in inputs.styles)
    height, width = inputs.shape
    tile = choose_tile(recipe, height * width, style_pixels, len(inputs.masks))
    record = describe(recipe, sources, network_for(recipe)) | {"tile": tile}
    run = Run(recipe, inputs, record, tile)
    _warn_of_smoothness(recipe, inputs)
    # A region that a layer cannot see is said now, not in the middle of the run.
    for level in run.levels() if inputs.masks else ():
        for mask, layer in product(level.inputs.masks, recipe.style_strengths):
            guide(mask, layer)
    return run


def _warn_of_smoothness(recipe: Recipe, inputs: Inputs) -> None:
    """Warns if smoothness is all that counts: the picture will be a plane of colour.

    A picture of the usual detail is measured, and the rest is as wrong as black. Only
    relative losses have a size that is known before the run.
    """
    rest = recipe.content_weight if recipe.content_strengths else 0.0
    rest += recipe.style_weight if recipe.style_strengths else 0.0
    seen = inputs.styles[0] if inputs.photo is None else inputs.photo
    detail = total_variation(seen).item()
    if recipe.losses == "relative" and recipe.smoothness * detail > DWARFED * rest > 0:
        warnings.warn(
            f"the loss is all smoothness ({recipe.smoothness:g}): lower it, for a "
            f"smoothness of {rest / detail:.1g} counts as much as all the rest",
            stacklevel=1,
        )
