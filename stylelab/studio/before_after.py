"""A picture over another, with a line between them to drag."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

from stylelab.labs.widgets.base import page_code

HERE = Path(__file__).parent


class BeforeAfter(anywidget.AnyWidget):
    """Before on the left of the line and after on its right, by mouse or arrow keys."""

    _esm = page_code("before_after.js", HERE)

    before = traitlets.Bytes(b"").tag(sync=True)  # encoded, in the size of the other
    after = traitlets.Bytes(b"").tag(sync=True)
