"""A page of small pictures, one of which is chosen by mouse or arrow keys."""

from __future__ import annotations

from collections.abc import Sequence

import anywidget
import PIL.Image
import traitlets

from stylelab.labs import shading
from stylelab.labs.widgets.base import page_code


class Tiles(anywidget.AnyWidget):
    """Pictures of one size, each a button with a name and a bar of its strength."""

    _esm = page_code("tiles.js")

    # One trait, so that the pictures always arrive together with their names.
    page = traitlets.Dict().tag(sync=True)
    chosen = traitlets.Int(0).tag(sync=True)  # a tile's key
    label = traitlets.Unicode("pictures").tag(sync=True)  # for screen readers

    def show(
        self, images: Sequence[PIL.Image.Image], captions: Sequence[tuple], chosen: int
    ) -> None:
        """Shows a page. captions: per image a key, name, strength 0..1, alt text."""
        names = ("key", "name", "strength", "alt")
        tiles = [dict(zip(names, caption, strict=True)) for caption in captions]
        page = {"strip": shading.png(_strip(images)), "tiles": tiles}
        with self.hold_sync():
            self.page, self.chosen = page, chosen


def _strip(images: Sequence[PIL.Image.Image]) -> PIL.Image.Image:
    """Images of one size and palette below each other: one file is sent faster."""
    width, height = images[0].size
    strip = images[0].resize((width, height * len(images)))
    for i, image in enumerate(images):
        strip.paste(image, (0, i * height))
    return strip
