"""How the labs show numbers and pictures: in words, colours, HTML and figures.

The scale of colours, matplotlib's inferno, grows evenly lighter: it reads the same in
grey, on a projector and with any kind of colour blindness.
"""

import matplotlib
import numpy as np
import PIL.Image
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from PIL.Image import Resampling
from torch import Tensor

from stylelab.analysis.receptive_field import Box
from stylelab.figures.plots import ORANGE, PURPLE, SKY

SCALE = matplotlib.colormaps["inferno"](np.arange(256), bytes=True)[:, :3]
# How much of the photo each level hides: nothing at 0, nearly all from a half.
OPACITY = [round(235 * min(1, level / 140) ** 0.8) for level in range(256)]
# Of layers side by side; black text is legible on each. labs.css repeats them.
HUES = (SKY, "#F0E442", ORANGE, PURPLE)
# Of VGG-19's five blocks; each stands out from white paper and from black.
BLOCKS = ("#3b78c2", "#1f9089", "#7d8a20", "#c8741a", "#c2507c")
# Line styles tell the layers apart without colours: on and off, in line widths.
DASHES = ((), (5, 2), (2, 1.5), (6, 2, 1.5, 2))


def percent(share: float) -> str:
    """A share of 1 as a percentage, with a decimal where it is small."""
    if 0 < share < 0.0005:
        return "< 0.1%"
    return f"{share:.1%}" if 0 < share < 0.0995 else f"{share:.0%}"


def unit(values: Tensor, top: float | None = None) -> Tensor:
    """`values`, none of them negative, divided by `top`, or their maximum: 0..1."""
    return values / max(1e-30, values.max().item() if top is None else top)


def grey_levels(values: Tensor, top: float | None = None) -> PIL.Image.Image:
    """`values` [H, W], 0 to `top`, as a picture; `top`, or their maximum, is white."""
    levels = (255 * unit(values, top)).round().byte()
    return PIL.Image.fromarray(levels.cpu().contiguous().numpy())


def coloured(levels: PIL.Image.Image) -> PIL.Image.Image:
    """Grey levels in the colours of the scale; the picture keeps one byte per pixel."""
    painted = levels.copy()
    painted.putpalette(SCALE.tobytes())
    return painted


def backdrop(photo: PIL.Image.Image, scale: int = 1) -> PIL.Image.Image:
    """`photo` without its colours, darker, and `scale` times as large: RGB."""
    size = photo.width * scale, photo.height * scale
    grey = photo.convert("L").point([round(16 + 0.62 * level) for level in range(256)])
    return grey.resize(size, Resampling.BICUBIC).convert("RGB")


def over(levels: PIL.Image.Image, behind: PIL.Image.Image) -> PIL.Image.Image:
    """Grey levels in the scale's colours over a backdrop of the same size."""
    colours = coloured(levels).convert("RGB")
    return PIL.Image.composite(colours, behind, levels.point(OPACITY))


def draw(axes: Axes, image: PIL.Image.Image, size: tuple, at: tuple = (0, 0)) -> None:
    """`image` over an area of `size`, width and height, from x and y; without axes."""
    (width, height), (x, y) = size, at
    extent = x, x + width, y + height, y
    axes.imshow(image, extent=extent, interpolation="nearest")
    axes.set_axis_off()


def draw_square(axes: Axes, box: Box, hue: str, dash: tuple = ()) -> None:
    """A square in the colour `hue` on black, legible on any photo."""
    corner, style = (box.left, box.top), {"fill": False, "edgecolor": "black"}
    axes.add_patch(Rectangle(corner, box.size, box.size, lw=4.5, **style))
    style |= {"edgecolor": hue, "linestyle": (0, dash) if dash else "-"}
    axes.add_patch(Rectangle(corner, box.size, box.size, lw=2.2, **style))
