"""What TradeoffLab shows: a row of pictures from photo to style. It knows no widget.

A row is seven pictures of one photo and one style, from the least weight of the style
to the most; a picture's place in it counts from 0.
"""

import io
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import PIL.Image
from matplotlib.figure import Figure

from stylelab.core.language import _, later
from stylelab.figures.plots import MEDIUM, Plate
from stylelab.figures.tradeoff import curve, description, one_of_a_row
from stylelab.labs.small_picture import title_of
from stylelab.pictures import images
from stylelab.pictures.images import Source
from stylelab.runs import tradeoff
from stylelab.runs.forecast import forecast
from stylelab.runs.job import Job
from stylelab.runs.live import Maker, Shot, Waiting
from stylelab.runs.run import Result
from stylelab.runs.sweep import keep
from stylelab.runs.tasks import prepare
from stylelab.runs.tradeoff import PAIR, SHIPPED, Point, stored_points

SIZES = (96, 128, 192)  # px, of the shorter side
# Name of an end of the curve, its errors of content and style, and where the name is.
ENDS = (
    (later("the photo"), (0, 1), (13, 0), "left"),
    (later("the style"), (1, 0), (8, 46), "right"),
)


@dataclass(frozen=True)
class RowShot(Shot):
    """A shot counted in the steps of a whole row, and where it is in its picture."""

    words: str = ""  # "Picture 2 of 7, step 30 of 100"


