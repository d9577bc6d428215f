"""A picture over another, with a line between them to drag."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent


class BeforeAfter(anywidget.AnyWidget):
    """Before on the left of the line and after on its right, by mouse or arrow keys."""

    _esm = HERE / "before_after.js"
    _css = HERE / "studio.css"

    before = traitlets.Bytes(b"").tag(sync=True)  # encoded, in the size of the other
    after = traitlets.Bytes(b"").tag(sync=True)
