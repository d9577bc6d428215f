"""A recipe's options as controls: choices, ranges and help are those of its fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets
from ipywidgets import Widget

from stylelab.labs.widgets.layer_buttons import LayerButtons
from stylelab.runs.inputs import Sources
from stylelab.runs.recipe import ROLES, fields_of, recipe_for
from stylelab.runs.sweep import Job

STEPS = {"size": 32, "steps": 10}  # of a press on the arrows
INITIAL = {"description_width": "initial"}


class Controls:
    """A widget for each option of a task, by its name.

    options: other first values than the recipe's defaults. changed: called after every
    change. instead: other widgets for some options, or None. What has no widget, such
    as a list of numbers, stays as in `options`.
    """

    def __init__(
        self,
        task: str,
        options: Mapping[str, Any],
        changed: Callable[[], None],
        instead: Mapping[str, Widget | None],
    ) -> None:
        self.task, self.fixed = task, dict(options)
        recipe, specs = recipe_for(task, options), fields_of(task)
        del specs["task"]
        usual = {n: control(s, getattr(recipe, n), task) for n, s in specs.items()}
        self.widgets = {n: w for n, w in (usual | dict(instead)).items() if w}
        for widget in self.widgets.values():
            widget.observe(lambda _: changed(), "value")

    def __getitem__(self, name: str) -> Widget:
        return self.widgets[name]

    def others(self, shown: tuple[str, ...]) -> list[Widget]:
        """All controls but those named in `shown`."""
        return [w for name, w in self.widgets.items() if name not in shown]

    def order(self, sources: Mapping[str, Sources], **options: Any) -> Job:
        """What the controls say, and beside them `options`; a ValueError in words."""
        chosen = {name: widget.value for name, widget in self.widgets.items()}
        recipe = recipe_for(self.task, self.fixed | chosen | options)
        return Job(recipe, sources)


def control(spec: dataclasses.Field, value: Any, task: str) -> Widget | None:
    """A widget for one field of a Recipe; none for a list of numbers."""
    limits, kind = spec.metadata, type(spec.default)
    label = spec.name.replace("_", " ").capitalize()
    if kind is tuple:
        named = {"label": label, "help": limits["help"]}
        return None if "low" in limits else LayerButtons(value, **named)
    named = {"description": label, "tooltip": limits["help"], "style": INITIAL}
    if kind is str:
        choices = dict.fromkeys((*limits["choices"], value))
        options = [c for c in choices if c not in {*ROLES["transfer"]} - {*ROLES[task]}]
        return ipywidgets.Dropdown(options=options, value=value, **named)
    field = ipywidgets.BoundedIntText if kind is int else ipywidgets.BoundedFloatText
    step = STEPS.get(spec.name, 1 if kind is int else 0.1)
    bounds = {"min": limits["low"], "max": limits["high"], "step": step}
    return field(value=value, **bounds, **named)
