"""Figures of notebook 09: a race, and a map of styles."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.offsetbox import AnnotationBbox, OffsetImage

from stylelab.figures.plots import BLUE, LARGE, MEDIUM, ORANGE, RED, SMALL, Plate, label
from stylelab.lessons.nb09_guess.race import Race
from stylelab.pictures import images


def race_figure(races: Sequence[Race], claim: str, alt: str) -> Plate:
    """Loss over seconds, a panel for each pair; the guess is a dot."""
    plate = Plate(claim, alt, 10, 4.6)
    for axes, race in zip(
        plate.subplots(1, len(races), sharey=True, squeeze=False)[0], races, strict=True
    ):
        axes.plot(*zip(*race.from_photo, strict=True), color=BLUE, lw=2.5)
        seconds, losses = zip(*race.from_guess, strict=True)
        later = [race.seconds + t for t in seconds]
        axes.plot(later, losses, color=ORANGE, lw=2.5, ls="--")
        axes.plot(race.seconds, race.guessed, "o", color=RED, ms=10, zorder=3)
        axes.set(xscale="log", yscale="log", xticks=[0.1, 1, 10], yticks=[1, 3, 10, 30])
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter("{x:g}")
            axis.set_minor_formatter("")
        title = (
            race.name.replace(" × ", "\n").replace("_", " ").replace(" de ", "\nde ")
        )
        axes.set_title(title, fontsize=SMALL)
        label(axes, "seconds", "loss" if axes is plate.axes[0] else "")
    names = "from the photo", "from the guess", "the guess"
    handles = plate.axes[0].lines
    plate.legend(handles, names, loc="outside lower center", ncols=3, fontsize=MEDIUM)
    return plate


def flat(vectors: np.ndarray) -> np.ndarray:
    """Vectors [S, D] in the plane in which they differ most (PCA): [S, 2]."""
    centred = vectors - vectors.mean(0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    return left[:, :2] * sizes[:2]


def map_of_styles(vectors: Mapping[str, np.ndarray], claim: str, alt: str) -> Plate:
    """Pictures in the places that their style numbers [100] have in a plane."""
    plate = Plate(claim, alt, 10, 7)
    axes = plate.subplots()
    places = flat(np.stack([*vectors.values()]))
    axes.scatter(*places.T, alpha=0)
    for name, place in zip(vectors, places, strict=True):
        small = images.resized(images.open_picture(name), 56)
        axes.add_artist(AnnotationBbox(OffsetImage(small), place, pad=0.1))
    axes.margins(0.12)
    axes.set_xlabel("where they differ most", fontsize=LARGE)
    axes.set_ylabel("second most", fontsize=LARGE)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[["top", "right"]].set_visible(False)
    return plate
