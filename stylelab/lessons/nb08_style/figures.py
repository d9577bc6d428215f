"""Figures of style taken apart: light and colour, and what each control moves."""

from collections.abc import Mapping

import numpy as np
from matplotlib.patches import Rectangle
from torch import Tensor

from stylelab.figures.plots import LARGE, MEDIUM, ORANGE, SMALL, Plate, gallery
from stylelab.lessons.nb08_style.style_ruler import Reading, effects

MEASURES = {
    "colours": "colour distance\nto the photo",
    "brush": "brush\n0: small, 1: large",
    "mixture": "share of the\nfirst style",
    "place": "more of it inside\nthan outside",
    "forms": "large forms\nof the style",
}


def control_matrix(
    plain: Reading, moved: Mapping[str, tuple[str, Reading]], alt: str
) -> Plate:
    """Each measure before and after each control, dark where it moved far.

    moved: by the measure that a control is for, its caption and the reading after it.
    """
    table = effects(plain, {name: reading for name, (_, reading) in moved.items()})
    shares = np.array([[abs(row[name]) for name in moved] for row in table.values()])
    most = (shares - np.diag(np.diag(shares))).max()
    claim = f"the others move at most {most:.0%} as far as under their own control"
    always = "Each control moves its own measure" if most < 1 else "Here controls mix"
    plate = Plate(f"{always}; {claim}", alt, 10, 6)
    axes = plate.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1.3, aspect="auto")
    for row, (_, reading) in enumerate(moved.values()):
        for column, name in enumerate(moved):
            change = f"{getattr(plain, name):.2f} → {getattr(reading, name):.2f}"
            style = {"ha": "center", "va": "center", "fontsize": MEDIUM}
            style |= {"weight": "bold"} if row == column else {}
            style |= {"color": "white"} if shares[row, column] > 0.7 else {}
            axes.text(column, row, change.replace("-", "−"), **style)
        frame = Rectangle((row - 0.49, row - 0.49), 0.98, 0.98, fill=False)
        axes.add_patch(frame).set(edgecolor=ORANGE, linewidth=4)
    axes.set_xticks(range(len(moved)), [MEASURES[n] for n in moved], fontsize=SMALL)
    axes.set_yticks(range(len(moved)), [t for t, _ in moved.values()], fontsize=MEDIUM)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel("what is measured: plain → moved", fontsize=LARGE)
    return plate


def colour_and_light(photo: Tensor, light: Tensor, colour: Tensor, claim: str) -> Plate:
    """A photo [1, 3, H, W], its luminance [1, 1, H, W] and its chroma around grey."""
    panels = [
        ("the photo", photo),
        ("its luminance", light.expand_as(photo)),
        ("its chroma, on grey", (0.5 + colour).clamp(0, 1)),
    ]
    alt = "A photo, the same in greys, and its colours alone, all equally light."
    return gallery(panels, claim, alt)
