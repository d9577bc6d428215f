"""Figures of notebook 03: what neurons see of a picture."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

import PIL.Image
from matplotlib.patches import Rectangle
from torch import Tensor

from stylelab.analysis.receptive_field import Box, fields
from stylelab.figures.plots import COLOURS, MEDIUM, Plate, label, lines, show


def boxes(
    named: Mapping[str, Box], picture: PIL.Image.Image, claim: str, alt: str
) -> Plate:
    """Receptive fields on a picture, largest first, each with its name and size."""
    plate = Plate(claim, alt, 10, 0.6 + 9.6 * picture.height / picture.width)
    axes = plate.subplots()
    show(axes, picture)
    largest_first = sorted(named.items(), key=lambda item: -item[1].size)
    for i, (name, box) in enumerate(largest_first):
        colour = COLOURS[i % len(COLOURS)]
        left, top = box.left - 0.5, box.top - 0.5
        for edge, width in (("white", 5), (colour, 2.5)):
            frame = Rectangle((left, top), box.size, box.size, fill=False)
            frame.set(edgecolor=edge, linewidth=width)
            axes.add_patch(frame)
        axes.annotate(
            f"{name}: {box.size} px",
            xy=(left + box.size, top),
            # At the right edge: small squares are too close for labels beside them.
            xytext=(0.98, 0.93 - 0.1 * i),
            textcoords="axes fraction",
            fontsize=MEDIUM,
            ha="right",
            bbox={"facecolor": "white", "edgecolor": colour, "pad": 3},
            arrowprops={"arrowstyle": "-", "color": colour, "lw": 2, "shrinkB": 0},
        )
    axes.set_xlim(-0.5, picture.width - 0.5)
    axes.set_ylim(picture.height - 0.5, -0.5)
    return plate


def growth(effective: Mapping[str, int], claim: str, alt: str) -> Plate:
    """Sides of receptive fields, px: VGG-19's, `effective` ones, without pooling."""
    sides = {name: f.size for name, f in fields().items() if name[:4] != "relu"}
    measured = {name.replace("relu", "conv"): side for name, side in effective.items()}
    unpooled = accumulate((2 * name.startswith("conv") for name in sides), initial=1)
    curves: dict[str, tuple[Iterable, Iterable]] = {
        "VGG-19": (sides, sides.values()),
        "VGG-19, effective: 90 % of the influence": (measured, measured.values()),
        "without pooling": (sides, [*unpooled][1:]),
    }
    plate = lines(curves, claim, alt, "layer", "side of the field, px")
    plate.axes[0].tick_params(axis="x", rotation=60)
    return plate


def influences(
    panels: Sequence[tuple[str, Tensor, Box]], claim: str, alt: str
) -> Plate:
    """Maps of influence [H, W], each cut out to its receptive field."""
    plate = Plate(claim, alt, 10, 4.5)
    row = plate.subplots(1, len(panels))
    for axes, (caption, influence, box) in zip(row, panels, strict=True):
        top, left, bottom, right = box.clipped(*influence.shape)
        inner = influence[top:bottom, left:right]
        limit = inner.quantile(0.995).item()
        extent = (left - 0.5, right - 0.5, bottom - 0.5, top - 0.5)
        axes.imshow(inner.numpy(), cmap="cividis", vmin=0, vmax=limit, extent=extent)
        axes.set_title(caption, fontsize=MEDIUM)
        label(axes, "column, px", "row, px" if axes is row[0] else "")
        axes.grid(visible=False)
    return plate
