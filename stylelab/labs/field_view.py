"""What FieldLab shows: one point of a picture, seen by several layers. No widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import PIL.Image
import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.analysis import receptive_field
from stylelab.analysis.receptive_field import Box
from stylelab.core import layers
from stylelab.core.vgg import Network, load
from stylelab.labs import shading
from stylelab.labs.layer_view import percent
from stylelab.labs.small_picture import SmallPicture, shrink
from stylelab.pictures.images import Source, to_image

START = ("relu2_1", "relu3_1", "relu4_1", "relu5_1")
OUTSIDE = 0.5  # the grey shown where a field reaches out of the picture


@dataclass(frozen=True, eq=False)
class Influence:
    """How much each pixel of a receptive field matters to the neurons."""

    heat: PIL.Image.Image  # the field, its influence over the photo
    size: int | None  # px, the square with 90 % of it; None: the neurons are silent

    def caption(self) -> str:
        """How far the influence reaches."""
        if self.size is None:
            return "Nothing matters: the neurons are silent"
        return f"What matters: 90% within {self.size} px"


@dataclass(frozen=True, eq=False)
class Glance:
    """What the neurons at one position of a layer see of a picture."""

    seen: SmallPicture
    layer: str
    row: int
    column: int

    @property
    def box(self) -> Box:
        """The receptive field."""
        return receptive_field.box(self.layer, self.row, self.column)

    @property
    def share(self) -> float:
        """How much of the picture's area lies in the field: 0..1."""
        height, width = self.seen.height, self.seen.width
        top, left, bottom, right = self.box.clipped(height, width)
        return (bottom - top) * (right - left) / (height * width)

    def patch(self) -> PIL.Image.Image:
        """The field in squares of one colour, one for every neuron of a map."""
        mosaic = mosaic_of(self.seen.pixels, layers.stride(self.layer))
        return to_image(cut(mosaic, self.box, OUTSIDE))

    def measure(self) -> Influence:
        """What of the field matters, by gradients; up to half a second."""
        found = influence_of(
            load(), self.seen.pixels, self.layer, self.row, self.column
        )
        heat = cut(found[None, None], self.box, 0.0)[0, 0]
        # The influence falls so steeply that its square root is what can be seen.
        levels = shading.bytes_of(shading.unit(heat).sqrt())
        size = receptive_field.effective_size(found, self.box) if found.any() else None
        return Influence(shading.over(levels, self.backdrop()), size)

    def backdrop(self) -> PIL.Image.Image:
        """The photo in the field, dimmed, to paint on."""
        return shading.backdrop(to_image(cut(self.seen.pixels, self.box, OUTSIDE)), 1)

    def facts(self) -> list[tuple[str, str]]:
        """The size of the field: in pixels, and as a share of the picture."""
        size = self.box.size
        return [(f"{size} × {size}", "px"), (percent(self.share), "of the picture")]

    def caption(self) -> str:
        """What the patch shows."""
        stride = layers.stride(self.layer)
        return f"What it sees, in squares of {stride} px"


class FieldView:
    """A picture, a point in it, and two to four layers that look there."""

    seen: SmallPicture

    def __init__(self, picture: Source = "cat", chosen: Sequence[str] = START) -> None:
        self.open(shrink(picture))
        self.choose(chosen)

    def open(self, seen: SmallPicture) -> None:
        """Looks at another picture, from its middle."""
        self.seen = seen
        self.point = seen.width // 2, seen.height // 2  # x and y, in pixels

    def choose(self, chosen: Sequence[str]) -> None:
        """Other layers, two to four, in the order in which they stand side by side."""
        if not 2 <= len(chosen) <= 4:
            raise ValueError(f"two to four layers can be compared, not {len(chosen)}")
        for layer in chosen:
            layers.check_layers(layer)
        self.layers = tuple(chosen)

    def glance(self, layer: str) -> Glance:
        """What `layer` sees around the point, by arithmetic; at once."""
        x, y = self.point
        size = self.seen.height, self.seen.width
        return Glance(self.seen, layer, *receptive_field.neuron_at(layer, y, x, *size))

    def words(self) -> str:
        """All of it in one sentence, for who cannot see it."""
        x, y = self.point
        sizes = (
            f"{layer} {receptive_field.field(layer).size} px" for layer in self.layers
        )
        return (
            f"Column {x}, row {y} of '{self.seen.title}' and the squares that the "
            f"layers of VGG-19 see around it: {', '.join(sizes)}."
        )


def mosaic_of(pixels: Tensor, stride: int) -> Tensor:
    """A picture [1, C, H, W] in squares of `stride` pixels, each of one mean colour."""
    small = F.avg_pool2d(pixels, stride, ceil_mode=True)
    large = small.repeat_interleave(stride, 2).repeat_interleave(stride, 3)
    return large[..., : pixels.shape[2], : pixels.shape[3]]


def cut(pixels: Tensor, box: Box, outside: float) -> Tensor:
    """The part [1, C, size, size] in `box` of a picture, with a colour around it."""
    top, left, bottom, right = box.clipped(*pixels.shape[2:])
    found = pixels.new_full((*pixels.shape[:2], box.size, box.size), outside)
    rows = slice(top - box.top, bottom - box.top)
    columns = slice(left - box.left, right - box.left)
    found[..., rows, columns] = pixels[..., top:bottom, left:right]
    return found


def influence_of(
    net: Network, picture: Tensor, layer: str, row: int, column: int
) -> Tensor:
    """`receptive_field.influence`, computed from what the neuron sees: much less work.

    The cut keeps the grid of the pooling layers, and what its border gets wrong lies
    outside of the neuron's field: the result is the same.
    """
    height, width = picture.shape[2:]
    stride = layers.stride(layer)
    top, left, bottom, right = receptive_field.box(layer, row, column).clipped(
        height, width
    )
    top, left = top - top % stride, left - left % stride
    bottom, right = bottom + -bottom % stride, right + -right % stride
    found = torch.zeros(height, width)
    found[top:bottom, left:right] = receptive_field.influence(
        net,
        picture[..., top:bottom, left:right],
        layer,
        row - top // stride,
        column - left // stride,
    )
    return found
