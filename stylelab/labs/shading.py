"""How the labs paint numbers: one scale of colours, maps over photos, encoded pictures.

The scale, matplotlib's inferno, grows evenly lighter: it reads the same in grey, on a
projector and with any kind of colour blindness.
"""

from __future__ import annotations

import functools
import io

import matplotlib
import numpy as np
import PIL.Image
from PIL.Image import Resampling
from torch import Tensor

SCALE = "inferno"
# Okabe & Ito's colours, told apart by all eyes; black text is legible on each.
HUES = ("#56B4E9", "#F0E442", "#E69F00", "#CC79A7")
# Line styles for those to whom colours say nothing: on and off, in line widths.
DASHES = ((), (5, 2), (2, 1.5), (6, 2, 1.5, 2))


def unit(values: Tensor) -> Tensor:
    """`values`, none of them negative, divided by their maximum: 0..1."""
    return values / values.max().clamp(min=1e-30)


def bytes_of(values: Tensor) -> PIL.Image.Image:
    """`values` [H, W] in 0..1 as a picture of grey levels."""
    levels = (255 * values).round().clamp(0, 255).byte()
    return PIL.Image.fromarray(levels.cpu().contiguous().numpy())


@functools.cache
def _palette() -> list[int]:
    colours = matplotlib.colormaps[SCALE](np.arange(256), bytes=True)
    return colours[:, :3].flatten().tolist()


@functools.cache
def _opacity() -> list[int]:
    """How much of the photo each level hides: nothing at 0, nearly all from a half."""
    return [round(235 * min(1, level / 140) ** 0.8) for level in range(256)]


def coloured(levels: PIL.Image.Image) -> PIL.Image.Image:
    """Grey levels in the colours of the scale; the picture keeps one byte a pixel."""
    painted = levels.copy()
    painted.putpalette(_palette())
    return painted


def backdrop(photo: PIL.Image.Image, scale: int) -> PIL.Image.Image:
    """`photo` without its colours, darker, and `scale` times as large: RGB."""
    size = photo.width * scale, photo.height * scale
    grey = photo.convert("L").point([round(16 + 0.62 * level) for level in range(256)])
    return grey.resize(size, Resampling.BICUBIC).convert("RGB")


def over(levels: PIL.Image.Image, behind: PIL.Image.Image) -> PIL.Image.Image:
    """Grey levels in the scale's colours over a backdrop of the same size."""
    return PIL.Image.composite(
        coloured(levels).convert("RGB"), behind, levels.point(_opacity())
    )


def png(image: PIL.Image.Image) -> bytes:
    """Encoded without loss, for maps whose every pixel is a number."""
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()
