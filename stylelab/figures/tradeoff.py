"""The row of pictures between a photo and a style, and their trade-off."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from stylelab.analysis.measure import spearman
from stylelab.core.language import _
from stylelab.figures import plots
from stylelab.runs.tradeoff import Point, in_words, pareto

CORNER = {"ha": "right", "va": "top", "fontsize": plots.MEDIUM, "linespacing": 1.5}


def tradeoff_figure(
    points: Sequence[Point], photo: plots.Shown, style: plots.Shown
) -> plots.Plate:
    """The pictures of `points`, numbered, over their errors between the two ends."""
    height, width = points[0].picture.shape[-2:]
    side = 9.8 / len(points) * height / width
    content, style_rank = _correlations(points)
    claim = _("Here a larger weight of the style is no steady step towards it")
    if content > 0.8 and style_rank < -0.8:
        claim = _("The nearer to the style, the farther from the photo")
    plate = plots.Plate(claim, description(points), 10, side + 5.2)
    plate.get_layout_engine().set(w_pad=0.05, wspace=0)
    above, below = plate.subfigures(2, 1, height_ratios=(side + 0.8, 4.1))
    pairs = zip(above.subplots(1, len(points)), points, strict=True)
    for number, (axes, point) in enumerate(pairs, 1):
        plots.show(axes, point.picture)
        axes.spines[:].set_visible(False)
        heading = {"fontsize": plots.LARGE, "weight": "bold", "color": plots.BLUE}
        axes.set_title(f"{number}", **heading)
        axes.set_xlabel(in_words(point.ratio), fontsize=plots.MEDIUM)
    above.supxlabel(
        _("weight of style over weight of content, β/α"), fontsize=plots.MEDIUM
    )
    left, middle, right = below.subplots(1, 3, width_ratios=(2.5, 5, 2.5))
    # Each end is as high as its square in the curve.
    ends = (left, photo, _("the photo"), "N"), (right, style, _("the style"), "S")
    for axes, end, name, anchor in ends:
        plots.show(axes, end)
        axes.spines[:].set(color=plots.ORANGE, linewidth=5)
        axes.set_title(name, fontsize=plots.MEDIUM)
        axes.set_anchor(anchor)
    curve(middle, dict(enumerate(points)))
    return plate


def curve(axes: Axes, row: Mapping[int, Point]) -> None:
    """Style error against content error: a dot per place of a row, a line at the best.

    The place 0 has the number 1. Squares mark the two ends: the photo and the style.
    """
    front = pareto(points := [*row.values()])
    best = [p.content for p in front], [p.style for p in front]
    axes.plot(*best, color=plots.BLUE, lw=3, alpha=0.4, zorder=1)
    axes.plot([0, 1], [1, 0], "s", color=plots.ORANGE, ms=14, clip_on=False, zorder=3)
    inside = {"ha": "center", "va": "center_baseline", "weight": "bold"}
    for place, point in row.items():
        at = point.content, point.style
        colour = plots.BLUE if point in front else "0.55"
        axes.plot(*at, "o", color=colour, ms=17, mec="white", zorder=4 + place)
        kind = {"color": "white", "fontsize": plots.SMALL, "zorder": 4 + place}
        axes.annotate(f"{place + 1}", at, **inside, **kind)
    if len(points) > 2:
        content, style = _correlations(points)
        parts = (
            _("as β/α grows (rank correlation)"),
            _("style error {}").format(f"{style:+.2f}".replace("-", "−")),
            _("content error {}").format(f"{content:+.2f}".replace("-", "−")),
        )
        text = "\n".join(parts)
        axes.text(0.98, 0.9, text, transform=axes.transAxes, **CORNER)
    across, up = _("content error (0: the photo)"), _("style error (0: the style)")
    plots.label(axes, across, up)
    axes.tick_params(pad=8)  # the squares stand on the axes' ends
    widest = max([1, *(p.content for p in points), *(p.style for p in points)])
    axes.set(xlim=(0, 1.05 * widest), ylim=(0, 1.05 * widest))


def one_of_a_row(
    points: Mapping[int, Point], place: int, picture: plots.Shown, alt: str
) -> plots.Plate:
    """The picture at `place` of a row, and where it stands among the others."""
    claim = _("A row of pictures that is not made yet")
    if place in points:
        claim = _("Style over content, β/α: {}").format(in_words(points[place].ratio))
    plate = plots.Plate(claim, alt, 10, 4.8)
    left, right = plate.subplots(1, 2)
    plots.show(left, picture)
    curve(right, points)
    if place in points:
        at = points[place].content, points[place].style
        right.plot(*at, "o", ms=26, mfc="none", mec="black", mew=3, zorder=20)
    return plate


def _correlations(points: Sequence[Point]) -> tuple[float, float]:
    """Rank correlations of content and of style error with the ratio."""
    ratios = [p.ratio for p in points]
    content, style = ([getattr(p, e) for p in points] for e in ("content", "style"))
    return spearman(ratios, content), spearman(ratios, style)


def description(points: Sequence[Point]) -> str:
    """The errors of `points` in one sentence, for screen readers."""
    count = _("{} pictures from photo to style").format(len(points))
    if not points:
        return f"{count}."
    words = _("{}: content {}, style {}")
    errors = "; ".join(
        words.format(in_words(p.ratio), f"{p.content:.2f}", f"{p.style:.2f}")
        for p in points
    )
    return _("{}, errors by ratio {}.").format(count, errors)
