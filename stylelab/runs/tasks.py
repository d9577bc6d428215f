"""The three tasks and what they ask for: content alone, style alone, both together.

>>> run = transfer("palace", "starry_night", size=64, steps=3)
>>> run.result(watch=iter).save("out.png")
"""

import math
import warnings
from collections.abc import Mapping
from itertools import product

from stylelab.core.statistics import total_variation
from stylelab.pictures import images
from stylelab.pictures.images import Source
from stylelab.runs.forecast import choose_tile
from stylelab.runs.inputs import Inputs, count_masks, load_inputs
from stylelab.runs.job import Sources
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
    # Before they are loaded: enlarged pictures alone may fill the memory.
    tile = choose_tile(recipe, *_pixels(recipe, sources), count_masks(sources))
    inputs = load_inputs(recipe, sources)
    record = describe(recipe, sources, network_for(recipe)) | {"tile": tile}
    run = Run(recipe, inputs, record, tile)
    _warn_of_smoothness(recipe, inputs)
    # A region that a layer cannot see is said now, not in the middle of the run.
    for level in run.levels() if inputs.masks else ():
        for mask, layer in product(level.inputs.masks, recipe.style_strengths):
            guide(mask, layer)
    return run


def _pixels(recipe: Recipe, sources: Mapping[str, Sources]) -> tuple[int, int]:
    """How many pixels the result has, and all styles together, in a run's size."""

    def count(source: Source, size: int) -> int:
        image = images.open_picture(source)
        return math.prod(images.size_at(image, size, images.base_name(source)))

    photos, styles = (images.as_tuple(sources.get(r, ())) for r in ("photo", "style"))
    found = [count(picture, recipe.size) for picture in (*photos, *styles)[:1]]
    # 1: there is no picture at all, which load_inputs says better.
    return sum(found) or 1, sum(count(style, recipe.style_size) for style in styles)


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
