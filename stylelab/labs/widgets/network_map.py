"""A drawing of VGG-19 in which a layer is chosen."""

import math

import anywidget
import traitlets

from stylelab.core import layers
from stylelab.core.language import _, later
from stylelab.labs import shading
from stylelab.labs.picture_maps import LAYERS
from stylelab.labs.small_picture import SIZE
from stylelab.labs.widgets.base import page_code

GAP, STEP = 0.8, 3.0  # between two layers and two blocks, in the units of a width
# In true proportion, the first blocks would be too thin and the last too low to see.
CAPTION = later("Height: side of a map. Width: number of maps. Both as square roots.")


class NetworkMap(anywidget.AnyWidget):
    """All 37 layers as blocks; one is chosen by click, drag, arrow keys, or Play.

    `chosen` is a layer of LAYERS: on a convolution, it is the relu behind it.
    """

    _esm = page_code("network_map.js")

    blocks = traitlets.List().tag(sync=True)  # of layers, as `drawing` makes them
    names = traitlets.List([*LAYERS]).tag(sync=True)  # that can be chosen, in order
    chosen = traitlets.Unicode().tag(sync=True)
    facts = traitlets.List().tag(sync=True)  # pairs: a number, and what it counts
    caption = traitlets.Unicode().tag(sync=True)

    def __init__(self, chosen: str) -> None:
        super().__init__(blocks=drawing(), chosen=chosen, caption=_(CAPTION))


def drawing() -> list[dict]:
    """Every layer's block: name, choice, group, hue, left, width and height (0..1)."""
    widths, heights, lefts, place = [], [], [], 0.0
    for i, name in enumerate(layers.LAYERS):
        channels, height = layers.map_shape(name, SIZE, SIZE)[:2]
        widths.append(math.sqrt(channels))
        heights.append(math.sqrt(height / SIZE))
        lefts.append(place)
        # A pooling layer stands one step lower, before the next block.
        is_step = name.startswith("pool") or layers.LAYERS[i + 1].startswith("pool")
        place += widths[-1] + (STEP if is_step else GAP)
    whole = place - STEP
    return [
        {
            "name": name,
            "choice": name.replace("conv", "relu"),
            "group": layers.block(name),
            "hue": shading.BLOCKS[layers.block(name) - 1],
            "left": left / whole,
            "width": width / whole,
            "height": height,
        }
        for name, left, width, height in zip(
            layers.LAYERS, lefts, widths, heights, strict=True
        )
    ]
