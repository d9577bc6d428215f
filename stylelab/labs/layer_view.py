"""What LayerLab shows: the feature maps of one picture. It knows no widget."""

from __future__ import annotations

import PIL.Image
import torch
import torch.nn.functional as F
from PIL.Image import Resampling
from torch import Tensor

from stylelab.analysis import receptive_field
from stylelab.analysis.receptive_field import Box
from stylelab.core import layers, vgg
from stylelab.labs import shading
from stylelab.labs.small_picture import SmallPicture, shrink
from stylelab.pictures.images import Source

LAYERS = tuple(name for name in layers.LAYERS if not name.startswith("conv"))
PAGE = 20  # maps on a page
TILE = 128  # px, the longest side of a map in the grid
ZOOM = 2  # of the photo behind the enlarged map


class LayerView:
    """All feature maps of a picture, and which of them are looked at.

    The picture's features are computed once, by `open`. After that `layer`, `order`,
    `page` and `channel` answer at once; `turn_to` keeps them consistent.
    """

    picture: SmallPicture
    maps: dict[str, Tensor]  # [C, H, W] by layer, none negative
    strengths: dict[str, Tensor]  # [C] by layer: the mean of each map; the strongest: 1
    point: tuple[int, int]  # x and y, in pixels of the picture

    def __init__(self, picture: Source = "cat") -> None:
        self.layer, self.order, self.page, self.channel = "relu3_1", "strength", 0, 0
        self.open(shrink(picture))

    def open(self, picture: SmallPicture) -> None:
        """Another picture, at the point where its first map is strongest; a second."""
        with torch.no_grad():
            features = vgg.load().features(picture.pixels, LAYERS)
        self.maps = {name: maps[0].contiguous() for name, maps in features.items()}
        means = {name: maps.mean(dim=(1, 2)) for name, maps in self.maps.items()}
        self.strengths = {name: shading.unit(mean) for name, mean in means.items()}
        self.picture = picture
        self.behind = shading.backdrop(picture.image, ZOOM)
        self.turn_to(0)
        row, column = divmod(int(self.map.argmax()), self.map.shape[1])
        stride = layers.stride(self.layer)
        self.point = int(stride * (column + 0.5)), int(stride * (row + 0.5))

    def choose(self, layer: str | None = None, order: str | None = None) -> None:
        """Another layer, or another order ("strength" or "index"); its first page."""
        self.layer, self.order = layer or self.layer, order or self.order
        self.turn_to(0)

    def turn_to(self, page: int) -> None:
        """`page`, or the nearest that there is, and the first channel on it."""
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
        (x, y), (width, height) = self.point, self.picture.image.size
        return receptive_field.neuron_at(self.layer, y, x, height, width)

    @property
    def box(self) -> Box:
        """The receptive field of this neuron."""
        return receptive_field.box(self.layer, *self.neuron)

    @property
    def square(self) -> Box:
        """The square of the photo over which this neuron's value is painted."""
        stride = layers.stride(self.layer)
        return Box(*(place * stride for place in self.neuron), stride)

    def strength(self, channel: int) -> float:
        """The mean of a map as a share of the layer's strongest: 0..1."""
        return self.strengths[self.layer][channel].item()

    def tiles(self) -> list[PIL.Image.Image]:
        """The maps on this page, in colours, each scaled to its own maximum.

        A map longer than TILE is max-pooled: an average would hide where a channel
        answers in a single place.
        """
        maps = self.maps[self.layer][self.on_page]
        maps = F.max_pool2d(maps, -(-max(maps.shape[1:]) // TILE))
        return [shading.coloured(shading.grey_levels(m)) for m in maps]

    def enlarged(self) -> PIL.Image.Image:
        """The chosen map over the photo, every value where its neuron stands.

        Pixels at the right and lower edge that pooling left over stay uncovered.
        """
        levels = shading.grey_levels(self.map)
        side = ZOOM * layers.stride(self.layer)
        size = levels.width * side, levels.height * side
        canvas = PIL.Image.new("L", self.behind.size)
        canvas.paste(levels.resize(size, Resampling.NEAREST), (0, 0))
        return shading.over(canvas, self.behind)

    def facts(self) -> list[tuple[str, str]]:
        """The layer in numbers: each with what it counts."""
        (height, width), side = self.map.shape, self.box.size
        area = self.picture.image.width * self.picture.image.height
        return [
            (str(self.channels), "maps"),
            (f"{height} × {width}", "neurons in each"),
            (f"{side} × {side} px", "seen by a neuron"),
            (shading.percent(side**2 / area), "of the picture's area"),
        ]

    def page_range(self) -> str:
        """Which of the maps are on this page."""
        first = PAGE * self.page + 1
        return f"{first}–{first + len(self.on_page) - 1} of {self.channels}"

    def reading(self) -> list[tuple[str, str]]:
        """The value of the neuron that looks at the point."""
        row, column = self.neuron
        where = f"in channel {self.channel}, row {row}, column {column}"
        share = shading.percent(shading.unit(self.map)[row, column].item())
        return [
            (f"{self.map[row, column]:.0f}", where),
            (share, "of the map's maximum"),
        ]

    def words(self) -> str:
        """The view in one sentence, for screen readers."""
        height, width = self.map.shape
        return (
            f"Layer {self.layer} of VGG-19 looks at '{self.picture.title}': "
            f"{self.channels} feature maps of {height} × {width}, channel "
            f"{self.channel} over the photo, and the {self.box.size} px square that "
            "one neuron sees."
        )
