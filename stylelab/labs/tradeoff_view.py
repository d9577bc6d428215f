"""What TradeoffLab shows: a row of pictures from photo to style. It knows no widget."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import PIL.Image

from stylelab.figures.plots import BLUE, ORANGE
from stylelab.pictures import images, samples
from stylelab.pictures.images import Source
from stylelab.runs import tradeoff
from stylelab.runs.forecast import forecast
from stylelab.runs.live import Make, Shot, Waiting
from stylelab.runs.recipe import in_digits
from stylelab.runs.run import Result
from stylelab.runs.sweep import Job, keep
from stylelab.runs.tasks import prepare
from stylelab.runs.tradeoff import PAIR, SHIPPED, Point, pareto, stored_points

SIZES = (96, 128, 192)  # px, of the shorter side


class TradeoffView:
    """A pair of pictures, the points of its row made so far, and the one looked at.

    `open` and `choose` answer at once where the row was made before; `make` makes what
    is missing.
    """

    jobs: list[Job]
    points: dict[int, Point]  # by place in the row, 0 to 6
    place: int

    def __init__(
        self, photo: Source = PAIR[0], style: Source = PAIR[1], **options: object
    ) -> None:
        self.open(photo, style, **options)

    def open(self, photo: Source, style: Source, **options: object) -> None:
        """Another pair, and what of its row is there already.

        `options` are those of a transfer, where they differ from the shipped row's.
        """
        if images.fingerprint(photo) == images.fingerprint(style):
            raise ValueError("photo and style are one picture: choose two others")
        jobs = tradeoff.row_of_jobs(photo, style, **SHIPPED | options)
        self.points, self.jobs = stored_points(jobs), jobs
        self.choose(len(jobs) // 2)

    def choose(self, place: int) -> None:
        """The picture at `place`, or the nearest that is made."""
        near = sorted(self.points, key=lambda other: abs(other - place))
        self.place = near[0] if near else place

    @property
    def made(self) -> list[int]:
        """The places that have a picture."""
        return sorted(self.points)

    @property
    def missing(self) -> list[int]:
        """The places that have none, from the most style to the least.

        The pictures full of style differ most from the photo: they come first.
        """
        return [p for p in reversed(range(len(self.jobs))) if p not in self.points]

    @property
    def point(self) -> Point | None:
        """What is looked at; None before there is anything."""
        return self.points.get(self.place)

    @property
    def image(self) -> PIL.Image.Image:
        """What is looked at: before there is anything, the photo."""
        if self.point:
            return images.to_image(self.point.picture)
        job = self.jobs[0]
        shown = images.open_picture(job.sources["photo"])
        return images.resized(shown, job.recipe.size)

    def ratio(self, place: int) -> str:
        """Style's weight over content's, as it is written on the slider."""
        return in_digits(tradeoff.ratio(self.jobs[place]))

    def facts(self) -> list[tuple[str, str]]:
        """The picture looked at in numbers: each with what it is."""
        if not self.point:
            return []
        return [
            (self.ratio(self.place), "weight of style over weight of content, β/α"),
            (f"{self.point.content:.2f}", "content error (0: the photo)"),
            (f"{self.point.style:.2f}", "style error (0: the style)"),
        ]

    def words(self) -> str:
        """All of it in one sentence, for who cannot see it."""
        photo, style = (self.title(role) for role in ("photo", "style"))
        pair = f"'{photo}' in the style of '{style}'"
        if not self.point:
            return f"A row of pictures of {pair}, none of which is made yet."
        return (
            f"Picture {self.place + 1} of {len(self.jobs)} of {pair}: style weighs "
            f"{self.ratio(self.place)} times as much as content, content error "
            f"{self.point.content:.2f}, style error {self.point.style:.2f}."
        )

    def title(self, role: str) -> str:
        """What the photo or the style is called."""
        name = images.base_name(self.jobs[0].sources[role])
        sample = samples.samples().get(name)
        return sample.title if sample else name

    def foresee(self, job: Job) -> str:
        """What it takes to make all that is missing, when `job` is one of it."""
        one, count = forecast(prepare(job.recipe, **job.sources)), len(self.missing)
        whole = replace(one, seconds=count * one.seconds)
        return f"{count} pictures of this row are missing; they take {whole}."

    def order(self) -> Job:
        """The first of the pictures that are missing."""
        if not self.missing:
            raise ValueError("all pictures of this row are made: move the slider")
        return self.jobs[self.missing[0]]

    def make(self, make: Make, added: Callable[[], None]) -> Make:
        """A Make of all that is missing in the row that is open when it is started.

        Each picture is kept as soon as it is finished, and `added` is called.
        """

        def row(_: Job, stop: threading.Event) -> Iterator[Waiting | Shot | Result]:
            jobs, points, missing = self.jobs, self.points, self.missing
            measured = tradeoff.scale(jobs[0])
            for done, place in enumerate(missing):
                for news in make(jobs[place], stop):
                    if isinstance(news, Shot):
                        news = _of_row(news, done, len(missing))
                    yield news
                    if isinstance(news, Result) and news.finished:
                        keep(jobs[place], news)
                        points[place] = measured.point(jobs[place], news.picture)
                        added()
                if stop.is_set():
                    return

        return row


def _of_row(shot: Shot, done: int, images: int) -> Shot:
    """A shot of one picture, counted in steps of the whole row."""
    index, total = done * shot.total + shot.index, images * shot.total
    left = shot.seconds_left if shot.index < shot.total else None
    if left is not None:
        left *= (total - index) / (shot.total - shot.index)
    return replace(shot, index=index, total=total, seconds_left=left)


# The curve as SVG: drawn in no time at each move of the slider.
SIDE, LEFT, BELOW = 420, 88, 60  # px of the square, and of the axes' margins
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
FRAME = (
    '<svg class="sl-tradeoff" role="img" aria-label="{label}" '
    'viewBox="0 0 {width} {height}">{inside}</svg>'
)


def curve(points: Mapping[int, Point], place: int) -> str:
    """Style error over content error as SVG: a line along the best, one dot a point.

    The dot at `place` is large. Squares mark the ends: the photo and the style.
    """
    widest = 1.06 * max(1, *(max(p.content, p.style) for p in points.values()), 0)

    def at(content: float, style: float) -> tuple[float, float]:
        return LEFT + SIDE * content / widest, 12 + SIDE * (1 - style / widest)

    front = [at(p.content, p.style) for p in pareto(points.values())]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in front)
    parts = [*_axes(at), f'<polyline class="sl-front" points="{line}"/>']
    for end in (at(1, 0), at(0, 1)):
        parts.append(_square(*end))
    # The one looked at comes last, above its neighbours.
    for number in sorted(points, key=lambda number: number == place):
        point = points[number]
        parts.append(_dot(*at(point.content, point.style), number, number == place))
    size = {"width": LEFT + SIDE + 16, "height": 12 + SIDE + BELOW}
    label = "Style error over content error of the pictures of the row"
    return FRAME.format(label=label, inside="".join(parts), **size)


def _axes(at: Callable[[float, float], tuple[float, float]]) -> Iterator[str]:
    """Lines, numbers and names of both axes."""
    line = '<line class="sl-grid" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>'
    text = '<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>'
    for tick in TICKS:
        yield line.format(*at(tick, 0), *at(tick, 1.05))
        yield line.format(*at(0, tick), *at(1.05, tick))
        (x, y), name = at(tick, 0), f"{tick:g}"
        yield text.format(x, y + 24, "middle", name)
        x, y = at(0, tick)
        yield text.format(x - 14, y + 5, "end", name)
    middle = 12 + SIDE / 2
    yield text.format(
        LEFT + SIDE / 2, SIDE + 64, "middle", "content error (0: the photo)"
    )
    turned = f'<text transform="translate(16 {middle:.1f}) rotate(-90)" '
    yield f'{turned}text-anchor="middle">style error (0: the style)</text>'


def _square(x: float, y: float) -> str:
    return (
        f'<rect x="{x - 8:.1f}" y="{y - 8:.1f}" width="16" height="16" '
        f'fill="{ORANGE}"/>'
    )


def _dot(x: float, y: float, number: int, chosen: bool) -> str:
    radius, fill = (19, "#000000") if chosen else (13, BLUE)
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="white" '
        f'stroke-width="2"/><text class="sl-number-in" x="{x:.1f}" y="{y + 5.5:.1f}" '
        f'text-anchor="middle">{number + 1}</text>'
    )
