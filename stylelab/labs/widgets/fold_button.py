"""A button that shows and hides controls."""

from __future__ import annotations

import anywidget
import traitlets

from stylelab.labs.widgets.base import page_code


class FoldButton(anywidget.AnyWidget):
    """Tells screen readers whether it is open, as ipywidgets' ToggleButton does not."""

    _esm = page_code("fold_button.js")

    value = traitlets.Bool(False).tag(sync=True)  # open
    title = traitlets.Unicode().tag(sync=True)
