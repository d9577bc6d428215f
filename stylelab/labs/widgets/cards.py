"""Cards side by side, each with a title, a few numbers and two pictures."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent


class Cards(anywidget.AnyWidget):
    """Cards that change while a point is dragged.

    A card is a dict of title, hue, facts (number and unit) and figures. A figure is a
    dict of its encoded picture, caption, alt text and inner, the side of a square in
    its middle as a share of the picture's, 0 for none.
    """

    _esm = HERE / "cards.js"
    _css = HERE / "labs.css"

    cards = traitlets.List().tag(sync=True)
