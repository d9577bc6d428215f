"""One picture and all its feature maps, as LayerLab looks at them. No widget."""

import PIL.Image
import torch
from PIL.Image import Resampling
from torch import Tensor

from stylelab.core import layers, vgg
from stylelab.labs import shading
from stylelab.labs.field_view import ReceptiveField
from stylelab.labs.small_picture import SmallPicture

LAYERS = tuple(name for name in layers.LAYERS if not name.startswith("conv"))
ZOOM = 2  # of the photo behind the enlarged map


class PictureMaps:
    """A picture's feature maps, computed once: a second, and about 100 MB."""

    maps: dict[str, Tensor]  # [C, H, W] by layer, none negative
    means: dict[str, Tensor]  # [C] by layer
    point: tuple[int, int]  # x and y, in pixels of the picture

    def __init__(self, picture: SmallPicture, layer: str, channel: int | None) -> None:
        """The point: where `channel` of `layer` is strongest; None: its strongest."""
        with torch.no_grad():
            features = vgg.load().features(picture.pixels, LAYERS)
        self.picture = picture
        self.maps = {name: maps[0].contiguous() for name, maps in features.items()}
        self.means = {name: maps.mean(dim=(1, 2)) for name, maps in self.maps.items()}
        self.behind = shading.backdrop(picture.image, ZOOM)
        if channel is None:
            channel = int(self.means[layer].argmax())
        maps = self.maps[layer]
        row, column = divmod(int(maps[channel].argmax()), maps.shape[2])
        stride = layers.stride(layer)
        self.point = int(stride * (column + 0.5)), int(stride * (row + 0.5))

    def field(self, layer: str) -> ReceptiveField:
        """The neuron of `layer` that looks at `point`, and what it sees."""
        return ReceptiveField(self.picture, layer, self.point)

    def over_photo(self, layer: str, channel: int, top: float) -> PIL.Image.Image:
        """A map over the photo, every value where its neuron stands; `top` is white.

        Pixels at the right and lower edge that pooling left over stay uncovered.
        """
        levels = shading.grey_levels(self.maps[layer][channel], top)
        side = ZOOM * layers.stride(layer)
        size = levels.width * side, levels.height * side
        canvas = PIL.Image.new("L", self.behind.size)
        canvas.paste(levels.resize(size, Resampling.NEAREST), (0, 0))
        return shading.over(canvas, self.behind)

    def photo(self) -> PIL.Image.Image:
        """The photo in its colours, as large as a map over it."""
        return self.picture.image.resize(self.behind.size, Resampling.BICUBIC)
