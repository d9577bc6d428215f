"""The labs on paper: what they show, as figures for pages that run nothing."""

from __future__ import annotations

from collections.abc import Sequence

import PIL.Image
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from stylelab.analysis.receptive_field import Box
from stylelab.figures.plots import MEDIUM, Plate
from stylelab.labs import shading
from stylelab.labs.field_view import FieldView, Glance
from stylelab.labs.layer_view import LayerView


def layer_still(view: LayerView) -> Plate:
    """The map over the photo, and the page of maps beside it."""
    plate = Plate(f"{view.layer}: {_listed(view.facts())}", view.words(), 10, 5.6)
    left, right = plate.subfigures(1, 2)
    caption = f"channel {view.channel}, and what a neuron of it sees"
    left.suptitle(caption, fontsize=MEDIUM)
    axis = left.subplots()
    _show(axis, view.enlarged(), view.seen.image.size)
    _square(axis, view.cell, "#ffffff")
    _square(axis, view.box, shading.HUES[0])
    right.suptitle(f"maps {view.range()}, strength in brackets", fontsize=MEDIUM)
    _show_page(right.subplots(), view)
    return plate


def _show_page(axis: Axes, view: LayerView) -> None:
    """All maps of a page in one axis: twenty of them would take seconds."""
    tiles = view.tiles()
    width, height = (1.08 * tiles[0].width, 1.05 * tiles[0].height)
    line = 0.2 * width
    for i, (image, channel) in enumerate(zip(tiles, view.on_page, strict=True)):
        x, y = width * (i % 4), (height + line) * (i // 4)
        _show(axis, image.convert("RGB"), image.size, (x, y))
        name = f"{channel} ({view.strength(channel):.0%})"
        axis.text(x, y, name, fontsize=11, verticalalignment="bottom")
    axis.set(xlim=(0, 4 * width), ylim=(5 * (height + line), -line))


def field_still(view: FieldView) -> Plate:
    """The squares on the photo; below, each one's inside and what matters in it."""
    claim = f"One point of '{view.seen.title}', seen by {len(view.layers)} layers"
    plate = Plate(claim, view.words(), 10, 5)
    left, right = plate.subfigures(1, 2, width_ratios=(4, 7))
    axis = left.subplots()
    _show(axis, view.seen.image, view.seen.image.size)
    grid = right.subplots(2, len(view.layers))
    for layer, hue, dash, column in zip(
        view.layers, shading.HUES, shading.DASHES, grid.T, strict=False
    ):
        glance = view.glance(layer)
        _square(axis, glance.box, hue, dash)
        _show_glance(*column, glance, hue)
    return plate


def _show_glance(above: Axes, below: Axes, glance: Glance, hue: str) -> None:
    """What a layer sees, and below it what of that matters."""
    influence, side = glance.measure(), glance.box.size
    _show(above, glance.patch(), (side, side))
    _show(below, influence.heat, (side, side))
    if influence.size:
        margin = (side - influence.size) // 2
        _square(below, Box(margin, margin, influence.size), "#ffffff")
    title = f"{glance.layer}\n{_listed(glance.facts(), chr(10))}"
    above.set_title(title, fontsize=10, backgroundcolor=hue)
    below.set_title(influence.caption().replace(": ", ":\n"), fontsize=11)


def _listed(facts: Sequence[tuple[str, str]], separator: str = ", ") -> str:
    return separator.join(f"{number} {unit}" for number, unit in facts)


def _show(
    axis: Axes,
    image: PIL.Image.Image,
    size: tuple[float, float],
    at: tuple[float, float] = (0, 0),
) -> None:
    """`image` at x, y over an area of `size`, width and height."""
    (x, y), (width, height) = at, size
    extent = (x, x + width, y + height, y)
    axis.imshow(image, extent=extent, interpolation="nearest")
    axis.set_axis_off()


def _square(axis: Axes, box: Box, hue: str, dash: tuple = ()) -> None:
    """A square in the colour `hue` on black, legible on any photo."""
    for colour, width, style in (("black", 4.5, ()), (hue, 2.2, dash)):
        axis.add_patch(
            Rectangle(
                (box.left, box.top),
                box.size,
                box.size,
                fill=False,
                edgecolor=colour,
                linewidth=width,
                linestyle=(0, style) if style else "-",
            )
        )
