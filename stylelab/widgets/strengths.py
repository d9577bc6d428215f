"""How much each style layer counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets

from stylelab.recipe import fields_of
from stylelab.widgets.controls import INITIAL
from stylelab.widgets.parts import note

LIMITS = fields_of("transfer")["layer_weights"].metadata


class LayerStrengths(ipywidgets.Box):
    """A number for each of some layers, at first 1. changed: called when one is."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.changed = changed
        self.numbers: dict[str, ipywidgets.BoundedFloatText] = {}
        self.label = ipywidgets.HTML(note("Strength of each style layer"))
        super().__init__()
        self.add_class("sl-row")

    def offer(self, layers: Sequence[str], weights: Sequence[float] = ()) -> None:
        """A number for each of `layers`; one that was there keeps what it has."""
        if [*self.numbers] == [*layers] and not weights:
            return
        told = dict(zip(layers, weights, strict=False))
        self.numbers = {
            layer: self.numbers.get(layer) or self._number(layer, told.get(layer, 1.0))
            for layer in layers
        }
        self.children = [self.label, *self.numbers.values()]

    def _number(self, layer: str, value: float) -> ipywidgets.BoundedFloatText:
        number = ipywidgets.BoundedFloatText(
            description=layer,
            value=value,
            min=LIMITS["low"],
            max=LIMITS["high"],
            step=0.5,
            tooltip=f"part of the style's weight at {layer}; 0 leaves it out",
            style=INITIAL,
        )
        number.observe(lambda _: self.changed(), "value")
        return number

    def options(self) -> dict[str, tuple[float, ...]]:
        """What the recipe has to say of them: nothing where all are 1."""
        weights = tuple(number.value for number in self.numbers.values())
        return {} if {*weights} <= {1.0} else {"layer_weights": weights}
