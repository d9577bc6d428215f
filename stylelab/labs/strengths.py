"""How much each of several things counts: style layers, or styles in a mixture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import ipywidgets

from stylelab.labs.controls import INITIAL
from stylelab.labs.parts import note_html
from stylelab.runs.recipe import fields_of

FIELDS = fields_of("transfer")
WORDS = {
    "layer_weights": (
        "Strength of each style layer",
        "part of the style's weight at {}; 0 leaves it out",
    ),
    "mix": ("Share of each style", "how much {} counts in the mixture; 0: not at all"),
}


class Strengths(ipywidgets.Box):
    """A number for each of some names, at first 1. changed: called when one is.

    field: the list of numbers in the Recipe that they fill, layer_weights or mix.
    """

    def __init__(self, field: str, changed: Callable[[], None]) -> None:
        self.field, self.changed = field, changed
        self.title, self.help = WORDS[field]
        self.numbers: dict[str, ipywidgets.BoundedFloatText] = {}
        self.label = ipywidgets.HTML(note_html(self.title))
        super().__init__()
        self.add_class("sl-row")

    def offer(
        self, names: Sequence[str] | Mapping[str, str], weights: Sequence[float] = ()
    ) -> None:
        """A number for each of `names` (which may map to what is shown for them).

        One that was there keeps what it has.
        """
        if [*self.numbers] == [*names] and not weights:
            return
        shown = names if isinstance(names, Mapping) else {name: name for name in names}
        told = dict(zip(names, weights, strict=False))
        self.numbers = {
            name: self.numbers.get(name) or self._number(words, told.get(name, 1.0))
            for name, words in shown.items()
        }
        self.children = [self.label, *self.numbers.values()]

    def _number(self, words: str, value: float) -> ipywidgets.BoundedFloatText:
        limits = FIELDS[self.field].metadata
        number = ipywidgets.BoundedFloatText(
            description=words,
            value=value,
            min=limits["low"],
            max=limits["high"],
            step=0.5,
            tooltip=self.help.format(words),
            style=INITIAL,
        )
        number.observe(lambda _: self.changed(), "value")
        return number

    def options(self) -> dict[str, tuple[float, ...]]:
        """What the recipe has to say of them: nothing where all are 1."""
        weights = tuple(number.value for number in self.numbers.values())
        return {} if {*weights} <= {1.0} else {self.field: weights}
