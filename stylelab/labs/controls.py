"""A recipe's options as controls: choices, ranges and help are those of its fields."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets
from ipywidgets import Widget

from stylelab.core.language import _, later
from stylelab.labs.lab import choice, number, side_by_side
from stylelab.labs.markup import note_html
from stylelab.labs.widgets.buttons import LayerButtons
from stylelab.runs.job import Job, Sources
from stylelab.runs.recipe import STARTS, fields_of, recipe_for, starts_of

# By how much the arrows of a number field change it.
STEPS = {"size": 32, "steps": 10, "style_weight": 5.0}
# The options' names as labels, and their choices: what is translated where it is shown.
LABELS = {
    "size": later("Size"),
    "steps": later("Steps"),
    "levels": later("Levels"),
    "tile": later("Tile"),
    "start": later("Start"),
    "losses": later("Losses"),
    "content_layers": later("Content layers"),
    "content_weight": later("Content weight"),
    "style_layers": later("Style layers"),
    "style_weight": later("Style weight"),
    "statistic": later("Statistic"),
    "brush": later("Brush"),
    "colors": later("Colours"),
    "spectrum_weight": later("Spectrum weight"),
    "smoothness": later("Smoothness"),
    "optimizer": later("Optimizer"),
    "space": later("Space"),
    "weights": later("Weights"),
    "pooling": later("Pooling"),
    "precision": later("Precision"),
    "seed": later("Seed"),
}
CHOICES = (  # all others are names of methods
    *(later("noise"), later("phases"), later("photo")),
    *(later("style"), later("guess")),
    *(later("relative"), later("absolute"), later("luminance"), later("statistics")),
    *(later("spectrum"), later("pixels"), later("original"), later("random")),
    *(later("max"), later("average"), later("auto")),
)
GROUPS = {  # the options that few need, by heading
    later("Colour and brush"): ("colors", "brush", "spectrum_weight", "smoothness"),
    later("Layers and losses"): (
        *("content_layers", "style_layers", "statistic"),
        *("content_weight", "style_weight", "losses"),
    ),
    later("Start and optimiser"): ("start", "seed", "levels", "optimizer", "space"),
    later("Network"): ("weights", "pooling", "precision"),
}


class Controls:
    """A widget for each option of a task, by its name.

    options: first values, where they differ from the recipe's defaults. changed: called
    after every change. replaced: other widgets for some options, or None for no widget.
    An option without a widget, such as a list of numbers, stays as in `options`.
    """

    def __init__(
        self,
        task: str,
        options: Mapping[str, Any],
        changed: Callable[[], None],
        replaced: Mapping[str, Widget | None],
    ) -> None:
        self.task, self.options = task, dict(options)
        recipe, fields = recipe_for(task, options), fields_of(task)
        del fields["task"]
        self.widgets: dict[str, Widget] = {}
        for name, field in fields.items():
            if name in replaced:
                widget = replaced[name]
            else:
                widget = control(field, getattr(recipe, name), task)
            if widget:
                self.widgets[name] = widget
                widget.observe(lambda _: changed(), "value")

    def __getitem__(self, name: str) -> Widget:
        return self.widgets[name]

    def others(self, names: tuple[str, ...]) -> list[Widget]:
        """All controls but those of `names`."""
        return [widget for name, widget in self.widgets.items() if name not in names]

    def grouped(
        self, names: tuple[str, ...], after: Mapping[str, Widget] = {}
    ) -> list[Widget]:
        """All controls but those of `names`, under headings, each with its sentence.

        after: widgets that follow the control of an option.
        """
        found: list[Widget] = []
        for heading, options in GROUPS.items():
            parts = []
            for name in options:
                if name in self.widgets and name not in names:
                    parts.append(self._explained(name))
                    if name in after:
                        parts.append(side_by_side(after[name], kind="sl-option"))
            if parts:
                title = ipywidgets.HTML(note_html(_(heading), "sl-group"))
                found += [title, side_by_side(*parts, kind="sl-options")]
        return found

    def _explained(self, name: str) -> Widget:
        help = _(fields_of(self.task)[name].metadata["help"])
        sentence = ipywidgets.HTML(note_html(f"{help[0].upper()}{help[1:]}."))
        return side_by_side(self[name], sentence, kind="sl-column sl-option")

    @property
    def values(self) -> dict[str, Any]:
        """What each control says, by the name of its option; can be set."""
        return {name: widget.value for name, widget in self.widgets.items()}

    @values.setter
    def values(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            self.widgets[name].value = value

    def make_job(self, sources: Mapping[str, Sources], **options: Any) -> Job:
        """The run that the controls and `options` describe; else a ValueError."""
        recipe = recipe_for(self.task, self.options | self.values | options)
        return Job(recipe, sources)


def control(field: dataclasses.Field, value: Any, task: str) -> Widget | None:
    """A widget for one field of a Recipe; none for a list of numbers."""
    if type(field.default) is tuple and "low" in field.metadata:
        return None
    limits, kind = field.metadata, type(field.default)
    label, help = _(LABELS[field.name]), _(limits["help"])
    if kind is str:
        absent = {*STARTS} - {*starts_of(task)}  # pictures that it does not take
        options = dict.fromkeys((*limits["choices"], value))
        options = [option for option in options if option not in absent]
        return choice(label, options, value, help)
    if kind is not tuple:
        step = STEPS.get(field.name, 1 if kind is int else 0.1)
        return number(label, value, limits, step, help)
    return LayerButtons(value, label=label, help=help)
