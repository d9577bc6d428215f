"""A ruler for style: for each control the one measure that it moves (claim C16).

Two styles span the scales: for the mixture, a picture lies between the two; for the
brush, between smaller and larger versions of them. The ruler compares Gram matrices of
strokes: of the luminance alone, without broad lights and shadows, brought to one
contrast. So neither the colours nor the photo's own lights move a measure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

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
# relu1_1 tells how smooth a region is, and a photo's sky stays smooth in any style.
PLACE_LAYERS = STYLE_LAYERS[1:]
FINEST, COARSEST = 0.5, 2.0  # brushes at the ends of the scale
SMOOTH = 1 / 20  # of the shorter side: forms wider than twice this are no strokes


@dataclass(frozen=True)
class Reading:
    """Where a picture stands, one number for each control of style."""

    colours: float  # colour distance to the photo, 0: its colours
    brush: float  # 0: strokes as at brush 0.5; 1: as at brush 2
    mixture: float  # 0: the second style; 1: the first
    place: float  # mixture inside of the mask minus outside of it
    forms: float  # at relu5_1; 0: as far from the styles as the photo is; 1: at them


def effects(
    plain: Reading, moved: Mapping[str, Reading]
) -> dict[str, dict[str, float]]:
    """How far each control in `moved` moves the measures of all of them from `plain`.

    A change is divided by that under the measure's own control: 1 is as much, 0 none.
    """

    def change(control: str, measure: str) -> float:
        return getattr(moved[control], measure) - getattr(plain, measure)

    return {
        control: {m: change(control, m) / change(m, m) for m in moved}
        for control in moved
    }


def colour_distance(picture: Tensor, photo: Tensor) -> float:
    """How far the chroma of two pictures [1, 3, H, W] is apart, place by place.

    Root mean square of red, green and blue minus luminance, in 0..1; 0: equal colours.
    """
    return (colors.chroma(picture) - colors.chroma(photo)).square().mean().sqrt().item()


def colour_note(photo: Tensor) -> Callable[[Tensor], str]:
    """Says of a picture how far its colours are from those of `photo`."""
    return lambda picture: f"colour distance {colour_distance(picture, photo):.3f}"


def strokes(picture: Tensor, radius: int) -> Tensor:
    """The strokes of a picture [1, 3, H, W]: grey, of mean 0.5 and deviation 0.1.

    The mean within `radius` pixels is subtracted from the luminance.
    """
    grey = colors.luminance(picture)
    around = F.pad(grey, [radius] * 4, mode="reflect")
    fine = grey - F.avg_pool2d(around, 2 * radius + 1, 1)
    return (0.5 + 0.1 * fine / fine.std()).clamp(0, 1).expand(-1, 3, -1, -1)


def grams(net: Network, picture: Tensor, mask: Tensor | None = None) -> Grams:
    """Gram matrices of a picture or, with a mask, of a part of it; each of norm 1."""
    with torch.no_grad():
        maps = net.features(picture, STYLE_LAYERS)
        guides = {n: 1 if mask is None else masks.guide(mask, n) for n in maps}
        matrices = {n: style_transfer.gram(maps[n] * guides[n]) for n in maps}
    return {layer: matrix / matrix.norm() for layer, matrix in matrices.items()}


def position(
    at: Grams, start: Grams, end: Grams, layers: Sequence[str] = STYLE_LAYERS
) -> float:
    """Where `at` lies along the line from `start` (0) to `end` (1), mean of `layers`.

    A distance across the line does not count.
    """
    positions = [
        ((at[layer] - start[layer]) * (end[layer] - start[layer])).sum()
        / (end[layer] - start[layer]).square().sum()
        for layer in layers
    ]
    return torch.stack(positions).mean().item()


def mean(both: tuple[Grams, Grams]) -> Grams:
    """Halfway between two sets of Gram matrices."""
    one, other = both
    return {layer: (one[layer] + other[layer]) / 2 for layer in STYLE_LAYERS}


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

    def measure(self, picture: Tensor) -> Reading:
        """Where `picture` [1, 3, H, W] stands."""
        drawn, (one, other) = strokes(picture, self.radius), self.styles
        whole = grams(self.net, drawn)
        inside, outside = (
            position(grams(self.net, drawn, mask), other, one, PLACE_LAYERS)
            for mask in (self.mask, 1 - self.mask)
        )
        photo = grams(self.net, strokes(self.photo, self.radius))
        goal = mean(self.styles)[DEEPEST]
        far, photo_far = ((g[DEEPEST] - goal).norm().item() for g in (whole, photo))
        return Reading(
            colours=colour_distance(picture, self.photo),
            brush=position(whole, *self.brushes),
            mixture=position(whole, other, one),
            place=inside - outside,
            forms=1 - far / photo_far,
        )

    def note(self, measure: str, words: str) -> Callable[[Tensor], str]:
        """Says of a picture, after `words`, what `measure` it has."""
        return lambda picture: f"{words} {getattr(self.measure(picture), measure):.2f}"


def ruler(
    net: Network, photo: Source, styles: Sequence[Source], mask: Source, size: int
) -> Ruler:
    """The Ruler for runs of `size` on these pictures; `net` in float32."""
    picture = images.load(photo, size)
    inside, _ = masks.load([mask], 2, photo, *picture.shape[-2:])
    radius = round(SMOOTH * size)

    def at(brush: float) -> tuple[Grams, Grams]:
        paintings = (images.load(style, round(brush * size)) for style in styles)
        one, other = (grams(net, strokes(painting, radius)) for painting in paintings)
        return one, other

    ends = mean(at(FINEST)), mean(at(COARSEST))
    return Ruler(net, picture, inside, at(1.0), ends, radius)