class TradeoffView:
    """A photo and a style, the finished pictures of their row, and the one looked at.

    `open` and `choose` answer at once where the row was made before; `make_missing`
    makes the rest.
    """

    jobs: list[Job]
    points: dict[int, Point]  # by place, of the pictures that are finished
    place: int

    def __init__(self, *pair: Source, **options: object) -> None:
        self.open(*(pair or PAIR), **options)

    def open(self, photo: Source, style: Source, **options: object) -> None:
        """Another pair; `options` of a transfer, where the shipped row has others."""
        if images.fingerprint(photo) == images.fingerprint(style):
            raise ValueError(_("photo and style are one picture: choose two others"))
        jobs = tradeoff.row_of_jobs(photo, style, **SHIPPED | options)
        self.points, self.jobs = stored_points(jobs), jobs
        self.choose(len(jobs) // 2)

    def choose(self, place: int) -> None:
        """The picture at `place`, or the nearest that is finished."""
        places = sorted(self.points, key=lambda other: abs(other - place))
        self.place = places[0] if places else place

    @property
    def missing(self) -> list[int]:
        """The places without a picture.

        The most style comes first: those pictures differ most from the photo.
        """
        return [p for p in reversed(range(len(self.jobs))) if p not in self.points]

    @property
    def point(self) -> Point | None:
        """The picture looked at; None if no picture is finished."""
        return self.points.get(self.place)

    @property
    def image(self) -> PIL.Image.Image:
        """The picture looked at; the photo if no picture is finished."""
        if self.point:
            return images.to_image(self.point.picture)
        photo = images.open_picture(self.jobs[0].sources["photo"])
        return images.resized(photo, self.jobs[0].recipe.size)

    def ratio(self, place: int) -> str:
        """Style's weight over content's, as the slider writes it."""
        return tradeoff.in_words(tradeoff.ratio(self.jobs[place]))

    def facts(self) -> list[tuple[str, str]]:
        """The picture looked at in numbers: each with what it is."""
        if not self.point:
            return []
        return [
            (f"{self.point.content:.2f}", _("content error (0: the photo)")),
            (f"{self.point.style:.2f}", _("style error (0: the style)")),
        ]

    def words(self) -> str:
        """The view in one sentence, for screen readers."""
        sources = self.jobs[0].sources
        names = [images.base_name(sources[role]) for role in ("photo", "style")]
        pair = _("'{}' in the style of '{}'").format(*map(title_of, names))
        if not self.point:
            words = _("A row of pictures of {}, none of which is made yet.")
            return words.format(pair)
        words = _(
            "Picture {} of {} of {}: style weighs {} times as much as content, "
            "content error {}, style error {}."
        )
        place, ratio = (self.place + 1, len(self.jobs)), self.ratio(self.place)
        errors = f"{self.point.content:.2f}", f"{self.point.style:.2f}"
        return words.format(*place, pair, ratio, *errors)

    def figure(self) -> Plate:
        """The picture looked at, beside the curve."""
        return one_of_a_row(self.points, self.place, self.image, self.words())

    def made(self) -> str:
        """How many pictures of the row are made, in words."""
        count, total = len(self.points), len(self.jobs)
        if count == total:
            return _("All {} pictures of this row are made.").format(total)
        words = _("{} of {} pictures are made; press Run for the rest.")
        return words.format(count, total)

    def foresee(self, job: Job) -> str:
        """What it takes to make all missing pictures; `job` is one of them."""
        one, count = forecast(prepare(job.recipe, **job.sources)), len(self.missing)
        whole = replace(one, seconds=count * one.seconds)
        if count == 1:
            words = _("{} picture of this row is missing; it takes {}.")
        else:
            words = _("{} pictures of this row are missing; they take {}.")
        return words.format(count, whole)

    def next_job(self) -> Job:
        """The job of the first missing picture."""
        if not self.missing:
            raise ValueError(_("all pictures of this row are made: move the slider"))
        return self.jobs[self.missing[0]]

    def make_missing(self, make: Maker, added: Callable[[], None]) -> Maker:
        """A Maker of all missing pictures in the row that is open when it is started.

        Each picture is kept as soon as it is finished, and `added` is called.
        """

        def make_row(
            job: Job, stop: threading.Event
        ) -> Iterator[Waiting | Shot | Result]:
            jobs, points, missing = self.jobs, self.points, self.missing
            scale = tradeoff.scale(jobs[0])
            for count, place in enumerate(missing):
                for news in make(jobs[place], stop):
                    if isinstance(news, Shot):
                        news = _of_row(news, count, len(missing), len(jobs))
                    yield news
                    if isinstance(news, Result) and news.finished:
                        keep(jobs[place], news)
                        points[place] = scale.point(jobs[place], news.picture)
                        if points is self.points:  # else another row is open
                            self.choose(place)
                            added()
                if stop.is_set():
                    return

        return make_row


def _of_row(shot: Shot, before: int, count: int, whole: int) -> RowShot:
    """A shot in a row of `whole` pictures, of which `count` are made in this run.

    `before` of them are done. The shot counts the steps of all `count`.
    """
    index, total = before * shot.total + shot.index, count * shot.total
    left = shot.seconds_left if shot.index < shot.total else None
    if left is not None:
        left *= (total - index) / (shot.total - shot.index)
    picture = whole - count + before + 1
    words = _("Picture {} of {}, step {} of {}")
    words = words.format(picture, whole, shot.index, shot.total)
    return RowShot(index, total, shot.losses, shot.jpeg, left, words)


class Curve:
    """The trade-off curve of a row as a drawing, and where its dots are.

    The curve is drawn once, because drawing takes up to a quarter of a second: too
    long for a move of the slider.
    """

    def __init__(self, points: Mapping[int, Point]) -> None:
        points = dict(sorted(points.items()))
        figure, svg = Figure(figsize=(5, 4.6)), io.BytesIO()
        axes = figure.add_axes((0.18, 0.16, 0.8, 0.82))
        curve(axes, points)
        for name, at, shift, side in ENDS:
            place = {"xytext": shift, "textcoords": "offset points", "ha": side}
            axes.annotate(_(name), at, **place, va="center", fontsize=MEDIUM)
        figure.savefig(svg, format="svg", metadata={"Date": None})
        self.svg = svg.getvalue()
        named = description([*points.values()])
        self.words = _("Style error over content error. {}").format(named)
        to_shares = axes.transData - figure.transFigure
        self.dots = []  # left and top: shares of the width and height
        for place, point in points.items():
            left, bottom = to_shares.transform((point.content, point.style))
            name = _("Picture {}, β/α {}")
            name = name.format(place + 1, tradeoff.in_words(point.ratio))
            dot = {"key": place, "left": left, "top": 1 - bottom, "name": name}
            self.dots.append(dot)
