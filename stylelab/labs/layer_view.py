"""What LayerLab shows: the feature maps of one picture. It knows no widget."""

import PIL.Image
import torch
import torch.nn.functional as F
from PIL.Image import Resampling
from torch import Tensor

from stylelab.core import layers, vgg
from stylelab.figures.plots import MEDIUM, Plate
from stylelab.labs import shading
from stylelab.labs.field_view import ReceptiveField
from stylelab.labs.small_picture import SmallPicture, shrink
from stylelab.pictures.images import Source

LAYERS = tuple(name for name in layers.LAYERS if not name.startswith("conv"))
PAGE = 20  # maps on a page
TILE = 128  # px, the longest side of a map in the grid
ZOOM = 2  # of the photo behind the enlarged map


class LayerView:
    """All feature maps of a picture, and which of them are looked at.

    The picture's features are computed once, by `open`. After that `choose` (a layer,
    an order) and `turn_to` (a page) answer at once, and so does another `channel`.
    """

    picture: SmallPicture
    maps: dict[str, Tensor]  # [C, H, W] by layer, none negative
    strengths: dict[str, Tensor]  # [C] by layer: the mean of each map; the strongest: 1
    channels: list[int]  # of the layer, in the order chosen
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
        self.choose()
        row, column = divmod(int(self.map.argmax()), self.map.shape[1])
        stride = layers.stride(self.layer)
        self.point = int(stride * (column + 0.5)), int(stride * (row + 0.5))

    def choose(self, layer: str | None = None, order: str | None = None) -> None:
        """Another layer, or another order ("strength" or "index"); its first page."""
        self.layer, self.order = layer or self.layer, order or self.order
        strengths = self.strengths[self.layer]
        self.channels = list(range(len(strengths)))
        if self.order == "strength":
            self.channels = strengths.argsort(descending=True, stable=True).tolist()
        self.turn_to(0)

    def turn_to(self, page: int) -> None:
        """`page`, or the nearest that there is, and the first channel on it."""
        self.page = min(max(0, page), self.pages - 1)
        self.channel = self.on_page[0]

    @property
    def pages(self) -> int:
        return -(-len(self.channels) // PAGE)

    @property
    def on_page(self) -> list[int]:
        """The channels on this page."""
        return self.channels[PAGE * self.page : PAGE * (self.page + 1)]

    @property
    def map(self) -> Tensor:
        """The enlarged map, [H, W]."""
        return self.maps[self.layer][self.channel]

    @property
    def field(self) -> ReceptiveField:
        """The neuron that looks at `point`, and what it sees."""
        return ReceptiveField(self.picture, self.layer, self.point)

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
        (height, width), side = self.map.shape, self.field.box.size
        area = self.picture.image.width * self.picture.image.height
        return [
            (str(len(self.channels)), "maps"),
            (f"{height} × {width}", "neurons in each"),
            (f"{side} × {side} px", "seen by a neuron"),
            (shading.percent(side**2 / area), "of the picture's area"),
        ]

    def page_range(self) -> str:
        """Which of the maps are on this page."""
        first = PAGE * self.page + 1
        return f"{first}–{first + len(self.on_page) - 1} of {len(self.channels)}"

    def reading(self) -> list[tuple[str, str]]:
        """The value of the neuron that looks at the point."""
        row, column = self.field.neuron
        where = f"in channel {self.channel}, row {row}, column {column}"
        share = shading.percent(shading.unit(self.map)[row, column].item())
        value = f"{self.map[row, column]:.0f}"
        return [(value, where), (share, "of the map's maximum")]

    def words(self) -> str:
        """The view in one sentence, for screen readers."""
        (height, width), size = self.map.shape, self.field.box.size
        return (
            f"Layer {self.layer} of VGG-19 looks at '{self.picture.title}': "
            f"{len(self.channels)} feature maps of {height} × {width}, channel "
            f"{self.channel} over the photo, and the {size} px square that one neuron "
            "sees."
        )

    def figure(self) -> Plate:
        """The map over the photo, and the page of maps beside it."""
        facts = ", ".join(map(" ".join, self.facts()))
        plate = Plate(f"{self.layer}: {facts}", self.words(), 10, 5.6)
        left, right = plate.subfigures(1, 2)
        caption = f"channel {self.channel}, and what a neuron of it sees"
        left.suptitle(caption, fontsize=MEDIUM)
        axes = left.subplots()
        shading.draw(axes, self.enlarged(), self.picture.image.size)
        shading.draw_square(axes, self.field.square, "#ffffff")
        shading.draw_square(axes, self.field.box, shading.HUES[0])
        caption = f"maps {self.page_range()}, strength in brackets"
        right.suptitle(caption, fontsize=MEDIUM)
        # One axes for all maps: twenty of them would take seconds.
        axes, tiles = right.subplots(), self.tiles()
        width, height = 1.08 * tiles[0].width, 1.05 * tiles[0].height
        line = 0.2 * width
        for i, (image, channel) in enumerate(zip(tiles, self.on_page, strict=True)):
            x, y = width * (i % 4), (height + line) * (i // 4)
            shading.draw(axes, image.convert("RGB"), image.size, (x, y))
            name = f"{channel} ({self.strength(channel):.0%})"
            axes.text(x, y, name, fontsize=11, verticalalignment="bottom")
        axes.set(xlim=(0, 4 * width), ylim=(5 * (height + line), -line))
        return plate
