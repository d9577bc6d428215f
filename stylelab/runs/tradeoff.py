"""Content against style: one pair of pictures at many ratios of the two weights.

There is a trade-off between content and style (Gatys, Ecker, Bethge 2016, section 3.1):
here it is measured.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.pictures import images
from stylelab.pictures.images import Source
from stylelab.runs.recipe import recipe_for
from stylelab.runs.run import Run
from stylelab.runs.sweep import Job
from stylelab.runs.tasks import prepare

# Parts of the style's weight, from the first picture of a row to the last. With the
# default of 1000 the first looks like the photo, and at the last the style is all.
PARTS = tuple(5.0**k for k in range(-6, 1))


@dataclass(frozen=True)
class Point:
    """A picture [1, 3, H, W] between a photo and a style, and its two errors."""

    ratio: float  # style's weight over content's: beta / alpha
    content: float  # 0: the photo; 1: the style picture brought to its size
    style: float  # 0: the style picture; 1: the photo
    picture: Tensor = field(repr=False, compare=False)


@dataclass(frozen=True, eq=False)
class Scale:
    """What content and style errors are measured in: distances of photo and style."""

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


def row_of_jobs(photo: Source, style: Source, **options: object) -> list[Job]:
    """Jobs of equal cost at seven ratios; `style_weight` is that of the last one."""
    last = recipe_for("transfer", options)
    if not (last.content_weight and last.style_weight):
        raise ValueError("a trade-off needs a content_weight and a style_weight over 0")
    sources = {"photo": photo, "style": style}
    return [
        Job(replace(last, style_weight=part * last.style_weight), sources)
        for part in PARTS
    ]


def scale(job: Job) -> Scale:
    """The scale for pictures made by `job` or at other ratios: its own losses."""
    plain = {"content_weight": 1, "style_weight": 1, "smoothness": 0}
    # In whichever precision the pictures are made, they are measured in one.
    run = prepare(replace(job.recipe, precision="float32", **plain), **job.sources)
    photo, style = (
        images.load(images.as_tuple(job.sources[role])[0], job.recipe.size)
        for role in ("photo", "style")
    )
    brought = F.interpolate(style, photo.shape[-2:], mode="bilinear", antialias=True)
    content, style = _distances(run, brought)[0], _distances(run, photo)[1]
    if not (content and style):
        raise ValueError("photo and style are one picture: give two different ones")
    return Scale(run, content, style)


def losses_as_saved(run: Run, picture: Tensor) -> dict[str, float]:
    """The losses of `run` for the picture that people get: clipped, in 8 bits."""
    shown = run.seen(images.load(images.to_image(picture)))
    with torch.no_grad():
        features = run.network.features(shown, run.objective.layers)
        losses = run.objective.losses(shown, features)
    return {name: loss.item() for name, loss in losses.items()}


def _distances(run: Run, picture: Tensor) -> tuple[float, float]:
    """Content and style distance: the roots of the losses, which are squares."""
    losses = losses_as_saved(run, picture).items()
    content, style = (
        sum(loss for name, loss in losses if name.startswith(kind))
        for kind in ("content", "style")
    )
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
