"""Rows made before: the one that comes along, and those kept on this machine.

    points = find(tradeoff.row_of_jobs(*PAIR, **SHIPPED))

A stored row is seven small JPEGs and a row.json with its recipe and its errors.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from stylelab.pictures import images, samples
from stylelab.runs import tradeoff
from stylelab.runs.recipe import Recipe
from stylelab.runs.sweep import Job, kept
from stylelab.runs.tradeoff import Point

FOLDER = samples.FOLDER / "tradeoff"
PAIR = ("palace", "starry_night")
SHIPPED = {"size": 192, "steps": 100, "style_weight": 200.0}
QUALITY = 88  # of the JPEGs: they are looked at, and their errors are in row.json


def find(jobs: Sequence[Job]) -> dict[int, Point]:
    """The points of a row that need not be made, by their places in it.

    The shipped row takes milliseconds; what was kept is measured, in a second or two.
    """
    if found := read(FOLDER, jobs):
        return found
    results = {place: kept(job) for place, job in enumerate(jobs)}
    found = {place: result for place, result in results.items() if result}
    scale = tradeoff.scale(jobs[0]) if found else None
    return {p: scale.point(jobs[p], result.picture) for p, result in found.items()}


def write(folder: Path, jobs: Sequence[Job], points: Sequence[Point]) -> None:
    """Stores a whole row, one point for each job, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, point in enumerate(points, 1):
        image = images.to_image(point.picture)
        image.save(folder / f"{number}.jpg", quality=QUALITY, optimize=True)
    row = {
        "recipe": jobs[-1].recipe.to_dict(),
        "style_weights": [job.recipe.style_weight for job in jobs],
        "pictures": _prints(jobs),
        "errors": [{"content": p.content, "style": p.style} for p in points],
    }
    (folder / "row.json").write_text(json.dumps(row, indent=1) + "\n", "utf-8")


def read(folder: Path, jobs: Sequence[Job]) -> dict[int, Point]:
    """The points stored in `folder`, by their places, if `jobs` made them."""
    row = json.loads((folder / "row.json").read_text("utf-8"))
    last, weights = Recipe(**row["recipe"]), row["style_weights"]
    recipes = [replace(last, style_weight=weight) for weight in weights]
    if recipes != [job.recipe for job in jobs] or row["pictures"] != _prints(jobs):
        return {}
    files = [folder / f"{number}.jpg" for number in range(1, 1 + len(jobs))]
    return {
        place: Point(tradeoff.ratio(job), **errors, picture=images.load(file))
        for place, (job, errors, file) in enumerate(
            zip(jobs, row["errors"], files, strict=True)
        )
    }


def _prints(jobs: Sequence[Job]) -> dict[str, list[str]]:
    """The fingerprints of the pictures by role."""
    return {
        role: [images.fingerprint(source) for source in images.as_tuple(sources)]
        for role, sources in jobs[0].sources.items()
    }
