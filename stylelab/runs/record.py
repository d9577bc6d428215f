"""What is saved with a picture to make it again: names and hashes, never a path."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch

from stylelab import __version__
from stylelab.core.vgg import Network
from stylelab.core.weights import SOURCES, sha256_of
from stylelab.pictures.files import PictureError
from stylelab.pictures.images import as_tuple, base_name, fingerprint
from stylelab.pictures.samples import samples
from stylelab.runs.inputs import Sources
from stylelab.runs.recipe import EXTRAS, ROLES, STARTS, Recipe, recipe_for


def describe(
    recipe: Recipe, sources: Mapping[str, Sources], net: Network, precision: str
) -> dict:
    """The record of a run: recipe, pictures, weights and what decides the last bit."""
    options = recipe.to_dict()
    shown = dict(sources)
    if recipe.start not in STARTS:
        shown.setdefault("start", recipe.start)
        options["start"] = base_name(recipe.start)
    if recipe.weights not in SOURCES:
        options["weights"] = base_name(recipe.weights)
    return {
        "stylelab": __version__,
        "recipe": options,
        "pictures": {
            role: _named(source) for role, source in shown.items() if as_tuple(source)
        },
        "weights_sha256": net.sha256,
        "computed_in": precision,
        "threads": torch.get_num_threads(),
    }


def _named(source: Sources) -> dict[str, str] | list[dict[str, str]]:
    """Name and hash of a picture, or a list of them for several styles or masks."""
    found = [
        {"name": base_name(one), "sha256": fingerprint(one)} for one in as_tuple(source)
    ]
    return found[0] if len(found) == 1 else found


def recall(
    record: Mapping, folder: Path, options: Mapping, given: Mapping[str, Sources]
) -> tuple[Recipe, dict[str, Sources]]:
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
            what: chosen[what] if what in chosen else _found(what, folder, wanted)
            for what, wanted in _wanted(record).items()
        } | dict(given)
        files = {
            what: found.pop(what) for what in ("start", "weights") if what in found
        }
        if found.keys() - EXTRAS.get(task, ()) != set(ROLES[task]):
            raise KeyError(f"a {task} needs {' and '.join(ROLES[task])}")
        return recipe_for(task, {**saved, **files, **options}), found
    except (KeyError, TypeError, AttributeError) as error:
        raise PictureError(
            f"the record holds no complete recipe: {error.args[0]}"
        ) from error


# Name, hash and kind of hash of a file.
Wanted = tuple[str, str, Callable[[str], str]]


def _wanted(record: Mapping) -> dict[str, list[Wanted]]:
    """Every file that the run of `record` read, by what it was."""
    wanted = {
        role: [(one["name"], one["sha256"], fingerprint) for one in as_tuple(picture)]
        for role, picture in record["pictures"].items()
    }
    weights = record["recipe"]["weights"]
    if weights not in SOURCES:
        wanted["weights"] = [(weights, record["weights_sha256"], sha256_of)]
    return wanted


def _found(what: str, folder: Path, wanted: Sequence[Wanted]) -> Sources:
    """The files of `wanted`: one, or a list of several."""
    if not wanted:
        raise KeyError(f"no {what} is named")
    found = [_find(what, folder, *one) for one in wanted]
    return found[0] if len(found) == 1 else found


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
