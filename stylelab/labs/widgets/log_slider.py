"""A slider over powers of ten, with a name for either end."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent


class LogSlider(anywidget.AnyWidget):
    """A number from 10 ** low to 10 ** high, in two digits: 0.03, 1.5, 200."""

    _esm = HERE / "log_slider.js"
    _css = HERE / "labs.css"

    value = traitlets.Float(1.0).tag(sync=True)
    low = traitlets.Float(-2.0).tag(sync=True)  # exponents
    high = traitlets.Float(2.0).tag(sync=True)
    ends = traitlets.Tuple(("", "")).tag(sync=True)  # what lies to the left and right
    label = traitlets.Unicode("").tag(sync=True)
    help = traitlets.Unicode("").tag(sync=True)
