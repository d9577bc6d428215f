"""What is saved with a picture to make it again: names and hashes, never a path."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from stylelab import __version__
from stylelab.core.digest import sha256_of
from stylelab.core.vgg import Network
from stylelab.core.weights import SOURCES
from stylelab.core.words import shown
from stylelab.pictures.files import PictureError
from stylelab.pictures.images import as_tuple, base_name
from stylelab.runs.device import chosen_precision, processor
from stylelab.runs.job import Sources
from stylelab.runs.originals import about, as_then, broken, find, find_all
from stylelab.runs.recipe import (
    EXTRAS,
    ROLES,
    STARTS,
    TASKS,
    Recipe,
    fields_of,
    recipe_for,
)


def describe(
    recipe: Recipe, sources: Mapping[str, Sources], net: Network
) -> dict[str, Any]:
    """The record of a run: all that decides its picture, to the last bit."""
    options = recipe.to_dict()
    pictures = {role: as_tuple(source) for role, source in sources.items()}
    if recipe.start not in STARTS:
        pictures.setdefault("start", (recipe.start,))
        options["start"] = base_name(recipe.start)
    if recipe.weights not in SOURCES:
        options["weights"] = base_name(recipe.weights)
    named: dict[str, Any] = {}
    for role, several in pictures.items():
        names = [about(role, picture) for picture in several]
        if names:
            named[role] = names if names[1:] else names[0]
    return {
        **_made_by(recipe),
        "recipe": options,
        "pictures": named,
        "weights_sha256": net.sha256,
        "threads": torch.get_num_threads(),
    }


def _made_by(recipe: Recipe) -> dict[str, str]:
    """What, beside the recipe and the number of threads, decides the last bits."""
    return {
        "stylelab": __version__,
        "torch": torch.__version__.split("+")[0],
        "processor": processor(),
        "computed_in": chosen_precision(recipe.precision),
    }


def differences(record: Mapping, recipe: Recipe) -> list[str]:
    """What of that was another for `record`: "torch '2.9.0' (here '2.14.1')".

    Older records do not hold all of it.
    """
    return [
        f"{name.replace('_', ' ')} {shown(then)} (here {now!r})"
        for name, now in _made_by(recipe).items()
        if (then := record.get(name, now)) != now
    ]


def recall(
    record: Mapping, folder: Path, options: Mapping, sources: Mapping[str, Sources]
) -> tuple[Recipe, dict[str, Sources]]:
    """The recipe of `record` and its pictures by role, replaced where others are given.

    Pictures are looked for among the samples, in `folder` (where the record's file
    lies) and in the current folder; a weights file likewise. The original of a picture
    that was made smaller before the run is made smaller again, if need be with a
    warning. Raises PictureError if a file is missing or has changed, and for a broken
    record; ValueError for a wrong value.
    """
    try:
        recipe, named = _read(record, options, sources)
    except ValueError as error:
        if _numbers(saved_by := record.get("stylelab")) > _numbers(__version__):
            versions = f"stylelab {shown(saved_by)}, and this is {__version__}"
            problem = f"the recipe was saved by {versions}: update stylelab"
            raise PictureError(problem) from error
        raise
    sources = {role: as_then(of, named.get(role)) for role, of in sources.items()}
    pictures = {
        role: sources[role] if role in sources else find_all(role, folder, names)
        for role, names in named.items()
    } | sources
    files: dict[str, Any] = {}
    if "start" in pictures:
        files["start"] = pictures.pop("start")
    if recipe.weights not in SOURCES and "weights" not in options:
        digest = str(record.get("weights_sha256"))
        files["weights"] = find("weights", folder, recipe.weights, digest, sha256_of)
    return replace(recipe, **files), pictures


def _read(
    record: Mapping, options: Mapping, sources: Mapping[str, Sources]
) -> tuple[Recipe, dict[str, Any]]:
    """The recipe in `record` changed by `options`, and its pictures' names by role."""
    saved, named = part(record, "recipe"), part(record, "pictures")
    task = saved.pop("task", None)
    if task not in TASKS:
        raise broken(f"its task is {shown(task)}, not {', '.join(TASKS)}")
    named = {role: names for role, names in named.items() if role not in options}
    if "start" in named:
        saved["start"] = "start.png"  # which its file will take the place of
    if "losses" not in saved:  # by the first edition, whose losses were Gatys'
        saved |= {"losses": "absolute", "levels": 1}
    if record.get("tile"):  # where memory was short: other tiles, other bits
        saved["tile"] = record["tile"]
    if unknown := saved.keys() - fields_of(task).keys():
        raise broken(f"{task} has no option {shown(min(unknown))}")
    roles = {*named, *sources} - {"start", *EXTRAS.get(task, ())}
    if roles != set(ROLES[task]):
        raise broken(f"a {task} needs {' and '.join(ROLES[task])}")
    return recipe_for(task, {**saved, **options}), named


def _numbers(version: object) -> list[int]:
    """The numbers of a version, to compare: [0, 1, 0] of "0.1.0"; [] of none."""
    words = version if isinstance(version, str) else ""
    # Longer ones, which no version has, Python would refuse to read.
    return [int(n) for n in re.findall(r"\d{1,9}", words)]


def part(record: Mapping, key: str) -> dict[str, Any]:
    """A copy of what `record` holds as `key`, which has to be a JSON object."""
    if not isinstance(found := record.get(key), dict):
        problem = f"is {shown(found)}" if key in record else "is missing"
        raise broken(f"'{key}' {problem}")
    return dict(found)
