"""How much each of several things counts: style layers, or styles in a mixture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import ipywidgets

from stylelab.labs.lab import INITIAL, close, note_html
from stylelab.runs.recipe import fields_of

WORDS = {
    "layer_weights": (
        "Strength of each style layer",
        "part of the style's weight at {}; 0 leaves it out",
    ),
    "mix": ("Share of each style", "how much {} counts in the mixture; 0: not at all"),
}


class Strengths(ipywidgets.Box):
    """A number for each of some names, at first 1. changed: called when one is changed.

    field: which list of numbers in the Recipe they are, layer_weights or mix.
    """

    def __init__(self, field: str, changed: Callable[[], None]) -> None:
        self.field, self.changed = field, changed
        title, self.help = WORDS[field]
        self.limits = fields_of("transfer")[field].metadata
        self.numbers: dict[str, ipywidgets.BoundedFloatText] = {}
        super().__init__([ipywidgets.HTML(note_html(title))])
        self.add_class("sl-row")

    def offer(
        self, names: Sequence[str] | Mapping[str, str], weights: Sequence[float] = ()
    ) -> None:
        """Shows a number for each of `names`, which may map to their labels.

        weights: the numbers, in the order of `names`. Without them a new name gets 1,
        and a name that had a number before keeps it.
        """
        if [*self.numbers] == [*names] and not weights:
            return
        labels = names if isinstance(names, Mapping) else {name: name for name in names}
        values = dict(zip(names, weights, strict=False))
        before = self.numbers
        self.numbers = {
            name: before.pop(name, None) or self._number(label, values.get(name, 1.0))
            for name, label in labels.items()
        }
        self.children = [self.children[0], *self.numbers.values()]
        for number in before.values():
            close(number)

    def _number(self, label: str, value: float) -> ipywidgets.BoundedFloatText:
        number = ipywidgets.BoundedFloatText(
            description=label,
            value=value,
            min=self.limits["low"],
            max=self.limits["high"],
            step=0.5,
            tooltip=self.help.format(label),
            style=INITIAL,
        )
        number.observe(lambda _: self.changed(), "value")
        return number

    def options(self) -> dict[str, tuple[float, ...]]:
        """The option of the recipe that they are; none where all are 1."""
        weights = tuple(number.value for number in self.numbers.values())
        return {} if {*weights} <= {1.0} else {self.field: weights}
