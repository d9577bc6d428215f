"""Figures of what a Gram matrix keeps and forgets, and of many runs' numbers."""

import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from matplotlib.patches import Rectangle
from torch import Tensor

from stylelab.figures import growing
from stylelab.figures.plots import (
    BLUE,
    MEDIUM,
    ORANGE,
    SIGNED,
    Plate,
    Shown,
    label,
    show,
    write_numbers,
)
from stylelab.runs.run import Run


def matrices(
    panels: Sequence[tuple[str, Tensor]],
    claim: str,
    alt: str,
    names: Sequence[str],
    block: int = 0,
) -> Plate:
    """Small matrices side by side with their numbers; `names` are those of the rows.

    block: the side of blocks to outline on the diagonal of square matrices; 0: none.
    """
    widths = [matrix.shape[1] for _, matrix in panels]
    plate = Plate(claim, alt, 10, 1.1 + 0.5 * len(names))
    row = plate.subplots(1, len(panels), width_ratios=widths)
    for axes, (caption, matrix) in zip(row, panels, strict=True):
        limit = float(matrix.abs().max()) or 1.0
        axes.imshow(matrix.numpy(), cmap=SIGNED, vmin=-limit, vmax=limit)
        write_numbers(axes, matrix)
        axes.set_title(caption, fontsize=MEDIUM)
        axes.set_xticks([])
        axes.set_yticks(range(len(matrix)), names, fontsize=MEDIUM)
        square = matrix.shape[0] == matrix.shape[1]
        for first in range(0, len(matrix), block) if block and square else ():
            frame = {"fill": False, "ec": BLUE, "lw": 4}
            axes.add_patch(Rectangle((first - 0.5,) * 2, block, block, **frame))
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


def dots(groups: Mapping[str, Sequence[float]], claim: str, alt: str, y: str) -> Plate:
    """One dot per number, in a column per group, and a bar at the column's median."""
    plate = Plate(claim, alt, 10, 4.2)
    axes = plate.subplots()
    for column, values in enumerate(groups.values()):
        middle = statistics.median(values)
        axes.hlines(middle, column - 0.3, column + 0.3, color=ORANGE, lw=4)
        axes.text(column + 0.33, middle, f"{middle:.2f}", va="center", fontsize=MEDIUM)
        gap = min(0.08, 0.5 / len(values))
        first = column - gap * (len(values) - 1) / 2
        places = [first + gap * index for index in range(len(values))]
        axes.plot(places, values, "o", color=BLUE, ms=9, alpha=0.8)
    label(axes, "", y)
    axes.set_xticks(range(len(groups)), [*groups], fontsize=MEDIUM)
    axes.set_xlim(-0.6, len(groups) - 0.4)
    axes.set_ylim(min(0, *axes.get_ylim()))
    return plate


def grow_dots(
    runs: Sequence[tuple[str, Run]],
    measure: Callable[[Tensor], float],
    claim: str,
    alt: str,
    y: str,
    given: Mapping[str, Sequence[float]] = MappingProxyType({}),
) -> dict[str, list[float]]:
    """`dots` of a number of each run's picture, drawn as one run after another ends.

    The name of a run says in which column its dot stands. `given`: columns that are
    known. An interrupt ends all runs.
    """

    def measured() -> Iterator[tuple[str, float]]:
        for name, run in runs:
            result = run.result(iter)
            if not result.finished:
                return
            yield name, measure(result.picture)

    def grouped(pairs: Iterable[tuple[str, float]]) -> dict[str, list[float]]:
        groups = {name: [*values] for name, values in given.items()}
        for name, value in pairs:
            groups.setdefault(name, []).append(value)
        return groups

    def draw(pairs: list[tuple[str, float]]) -> Plate:
        return dots(grouped(pairs), claim, alt, y)

    return grouped(growing.watch(measured(), draw))
