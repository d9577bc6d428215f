"""What LayerLab shows: the feature maps of one picture. It knows no widget."""

from __future__ import annotations

import PIL.Image
import torch
import torch.nn.functional as F
from PIL.Image import Resampling
from torch import Tensor

from stylelab.analysis import receptive_field
from stylelab.analysis.receptive_field import Box
from stylelab.core import layers
from stylelab.core.vgg import load
from stylelab.labs import shading
from stylelab.labs.small_picture import SmallPicture, shrink
from stylelab.pictures.images import Source

LAYERS = tuple(name for name in layers.LAYERS if not name.startswith("conv"))
ORDERS = ("strength", "index")
PAGE = 20  # maps on a page
TILE = 128  # px, the longest side of a map in the grid
ZOOM = 2  # of the photo behind the enlarged map


class LayerView:
    """All feature maps of a picture, and which of them are looked at.

    The picture's features are computed once, by `open`. After that `layer`, `order`,
    `page` and `channel` answer at once; `turn_to` keeps them consistent.
    """

    seen: SmallPicture
    maps: dict[str, Tensor]  # [C, H, W] by layer, none negative
    strengths: dict[str, Tensor]  # [C] by layer: the mean of each map
    point: tuple[int, int]  # x and y, in pixels of the picture

    def __init__(self, picture: Source = "cat") -> None:
        self.layer, self.order, self.page, self.channel = "relu3_1", ORDERS[0], 0, 0
        self.open(shrink(picture))

    def open(self, seen: SmallPicture) -> None:
        """Looks at another picture, where its first map is strongest; a second."""
        with torch.no_grad():
            found = load().features(seen.pixels, LAYERS)
            self.maps = {name: maps[0].contiguous() for name, maps in found.items()}
        self.strengths = {name: m.mean(dim=(1, 2)) for name, m in self.maps.items()}
        self.seen = seen
        self.behind = shading.backdrop(seen.image, ZOOM)
        self.turn_to(0)
        row, column = divmod(int(self.map.argmax()), self.map.shape[1])
        stride = layers.stride(self.layer)
        self.point = int(stride * (column + 0.5)), int(stride * (row + 0.5))

    def choose(self, layer: str | None = None, order: str | None = None) -> None:
        """Another layer or order, from its first page."""
        self.layer, self.order = layer or self.layer, order or self.order
        self.turn_to(0)

    def turn_to(self, page: int) -> None:
        """Another page, as far as there are any, and the first channel on it."""
        self.page = min(max(0, page), self.pages - 1)
        self.channel = self.on_page[0]

    @property
    def channels(self) -> int:
        return layers.channels(self.layer)

    @property
    def pages(self) -> int:
        return -(-self.channels // PAGE)

    @property
    def on_page(self) -> list[int]:
        """The channels on this page, in the order chosen."""
        ranked = torch.arange(self.channels)
        if self.order == "strength":
            ranked = self.strengths[self.layer].argsort(descending=True, stable=True)
        return ranked[PAGE * self.page : PAGE * (self.page + 1)].tolist()

    @property
    def map(self) -> Tensor:
        """The enlarged map, [H, W]."""
        return self.maps[self.layer][self.channel]

    @property
    def neuron(self) -> tuple[int, int]:
        """Row and column, in the map, of the neuron that looks at `point`."""
        x, y = self.point
        size = self.seen.height, self.seen.width
        return receptive_field.neuron_at(self.layer, y, x, *size)

    @property
    def box(self) -> Box:
        """What this neuron sees of the picture."""
        return receptive_field.box(self.layer, *self.neuron)

    @property
    def cell(self) -> Box:
        """The square of the photo over which this neuron's value is painted."""
        row, column = self.neuron
        stride = layers.stride(self.layer)
        return Box(row * stride, column * stride, stride)

    @property
    def value(self) -> float:
        """The activation of this neuron in the enlarged map."""
        return self.map[self.neuron].item()

    def strength(self, channel: int) -> float:
        """The mean of a map as a share of the layer's strongest: 0..1."""
        found = self.strengths[self.layer]
        return (found[channel] / found.max().clamp(min=1e-30)).item()

    def tiles(self) -> list[PIL.Image.Image]:
        """The maps on this page, in colours, each scaled to its own maximum.

        A map longer than TILE shows the maximum of what falls on one pixel: where a
        channel answers at all must not be averaged away.
        """
        maps = self.maps[self.layer][self.on_page]
        maps = F.max_pool2d(maps, -(-max(maps.shape[1:]) // TILE))
        return [shading.coloured(shading.bytes_of(shading.unit(m))) for m in maps]

    def enlarged(self) -> PIL.Image.Image:
        """The chosen map over the photo, every value where its neuron stands.

        Pixels at the right and lower edge that pooling left over stay uncovered.
        """
        levels = shading.bytes_of(shading.unit(self.map))
        side = ZOOM * layers.stride(self.layer)
        size = levels.width * side, levels.height * side
        canvas = PIL.Image.new("L", self.behind.size)
        canvas.paste(levels.resize(size, Resampling.NEAREST), (0, 0))
        return shading.over(canvas, self.behind)

    def facts(self) -> list[tuple[str, str]]:
        """The layer in numbers: each with what it counts."""
        height, width = self.map.shape
        side, area = self.box.size, self.seen.height * self.seen.width
        return [
            (str(self.channels), "maps"),
            (f"{height} × {width}", "neurons in each"),
            (f"{side} × {side} px", "seen by a neuron"),
            (percent(side**2 / area), "of the picture's area"),
        ]

    def range(self) -> str:
        """Which of the maps are on this page."""
        first = PAGE * self.page + 1
        return f"{first}–{first + len(self.on_page) - 1} of {self.channels}"

    def reading(self) -> list[tuple[str, str]]:
        """What the neuron that looks at the point answers."""
        row, column = self.neuron
        share = self.value / max(self.map.max().item(), 1e-30)
        where = f"in channel {self.channel}, row {row}, column {column}"
        return [
            (f"{self.value:.0f}", where),
            (percent(share), "of the map's maximum"),
        ]

    def words(self) -> str:
        """All of it in one sentence, for who cannot see it."""
        height, width = self.map.shape
        return (
            f"Layer {self.layer} of VGG-19 looks at '{self.seen.title}': "
            f"{self.channels} feature maps of {height} × {width}, channel "
            f"{self.channel} over the photo, and the {self.box.size} px square that "
            "one neuron sees."
        )


def percent(share: float) -> str:
    """A share of 1 as a percentage, with a decimal where it is small."""
    return f"{share:.1%}" if 0 < share < 0.0995 else f"{share:.0%}"
