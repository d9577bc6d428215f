"""The labs as figures, for pages that run nothing."""

from __future__ import annotations

from collections.abc import Sequence

import PIL.Image
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from stylelab.analysis.receptive_field import Box
from stylelab.figures.plots import MEDIUM, Plate
from stylelab.labs import shading
from stylelab.labs.field_view import FieldView
from stylelab.labs.layer_view import LayerView


def layer_figure(view: LayerView) -> Plate:
    """The map over the photo, and the page of maps beside it."""
    plate = Plate(f"{view.layer}: {_listed(view.facts())}", view.words(), 10, 5.6)
    left, right = plate.subfigures(1, 2)
    caption = f"channel {view.channel}, and what a neuron of it sees"
    left.suptitle(caption, fontsize=MEDIUM)
    axes = left.subplots()
    _show(axes, view.enlarged(), view.picture.image.size)
    _square(axes, view.square, "#ffffff")
    _square(axes, view.box, shading.HUES[0])
    right.suptitle(f"maps {view.page_range()}, strength in brackets", fontsize=MEDIUM)
    # One axes for all maps: twenty of them would take seconds.
    axes, tiles = right.subplots(), view.tiles()
    width, height = 1.08 * tiles[0].width, 1.05 * tiles[0].height
    line = 0.2 * width
    for i, (image, channel) in enumerate(zip(tiles, view.on_page, strict=True)):
        x, y = width * (i % 4), (height + line) * (i // 4)
        _show(axes, image.convert("RGB"), image.size, (x, y))
        name = f"{channel} ({view.strength(channel):.0%})"
        axes.text(x, y, name, fontsize=11, verticalalignment="bottom")
    axes.set(xlim=(0, 4 * width), ylim=(5 * (height + line), -line))
    return plate


def field_figure(view: FieldView) -> Plate:
    """The squares on the photo; beside it, each one's inside and what matters in it."""
    claim = f"One point of '{view.picture.title}', seen by {len(view.layers)} layers"
    plate = Plate(claim, view.words(), 10, 5)
    left, right = plate.subfigures(1, 2, width_ratios=(4, 7))
    photo, grid = left.subplots(), right.subplots(2, len(view.layers))
    _show(photo, view.picture.image, view.picture.image.size)
    styles = zip(view.fields(), shading.HUES, shading.DASHES, grid.T, strict=False)
    for field, hue, dash, (above, below) in styles:
        influence, side = field.measure(), field.box.size
        _square(photo, field.box, hue, dash)
        _show(above, field.patch(), (side, side))
        _show(below, influence.heat, (side, side))
        if influence.size:
            margin = (side - influence.size) // 2
            _square(below, Box(margin, margin, influence.size), "#ffffff")
        title = f"{field.layer}\n{_listed(field.facts(), chr(10))}"
        above.set_title(title, fontsize=10, backgroundcolor=hue)
        below.set_title(influence.caption().replace(": ", ":\n"), fontsize=11)
    return plate


def _listed(facts: Sequence[tuple[str, str]], separator: str = ", ") -> str:
    return separator.join(f"{number} {unit}" for number, unit in facts)


def _show(
    axes: Axes, image: PIL.Image.Image, size: tuple, at: tuple[float, float] = (0, 0)
) -> None:
    """`image` at x, y over an area of `size`, width and height."""
    (x, y), (width, height) = at, size
    extent = (x, x + width, y + height, y)
    axes.imshow(image, extent=extent, interpolation="nearest")
    axes.set_axis_off()


def _square(axes: Axes, box: Box, hue: str, dash: tuple = ()) -> None:
    """A square in the colour `hue` on black, legible on any photo."""
    corner, style = (box.left, box.top), {"fill": False, "edgecolor": "black"}
    axes.add_patch(Rectangle(corner, box.size, box.size, lw=4.5, **style))
    style |= {"edgecolor": hue, "linestyle": (0, dash) if dash else "-"}
    axes.add_patch(Rectangle(corner, box.size, box.size, lw=2.2, **style))
