"""A choice by buttons that tell screen readers which of them is pressed."""

from collections.abc import Sequence

import anywidget
import traitlets

from stylelab.labs.widgets.base import page_code


class PressButtons(anywidget.AnyWidget):
    """One of several buttons is pressed; a single button is pressed or not.

    ipywidgets' ToggleButtons do not tell screen readers which one it is.
    """

    _esm = page_code("press_buttons.js")

    options = traitlets.List().tag(sync=True)  # pairs of a key and the button's text
    value = traitlets.Unicode("").tag(sync=True)  # the key of the one that is pressed
    label = traitlets.Unicode("").tag(sync=True)  # of the group, for screen readers

    def __init__(self, label: str, options: Sequence[tuple], value: str = "") -> None:
        super().__init__(label=label, options=[*map(list, options)], value=value)
