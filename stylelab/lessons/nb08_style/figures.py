"""Figures of style taken apart: where it goes, and what each control moves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor

from stylelab.figures.plots import LARGE, MEDIUM, ORANGE, SMALL, Plate, gallery
from stylelab.lessons.nb08_style.aspects import Aspects, effects

MEASURES = {
    "colours": "colour distance\nto the photo",
    "brush": "brush\n0: small, 1: large",
    "mixture": "share of the\nfirst style",
    "place": "more of it inside\nthan outside",
    "forms": "large forms\nof the style",
}


def control_matrix(
    plain: Aspects, moved: Mapping[str, tuple[str, Aspects]], alt: str
) -> Plate:
    """Every measure before and after every control, dark where it moved far.

    moved: by the aspect that it is for, what each control is called and what came.
    """
    table = effects(plain, {name: found for name, (_, found) in moved.items()})
    shares = np.array([[abs(row[name]) for name in moved] for row in table.values()])
    most = (shares - np.diag(np.diag(shares))).max()
    claim = f"the others move at most {most:.0%} as far as under their own control"
    always = "Each control moves its own measure" if most < 1 else "Here controls mix"
    plate = Plate(f"{always}; {claim}", alt, 10, 6)
    axes = plate.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1.3, aspect="auto")
    for row, (_, found) in enumerate(moved.values()):
        for column, name in enumerate(moved):
            change = getattr(plain, name), getattr(found, name)
            _write(axes, row, column, change, dark=shares[row, column] > 0.7)
    for i in range(len(moved)):
        frame = Rectangle((i - 0.49, i - 0.49), 0.98, 0.98, fill=False)
        axes.add_patch(frame).set(edgecolor=ORANGE, linewidth=4)
    axes.set_xticks(range(len(moved)), [MEASURES[n] for n in moved], fontsize=SMALL)
    axes.set_yticks(range(len(moved)), [t for t, _ in moved.values()], fontsize=MEDIUM)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel("what is measured: plain → moved", fontsize=LARGE)
    return plate


def _write(
    axes: Axes, row: int, column: int, change: tuple[float, float], dark: bool
) -> None:
    """A measure before and after, in its cell; bold on the diagonal."""
    text = "{:.2f} → {:.2f}".format(*change).replace("-", "−")
    style = {"ha": "center", "va": "center", "fontsize": MEDIUM}
    style |= {"color": "white" if dark else "black"}
    axes.text(column, row, text, weight="bold" if row == column else None, **style)


def colour_and_light(photo: Tensor, light: Tensor, colour: Tensor, claim: str) -> Plate:
    """A photo [1, 3, H, W], its luminance [1, 1, H, W] and its chroma around grey."""
    panels = [
        ("the photo", photo),
        ("its luminance", light.expand_as(photo)),
        ("its chroma, on grey", (0.5 + colour).clamp(0, 1)),
    ]
    alt = "A photo, the same in greys, and its colours alone, all equally light."
    return gallery(panels, claim, alt)
