"""What is saved with a picture to make it again: names and hashes, never a path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import torch

from stylelab import __version__
from stylelab.network import Network
from stylelab.pictures import PictureError, Source, base_name, fingerprint, samples
from stylelab.recipe import ROLES, Recipe, recipe_for
from stylelab.weights import SOURCES, sha256_of

STARTS = ("noise", "photo", "style")


def describe(
    recipe: Recipe, sources: Mapping[str, Source], net: Network, precision: str
) -> dict:
    """The record of a run: recipe, pictures, weights and what decides the last bit."""
    options = recipe.to_dict()
    shown = dict(sources)
    if recipe.start not in STARTS:
        shown["start"] = recipe.start
        options["start"] = base_name(recipe.start)
    if recipe.weights not in SOURCES:
        options["weights"] = base_name(recipe.weights)
    return {
        "stylelab": __version__,
        "recipe": options,
        "pictures": {
            role: {"name": base_name(source), "sha256": fingerprint(source)}
            for role, source in shown.items()
        },
        "weights_sha256": net.sha256,
        "computed_in": precision,
        "threads": torch.get_num_threads(),
    }


def recall(
    record: Mapping, folder: Path, options: Mapping, given: Mapping[str, Source]
) -> tuple[Recipe, dict[str, Source]]:
    """The recipe of `record`, changed by `options`, and its pictures by role.

    A picture is the one `given`, or else looked for among the samples, in `folder`
    (where the record's file lies) and here; a weights file likewise. Raises
    PictureError for one that is missing or not the same, and for a broken record.
    """
    try:
        saved = dict(record["recipe"])
        task = saved.pop("task")
        chosen = {**options, **given}
        found = {
            what: chosen[what] if what in chosen else _find(what, folder, *wanted)
            for what, wanted in _wanted(record).items()
        }
        files = {
            what: found.pop(what) for what in ("start", "weights") if what in found
        }
        if found.keys() != set(ROLES[task]):
            raise KeyError(f"a {task} needs {' and '.join(ROLES[task])}")
        return recipe_for(task, {**saved, **files, **options}), found
    except (KeyError, TypeError, AttributeError) as error:
        raise PictureError(
            f"the record holds no complete recipe: {error.args[0]}"
        ) from error


def _wanted(record: Mapping) -> dict[str, tuple[str, str, Callable[[str], str]]]:
    """Name, hash and kind of hash of every file that the run of `record` read."""
    wanted = {
        role: (picture["name"], picture["sha256"], fingerprint)
        for role, picture in record["pictures"].items()
    }
    weights = record["recipe"]["weights"]
    if weights not in SOURCES:
        wanted["weights"] = (weights, record["weights_sha256"], sha256_of)
    return wanted


def _find(
    what: str, folder: Path, name: str, sha256: str, digest: Callable[[str], str]
) -> str:
    """The sample or file called `name` whose `digest` is `sha256`."""
    places = [name] if name in samples() and digest is fingerprint else []
    places += [str(p) for p in (folder / name, Path(name)) if p.is_file()]
    for place in places:
        if digest(place) == sha256:
            return place
    problem = "has changed" if places else "was not found"
    raise PictureError(
        f"this recipe needs '{name}' ({what}), which {problem}: put the original "
        "beside the recipe's file, or name another yourself"
    )
