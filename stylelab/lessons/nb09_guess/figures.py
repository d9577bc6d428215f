"""Figures of notebook 09: a race, and a map of styles."""

from collections.abc import Mapping, Sequence

import numpy as np
import PIL.ImageOps
from matplotlib.axes import Axes
from matplotlib.offsetbox import AnnotationBbox, OffsetImage

from stylelab.figures.plots import BLUE, LARGE, MEDIUM, ORANGE, RED, SMALL, Plate, label
from stylelab.lessons.nb09_guess.race import Race
from stylelab.pictures import images

KEY = "seconds\nblue: search from the photo; dashed: from the guess; dot: the guess"


def race_figure(races: Sequence[Race], claim: str, alt: str) -> Plate:
    """Loss over seconds, a panel for each pair; the guess is a dot.

    A ring marks where the search from the photo becomes better than the guess.
    """
    plate = Plate(claim, alt, 10, 4.8)
    panels = plate.subplots(1, len(races), sharey=True, squeeze=False)[0]
    for axes, race in zip(panels, races, strict=True):
        axes.plot(*zip(*race.from_photo, strict=True), color=BLUE, lw=2.5)
        seconds, losses = zip(*race.from_guess, strict=True)
        later = [race.seconds + t for t in seconds]
        axes.plot(later, losses, color=ORANGE, lw=2.5, ls="--")
        axes.plot(race.seconds, race.guessed, "o", color=RED, ms=10, zorder=3)
        _mark_crossing(axes, race)
        axes.set(xscale="log", yscale="log", xticks=[0.1, 1, 10], yticks=[1, 3, 10, 30])
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter("{x:g}")
            axis.set_minor_formatter("")
        axes.set_title("\n".join(map(shortened, race.pair)), fontsize=SMALL)
        label(axes, "seconds", "loss" if axes is panels[0] else "")
    panels[len(races) // 2].set_xlabel(KEY, fontsize=MEDIUM)
    return plate


def _mark_crossing(axes: Axes, race: Race) -> None:
    """A ring at the first point below the guess, with its step and second."""
    if race.crossing is None:
        return
    step, seconds = race.crossing
    axes.plot(seconds, race.guessed, "o", mfc="none", mec="black", ms=12, mew=2)
    words = {"xytext": (4, 8), "textcoords": "offset points", "fontsize": SMALL}
    text = f"step {step}\n{seconds:.1f} s"
    axes.annotate(text, (seconds, race.guessed), **words, ha="left")


def shortened(name: str) -> str:
    """A sample's name for a narrow panel."""
    return name.partition("_de_")[0].replace("_", " ")


def flat(vectors: np.ndarray) -> np.ndarray:
    """Vectors [S, D] in the plane in which they differ most (PCA): [S, 2]."""
    centred = vectors - vectors.mean(0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    return left[:, :2] * sizes[:2]


def map_of_styles(vectors: Mapping[str, np.ndarray], claim: str, alt: str) -> Plate:
    """Pictures (their middle squares) in a plane of their style numbers [100]."""
    plate = Plate(claim, alt, 10, 7)
    axes = plate.subplots()
    places = flat(np.stack([*vectors.values()]))
    axes.scatter(*places.T, alpha=0)
    for name, place in zip(vectors, places, strict=True):
        small = PIL.ImageOps.fit(images.open_picture(name), (48, 48))
        axes.add_artist(AnnotationBbox(OffsetImage(small), place, pad=0.1))
    axes.margins(0.12)
    axes.set_xlabel("where they differ most", fontsize=LARGE)
    axes.set_ylabel("second most", fontsize=LARGE)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[["top", "right"]].set_visible(False)
    return plate
