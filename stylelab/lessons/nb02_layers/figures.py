"""Figures of notebook 02: what a network answers, and the sizes of its layers."""

from collections.abc import Mapping, Sequence

import numpy as np
import PIL.Image
from torch import Tensor

from stylelab.analysis.recognize import Guess
from stylelab.figures.plots import BLUE, MEDIUM, Plate, label, show
from stylelab.lessons.nb02_layers.channels import Patch, strongest


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


def sizes(maps: Mapping[str, Tensor], claim: str, alt: str) -> Plate:
    """The strongest map of each layer, all to one scale, with the numbers below it."""
    plate = Plate(claim, alt, 10, 4.4)
    axes, left, gap = plate.subplots(), 0, 44
    for layer, answer in maps.items():
        number, rows, columns = answer[0].shape
        values = answer[0, strongest(answer, 1)[0]].numpy()
        place = (left, left + columns, 0, rows)
        shades = {"cmap": "gray", "vmin": 0, "vmax": np.quantile(values, 0.99)}
        axes.imshow(values, extent=place, interpolation="nearest", **shades)
        text = f"{layer}\n{number} maps\n{columns} × {rows} px\n"
        text += f"{answer.numel():,}\nnumbers"
        middle = left + columns / 2
        axes.text(middle, -8, text, ha="center", va="top", fontsize=MEDIUM)
        left += max(columns, 90) + gap
    axes.set(xlim=(0, left - gap), ylim=(-140, rows_of(maps)))
    axes.set_axis_off()
    return plate


def rows_of(maps: Mapping[str, Tensor]) -> int:
    """Rows of the tallest map."""
    return max(answer.shape[2] for answer in maps.values())


def patches(rows: Mapping[str, Sequence[Patch]], claim: str, alt: str) -> Plate:
    """A row of patches for each name, with their sources and responses above them."""
    count = max(len(row) for row in rows.values())
    plate = Plate(claim, alt, 10, 0.5 + 2.35 * len(rows))
    grid = plate.subplots(len(rows), count, squeeze=False)
    for line, (name, row) in zip(grid, rows.items(), strict=True):
        for axes, patch in zip(line, row, strict=False):
            show(axes, patch.pixels)
            source = patch.source.replace("_", " ")
            axes.set_title(f"{source}\n{patch.response:,.0f}", fontsize=MEDIUM)
        line[0].set_ylabel(name, fontsize=MEDIUM)
    return plate
