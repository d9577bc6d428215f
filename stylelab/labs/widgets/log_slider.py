"""A slider over powers of ten, with a name for either end."""

from __future__ import annotations

import anywidget
import traitlets

from stylelab.labs.widgets.base import page_code


class LogSlider(anywidget.AnyWidget):
    """A number from 10 ** low to 10 ** high, in two digits: 0.03, 1.5, 200."""

    _esm = page_code("log_slider.js")

    value = traitlets.Float(1.0).tag(sync=True)
    low = traitlets.Float(-2.0).tag(sync=True)  # exponents
    high = traitlets.Float(2.0).tag(sync=True)
    ends = traitlets.Tuple(("", "")).tag(sync=True)  # what lies to the left and right
    label = traitlets.Unicode("").tag(sync=True)
    help = traitlets.Unicode("").tag(sync=True)
