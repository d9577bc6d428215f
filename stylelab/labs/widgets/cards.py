"""Cards side by side, each with a title, a few numbers and two pictures."""

from __future__ import annotations

import anywidget
import traitlets

from stylelab.labs.widgets.base import page_code


class Cards(anywidget.AnyWidget):
    """Cards that change while a point is dragged.

    A card is a dict of title, hue, facts (number and unit) and figures. A figure is a
    dict of its encoded picture, caption, alt text and inner, the side of a square in
    its middle as a share of the picture's, 0 for none.
    """

    _esm = page_code("cards.js")

    cards = traitlets.List().tag(sync=True)
