"""The trade-off of notebook 06: two rows of pictures, and errors of single ones."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from torch import Tensor

from stylelab.figures import plots
from stylelab.runs import tradeoff
from stylelab.runs.job import Job
from stylelab.runs.run import Run
from stylelab.runs.tradeoff import Point


def made_before(start: str) -> list[Point]:
    """The seven pictures from `start` that come with the package."""
    jobs = tradeoff.row_of_jobs(*tradeoff.PAIR, start=start, **tradeoff.SHIPPED)
    points = tradeoff.stored_points(jobs)
    return [points[place] for place in range(len(jobs))]


def errors_of(pair: tuple[str, str], run: Run, picture: Tensor) -> str:
    """Both errors of a picture that `run` made of a photo and a style, in words."""
    job = Job(run.recipe, dict(zip(("photo", "style"), pair, strict=True)))
    point = tradeoff.scale(job).point(job, picture)
    return f"content error {point.content:.2f}, style error {point.style:.2f}"


def panels(
    rows: Mapping[str, Sequence[Point]], places: Sequence[int] = (0, 2, 4, 6)
) -> list[plots.Panel]:
    """Four pictures of each row with their ratio, the first row above the second."""
    return [
        (f"{start}: β/α = {tradeoff.in_words(row[place].ratio)}", row[place].picture)
        for start, row in rows.items()
        for place in places
    ]


def style_errors(row: Sequence[Point], contents: Sequence[float]) -> list[float]:
    """The style error of a row at each content error, on lines from dot to dot.

    The row begins at the photo (0, 1) and ends at the style (1, 0).
    """
    ends = [(0.0, 1.0), *((p.content, p.style) for p in row), (1.0, 0.0)]
    found = []
    for content in contents:
        pairs = pairwise(ends)
        (x0, y0), (x1, y1) = next(pair for pair in pairs if content <= pair[1][0])
        found.append(y0 + (y1 - y0) * (content - x0) / (x1 - x0))
    return found


def curves(
    rows: Mapping[str, Sequence[Point]],
    drawn: Mapping[str, plots.Curve],
    claim: str,
    alt: str,
) -> plots.Plate:
    """Style error over content error of each row, and the curve that was predicted."""
    series = {
        f"from {start}": ([p.content for p in row], [p.style for p in row])
        for start, row in rows.items()
    }
    names = "content error (0: the photo)", "style error (0: the painting)"
    plate = plots.lines({**series, **drawn}, claim, alt, *names)
    axes = plate.axes[0]
    for words, at in (("the photo", (0, 1)), ("the painting", (1, 0))):
        axes.plot(*at, "s", color=plots.ORANGE, ms=14, clip_on=False, zorder=5)
        where = {"xytext": (12, 10), "textcoords": "offset points"}
        axes.annotate(words, at, fontsize=plots.MEDIUM, **where)
    axes.set(xlim=(0, 1.2), ylim=(0, 1.1))
    return plate
