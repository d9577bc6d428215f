"""Buttons of the labs that ipywidgets does not have."""

from collections.abc import Sequence

import anywidget
import traitlets

from stylelab.core.language import _
from stylelab.core.layers import LAYERS, block
from stylelab.labs.widgets.base import page_code


class FoldButton(anywidget.AnyWidget):
    """Shows and hides controls, and tells screen readers whether they are shown.

    ipywidgets' ToggleButton does not tell them.
    """

    _esm = page_code("fold_button.js")

    value = traitlets.Bool(False).tag(sync=True)  # open
    title = traitlets.Unicode().tag(sync=True)


class PresentButton(anywidget.AnyWidget):
    """The switch of the projector mode: large type, high contrast, no code.

    Where the page allows it, the lab is then alone on the screen, and Escape ends it.
    """

    _esm = page_code("present.js")

    def __init__(self) -> None:
        super().__init__()
        self.add_class("sl-present")


class LayerButtons(anywidget.AnyWidget):
    """Any set of VGG-19's layers: a button for each, pressed or not, block by block.

    It offers only those convolutions that are among the first `chosen`.
    """

    _esm = page_code("layer_buttons.js")

    value = traitlets.List().tag(sync=True)  # names, from the first layer to the last
    blocks = traitlets.List().tag(sync=True)  # the names to choose from, by block
    label = traitlets.Unicode("Layers").tag(sync=True)
    help = traitlets.Unicode("").tag(sync=True)

    def __init__(self, chosen: Sequence[str], **traits: str) -> None:
        names = [n for n in LAYERS if n in chosen or not n.startswith("conv")]
        blocks = [[n for n in names if block(n) == number] for number in range(1, 6)]
        super().__init__(value=[*chosen], blocks=blocks, **traits)


class PressButtons(anywidget.AnyWidget):
    """One of several buttons is pressed; a single button is pressed or not.

    ipywidgets' ToggleButtons do not tell screen readers which one it is.
    """

    _esm = page_code("press_buttons.js")

    options = traitlets.List().tag(sync=True)  # pairs of a key and the button's text
    value = traitlets.Unicode("").tag(sync=True)  # the key of the one that is pressed
    label = traitlets.Unicode("").tag(sync=True)  # of the group, for screen readers

    def __init__(self, label: str, options: Sequence[tuple], value: str = "") -> None:
        shown = [[key, _(text)] for key, text in options]
        super().__init__(label=_(label), options=shown, value=value)
