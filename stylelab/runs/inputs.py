"""The pictures of a run as the network is shown them: in its size and its colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.pictures import images
from stylelab.pictures.images import Source
from stylelab.runs import colors
from stylelab.runs.masks import load
from stylelab.runs.recipe import STARTS, Recipe

# What stands for a role: one picture, or several styles or masks.
Sources = Source | Sequence[Source]


@dataclass(frozen=True, eq=False)
class Inputs:
    """Pictures [1, 3, H, W] in 0..1; without masks every style is everywhere."""

    shape: tuple[int, int]  # height and width of the result
    photo: Tensor | None
    styles: tuple[Tensor, ...]
    masks: tuple[Tensor, ...]  # [1, 1, H, W], 1 where the style of that number goes
    mix: tuple[float, ...]  # the styles' shares, which sum to 1
    coloured: Tensor | None = None  # the photo, where its chroma is to be put back
    first: Tensor | None = None  # the picture to start from, where that is a file

    def start(self, recipe: Recipe) -> Tensor:
        """The first picture, in the shape of the result."""
        if recipe.start == "noise":
            return _noise(recipe.seed, self.shape)
        if self.first is not None:
            grey = recipe.colors == "luminance"
            start = colors.grey(self.first) if grey else self.first
        else:
            start = self.photo if recipe.start == "photo" else self.styles[0]
        if start.shape[-2:] == self.shape:
            return start
        resized = F.interpolate(start, self.shape, mode="bilinear", antialias=True)
        return resized.clamp(0, 1)


def _noise(seed: int, shape: tuple[int, int]) -> Tensor:
    # Grey and faint, where Gatys' is strong and coloured: the losses hardly see the
    # finest colours, and what they do not see stays to the end.
    generator = torch.Generator().manual_seed(seed)
    grey = torch.randn(1, 1, *shape, generator=generator)
    return (0.5 + 0.07 * grey).clamp(0, 1).repeat(1, 3, 1, 1)


def count_masks(sources: Mapping[str, Sources]) -> int:
    """How many styles have a mask: all, or none. The last may be left out."""
    return len(images.as_tuple(sources["style"])) if "masks" in sources else 0


def load_inputs(recipe: Recipe, sources: Mapping[str, Sources]) -> Inputs:
    """Loads and checks the pictures of `recipe.task` by role: photo, style and masks.

    The role start is for a run that is made where the file `recipe.start` is not.

    A ValueError in words where their numbers do not fit each other or the recipe.
    """
    given = {role: images.as_tuple(source) for role, source in sources.items()}
    photos, styles, masks = (given.get(r, ()) for r in ("photo", "style", "masks"))
    if "style" in given and not styles:
        raise ValueError("no style was given")
    if masks and recipe.statistic != "gram":
        raise ValueError(f"masks need the statistic gram, not {recipe.statistic}")
    if "photo" in given and len(photos) != 1:
        raise ValueError(f"one photo is needed, and {len(photos)} were given")
    canvas = (photos or styles)[0]
    whole = images.load(canvas, recipe.size)
    height, width = whole.shape[-2:]
    (first,) = given.get("start", (recipe.start,))
    shown = Inputs(
        shape=(height, width),
        photo=whole if photos else None,
        styles=tuple(images.load(style, recipe.style_size) for style in styles),
        masks=load(masks, len(styles), canvas, height, width),
        mix=_shares(recipe, len(styles)),
        first=None if recipe.start in STARTS else images.load(first, recipe.size),
    )
    return _coloured(recipe, shown)


def _shares(recipe: Recipe, styles: int) -> tuple[float, ...]:
    """The share of each style, in all 1."""
    if len(recipe.mix) not in (0, styles):
        raise ValueError(
            f"mix is {recipe.mix}: give one weight for each style (here {styles})"
        )
    weights = recipe.mix or (1.0,) * styles
    return tuple(weight / sum(weights) for weight in weights)


def _coloured(recipe: Recipe, shown: Inputs) -> Inputs:
    """The same pictures in the colours that the recipe asks for."""
    if recipe.colors == "style":
        return shown
    by_luminance = recipe.colors == "luminance"
    seen = colors.luminance if by_luminance else lambda picture: picture
    photo, where = seen(shown.photo), shown.masks or (None,) * len(shown.styles)
    styles = tuple(
        colors.matched(seen(style), photo, mask).expand(-1, 3, -1, -1)
        for style, mask in zip(shown.styles, where, strict=True)
    )
    if not by_luminance:
        return replace(shown, styles=styles)
    photo, coloured = photo.expand(-1, 3, -1, -1), shown.photo
    return replace(shown, photo=photo, styles=styles, coloured=coloured)
