"""What is saved with a picture to make it again: names and hashes, never a path."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import torch

from stylelab import __version__
from stylelab.core.vgg import Network
from stylelab.core.weights import SOURCES, sha256_of
from stylelab.pictures.files import PictureError
from stylelab.pictures.images import Source, as_tuple, base_name, fingerprint
from stylelab.pictures.samples import samples
from stylelab.runs.device import chosen_precision
from stylelab.runs.inputs import Sources
from stylelab.runs.recipe import EXTRAS, ROLES, STARTS, Recipe, recipe_for


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
        digest = _digest_of(role)
        names = [{"name": base_name(p), "sha256": digest(p)} for p in several]
        if names:
            named[role] = names if names[1:] else names[0]
    return {
        "stylelab": __version__,
        "recipe": options,
        "pictures": named,
        "weights_sha256": net.sha256,
        "computed_in": chosen_precision(recipe.precision),
        "threads": torch.get_num_threads(),
    }


def recall(
    record: Mapping, folder: Path, options: Mapping, sources: Mapping[str, Sources]
) -> tuple[Recipe, dict[str, Sources]]:
    """The recipe of `record` and its pictures by role, replaced where others are given.

    Pictures are looked for among the samples, in `folder` (where the record's file
    lies) and in the current folder; a weights file likewise. Raises PictureError if one
    is missing or has changed, and for a broken record.
    """
    try:
        saved = dict(record["recipe"])
        task = saved.pop("task")
        pictures = {
            role: sources[role] if role in sources else _find_all(role, folder, names)
            for role, names in record["pictures"].items()
            if role not in options
        } | dict(sources)
        if "start" in pictures:
            saved["start"] = pictures.pop("start")
        if "losses" not in saved:  # by the first edition, whose losses were Gatys'
            saved |= {"losses": "absolute", "levels": 1}
        if record.get("tile"):  # where memory was short: other tiles, other bits
            saved["tile"] = record["tile"]
        if (name := saved["weights"]) not in SOURCES and "weights" not in options:
            digest = record["weights_sha256"]
            saved["weights"] = find("weights", folder, name, digest, sha256_of)
        if pictures.keys() - EXTRAS.get(task, ()) != set(ROLES[task]):
            raise KeyError(f"a {task} needs {' and '.join(ROLES[task])}")
        return recipe_for(task, {**saved, **options}), pictures
    except (KeyError, TypeError, AttributeError) as error:
        problem = f"the record holds no complete recipe: {error.args[0]}"
        raise PictureError(problem) from error


def _digest_of(role: str) -> Callable[[Source], str]:
    """What tells one picture of a role from another; masks may be all transparency."""
    return partial(fingerprint, opaque=False) if role == "masks" else fingerprint


def _find_all(role: str, folder: Path, named: Any) -> Sources:
    """The file of a picture `named` by its name and hash, or a list for several."""
    if not named:
        raise KeyError(f"no {role} is named")
    several = named if isinstance(named, list) else [named]
    files = [
        find(role, folder, n["name"], n["sha256"], _digest_of(role)) for n in several
    ]
    return files if files[1:] else files[0]


def find(
    what: str, folder: Path, name: str, sha256: str, digest: Callable[[str], str]
) -> str:
    """The sample or file called `name` whose `digest` is `sha256`."""
    places = [name] if name in samples() and digest is not sha256_of else []
    places += [str(p) for p in (folder / name, Path(name)) if p.is_file()]
    for place in places:
        if digest(place) == sha256:
            return place
    problem = "has changed" if places else "was not found"
    advice = "put the original beside the recipe's file, or name another yourself"
    raise PictureError(
        f"this recipe needs '{name}' ({what}), which {problem}: {advice}"
    )
