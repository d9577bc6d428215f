"""Any set of VGG-19's layers, chosen from all of them, block by block."""

from __future__ import annotations

from collections.abc import Sequence

import anywidget
import traitlets

from stylelab.core.layers import LAYERS, block
from stylelab.labs.widgets.base import page_code


class LayerButtons(anywidget.AnyWidget):
    """A button for each layer, pressed or not; convolutions only if first `chosen`."""

    _esm = page_code("layer_buttons.js")

    value = traitlets.List().tag(sync=True)  # names, from the first layer to the last
    blocks = traitlets.List().tag(sync=True)  # the names to choose from, by block
    label = traitlets.Unicode("Layers").tag(sync=True)
    help = traitlets.Unicode("").tag(sync=True)

    def __init__(self, chosen: Sequence[str], **traits: str) -> None:
        names = [n for n in LAYERS if n in chosen or not n.startswith("conv")]
        blocks = [[n for n in names if block(n) == number] for number in range(1, 6)]
        super().__init__(value=[*chosen], blocks=blocks, **traits)
