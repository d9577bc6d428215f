"""Figures of what a Gram matrix keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
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
    shown: Sequence[tuple[str, Tensor]],
    claim: str,
    alt: str,
    names: Sequence[str],
) -> Plate:
    """Small matrices side by side with their numbers; `names` are those of the rows."""
    widths = [matrix.shape[1] for _, matrix in shown]
    plate = Plate(claim, alt, 10, 2.6)
    row = plate.subplots(1, len(shown), width_ratios=widths)
    for axes, (caption, matrix) in zip(row, shown, strict=True):
        limit = float(matrix.abs().max()) or 1.0
        axes.imshow(matrix.numpy(), cmap=SIGNED, vmin=-limit, vmax=limit)
        write_numbers(axes, matrix)
        axes.set_title(caption, fontsize=MEDIUM)
        axes.set_xticks([])
        axes.set_yticks(range(len(matrix)), names, fontsize=MEDIUM)
    return plate


def changes(
    shown: Sequence[tuple[str, Shown, float, float]], claim: str, alt: str
) -> Plate:
    """Pictures, each over two bars: how much Gram matrix and content have changed.

    A caption, a picture, the relative change of the Gram matrix and that of the maps.
    """
    plate = Plate(claim, alt, 10, 5.6)
    above, below = plate.subfigures(2, 1, height_ratios=(2.2, 3))
    tops = above.subplots(1, len(shown))
    bottoms = below.subplots(1, len(shown), sharey=True)
    for top, bottom, (caption, picture, *found) in zip(
        tops, bottoms, shown, strict=True
    ):
        show(top, picture)
        top.set_title(caption, fontsize=MEDIUM)
        drawn = bottom.bar(["Gram", "maps"], found, color=[BLUE, ORANGE])
        bottom.bar_label(drawn, fmt="%.2f", fontsize=MEDIUM, padding=2)
        label(bottom, "", "changed by" if bottom is bottoms[0] else "")
        bottom.tick_params(axis="x", labelsize=MEDIUM)
    bottoms[0].set_ylim(0, 1.15 * max(max(found) for _, _, *found in shown))
    return plate


def spread(
    shown: Sequence[tuple[str, Tensor, Mapping[str, Tensor]]], claim: str, alt: str
) -> Plate:
    """Distance over lag: a texture's own spread as an area, syntheses as curves.

    One panel a texture: its name, the spread [lags], and curves [lags] by name.
    """
    plate = Plate(claim, alt, 10, 4.8)
    row = plate.subplots(1, len(shown), squeeze=False)[0]
    for axes, (name, own, curves) in zip(row, shown, strict=True):
        _area(axes, own)
        for (text, values), stroke in zip(curves.items(), strokes(), strict=False):
            lags = range(1, len(values))
            axes.plot(lags, values[1:], **stroke, lw=2.5, label=text)
        axes.set_title(name, fontsize=MEDIUM)
        label(axes, "lag, px", "distance" if axes is row[0] else "")
        axes.set_yscale("log")
    row[-1].legend(fontsize=SMALL, loc="lower right", framealpha=1)
    return plate


def _area(axes: Axes, own: Tensor) -> None:
    lags = range(1, len(own))
    axes.fill_between(lags, 0, own[1:], color="0.87", label="between pieces of it")
