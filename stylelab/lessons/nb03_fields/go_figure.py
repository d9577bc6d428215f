"""Go boards with stones on a grid, and what a filter says of each stone."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Circle
from torch import Tensor

from stylelab.core.language import _
from stylelab.figures.plots import MEDIUM, RED, Plate
from stylelab.lessons.nb03_fields.go_board import BLACK, EMPTY, SIDE

WOOD = "#E9C98F"


def boards(
    board: Tensor,
    panels: Sequence[tuple[str, Tensor]],
    numbers: Tensor,
    claim: str,
    alt: str,
    side: int = 11,
) -> Plate:
    """The upper left corner of `board`, once per caption and its ringed stones.

    numbers: [19, 19], written on the stones. Every ringed tensor is bool [19, 19].
    side: how many rows and columns of the board are drawn.
    """
    plate = Plate(claim, alt, 10, 5.6)
    for axes, (caption, ringed) in zip(
        plate.subplots(1, len(panels)), panels, strict=True
    ):
        _draw_grid(axes, side)
        axes.set_title(_(caption), fontsize=MEDIUM)
        for row, column in (board[:side, :side] != EMPTY).nonzero().tolist():
            is_black = board[row, column] == BLACK
            fill, ink = ("black", "white") if is_black else ("white", "black")
            edge, width = (RED, 4) if ringed[row, column] else ("black", 1)
            stone = Circle((column, row), 0.44, facecolor=fill, zorder=2)
            stone.set(edgecolor=edge, linewidth=width)
            axes.add_patch(stone)
            text = {"ha": "center", "va": "center_baseline", "fontsize": 13}
            count = int(numbers[row, column])
            axes.text(column, row, f"{count}", color=ink, zorder=3, **text)
    return plate


def _draw_grid(axes: Axes, side: int) -> None:
    """Lines that go on at the right and below, where the board is cut."""
    end = side - 0.5 if side < SIDE else side - 1
    axes.hlines(range(side), 0, end, color="black", lw=1, zorder=1)
    axes.vlines(range(side), 0, end, color="black", lw=1, zorder=1)
    axes.set(xlim=(-0.6, side - 0.4), ylim=(side - 0.4, -0.6), aspect="equal")
    axes.set_facecolor(WOOD)
    axes.set_xticks([])
    axes.set_yticks([])
