"""Figures, with matplotlib and nothing else."""

import base64
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import cycle, product

import numpy as np
import PIL.Image
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator
from torch import Tensor

from stylelab.core.language import _
from stylelab.pictures.images import to_image

Shown = PIL.Image.Image | Tensor
Panel = tuple[str, Shown]  # with its caption
Curve = tuple[Iterable[float], Iterable[float]]  # along x, and up

# Okabe & Ito (2008): told apart with every kind of colour vision.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
BLUE, ORANGE, GREEN, PURPLE, SKY, RED, BLACK = *COLOURS, "#000000"
SIGNED = "PuOr_r"  # purple below zero, white at zero, orange above
SMALL, MEDIUM, LARGE = 12, 14, 16  # points, at 100 dots an inch


class Plate(Figure):
    """A figure that states a claim, with a description `alt` for screen readers."""

    def __init__(self, claim: str, alt: str, width: float, height: float) -> None:
        size = width, height + 0.3 * claim.count("\n")  # a prediction is a second line
        super().__init__(figsize=size, dpi=100, layout="constrained")
        self.alt = alt
        place = {"x": 0.01, "ha": "left", "wrap": True}
        self.suptitle(claim, fontsize=LARGE, weight="bold", **place)

    def _repr_mimebundle_(self, **_: object) -> tuple[dict, dict]:
        """A small PNG, or a JPEG where there are photos, and the description."""
        canvas, mime = FigureCanvasAgg(self), "image/jpeg"
        canvas.draw()
        image = PIL.Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        image.save(file := io.BytesIO(), "JPEG", quality=75, optimize=True)
        # Curves and their smoothed edges have few colours, photos have many.
        if image.getcolors(4096):
            few = image.quantize(256, dither=PIL.Image.Dither.NONE)
            few.save(png := io.BytesIO(), "PNG", optimize=True)
            if png.tell() < file.tell():
                mime, file = "image/png", png
        data = base64.b64encode(file.getvalue()).decode()
        return {mime: data, "text/plain": self.alt}, {mime: {"alt": self.alt}}


def show(axes: Axes, picture: Shown) -> None:
    """A picture, or a map [H, W], black at 0 and white where it is strongest.

    A map with values below 0 is orange (above) and purple (below) instead. The scale
    ends at the 99.5th percentile.
    """
    axes.set_xticks([])
    axes.set_yticks([])
    if not isinstance(picture, Tensor) or picture.ndim > 2:
        image = to_image(picture) if isinstance(picture, Tensor) else picture
        axes.imshow(image, interpolation="nearest" if image.width < 64 else None)
        return
    values = picture.detach().float().cpu().numpy()
    limit = np.quantile(np.abs(values), 0.995) or np.abs(values).max() or 1.0
    lowest, cmap = (-limit, SIGNED) if values.min() < 0 else (0, "gray")
    sharp = "nearest" if values.shape[1] < 64 else None
    axes.imshow(values, cmap, vmin=lowest, vmax=limit, interpolation=sharp)


def gallery(
    panels: Sequence[Panel], claim: str, alt: str, columns: int = 0, width: float = 10
) -> Plate:
    """Pictures and maps with a caption each, in rows of `columns` (0: in one row)."""
    columns = columns or len(panels)
    rows = -(-len(panels) // columns)
    sizes = [p.shape[-2:] if isinstance(p, Tensor) else p.size[::-1] for _, p in panels]
    aspect = max(tall / wide for tall, wide in sizes)
    lines = max(caption.count("\n") + bool(caption) for caption, _ in panels)
    height = 0.6 + rows * (width / columns * aspect * 0.96 + 0.23 * lines + 0.04)
    plate = Plate(claim, alt, width, height)
    for axes in plate.subplots(rows, columns, squeeze=False).flat:
        axes.set_axis_off()
    for axes, (caption, picture) in zip(plate.axes, panels, strict=False):
        show(axes, picture)
        axes.set_title(caption, fontsize=MEDIUM if columns < 6 else SMALL)
    return plate


def write_numbers(axes: Axes, kernel: Tensor, largest: float = 0.0) -> None:
    """The numbers of a matrix that `axes` shows, each in its place.

    largest: where the colour scale ends, if not at the largest of these numbers.
    """
    largest = largest or float(kernel.abs().max())
    centred = {"ha": "center", "va": "center", "fontsize": MEDIUM}
    for (row, column), value in np.ndenumerate(kernel.numpy()):
        colour = "white" if abs(value) > 0.6 * largest else "black"
        text = f"{value:.2g}".replace("-", "−")
        axes.text(column, row, text, color=colour, **centred)


def lines(
    series: Mapping[str, Curve], claim: str, alt: str, x: str, y: str, marks: str = "o"
) -> Plate:
    """Curves by their names, with a label on each axis that has its unit.

    Where the catalogue has these words, they are in the chosen language.
    """
    plate = Plate(claim, alt, 10, 4.5)
    axes = plate.subplots()
    for (name, (along, up)), stroke in zip(series.items(), strokes(), strict=False):
        axes.plot([*along], [*up], marker=marks, **stroke, lw=2.5, label=_(name))
    label(axes, _(x), _(y))
    if len(series) > 1:
        axes.legend(fontsize=MEDIUM, frameon=False)
    return plate


def strokes() -> Iterator[dict[str, str]]:
    """Colour and line style of one curve after another: 18 pairs, then again."""
    pairs = cycle(product(("-", "--", ":"), COLOURS))
    return ({"ls": style, "color": colour} for style, colour in pairs)


def in_powers_of_ten(axes: Axes) -> None:
    """Makes the upward axis logarithmic, with plain numbers: 2, 5, 10."""
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_locator(LogLocator(subs=(2, 3, 5)))
    axes.yaxis.set_minor_formatter("{x:g}")
    axes.tick_params(which="minor", labelsize=SMALL)


def label(axes: Axes, x: str, y: str) -> None:
    """Names both axes, and takes away what carries no information."""
    axes.set_xlabel(x, fontsize=MEDIUM)
    axes.set_ylabel(y, fontsize=MEDIUM)
    axes.tick_params(labelsize=SMALL)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
