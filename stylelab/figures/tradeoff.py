"""The row of pictures between a photo and a style, and their trade-off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from stylelab.analysis.measure import spearman
from stylelab.figures.plots import (
    BLUE,
    LARGE,
    MEDIUM,
    ORANGE,
    SMALL,
    Plate,
    Shown,
    label,
    show,
)
from stylelab.runs.recipe import in_digits
from stylelab.runs.tradeoff import Point, pareto

CORNER = {"ha": "right", "va": "top", "fontsize": MEDIUM, "linespacing": 1.5}


def tradeoff_figure(points: Sequence[Point], photo: Shown, style: Shown) -> Plate:
    """The pictures of `points`, numbered, over their errors between the two ends."""
    height, width = points[0].picture.shape[-2:]
    side = 9.8 / len(points) * height / width
    plate = Plate(_claim(points), description(points), 10, side + 5.2)
    plate.get_layout_engine().set(w_pad=0.05, wspace=0)
    above, below = plate.subfigures(2, 1, height_ratios=(side + 0.8, 4.1))
    pairs = zip(above.subplots(1, len(points)), points, strict=True)
    for number, (axes, point) in enumerate(pairs, 1):
        show(axes, point.picture)
        axes.spines[:].set_visible(False)
        axes.set_title(f"{number}", fontsize=LARGE, weight="bold", color=BLUE)
        axes.set_xlabel(in_digits(point.ratio), fontsize=MEDIUM)
    above.supxlabel("weight of style over weight of content, β/α", fontsize=MEDIUM)
    left, middle, right = below.subplots(1, 3, width_ratios=(2.5, 5, 2.5))
    _end(left, photo, "the photo", "N")
    _end(right, style, "the style", "S")
    curve(middle, dict(enumerate(points)))
    return plate


def _end(axes: Axes, shown: Shown, name: str, anchor: str) -> None:
    show(axes, shown)
    axes.spines[:].set(color=ORANGE, linewidth=5)
    axes.set_title(name, fontsize=MEDIUM)
    axes.set_anchor(anchor)  # as high as its square in the curve


def curve(axes: Axes, row: Mapping[int, Point]) -> None:
    """Style error against content error: a dot per place of a row, a line at the best.

    The place 0 has the number 1. Squares mark the two ends: the photo and the style.
    """
    points = [*row.values()]
    front = pareto(points)
    best = [p.content for p in front], [p.style for p in front]
    axes.plot(*best, color=BLUE, lw=3, alpha=0.4, zorder=1)
    axes.plot([0, 1], [1, 0], "s", color=ORANGE, ms=14, clip_on=False, zorder=3)
    inside = {"ha": "center", "va": "center_baseline", "weight": "bold"}
    for place, point in row.items():
        at, colour = (point.content, point.style), BLUE if point in front else "0.55"
        axes.plot(*at, "o", color=colour, ms=17, mec="white", zorder=4 + place)
        kind = {"color": "white", "fontsize": SMALL, "zorder": 4 + place}
        axes.annotate(f"{place + 1}", at, **inside, **kind)
    if len(points) > 2:
        axes.text(0.98, 0.97, _ranks(points), transform=axes.transAxes, **CORNER)
    label(axes, "content error (0: the photo)", "style error (0: the style)")
    axes.tick_params(pad=8)  # the squares stand on the axes' ends
    widest = max([1, *(p.content for p in points), *(p.style for p in points)])
    axes.set(xlim=(0, 1.05 * widest), ylim=(0, 1.05 * widest))


def one_of_a_row(
    points: Mapping[int, Point], place: int, shown: Shown, alt: str
) -> Plate:
    """The picture at `place` of a row, and where it stands among the others."""
    plate = Plate(_at(points, place), alt, 10, 4.8)
    left, right = plate.subplots(1, 2)
    show(left, shown)
    curve(right, points)
    if place in points:
        at = points[place].content, points[place].style
        right.plot(*at, "o", ms=26, mfc="none", mec="black", mew=3, zorder=20)
    return plate


def _at(points: Mapping[int, Point], place: int) -> str:
    if place not in points:
        return "A row of pictures that is not made yet"
    return f"Style over content, β/α: {in_digits(points[place].ratio)}"


def _correlations(points: Sequence[Point]) -> tuple[float, float]:
    ratios = [p.ratio for p in points]
    content, style = ([getattr(p, e) for p in points] for e in ("content", "style"))
    return spearman(ratios, content), spearman(ratios, style)


def _ranks(points: Sequence[Point]) -> str:
    content, style = _correlations(points)
    text = f"as β/α grows (rank correlation)\nstyle error {style:+.2f}"
    return f"{text}\ncontent error {content:+.2f}".replace("-", "−")


def _claim(points: Sequence[Point]) -> str:
    content, style = _correlations(points)
    if content > 0.8 and style < -0.8:
        return "The nearer to the style, the farther from the photo"
    return "Here a larger weight of the style is no steady step towards it"


def description(points: Sequence[Point]) -> str:
    """The errors of `points` in one sentence, for screen readers."""
    errors = "; ".join(
        f"{in_digits(p.ratio)}: content {p.content:.2f}, style {p.style:.2f}"
        for p in points
    )
    count = f"{len(points)} pictures from photo to style"
    return f"{count}, errors by ratio {errors}." if points else f"{count}."
