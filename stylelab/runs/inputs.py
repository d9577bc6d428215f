"""The pictures of a run as the network is shown them: in its size and its colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from torch import Tensor

from stylelab.core.words import shown
from stylelab.pictures import images
from stylelab.runs import colors, masks, starts
from stylelab.runs.guess import guess
from stylelab.runs.job import Sources
from stylelab.runs.recipe import STARTS, Recipe


@dataclass(frozen=True, eq=False)
class Inputs:
    """Pictures [1, 3, H, W] in 0..1; without masks every style is everywhere."""

    shape: tuple[int, int]  # height and width of the result
    photo: Tensor | None
    styles: tuple[Tensor, ...]
    masks: tuple[Tensor, ...]  # [1, 1, H, W], 1 where the style of that number goes
    mix: tuple[float, ...]  # the styles' shares, which sum to 1
    coloured: Tensor | None = None  # the photo, where its chroma is to be put back
    first: Tensor | None = None  # the picture to start from: that of a file, or a guess

    def start(self, recipe: Recipe) -> Tensor:
        """The first picture, in the shape of the result."""
        if recipe.start == "noise":
            absolute = recipe.losses == "absolute"
            deviation = starts.GATYS if absolute else starts.FAINT
            return starts.noise(*self.shape, recipe.seed, deviation)
        if recipe.start == "phases":
            return starts.random_phases(self.styles[0], *self.shape, recipe.seed)
        source = self.photo if recipe.start == "photo" else self.first
        if source is None:
            source = self.styles[0]
        elif recipe.colors == "luminance" and source is self.first:
            source = colors.grey(source)
        return starts.resized(source, *self.shape)

    def halved(self) -> Inputs:
        """The same pictures in half their size, for a coarser level."""

        def half(picture: Tensor) -> Tensor:
            return starts.resized(picture, *(round(n / 2) for n in picture.shape[2:]))

        return replace(
            self,
            shape=(round(self.shape[0] / 2), round(self.shape[1] / 2)),
            photo=None if self.photo is None else half(self.photo),
            styles=tuple(map(half, self.styles)),
            masks=masks.divided([half(mask) for mask in self.masks]),
            first=None if self.first is None else half(self.first),
        )


def count_masks(sources: Mapping[str, Sources]) -> int:
    """How many styles have a mask: all, or none. The last mask may be left out."""
    return len(images.as_tuple(sources["style"])) if "masks" in sources else 0


def load_inputs(recipe: Recipe, sources: Mapping[str, Sources]) -> Inputs:
    """Loads and checks the pictures of `recipe.task` by role: photo, style and masks.

    On a worker the first picture comes as the role start, because the file named in
    recipe.start is on another machine. A ValueError if the numbers of pictures do not
    fit each other or the recipe.
    """
    by_role = {role: images.as_tuple(source) for role, source in sources.items()}
    photos, styles, guides = (by_role.get(r, ()) for r in ("photo", "style", "masks"))
    if "style" in by_role and not styles:
        raise ValueError("no style was given")
    if guides and recipe.statistic != "gram":
        raise ValueError(f"masks need the statistic gram, not {recipe.statistic}")
    if "photo" in by_role and len(photos) != 1:
        raise ValueError(f"one photo is needed, and {len(photos)} were given")
    if len(recipe.mix) not in (0, len(styles)):
        wanted = f"give one weight for each style (here {len(styles)})"
        raise ValueError(f"mix is {shown(recipe.mix)}: {wanted}")
    shares = recipe.mix or (1.0,) * len(styles)
    canvas = (photos or styles)[0]
    whole = images.load(canvas, recipe.size)
    height, width = whole.shape[-2:]
    (first,) = by_role.get("start", (recipe.start,))
    given = recipe.start not in STARTS
    if recipe.start == "guess":
        first, given = guess(canvas, styles, recipe.size, mix=shares), True
    inputs = Inputs(
        shape=(height, width),
        photo=whole if photos else None,
        styles=tuple(images.load(style, recipe.style_size) for style in styles),
        masks=masks.load(guides, len(styles), canvas, height, width),
        mix=tuple(share / sum(shares) for share in shares),
        first=starts.load(first, recipe.size, height, width) if given else None,
    )
    return _coloured(recipe, inputs)


def _coloured(recipe: Recipe, inputs: Inputs) -> Inputs:
    """The same pictures in the colours that the recipe asks for."""
    photo = inputs.photo
    if recipe.colors == "style" or photo is None:
        return inputs
    by_luminance = recipe.colors == "luminance"
    channels = colors.luminance if by_luminance else lambda picture: picture
    everywhere = (None,) * len(inputs.styles)
    styles = tuple(
        colors.matched(channels(style), channels(photo), mask).expand(-1, 3, -1, -1)
        for style, mask in zip(inputs.styles, inputs.masks or everywhere, strict=True)
    )
    if not by_luminance:
        return replace(inputs, styles=styles)
    return replace(inputs, photo=colors.grey(photo), styles=styles, coloured=photo)
