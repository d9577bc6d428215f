"""What LayerLab shows: feature maps of one picture, or of two. It knows no widget."""

import PIL.Image
import torch.nn.functional as F
from torch import Tensor

from stylelab.core.language import _
from stylelab.figures.plots import MEDIUM, Plate
from stylelab.labs import first_sum, shading
from stylelab.labs.field_view import ReceptiveField
from stylelab.labs.markup import note_html
from stylelab.labs.picture_maps import PictureMaps
from stylelab.labs.small_picture import SmallPicture, shrink
from stylelab.pictures.images import Source

PAGE = 20  # maps on a page
TILE = 128  # px, the longest side of a map in the grid


class LayerView:
    """All feature maps of a picture, and which of them are looked at.

    The picture's features are computed once, by `open`. After that `choose` (a layer,
    an order) and `turn_to` (a page) answer at once, and so does another `channel`.
    `compare` adds a second picture: all that is shown then has one scale for both.
    """

    sides: list[PictureMaps]  # one, or the second beside it
    channels: list[int]  # of the layer, in the order chosen

    def __init__(self, picture: Source = "cat") -> None:
        self.layer, self.order, self.page, self.channel = "relu3_1", "strength", 0, 0
        self.covered = True  # the map lies over the photo
        self.sides = []
        self.open(shrink(picture))

    def open(self, picture: SmallPicture) -> None:
        """Another picture, at the point where its first map is strongest; a second."""
        first = PictureMaps(picture, self.layer, None)
        self.sides = [first, *self.sides[1:]]
        self.choose()

    def compare(self, picture: SmallPicture | None) -> None:
        """A second picture beside the first; None frees the memory of its maps."""
        del self.sides[1:]
        if picture is not None:
            self.sides.append(PictureMaps(picture, self.layer, self.channel))

    def choose(self, layer: str | None = None, order: str | None = None) -> None:
        """Another layer, or another order ("strength" or "index"); its first page."""
        self.layer, self.order = layer or self.layer, order or self.order
        means = self.sides[0].means[self.layer]
        self.channels = list(range(len(means)))
        if self.order == "strength":
            self.channels = means.argsort(descending=True, stable=True).tolist()
        self.turn_to(0)

    def turn_to(self, page: int) -> None:
        """`page`, or the nearest that there is, and the first channel on it."""
        self.page = min(max(0, page), self.pages - 1)
        self.channel = self.on_page[0]

    @property
    def picture(self) -> SmallPicture:
        """The first picture."""
        return self.sides[0].picture

    @property
    def maps(self) -> dict[str, Tensor]:
        """The first picture's maps: [C, H, W] by layer."""
        return self.sides[0].maps

    @property
    def pages(self) -> int:
        return -(-len(self.channels) // PAGE)

    @property
    def on_page(self) -> list[int]:
        """The channels on this page."""
        return self.channels[PAGE * self.page : PAGE * (self.page + 1)]

    @property
    def map(self) -> Tensor:
        """The first picture's enlarged map, [H, W]."""
        return self.maps[self.layer][self.channel]

    @property
    def top(self) -> float:
        """The largest value of the enlarged maps."""
        maps = [side.maps[self.layer][self.channel] for side in self.sides]
        return max(one.max().item() for one in maps)

    def strengths(self, channel: int) -> list[float]:
        """By picture: the mean of its map as a share of the layer's strongest, 0..1."""
        means = [side.means[self.layer] for side in self.sides]
        top = max(1e-30, *(one.max().item() for one in means))
        return [one[channel].item() / top for one in means]

    def tiles(self) -> list[PIL.Image.Image]:
        """The maps on this page, in colours, each scaled to its own maximum.

        A map longer than TILE is max-pooled: an average would hide where a channel
        answers in a single place.
        """
        maps = self.maps[self.layer][self.on_page]
        maps = F.max_pool2d(maps, -(-max(maps.shape[1:]) // TILE))
        return [shading.coloured(shading.grey_levels(m)) for m in maps]

    def enlarged(self, side: int = 0) -> PIL.Image.Image:
        """A picture with the chosen map over it, or in its colours where uncovered."""
        one = self.sides[side]
        if not self.covered:
            return one.photo()
        return one.over_photo(self.layer, self.channel, self.top)

    def facts(self) -> list[tuple[str, str]]:
        """The layer in numbers: each with what it counts."""
        (height, width), side = self.map.shape, self.field().box.size
        area = self.picture.image.width * self.picture.image.height
        return [
            (str(len(self.channels)), _("maps")),
            (f"{height} × {width}", _("neurons in each")),
            (f"{side} × {side} px", _("seen by a neuron")),
            (shading.percent(side**2 / area), _("of the picture's area")),
        ]

    def page_range(self) -> str:
        """Which of the maps are on this page."""
        first = PAGE * self.page + 1
        last, count = first + len(self.on_page) - 1, len(self.channels)
        return _("{} of {}").format(f"{first}–{last}", count)

    def field(self, side: int = 0) -> ReceptiveField:
        """The neuron that looks at a picture's point, and what it sees."""
        return self.sides[side].field(self.layer)

    def reading(self, side: int = 0) -> list[tuple[str, str]]:
        """The value of the neuron that looks at the picture's point."""
        row, column = self.field(side).neuron
        value = self.sides[side].maps[self.layer][self.channel][row, column].item()
        where = _("at row {}, column {}").format(row, column)
        share = shading.percent(value / max(1e-30, self.top))
        of = _("of the map's maximum")
        if len(self.sides) > 1:
            of = _("of the maximum of both")
        return [(f"{value:.0f}", where), (share, of)]

    def arithmetic(self) -> str:
        """How the first picture's value at the point is made, as HTML."""
        if self.layer != "relu1_1":
            return note_html(first_sum.elsewhere(self.layer))
        pixels, neuron = self.picture.pixels, self.field().neuron
        one = first_sum.first_sum(pixels, self.channel, *neuron)
        return first_sum.drawing(one, self.channel)

    def words(self, side: int = 0) -> str:
        """The view in one sentence, for screen readers."""
        height, width = self.sides[side].maps[self.layer].shape[1:]
        size = self.field(side).box.size
        over = _("over the photo") if self.covered else _("chosen")
        words = _(
            "Layer {} of VGG-19 looks at '{}': {} feature maps of {} × {}, channel "
            "{} {}, and the {} px square that one neuron sees."
        )
        title, count = self.sides[side].picture.title, len(self.channels)
        shape = count, height, width
        return words.format(self.layer, title, *shape, self.channel, over, size)

    def figure(self) -> Plate:
        """The map over the photo, and the page of maps beside it."""
        facts = ", ".join(map(" ".join, self.facts()))
        plate = Plate(f"{self.layer}: {facts}", self.words(), 10, 5.6)
        left, right = plate.subfigures(1, 2)
        caption = _("channel {}, and what a neuron of it sees").format(self.channel)
        left.suptitle(caption, fontsize=MEDIUM)
        axes = left.subplots()
        shading.draw(axes, self.enlarged(), self.picture.image.size)
        shading.draw_square(axes, self.field().square, "#ffffff")
        shading.draw_square(axes, self.field().box, shading.HUES[0])
        caption = _("maps {}, strength in brackets").format(self.page_range())
        right.suptitle(caption, fontsize=MEDIUM)
        # One axes for all maps: twenty of them would take seconds.
        axes, tiles = right.subplots(), self.tiles()
        width, height = 1.08 * tiles[0].width, 1.05 * tiles[0].height
        line = 0.2 * width
        for i, (image, channel) in enumerate(zip(tiles, self.on_page, strict=True)):
            x, y = width * (i % 4), (height + line) * (i // 4)
            shading.draw(axes, image.convert("RGB"), image.size, (x, y))
            name = f"{channel} ({self.strengths(channel)[0]:.0%})"
            axes.text(x, y, name, fontsize=11, verticalalignment="bottom")
        axes.set(xlim=(0, 4 * width), ylim=(5 * (height + line), -line))
        return plate
