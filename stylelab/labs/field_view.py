"""What FieldLab shows: one point of a picture, seen by several layers. No widget."""

from collections.abc import Sequence
from dataclasses import dataclass

import PIL.Image
import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.analysis import receptive_field
from stylelab.analysis.receptive_field import Box
from stylelab.core import layers, vgg
from stylelab.core.language import _
from stylelab.core.vgg import Network
from stylelab.figures.plots import Plate
from stylelab.labs import shading
from stylelab.labs.small_picture import SmallPicture, shrink
from stylelab.pictures.images import Source, to_image

START = ("relu2_1", "relu3_1", "relu4_1", "relu5_1")
OUTSIDE = 0.5  # the grey shown where a field reaches out of the picture


@dataclass(frozen=True, eq=False)
class Influence:
    """How much each pixel of a receptive field matters to the neurons."""

    heat: PIL.Image.Image  # the field, its influence over the photo
    size: int  # px, the square with 90 % of it; 0 if the neurons are silent
    caption: str


@dataclass(frozen=True, eq=False)
class ReceptiveField:
    """What the neurons of a layer that look at `point` see of a picture."""

    picture: SmallPicture
    layer: str
    point: tuple[int, int]  # x and y, in pixels of the picture

    @property
    def neuron(self) -> tuple[int, int]:
        """Row and column of these neurons in the layer's maps."""
        (x, y), (width, height) = self.point, self.picture.image.size
        return receptive_field.neuron_at(self.layer, y, x, height, width)

    @property
    def box(self) -> Box:
        return receptive_field.box(self.layer, *self.neuron)

    @property
    def square(self) -> Box:
        """The pixels for which the neurons stand: far fewer than they see."""
        stride = layers.stride(self.layer)
        return Box(*(stride * place for place in self.neuron), stride)

    @property
    def share(self) -> float:
        """How much of the picture's area lies in the field: 0..1."""
        width, height = self.picture.image.size
        top, left, bottom, right = self.box.clipped(height, width)
        return (bottom - top) * (right - left) / (height * width)

    def patch(self) -> PIL.Image.Image:
        """The field: a neuron sees every pixel of it."""
        return to_image(cut(self.picture.pixels, self.box, OUTSIDE))

    def measure(self) -> Influence:
        """Which pixels of the field matter, by gradients; up to half a second."""
        net, pixels = vgg.load(), self.picture.pixels
        influence = influence_of(net, pixels, self.layer, *self.neuron)
        heat = cut(influence[None, None], self.box, 0.0)[0, 0]
        # The influence falls so steeply that only its square root is visible.
        heat = shading.over(shading.grey_levels(heat.sqrt()), self.backdrop())
        if not influence.any():
            return Influence(heat, 0, _("Nothing matters: the neurons are silent"))
        size = receptive_field.effective_size(influence, self.box)
        caption = _("What matters: 90% within {} px").format(size)
        return Influence(heat, size, caption)

    def backdrop(self) -> PIL.Image.Image:
        """The photo in the field, dimmed, to paint on."""
        return shading.backdrop(self.patch())

    def facts(self) -> list[tuple[str, str]]:
        """The size of the field: in pixels, and as a share of the picture."""
        size, share = self.box.size, shading.percent(self.share)
        return [(f"{size} × {size}", "px"), (share, _("of the picture"))]


class FieldView:
    """A picture, a point in it, and two to four layers that look there."""

    picture: SmallPicture

    def __init__(self, picture: Source = "cat", chosen: Sequence[str] = START) -> None:
        self.open(shrink(picture))
        self.choose(chosen)

    def open(self, picture: SmallPicture) -> None:
        """Another picture, and the point in its middle."""
        self.picture = picture
        width, height = picture.image.size
        self.point = width // 2, height // 2  # x and y, in pixels

    def choose(self, chosen: Sequence[str]) -> None:
        """Other layers, two to four, in the order in which they stand side by side."""
        if not 2 <= len(chosen) <= 4:
            words = _("two to four layers can be compared, not {}")
            raise ValueError(words.format(len(chosen)))
        if len(layers.check_layers(chosen)) < len(chosen):
            twice = next(name for name in chosen if chosen.count(name) > 1)
            words = _("{} is compared already: choose another layer")
            raise ValueError(words.format(twice))
        self.layers = tuple(chosen)

    def fields(self) -> list[ReceptiveField]:
        """What each layer sees around the point, by arithmetic; at once."""
        picture, point = self.picture, self.point
        return [ReceptiveField(picture, layer, point) for layer in self.layers]

    def words(self) -> str:
        """The view in one sentence, for screen readers."""
        x, y = self.point
        sizes = ", ".join(f"{f.layer} {f.box.size} px" for f in self.fields())
        words = _(
            "Column {}, row {} of '{}' and the squares that the layers of VGG-19 see "
            "around it: {}."
        )
        return words.format(x, y, self.picture.title, sizes)

    def figure(self) -> Plate:
        """The squares on the photo; beside it, the inside of each and its influence."""
        image, count = self.picture.image, len(self.layers)
        claim = _("One point of '{}', seen by {} layers")
        claim = claim.format(self.picture.title, count)
        plate = Plate(claim, self.words(), 10, 5)
        left, right = plate.subfigures(1, 2, width_ratios=(4, 7))
        photo, grid = left.subplots(), right.subplots(2, count).T
        shading.draw(photo, image, image.size)
        rows = zip(self.fields(), shading.HUES, shading.DASHES, grid, strict=False)
        for field, hue, dash, (above, below) in rows:
            influence, side = field.measure(), field.box.size
            shading.draw_square(photo, field.box, hue, dash)
            shading.draw(above, field.patch(), (side, side))
            shading.draw(below, influence.heat, (side, side))
            if influence.size:
                margin = (side - influence.size) // 2
                inner = Box(margin, margin, influence.size)
                shading.draw_square(below, inner, "#ffffff")
            title = "\n".join([field.layer, *map(" ".join, field.facts())])
            above.set_title(title, fontsize=10, backgroundcolor=hue)
            below.set_title(influence.caption.replace(": ", ":\n"), fontsize=11)
        return plate


def cut(pixels: Tensor, box: Box, outside: float) -> Tensor:
    """What lies in `box` of a picture, [1, C, size, size]; beyond it, `outside`."""
    height, width = pixels.shape[2:]
    bottom, right = box.top + box.size - height, box.left + box.size - width
    # A negative border cuts.
    return F.pad(pixels, (-box.left, right, -box.top, bottom), value=outside)


def influence_of(
    net: Network, picture: Tensor, layer: str, row: int, column: int
) -> Tensor:
    """`receptive_field.influence`, computed from the neuron's own field: less work.

    The part keeps the grid of the pooling layers, and zero padding at its border only
    changes values that this neuron does not see: the result [H, W] is the same.
    """
    stride, shape = layers.stride(layer), picture.shape[2:]
    top, left, bottom, right = receptive_field.box(layer, row, column).clipped(*shape)
    top, left = top - top % stride, left - left % stride
    bottom, right = bottom + -bottom % stride, right + -right % stride
    part = picture[..., top:bottom, left:right]
    row, column = row - top // stride, column - left // stride
    whole = torch.zeros(shape)
    whole[top:bottom, left:right] = receptive_field.influence(
        net, part, layer, row, column
    )
    return whole
