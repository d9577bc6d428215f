"""Figures of notebook 02: what a network answers, and the sizes of its layers."""

from collections.abc import Sequence

import PIL.Image
from matplotlib.patches import Rectangle

from stylelab.analysis.recognize import Guess
from stylelab.core.layers import block, map_shape
from stylelab.figures.plots import BLUE, COLOURS, MEDIUM, SMALL, Plate, label, show


def guesses(
    rows: Sequence[tuple[str, PIL.Image.Image, Sequence[Guess]]], claim: str, alt: str
) -> Plate:
    """Pictures, each with its caption and beside it what a network takes it for."""
    plate = Plate(claim, alt, 10, 0.7 + 2.3 * len(rows))
    grid = plate.subplots(len(rows), 2, squeeze=False, width_ratios=[1, 2])
    for (left, right), (caption, image, best) in zip(grid, rows, strict=True):
        show(left, image)
        left.set_title(caption, fontsize=MEDIUM)
        names, values = [g.name for g in best], [g.probability for g in best]
        bars = right.barh(names, values, color=BLUE)
        right.bar_label(bars, fmt="%.2f", padding=4, fontsize=MEDIUM)
        right.set_xlim(0, 1.12)
        right.invert_yaxis()
        label(right, "", "")
        right.tick_params(axis="y", labelsize=MEDIUM)
    right.set_xlabel("probability")
    return plate


def shapes(layers: Sequence[str], height: int, width: int, claim: str) -> Plate:
    """A bar per layer: as high as its maps (pixels), as wide as there are maps."""
    alt = f"Bars for {', '.join(layers)}, from high and thin to low and broad."
    plate = Plate(claim, alt, 10, 4.6)
    axes = plate.subplots()
    left, middles = 0.0, []
    for layer in layers:
        maps, rows, columns = map_shape(layer, height, width)
        colour, middle = COLOURS[block(layer) - 1], left + maps / 2
        axes.add_patch(Rectangle((left, 0), maps, rows, color=colour))
        text = f"{maps}\nmaps of\n{columns} × {rows}"
        axes.text(middle, rows + 4, text, ha="center", fontsize=SMALL)
        middles.append(middle)
        left += maps + 130
    axes.set_xlim(-130, left)
    axes.set_ylim(0, height * 1.25)
    label(axes, "width of a bar: number of maps", "rows of a map, px")
    axes.set_xticks(middles, layers, fontsize=SMALL)
    axes.grid(visible=False)
    return plate
