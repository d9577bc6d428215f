"""Figures of what a network answers, and of the sizes of its layers."""

from __future__ import annotations

from collections.abc import Sequence

import PIL.Image
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor

from stylelab.analysis.receptive_field import Box, fields
from stylelab.analysis.recognize import Guess
from stylelab.core.layers import block, map_shape
from stylelab.figures.plots import (
    BLUE,
    COLOURS,
    MEDIUM,
    ORANGE,
    SMALL,
    Plate,
    label,
    show,
)


def guesses(
    rows: Sequence[tuple[str, PIL.Image.Image, Sequence[Guess]]], claim: str, alt: str
) -> Plate:
    """Pictures, each with its caption and beside it what a network takes it for."""
    plate = Plate(claim, alt, 10, 0.7 + 2.3 * len(rows))
    ratios = {"width_ratios": [1, 2]}
    for axes, row in zip(
        plate.subplots(len(rows), 2, squeeze=False, gridspec_kw=ratios),
        rows,
        strict=True,
    ):
        caption, image, found = row
        show(axes[0], image)
        axes[0].set_title(caption, fontsize=MEDIUM)
        names = [guess.name for guess in found][::-1]
        values = [guess.probability for guess in found][::-1]
        drawn = axes[1].barh(names, values, color=BLUE)
        axes[1].bar_label(drawn, fmt="%.2f", padding=4, fontsize=MEDIUM)
        axes[1].set_xlim(0, 1.12)
        label(axes[1], "probability" if row is rows[-1] else "", "")
        axes[1].tick_params(axis="y", labelsize=MEDIUM)
    return plate


def shapes(layers: Sequence[str], height: int, width: int, claim: str) -> Plate:
    """A bar for each layer: as high as its maps (pixels), as wide as there are maps."""
    alt = f"Bars for {', '.join(layers)}, from high and thin to low and broad."
    plate, at = Plate(claim, alt, 10, 4.6), 0.0
    axes = plate.subplots()
    ticks = []
    for layer in layers:
        maps, rows, columns = map_shape(layer, height, width)
        colour = COLOURS[block(layer) - 1]
        axes.add_patch(Rectangle((at, 0), maps, rows, color=colour))
        text = f"{maps}\nmaps of\n{columns} × {rows}"
        axes.text(at + maps / 2, rows + 4, text, ha="center", fontsize=SMALL)
        ticks.append(at + maps / 2)
        at += maps + 130
    axes.set_xlim(-130, at)
    axes.set_ylim(0, height * 1.25)
    label(axes, "one bar a layer, as broad as it has feature maps", "rows of a map, px")
    axes.set_xticks(ticks, layers, fontsize=SMALL)
    axes.grid(visible=False)
    return plate


def boxes(
    shown: Sequence[tuple[str, Box]], picture: PIL.Image.Image, claim: str, alt: str
) -> Plate:
    """Receptive fields on a picture, largest first, each with its name and size."""
    plate = Plate(claim, alt, 10, 0.6 + 9.6 * picture.height / picture.width)
    axes = plate.subplots()
    show(axes, picture)
    for i, (name, box) in enumerate(shown):
        colour = COLOURS[i % len(COLOURS)]
        corner = box.left - 0.5, box.top - 0.5
        for edge, thick in (("white", 5), (colour, 2.5)):
            frame = Rectangle(corner, box.size, box.size, fill=False)
            frame.set(edgecolor=edge, linewidth=thick)
            axes.add_patch(frame)
        _name_box(axes, f"{name}: {box.size} px", box, colour, 0.93 - 0.1 * i)
    axes.set_xlim(-0.5, picture.width - 0.5)
    axes.set_ylim(picture.height - 0.5, -0.5)
    return plate


def _name_box(axes: Axes, text: str, box: Box, colour: str, height: float) -> None:
    """A label at the right edge: small squares are too close for labels beside them."""
    axes.annotate(
        text,
        xy=(box.left + box.size - 0.5, box.top - 0.5),
        xytext=(0.98, height),
        textcoords="axes fraction",
        fontsize=MEDIUM,
        ha="right",
        bbox={"facecolor": "white", "edgecolor": colour, "pad": 3},
        arrowprops={"arrowstyle": "-", "color": colour, "lw": 2, "shrinkB": 0},
    )


def growth(effective: dict[str, int], claim: str, alt: str) -> Plate:
    """The side of the receptive field at every layer, and without any pooling.

    effective: what was measured at some layers, in pixels.
    """
    convs = {name: f.size for name, f in fields().items() if name[:4] != "relu"}
    names = [*convs]
    plate = Plate(claim, alt, 10, 5)
    axes = plate.subplots()
    unpooled, side = [], 1
    for name in names:
        side += 2 * name.startswith("conv")
        unpooled.append(side)
    axes.plot(names, [*convs.values()], "o-", color=BLUE, lw=2.5, label="VGG-19")
    places = [names.index(layer.replace("relu", "conv")) for layer in effective]
    measured = "VGG-19, effective: 90 % of the influence"
    axes.plot(
        places, [*effective.values()], "s--", color=ORANGE, lw=2.5, label=measured
    )
    axes.plot(names, unpooled, "^:", color=COLOURS[2], lw=2.5, label="without pooling")
    label(axes, "layer", "side of the field, px")
    axes.tick_params(axis="x", rotation=60)
    axes.legend(fontsize=MEDIUM, frameon=False)
    return plate


def influences(shown: Sequence[tuple[str, Tensor, Box]], claim: str, alt: str) -> Plate:
    """Maps of influence, each in its receptive field's frame, at one scale."""
    plate = Plate(claim, alt, 10, 4.5)
    row = plate.subplots(1, len(shown))
    for axes, (caption, found, box) in zip(row, shown, strict=True):
        top, left, bottom, right = box.clipped(*found.shape)
        inner = found[top:bottom, left:right]
        limit = inner.quantile(0.995).item()
        extent = (left - 0.5, right - 0.5, bottom - 0.5, top - 0.5)
        axes.imshow(inner.numpy(), cmap="cividis", vmin=0, vmax=limit, extent=extent)
        axes.set_title(caption, fontsize=MEDIUM)
        label(axes, "column, px", "row, px" if axes is row[0] else "")
        axes.grid(visible=False)
    return plate
