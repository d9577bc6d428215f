"""Figures of what a Gram matrix keeps and forgets, and of a texture's order."""

from collections.abc import Mapping, Sequence

from torch import Tensor

from stylelab.figures.plots import (
    BLUE,
    MEDIUM,
    ORANGE,
    SIGNED,
    SMALL,
    Plate,
    Shown,
    label,
    show,
    strokes,
    write_numbers,
)


def matrices(
    panels: Sequence[tuple[str, Tensor]], claim: str, alt: str, names: Sequence[str]
) -> Plate:
    """Small matrices side by side with their numbers; `names` are those of the rows."""
    widths = [matrix.shape[1] for _, matrix in panels]
    plate = Plate(claim, alt, 10, 2.6)
    row = plate.subplots(1, len(panels), width_ratios=widths)
    for axes, (caption, matrix) in zip(row, panels, strict=True):
        limit = float(matrix.abs().max()) or 1.0
        axes.imshow(matrix.numpy(), cmap=SIGNED, vmin=-limit, vmax=limit)
        write_numbers(axes, matrix)
        axes.set_title(caption, fontsize=MEDIUM)
        axes.set_xticks([])
        axes.set_yticks(range(len(matrix)), names, fontsize=MEDIUM)
    return plate


def changes(
    panels: Sequence[tuple[str, Shown, float, float]], claim: str, alt: str
) -> Plate:
    """Pictures, each over two bars: the relative change of Gram matrix and of maps.

    panels: caption, picture, change of the Gram matrix, change of the maps.
    """
    plate = Plate(claim, alt, 10, 5.6)
    above, below = plate.subfigures(2, 1, height_ratios=(2.2, 3))
    tops = above.subplots(1, len(panels))
    bottoms = below.subplots(1, len(panels), sharey=True)
    for top, bottom, (caption, picture, *heights) in zip(
        tops, bottoms, panels, strict=True
    ):
        show(top, picture)
        top.set_title(caption, fontsize=MEDIUM)
        bars = bottom.bar(["Gram", "maps"], heights, color=[BLUE, ORANGE])
        bottom.bar_label(bars, fmt="%.2f", fontsize=MEDIUM, padding=2)
        label(bottom, "", "changed by" if bottom is bottoms[0] else "")
        bottom.tick_params(axis="x", labelsize=MEDIUM)
    bottoms[0].set_ylim(0, 1.15 * max(max(heights) for _, _, *heights in panels))
    return plate


def spread(
    panels: Sequence[tuple[str, Tensor, Mapping[str, Tensor]]], claim: str, alt: str
) -> Plate:
    """Distance over lag: a texture's own spread as a grey area, syntheses as curves.

    panels: a texture's name, its spread [lags], and the curves [lags] by name.
    """
    plate = Plate(claim, alt, 10, 4.8)
    row = plate.subplots(1, len(panels), squeeze=False)[0]
    for axes, (name, own, curves) in zip(row, panels, strict=True):
        lags = range(1, len(own))
        area = {"color": "0.87", "label": "between pieces of it"}
        axes.fill_between(lags, 0, own[1:], **area)
        for (text, values), stroke in zip(curves.items(), strokes(), strict=False):
            axes.plot(lags, values[1:], **stroke, lw=2.5, label=text)
        axes.set_title(name, fontsize=MEDIUM)
        label(axes, "lag, px", "distance" if axes is row[0] else "")
        axes.set_yscale("log")
    row[-1].legend(fontsize=SMALL, loc="lower right", framealpha=1)
    return plate
