"""What is saved with a picture so that it can be made again: names and hashes, no path."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import torch

from stylelab import __version__
from stylelab.network import SOURCES, Network
from stylelab.pictures import PictureError, Source, base_name, fingerprint, samples
from stylelab.recipe import Recipe, recipe_for

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
        options["weights"] = os.path.basename(recipe.weights)
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


def recall(record: Mapping, folder: Path, options: Mapping) -> tuple[Recipe, dict]:
    """The recipe of `record`, changed by `options`, and its pictures by role.

    Pictures are looked for among the samples, in `folder` (where the record's file
    lies) and here. Raises PictureError for one that is missing or not the same.
    """
    try:
        saved = {key: _untupled(value) for key, value in record["recipe"].items()}
        wanted = record["pictures"]
        found = {role: _find(role, **about, folder=folder) for role, about in wanted.items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise PictureError(f"the record holds no complete recipe: {error}") from error
    if "start" in found:
        saved["start"] = str(found.pop("start"))
    task = saved.pop("task")
    return recipe_for(task, {**saved, **options}), found


def _untupled(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _find(role: str, name: str, sha256: str, folder: Path) -> str:
    places = [name] if name in samples() else []
    places += [str(p) for p in (folder / name, Path(name)) if p.is_file()]
    for place in places:
        if fingerprint(place) == sha256:
            return place
    problem = "is not the one used" if places else "was not found"
    raise PictureError(
        f"the {role} '{name}' {problem}: put the original beside the recipe's file, or "
        "name a picture yourself"
    )
