"""A run to be made, before anything is loaded: its recipe, and which pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stylelab.pictures.images import Source
from stylelab.runs.recipe import Recipe

# What stands for a role: one picture, or several styles or masks.
Sources = Source | Sequence[Source]


@dataclass(frozen=True, eq=False)
class Job:
    """A run to be made: its recipe, and its pictures by role: photo, style, masks."""

    recipe: Recipe
    sources: Mapping[str, Sources]
