"""Losses in numbers that mean something: 0 is equal, 1 is as wrong as black."""

from collections.abc import Mapping

from stylelab.runs.recipe import Recipe

SCALE = "0: equal, 1: as wrong as black"


def distances(recipe: Recipe, losses: Mapping[str, float]) -> dict[str, float]:
    """How far a picture is from its style and its content: the losses without weights.

    Only relative losses have this scale: without them, and without a weight, nothing.
    """
    found = {}
    weights = {"style": recipe.style_weight, "content": recipe.content_weight}
    for kind, weight in weights.items():
        parts = [loss for name, loss in losses.items() if name.startswith(f"{kind} ")]
        if parts and recipe.losses == "relative":
            found[kind] = sum(parts) / weight
    return found


def in_brief(recipe: Recipe, losses: Mapping[str, float]) -> str:
    """Both distances, as in "style 0.04, content 0.61"; else the loss itself."""
    found = distances(recipe, losses) or {"loss": sum(losses.values())}
    return ", ".join(f"{kind} {value:.2g}" for kind, value in found.items())
