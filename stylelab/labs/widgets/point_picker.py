"""A picture to point at, by mouse, finger or arrow keys."""

from __future__ import annotations

from collections.abc import Mapping

import anywidget
import traitlets

from stylelab.analysis.receptive_field import Box
from stylelab.labs.widgets.base import page_code

LINE = 3  # px, the width in labs.css


class PointPicker(anywidget.AnyWidget):
    """An encoded picture with a point that is moved, and squares drawn over it.

    `point` and `boxes` are in the units of `size`, however large `value` is encoded.
    """

    _esm = page_code("point_picker.js")

    value = traitlets.Bytes(b"").tag(sync=True)  # PNG or JPEG
    size = traitlets.Tuple((1, 1)).tag(sync=True)  # width and height
    point = traitlets.Tuple((0, 0)).tag(sync=True)  # x and y
    step = traitlets.Int(1).tag(sync=True)  # of an arrow key; with Shift, 8 times that
    boxes = traitlets.List().tag(sync=True)  # as outline() makes them
    label = traitlets.Unicode("a picture").tag(sync=True)  # for screen readers


def outline(box: Box, hue: str, tag: str = "", dash: tuple = ()) -> Mapping:
    """A square to draw in the colour `hue`, with the words `tag` at a corner.

    dash: lengths of line and gap, in line widths, for eyes that cannot tell the hues.
    """
    left, top, size = box.left, box.top, box.size
    return {
        "left": left,
        "top": top,
        "size": size,
        "hue": hue,
        "tag": tag,
        "dash": " ".join(str(LINE * length) for length in dash),
    }
