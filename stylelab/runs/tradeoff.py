"""Content against style: one pair of pictures at many ratios of the two weights.

The trade-off of Gatys, Ecker, Bethge (2016, section 3.1) is measured on a row of seven
pictures from the photo to the style. Two rows come with the package, from the photo and
from noise: each is seven small JPEGs, and a row.json with their recipes and errors.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.pictures import images, samples
from stylelab.pictures.images import Source
from stylelab.runs.job import Job
from stylelab.runs.recipe import Recipe, in_digits, recipe_for
from stylelab.runs.run import Run
from stylelab.runs.sweep import kept
from stylelab.runs.tasks import prepare

# Factors of the style's weight, from the first picture of a row to the last. With the
# default weight of 30 the first looks like the photo, and the last is nearly all style:
# above 120 hardly anything changes.
FACTORS = tuple(4.0**k for k in range(-5, 2))
# The shipped rows: where they lie, one folder for each start, their photo and style,
# and their options.
FOLDER = samples.FOLDER / "tradeoff"
SHIPPED_STARTS = ("photo", "noise")
PAIR = ("palace", "starry_night")
SHIPPED = {"size": 256, "steps": 100}
QUALITY = 84  # of the JPEGs: they are only looked at, and their errors are in row.json


@dataclass(frozen=True)
class Point:
    """A picture [1, 3, H, W] between a photo and a style, and its two errors."""

    ratio: float  # style's weight over content's: beta / alpha
    content: float  # 0: the photo; 1: the style picture brought to its size
    style: float  # 0: the style picture; 1: the photo
    picture: Tensor = field(repr=False, compare=False)


@dataclass(frozen=True, eq=False)
class Scale:
    """The units of content and style errors: distances between photo and style."""

    run: Run
    content: float  # of the style picture, brought to the photo's size
    style: float  # of the photo

    def point(self, job: Job, picture: Tensor) -> Point:
        """Where `picture`, made by `job`, stands between its photo and its style."""
        content, style = _distances(self.run, picture)
        return Point(ratio(job), content / self.content, style / self.style, picture)


def ratio(job: Job) -> float:
    """The weight of style over that of content in `job`: beta / alpha."""
    return job.recipe.style_weight / job.recipe.content_weight


def in_words(ratio: float) -> str:
    """A ratio in three digits: 0.0293, 7.5, 120."""
    return in_digits(float(f"{ratio:.3g}"))


def row_of_jobs(photo: Source, style: Source, **options: object) -> list[Job]:
    """Jobs of equal cost at seven ratios; `style_weight` is that of the sixth one."""
    sixth = recipe_for("transfer", options)
    if not (sixth.content_weight and sixth.style_weight):
        raise ValueError("a trade-off needs a content_weight and a style_weight over 0")
    recipes = [replace(sixth, style_weight=f * sixth.style_weight) for f in FACTORS]
    return [Job(recipe, {"photo": photo, "style": style}) for recipe in recipes]


def scale(job: Job) -> Scale:
    """The scale for pictures made by `job` or at other ratios: its own losses."""
    # The pictures may have been made in any precision; they are measured in one.
    plain = replace(job.recipe, content_weight=1, style_weight=1, precision="float32")
    run = prepare(replace(plain, spectrum_weight=0, smoothness=0), **job.sources)
    sources = (images.as_tuple(job.sources[role])[0] for role in ("photo", "style"))
    photo, style = (images.load(source, job.recipe.size) for source in sources)
    resized = F.interpolate(style, photo.shape[-2:], mode="bilinear", antialias=True)
    content, style_distance = _distances(run, resized)[0], _distances(run, photo)[1]
    if not (content and style_distance):
        raise ValueError("photo and style are one picture: give two different ones")
    return Scale(run, content, style_distance)


def losses_as_saved(run: Run, picture: Tensor) -> dict[str, float]:
    """The losses of `run` for the picture that people get: clipped, in 8 bits."""
    saved = run.as_network_sees(images.load(images.to_image(picture)))
    with torch.no_grad():
        losses = run.objective.losses(saved, run.network)
    return {name: loss.item() for name, loss in losses.items()}


def _distances(run: Run, picture: Tensor) -> tuple[float, float]:
    """Content and style distance: the roots of the losses, which are squares."""
    losses = losses_as_saved(run, picture).items()
    content = sum(loss for name, loss in losses if name.startswith("content"))
    style = sum(loss for name, loss in losses if name.startswith("style"))
    return content**0.5, style**0.5


def pareto(points: Iterable[Point]) -> list[Point]:
    """The points that no other beats in one error without losing in the other.

    From the least content error to the most.
    """
    front: list[Point] = []
    for point in sorted(points, key=lambda p: (p.content, p.style)):
        if not front or point.style < front[-1].style:
            front.append(point)
    return front


def stored_points(jobs: Sequence[Job]) -> dict[int, Point]:
    """The points of a row that were made before, by their places in it.

    A shipped row takes milliseconds; to measure a kept row again takes seconds.
    """
    for start in SHIPPED_STARTS:
        if points := read_row(FOLDER / start, jobs):
            return points
    results = {place: result for place, job in enumerate(jobs) if (result := kept(job))}
    if not results:
        return {}
    units = scale(jobs[0])
    return {p: units.point(jobs[p], r.picture) for p, r in results.items()}


def write_row(folder: Path, jobs: Sequence[Job], points: Sequence[Point]) -> None:
    """Writes a whole row, one point for each job, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, point in enumerate(points, 1):
        file = folder / f"{number}.jpg"
        images.to_image(point.picture).save(file, quality=QUALITY, optimize=True)
    row = {
        "recipes": [job.recipe.to_dict() for job in jobs],
        "pictures": _fingerprints(jobs),
        "errors": [{"content": p.content, "style": p.style} for p in points],
    }
    (folder / "row.json").write_text(json.dumps(row, indent=1) + "\n", "utf-8")


def read_row(folder: Path, jobs: Sequence[Job]) -> dict[int, Point]:
    """The points in `folder`, by their places in the row, if `jobs` made them."""
    row = json.loads((folder / "row.json").read_text("utf-8"))
    recipes = [Recipe(**recipe) for recipe in row["recipes"]]
    same_recipes = recipes == [job.recipe for job in jobs]
    if not same_recipes or row["pictures"] != _fingerprints(jobs):
        return {}
    pictures = [images.load(folder / f"{n}.jpg") for n in range(1, 1 + len(jobs))]
    made = zip(jobs, row["errors"], pictures, strict=True)
    points = [Point(ratio(job), **errors, picture=p) for job, errors, p in made]
    return dict(enumerate(points))


def _fingerprints(jobs: Sequence[Job]) -> dict[str, list[str]]:
    """The fingerprints of a row's pictures, by role."""
    sources = jobs[0].sources.items()
    return {role: [*map(images.fingerprint, images.as_tuple(s))] for role, s in sources}
