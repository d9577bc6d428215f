"""Figures of notebook 03: what neurons see of a picture."""

from collections.abc import Iterable, Mapping, Sequence

import PIL.Image
from matplotlib.patches import Rectangle
from torch import Tensor

from stylelab.analysis.receptive_field import Box, fields
from stylelab.core.language import _, later
from stylelab.core.layers import CONVS
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


def growth(
    effective: Mapping[str, int],
    claim: str,
    alt: str,
    drawn: Mapping[str, tuple[Iterable, Iterable]] | None = None,
) -> Plate:
    """Sides of receptive fields, px: VGG-19's, `effective` ones, without pooling.

    drawn: what a student predicted of the last, as `lesson.drawn` gives it.
    """
    sides = {name: f.size for name, f in fields().items() if name[:4] != "relu"}
    measured = {name.replace("relu", "conv"): side for name, side in effective.items()}
    alone = without_pooling(sides)
    curves: dict[str, tuple[Iterable, Iterable]] = {
        "VGG-19": (sides, sides.values()),
        later("VGG-19, effective: 90 % of the influence"): (
            measured,
            measured.values(),
        ),
        later("without pooling"): (sides, alone),
        **(drawn or {}),
    }
    plate = lines(curves, claim, alt, later("layer"), "side of the field, px")
    plate.axes[0].tick_params(axis="x", rotation=60)
    return plate


def without_pooling(layers: Iterable[str]) -> list[int]:
    """Sides of the fields of `layers` if VGG-19 had only its convolutions, px."""
    deepest = {name: 1 + 2 * n for n, name in enumerate(CONVS, 1)}
    sides, side = {}, 1
    for name in fields():
        side = sides[name] = deepest.get(name, side)
    return [sides[name] for name in layers]


def influences(
    panels: Sequence[tuple[str, Tensor, Box, int]], claim: str, alt: str
) -> Plate:
    """Maps of influence [H, W], each cut out to its field, around its middle.

    The last of a panel is the side of the square that is drawn on it, in px.
    """
    plate = Plate(claim, alt, 10, 4.6)
    row = plate.subplots(1, len(panels))
    for axes, (caption, influence, box, side) in zip(row, panels, strict=True):
        top, left, bottom, right = box.clipped(*influence.shape)
        inner = influence[top:bottom, left:right]
        limit, half = inner.quantile(0.995).item(), box.size / 2
        y, x = box.top + half, box.left + half
        extent = (left - x, right - x, bottom - y, top - y)
        axes.imshow(inner.numpy(), cmap="cividis", vmin=0, vmax=limit, extent=extent)
        square = Rectangle((-side / 2, -side / 2), side, side, fill=False)
        square.set(edgecolor="white", linewidth=2.5)
        axes.add_patch(square)
        within = _("90 % within")  # the caption is that of a cell
        axes.set_title(caption.replace("90 % within", within), fontsize=MEDIUM)
        rows = _("rows, px") if axes is row[0] else ""
        label(axes, _("columns from the middle, px"), rows)
        axes.grid(visible=False)
    return plate
