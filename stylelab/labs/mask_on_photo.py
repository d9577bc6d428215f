"""A photo to paint on: the second of two styles goes where it is painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets
import numpy as np
import PIL.Image

from stylelab.labs.lab import note_html
from stylelab.labs.widgets.mask_painter import MaskPainter
from stylelab.pictures import images
from stylelab.pictures.images import Source

HINT = "Paint on the photo where the second style goes; the first takes the rest."
LONGEST = 448  # pixels of the painted picture's longer side


class MaskOnPhoto(ipywidgets.Box):
    """`masks` says where both styles go. changed: called after every stroke."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.photo: Source | None = None
        self.painter = MaskPainter()
        super().__init__([ipywidgets.HTML(note_html(HINT)), self.painter])
        self.add_class("sl-column")
        self.add_class("sl-painting")
        self.painter.observe(lambda _: changed(), "painted")

    def look_at(self, photo: Source, title: str) -> None:
        """Puts a photo under the painter; another photo begins with nothing painted."""
        if photo is not self.photo:
            self.photo = photo
            image = images.open_picture(photo)
            image.thumbnail((LONGEST, LONGEST))
            self.painter.show(images.jpeg(image), image.size, f"A mask over '{title}'.")

    def masks(self) -> Sequence[np.ndarray]:
        """Where each style goes: bools [H, W] of the photo. ValueError if nowhere."""
        mask = self.painter.mask
        if mask.all() or not mask.any():
            much = "everything" if mask.any() else "nothing"
            raise ValueError(f"{much} is painted: {HINT[0].lower()}{HINT[1:-1]}")
        size = images.open_picture(self.photo).size
        nearest = PIL.Image.Resampling.NEAREST
        mask = np.asarray(PIL.Image.fromarray(mask).resize(size, nearest))
        return [~mask, mask]
