"""Aspects of a style, each with a measure that its control moves (claim C16).

Two styles span the scales: a picture lies between them in mixture, and between
smaller and larger versions of them in brush. Compared are Gram matrices of
strokes: of the luminance alone, without what is light and dark in the large, and with
one contrast. So neither the colours nor the photo's own lights move a measure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.core import style_transfer
from stylelab.core.vgg import Network
from stylelab.pictures import images
from stylelab.pictures.images import Source
from stylelab.runs import colors, masks
from stylelab.runs.recipe import STYLE_LAYERS

Grams = dict[str, Tensor]
DEEPEST = STYLE_LAYERS[-1]
FINEST, COARSEST = 0.5, 2.0  # brushes at the ends of the scale
SMOOTH = 1 / 20  # of the shorter side: forms wider than twice this are no strokes


@dataclass(frozen=True)
class Aspects:
    """Where a picture stands, one number for each control of style."""

    colours: float  # colour distance to the photo, 0: its colours
    brush: float  # 0: strokes as at brush 0.5; 1: as at brush 2
    mixture: float  # 0: the second style; 1: the first
    place: float  # mixture inside of the mask minus outside of it
    forms: float  # 0: as far from the styles at relu5_1 as the photo; 1: there


ASPECTS = tuple(spec.name for spec in fields(Aspects))


def effects(
    plain: Aspects, moved: Mapping[str, Aspects]
) -> dict[str, dict[str, float]]:
    """How far each control in `moved` moves every measure from where it was in `plain`.

    In parts of what the measure's own control moves it: 1 for that itself, and 0 for
    nothing. A measure whose control is not in `moved` is left as it is: 0.
    """

    def change(name: str, aspect: str) -> float:
        return getattr(moved[name], aspect) - getattr(plain, aspect)

    return {
        name: {
            aspect: change(name, aspect) / change(aspect, aspect)
            if aspect in moved
            else 0.0
            for aspect in ASPECTS
        }
        for name in moved
    }


def colour_distance(picture: Tensor, photo: Tensor) -> float:
    """How far the chroma of two pictures [1, 3, H, W] is apart, place by place.

    Root mean square of red, green and blue minus luminance, in 0..1; 0: equal colours.
    """
    return (colors.chroma(picture) - colors.chroma(photo)).square().mean().sqrt().item()


def strokes(picture: Tensor, radius: int) -> Tensor:
    """What is drawn in a picture [1, 3, H, W]: grey, of mean 0.5 and deviation 0.1.

    From the luminance its mean within `radius` pixels is taken away.
    """
    grey = colors.luminance(picture)
    around = F.pad(grey, [radius] * 4, mode="reflect")
    drawn = grey - F.avg_pool2d(around, 2 * radius + 1, 1)
    return (0.5 + 0.1 * drawn / drawn.std()).clamp(0, 1).expand(-1, 3, -1, -1)


def grams(net: Network, drawn: Tensor, mask: Tensor | None = None) -> Grams:
    """Gram matrices of a picture or, with a mask, of a part of it; each of norm 1."""
    found = {}
    with torch.no_grad():
        for layer, maps in net.features(drawn, STYLE_LAYERS).items():
            guide = 1 if mask is None else masks.guide(mask, layer)
            matrix = style_transfer.gram(maps * guide)
            found[layer] = matrix / matrix.norm()
    return found


def position(found: Grams, start: Grams, end: Grams) -> float:
    """Where `found` lies along the line from `start` (0) to `end` (1), mean of layers.

    What lies across the line does not count.
    """
    parts = [
        ((found[layer] - start[layer]) * (end[layer] - start[layer])).sum()
        / (end[layer] - start[layer]).square().sum()
        for layer in STYLE_LAYERS
    ]
    return torch.stack(parts).mean().item()


@dataclass(frozen=True, eq=False)
class Ruler:
    """Measures pictures made from `photo` with two styles: `ruler.measure(picture)`.

    mask [1, 1, H, W]: where the first style goes, where there are regions.
    """

    net: Network
    photo: Tensor
    mask: Tensor
    styles: tuple[Grams, Grams]
    brushes: tuple[Grams, Grams]  # of both styles' mean, from fine to coarse
    radius: int

    def measure(self, picture: Tensor) -> Aspects:
        """Where `picture` [1, 3, H, W] stands."""
        drawn, (one, other) = strokes(picture, self.radius), self.styles
        found = grams(self.net, drawn)
        inside, outside = (
            position(grams(self.net, drawn, mask), other, one)
            for mask in (self.mask, 1 - self.mask)
        )
        return Aspects(
            colours=colour_distance(picture, self.photo),
            brush=position(found, *self.brushes),
            mixture=position(found, other, one),
            place=inside - outside,
            forms=1 - self._distance(found) / self._distance(self._photo()),
        )

    def _photo(self) -> Grams:
        return grams(self.net, strokes(self.photo, self.radius))

    def _distance(self, found: Grams) -> float:
        """To the mean of both styles, at the deepest layer."""
        aim = mean(self.styles)[DEEPEST]
        return (found[DEEPEST] - aim).norm().item()


def ruler(
    net: Network, photo: Source, styles: Sequence[Source], mask: Source, size: int
) -> Ruler:
    """The Ruler for runs of `size` on these pictures; `net` in float32."""
    shown = images.load(photo, size)
    inside, _ = masks.load([mask], 2, photo, *shown.shape[-2:])
    radius = round(SMOOTH * size)

    def at(brush: float) -> tuple[Grams, Grams]:
        one, other = (images.load(style, round(brush * size)) for style in styles)
        return tuple(grams(net, strokes(shown, radius)) for shown in (one, other))

    ends = mean(at(FINEST)), mean(at(COARSEST))
    return Ruler(net, shown, inside, at(1.0), ends, radius)


def mean(both: tuple[Grams, Grams]) -> Grams:
    """Halfway between two sets of Gram matrices."""
    one, other = both
    return {layer: (one[layer] + other[layer]) / 2 for layer in STYLE_LAYERS}
