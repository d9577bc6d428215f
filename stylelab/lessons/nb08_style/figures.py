"""Figures of style taken apart: light and colour, and what each control moves."""

from collections.abc import Iterable
from statistics import median

from matplotlib import colormaps
from matplotlib.axes import Axes
from torch import Tensor

from stylelab.figures.plots import BLUE, MEDIUM, RED, SMALL, Plate, gallery
from stylelab.lessons.nb08_style.trials import CONTROLS, Readings, medians, table
from stylelab.pictures import images

ROWS = {
    "colours": "colours\nby luminance",
    "brush": "brush 0.5",
    "mixture": "the second\npainter alone",
    "place": "one painter above,\nthe other below",
    "forms": "shallow layers\nonly",
}
COLUMNS = {
    "colours": "colour distance\nto the photo",
    "brush": "width of\nthe strokes",
    "mixture": "share of the\nfirst painter",
    "place": "the same share:\nabove minus below",
    "forms": "large forms\nof the painters",
}
ROW = {"fontsize": SMALL, "rotation": 0, "ha": "right", "va": "center"}
AXIS = (
    "how far the measure moves; 1: as far as under its own control\n"
    "blue: from five photos; orange: the palace from noise, five seeds"
)
LIMITS = -1.5, 1.5  # of the axis in each cell
TRIALS = 10  # dots in a cell, once all are done


def colour_and_light(
    photo: Tensor, light: Tensor, colour: Tensor, claim: str, alt: str
) -> Plate:
    """A photo [1, 3, H, W], its luminance [1, 1, H, W] and its chroma around grey."""
    panels = [
        ("the photo", photo),
        ("its luminance", light.expand_as(photo)),
        ("its chroma, on grey", (0.5 + colour).clamp(0, 1)),
    ]
    return gallery(panels, claim, alt)


def windows(
    name: str, brushes: Iterable[float], size: int, claim: str, alt: str
) -> Plate:
    """The same 48 pixels around the middle of a sample picture, at several sizes."""
    panels = []
    for brush in brushes:
        picture = images.load(name, round(brush * size))
        top, left = ((n - 48) // 2 for n in picture.shape[-2:])
        window = picture[..., top : top + 48, left : left + 48]
        panels.append((f"brush {brush:g}", window))
    return gallery(panels, claim, alt)


def control_matrix(readings: Readings, claim: str, alt: str) -> Plate:
    """A cell for each control and measure, with a dot for each trial.

    A dot lies at 1 where the measure moves as far as under its own control.
    """
    plate = Plate(claim, alt, 10, 7)
    middles, size = medians(readings), len(CONTROLS)
    cells = plate.subplots(size, size, sharex=True, sharey=True)
    for row, control in zip(cells, CONTROLS, strict=True):
        row[0].set_ylabel(ROWS[control], **ROW)
        for axes, measure in zip(row, CONTROLS, strict=True):
            _shade(axes, middles[control][measure])
            if control == measure:
                _own(axes, readings, measure)
            else:
                _dots(axes, readings, control, measure)
    for axes, measure in zip(cells[0], CONTROLS, strict=True):
        axes.set_title(COLUMNS[measure], fontsize=SMALL)
    cells[-1][size // 2].set_xlabel(AXIS, fontsize=MEDIUM)
    return plate


def _shade(axes: Axes, middle: float) -> None:
    """The darker, the farther the measure moves in the median trial."""
    axes.set_facecolor(colormaps["Blues"](0.6 * min(abs(middle), 1.0)))
    axes.set(xlim=LIMITS, ylim=(-1, TRIALS), xticks=[-1, 0, 1], yticks=[])
    axes.tick_params(length=0, labelsize=SMALL)
    axes.spines[:].set_visible(False)


def _own(axes: Axes, readings: Readings, measure: str) -> None:
    """What the measure is before and after its own control, in the median trial."""
    before, after = (
        median(getattr(found[name], measure) for _, found in readings)
        for name in ("plain", measure)
    )
    text = f"{before:.2f} → {after:.2f}".replace("-", "−")
    centred = {"ha": "center", "va": "center", "transform": axes.transAxes}
    axes.text(0.5, 0.5, text, **centred, fontsize=MEDIUM, weight="bold")


def _dots(axes: Axes, readings: Readings, control: str, measure: str) -> None:
    """How far each trial's measure moves, beside its own control's 1."""
    axes.axvline(0, color="0.7", lw=1, zorder=0)
    for noise, colour in (False, BLUE), (True, RED):
        chosen = [
            (table(found)[control][measure], height)
            for height, (trial, found) in enumerate(readings)
            if bool(trial.start) == noise
        ]
        along, up = zip(*chosen, strict=True) if chosen else ((), ())
        axes.scatter(along, up, s=36, color=colour)
