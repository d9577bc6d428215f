"""Pictures that change: one with a point, a page of them, cards, one that grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import anywidget
import PIL.Image
import traitlets

from stylelab.core.language import _
from stylelab.labs.widgets.base import page_code
from stylelab.pictures.images import png

if TYPE_CHECKING:
    from stylelab.analysis.receptive_field import Box

LINE = 3  # px, the width in labs.css


class PointPicker(anywidget.AnyWidget):
    """A picture to point at, by mouse, finger or arrow keys; squares drawn over it.

    `point` and `boxes` are in the units of `size`, however large `value` is encoded.
    """

    _esm = page_code("point_picker.js")

    value = traitlets.Bytes(b"").tag(sync=True)  # PNG or JPEG
    size = traitlets.Tuple((1, 1)).tag(sync=True)  # width and height
    point = traitlets.Tuple((0, 0)).tag(sync=True)  # x and y
    step = traitlets.Int(1).tag(sync=True)  # of an arrow key; with Shift, 8 times that
    boxes = traitlets.List().tag(sync=True)  # as outline() makes them
    label = traitlets.Unicode(_("a picture")).tag(sync=True)  # for screen readers


def outline(box: Box, hue: str, tag: str = "", dash: tuple = ()) -> Mapping:
    """A square to draw in the colour `hue`, with the words `tag` at a corner.

    dash: lengths of line and gap, in line widths, for eyes that cannot tell the hues.
    """
    dashes = " ".join(str(LINE * length) for length in dash)
    square = {"left": box.left, "top": box.top, "size": box.size}
    return square | {"hue": hue, "tag": tag, "dash": dashes}


class Tiles(anywidget.AnyWidget):
    """A page of pictures of one size, one of which is chosen by mouse or arrow keys.

    Each is a button with a name, and a bar for each of its strengths.
    """

    _esm = page_code("tiles.js")

    # One trait, so that the pictures always arrive together with their names.
    page = traitlets.Dict().tag(sync=True)
    chosen = traitlets.Int(0).tag(sync=True)  # a tile's key
    label = traitlets.Unicode("pictures").tag(sync=True)  # for screen readers

    def show(
        self, images: Sequence[PIL.Image.Image], captions: Sequence[tuple], chosen: int
    ) -> None:
        """Shows a page. captions: per image a key, name, strengths 0..1, alt text."""
        # The images below each other, which have one palette: one file is sent faster.
        width, height = images[0].size
        strip = images[0].resize((width, height * len(images)))
        for i, image in enumerate(images):
            strip.paste(image, (0, i * height))
        names = ("key", "name", "strengths", "alt")
        tiles = [dict(zip(names, caption, strict=True)) for caption in captions]
        with self.hold_sync():
            self.page = {"strip": png(strip), "tiles": tiles}
            self.chosen = chosen


class Cards(anywidget.AnyWidget):
    """Cards side by side that change while a point is dragged.

    A card is a dict of title, hue, facts (number and unit) and figures. A figure is a
    dict of its encoded picture, caption, alt text and inner, the side of a square in
    its middle as a share of the picture's, 0 for none.
    """

    _esm = page_code("cards.js")

    cards = traitlets.List().tag(sync=True)


class BeforeAfter(anywidget.AnyWidget):
    """Two pictures, on the left and on the right of a line that can be dragged."""

    _esm = page_code("divider.js", "before_after.js")

    pictures = traitlets.List().tag(sync=True)  # left and right, encoded
    sides = traitlets.Tuple((_("before"), _("after"))).tag(sync=True)  # words on them
    # For screen readers: either picture, and the line's place.
    names = traitlets.Tuple(
        (_("The photo"), _("The new picture"), _("How much of the photo is shown"))
    ).tag(sync=True)
    first = traitlets.Int(15).tag(sync=True)  # where the line is at first: percent


class MemoryStrip(anywidget.AnyWidget):
    """Results as a row of buttons, each with a picture and what made it.

    A result is a dict of its key, a number from 1, its caption and its encoded thumb.
    The page sends {"restore": key} or {"compare": key}, with 0 to end a comparison.
    """

    _esm = page_code("memory_strip.js")

    items = traitlets.List().tag(sync=True)  # the newest first
    chosen = traitlets.Int(0).tag(sync=True)  # the key of the result that is shown
    against = traitlets.Int(0).tag(sync=True)  # and of the one it is compared with


class DotCurve(anywidget.AnyWidget):
    """A drawing with a button on each of its dots, one of which is chosen.

    A dot is a dict of its key, left and top, as shares of the drawing, and its name.
    """

    _esm = page_code("dot_curve.js")

    drawing = traitlets.Bytes(b"").tag(sync=True)  # SVG
    label = traitlets.Unicode("").tag(sync=True)  # for screen readers
    dots = traitlets.List().tag(sync=True)
    chosen = traitlets.Int(0).tag(sync=True)  # the key of a dot


class GrowingPicture(anywidget.AnyWidget):
    """The picture of a run, its progress and its loss. Any thread may set them."""

    _esm = page_code("film.js", "growing_picture.js")

    value = traitlets.Bytes(b"").tag(sync=True)  # JPEG or PNG; empty: no picture yet
    label = traitlets.Unicode(_("the picture")).tag(sync=True)  # for screen readers
    hint = traitlets.Unicode("").tag(sync=True)  # in the place of a picture
    status = traitlets.Unicode("").tag(sync=True)  # how the run stands
    step = traitlets.Int(0).tag(sync=True)
    total = traitlets.Int(1).tag(sync=True)  # steps of the whole run
    curve = traitlets.List().tag(sync=True)  # pairs of step and loss
    busy = traitlets.Bool(False).tag(sync=True)  # whether a run is at work
    run = traitlets.Int(0).tag(sync=True)  # counts what is shown: run after run
