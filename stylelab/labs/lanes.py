"""Lanes: what each of some layers knows of one photo, made side by side in one run.

A lane is the photo's reconstruction from one layer; a row is all lanes of a photo. One
job describes a row: each of its content_layers gets a lane. The lanes share the photo
and the network, and nothing else: each is the picture of sl.reconstruct.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import PIL.Image

from stylelab.analysis.measure import psnr
from stylelab.core.layers import LAYERS
from stylelab.pictures import images, samples
from stylelab.runs.distances import distances
from stylelab.runs.here import PAUSE, in_turn, seconds_left
from stylelab.runs.job import Job
from stylelab.runs.live import Shot, Waiting
from stylelab.runs.recipe import Recipe, recipe_for
from stylelab.runs.run import Result, Run, Step, Tally
from stylelab.runs.tasks import prepare

MOST = 6  # lanes: more would be too small to be looked at
# The shipped rows: where they lie, their photo, their options and their networks. The
# layers are those of figure 1 of Gatys et al. (2016).
FOLDER = samples.FOLDER / "reconstruction"
PHOTO = "cat"
SHIPPED = {
    "content_layers": ("relu1_2", "relu2_2", "relu3_2", "relu4_2", "relu5_2"),
    "size": 128,
    "steps": 60,
    # The spectrum is knowledge of the photo that no layer has.
    "spectrum_weight": 0.0,
}
NETWORKS = ("original", "random")
QUALITY = 88  # of the JPEGs: they are only looked at, and their numbers are in row.json


@dataclass(frozen=True)
class Lane:
    """One layer's reconstruction of the photo, and how near it is to the photo."""

    layer: str
    psnr: float  # dB, of the picture as it is saved
    loss: float | None  # 0: equal, 1: as wrong as black; None: the loss is absolute
    jpeg: bytes = field(repr=False)


@dataclass(frozen=True, eq=False)
class RowResult:
    """The results of all lanes, from the first layer to the deepest."""

    results: tuple[Result, ...]
    seconds: float  # of all of them together

    @property
    def finished(self) -> bool:
        return all(result.finished for result in self.results)

    @property
    def history(self) -> tuple[float, ...]:
        """The total loss of all lanes at every step."""
        histories = zip(*(result.history for result in self.results), strict=False)
        return tuple(map(sum, histories))

    @property
    def reason(self) -> str:
        """Why lanes ended early, unless the row was interrupted."""
        return "; ".join(one.reason for one in self.results if one.reason)

    def image(self) -> PIL.Image.Image:
        """All pictures side by side."""
        pictures = [result.image() for result in self.results]
        width, height = pictures[0].size
        whole = PIL.Image.new("RGB", (width * len(pictures), height))
        for place, picture in enumerate(pictures):
            whole.paste(picture, (width * place, 0))
        return whole


def row_of(photo: images.Source, options: dict[str, object]) -> Job:
    """The job of a row; `options` are a Recipe's fields, where SHIPPED has others."""
    return Job(recipe_for("reconstruct", SHIPPED | options), {"photo": photo})


def lanes_of(job: Job) -> list[Job]:
    """The job of each lane, from the first layer to the deepest.

    Raises ValueError if there are more than six.
    """
    layers = sorted(job.recipe.content_layers, key=LAYERS.index)
    if len(layers) > MOST:
        raise ValueError(f"{len(layers)} layers are chosen: choose {MOST} at most")
    recipes = [replace(job.recipe, content_layers=(layer,)) for layer in layers]
    return [Job(recipe, job.sources) for recipe in recipes]


def make_row(
    job: Job, stop: threading.Event, show: Callable[[list[Lane], int], None]
) -> Iterator[Waiting | Shot | RowResult]:
    """A Maker of all lanes of a row at once, one step of each in turn.

    `show` gets the lanes and their step, at most five times a second.
    """
    return in_turn(stop, lambda: _made(lanes_of(job), stop, show))


def _made(
    jobs: Sequence[Job],
    stop: threading.Event,
    show: Callable[[list[Lane], int], None],
) -> Iterator[Shot | RowResult]:
    began = time.perf_counter()
    runs = [prepare(job.recipe, **job.sources) for job in jobs]
    tallies, recipe = [Tally(run) for run in runs], jobs[0].recipe
    first_step, last_shot = 0.0, -math.inf
    for index in steps_of(tallies, stop):
        now = time.monotonic()
        if index == 1:
            first_step = now  # it also paid for the first use of everything
        if now - last_shot > PAUSE:
            show([lane(tally.run, tally.best) for tally in tallies], index)
            left = seconds_left(recipe, index, now - first_step)
            losses = {k: v for one in tallies for k, v in one.best.losses.items()}
            yield Shot(index, len(runs[0]), losses, b"", left)
            last_shot = time.monotonic()
    results = tuple(tally.result() for tally in tallies)
    show([lane(tally.run, tally.best) for tally in tallies], index)
    yield RowResult(results, time.perf_counter() - began)


def steps_of(tallies: Sequence[Tally], stop: threading.Event) -> Iterator[int]:
    """Makes one step of each lane in turn; yields their number after each round.

    A lane that finds no way down ends, and the others go on.
    """
    lanes = [tally.follow(tally.run) for tally in tallies]
    for index in range(1, 1 + len(tallies[0].run)):
        for steps in lanes:
            # Every lane has a picture before the row may end.
            if index > 1 and stop.is_set():
                return
            next(steps, None)
        yield index


def lane(run: Run, best: Step | Result) -> Lane:
    """What a lane shows of its best step, or of its result."""
    image, (layer,) = best.image(), run.recipe.content_layers
    near = psnr(images.load(image), run.inputs.photo)
    loss = distances(run.recipe, best.losses).get("content")
    return Lane(layer, near, loss, images.jpeg(image))


def photo_of(job: Job) -> PIL.Image.Image:
    """The photo as the lanes are asked to rebuild it."""
    photo, size = job.sources["photo"], job.recipe.size
    return images.resized(images.open_picture(photo), size, images.base_name(photo))


def write_row(folder: Path, job: Job, result: RowResult) -> None:
    """Writes a finished row into `folder`: a JPEG for each lane, and row.json."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = []
    for lane_job, made in zip(lanes_of(job), result.results, strict=True):
        found = lane(prepare(lane_job.recipe, **lane_job.sources), made)
        file = folder / f"{found.layer}.jpg"
        made.image().save(file, quality=QUALITY, optimize=True)
        numbers.append({"layer": found.layer, "psnr": found.psnr, "loss": found.loss})
    photo = images.fingerprint(job.sources["photo"])
    row = {"recipe": job.recipe.to_dict(), "photo": photo, "lanes": numbers}
    (folder / "row.json").write_text(json.dumps(row, indent=1) + "\n", "utf-8")


def shipped_row(job: Job) -> list[Lane]:
    """The lanes that came with the package, if `job` made them; else none."""
    folder = FOLDER / Path(job.recipe.weights).name
    if not (folder / "row.json").is_file():
        return []
    row = json.loads((folder / "row.json").read_text("utf-8"))
    same = Recipe(**row["recipe"]) == job.recipe
    if not same or row["photo"] != images.fingerprint(job.sources["photo"]):
        return []
    jpegs = [(folder / f"{one['layer']}.jpg").read_bytes() for one in row["lanes"]]
    return [Lane(**one, jpeg=j) for one, j in zip(row["lanes"], jpegs, strict=True)]
