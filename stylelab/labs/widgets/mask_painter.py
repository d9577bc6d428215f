"""A mask painted over a picture, by mouse, finger or keys."""

import anywidget
import numpy as np
import traitlets

from stylelab.core.language import _
from stylelab.labs.widgets.base import page_code


class MaskPainter(anywidget.AnyWidget):
    """An encoded picture to paint on; `mask` says where it is painted: bools [H, W].

    The mask has the picture's `size`, however large the page shows it.
    """

    _esm = page_code("mask_painter.js")

    value = traitlets.Bytes(b"").tag(sync=True)  # PNG or JPEG
    size = traitlets.Tuple((1, 1)).tag(sync=True)  # width and height
    # A byte per pixel, 255 where it is painted; empty: nothing is painted. CBytes takes
    # the memoryview that the browser sends. The browser needs no echo of its strokes.
    painted = traitlets.CBytes(b"").tag(sync=True, echo_update=False)
    pen = traitlets.Int(12).tag(sync=True)  # its radius in pixels of the picture
    label = traitlets.Unicode(_("a picture")).tag(sync=True)  # for screen readers

    @property
    def mask(self) -> np.ndarray:
        """True where the picture is painted: bools [H, W]."""
        width, height = self.size
        if len(self.painted) != width * height:  # nothing painted on this picture yet
            return np.zeros((height, width), bool)
        return np.frombuffer(self.painted, np.uint8).reshape(height, width) > 0

    @mask.setter
    def mask(self, mask: np.ndarray) -> None:
        width, height = self.size
        if np.shape(mask) != (height, width):
            raise ValueError(
                f"a mask for this picture has shape {[height, width]}, not "
                f"{[*np.shape(mask)]}"
            )
        self.painted = (255 * np.asarray(mask, bool).astype(np.uint8)).tobytes()

    def show(self, picture: bytes, size: tuple[int, int], label: str) -> None:
        """Shows an encoded picture of `size` (width, height), with nothing painted."""
        with self.hold_sync():
            self.value, self.size, self.label = picture, size, label
            self.painted = b""
