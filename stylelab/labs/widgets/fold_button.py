"""A button that opens and closes what stands behind it."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent


class FoldButton(anywidget.AnyWidget):
    """Says which it is to screen readers too, as ipywidgets' ToggleButton does not."""

    _esm = HERE / "fold_button.js"
    _css = HERE / "labs.css"

    value = traitlets.Bool(False).tag(sync=True)  # open
    title = traitlets.Unicode().tag(sync=True)
