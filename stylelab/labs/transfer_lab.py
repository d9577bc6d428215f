"""TransferLab: the content of a photo in the style of a painting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stylelab.labs.run_lab import RunLab
from stylelab.labs.second_style import SecondStyle
from stylelab.labs.source_card import SourceCard
from stylelab.labs.strengths import Strengths
from stylelab.labs.widgets.log_slider import LogSlider
from stylelab.pictures.images import Source, as_tuple
from stylelab.runs.inputs import Sources
from stylelab.runs.live import Make, make_here
from stylelab.runs.recipe import Recipe, recipe_for
from stylelab.runs.sweep import Job

RATIO = 100.0  # of the weights, at first: the photo is still seen, in strokes
HELP = "weight of the style loss over weight of the content loss, beta / alpha"


class TransferLab(RunLab):
    """A photo painted anew, between its content and another picture's style.

    photo, style: a sample's name, a file, a PIL image or a tensor, as sl.load takes it;
    of styles also a list of two.
    options: first values of a Recipe's fields: size=128, start="noise", ... Of the two
    weights only the ratio counts.
    """

    task = "transfer"
    labels = ("Photo", "Style")
    shown = ("style_weight", "size", "steps")

    def __init__(
        self,
        photo: Source = "palace",
        style: Sources = "starry_night",
        *,
        make: Make = make_here,
        **options: object,
    ) -> None:
        recipe = recipe_for(self.task, {"style_weight": RATIO} | options)
        self.ratio = _slider(recipe)
        first, second, *_ = *as_tuple(style), None
        self.second = SecondStyle(second, recipe.mix, self.changed)
        self.strengths = Strengths("layer_weights", self.changed)
        options |= {"content_weight": 1.0, "style_weight": self.ratio.value}
        options |= {"mix": (), "layer_weights": ()}  # these have widgets of their own
        instead = {"style_weight": self.ratio, "content_weight": None}
        super().__init__({"photo": photo, "style": first}, make, options, instead)
        self.strengths.offer(recipe.style_layers, recipe.layer_weights)
        self.second.look_at(self.cards["photo"].seen)
        self._fold_away()
        self._show_code()

    def _fold_away(self) -> None:
        """What takes style apart comes first, and strengths stand by their layers."""
        layers = self.controls["style_layers"]
        first = [self.controls["colors"], self.controls["brush"], self.second]
        for widget in self.more.inner.children:
            if widget not in first:
                first += [widget, self.strengths] if widget is layers else [widget]
        self.more.inner.children = first

    def changed(self) -> None:
        self.second.look_at(self.cards["photo"].seen)
        self.strengths.offer(self.controls["style_layers"].value)
        super().changed()

    def sources(self) -> dict[str, Sources]:
        found = super().sources()
        found["style"] = self.second.styles(found["style"])
        masks = self.masks
        return found if masks is None else found | {"masks": masks}

    def order(self) -> Job:
        options = self.second.options() | self.strengths.options()
        return self.controls.order(self.sources(), **options)

    @property
    def masks(self) -> Sequence[np.ndarray] | None:
        """Where both styles go, as painted: bools [H, W]; None: everywhere."""
        return self.second.masks()

    def names(self) -> dict[str, str | tuple[str, ...]]:
        found = super().names()
        if self.second.is_used:
            found["style"] = (found["style"], self.second.card.seen.name)
        return found if self.masks is None else found | {"masks": "lab.masks"}

    def shown_cards(self) -> list[SourceCard]:
        return super().shown_cards() + [self.second.card] * self.second.is_used


def _slider(recipe: Recipe) -> LogSlider:
    """The ratio of the two weights, where pictures change most: 0.01 to 1000."""
    if not recipe.content_weight:
        raise ValueError("content_weight is 0: a TransferLab needs some content")
    return LogSlider(
        value=recipe.style_weight / recipe.content_weight,
        low=-2.0,
        high=3.0,
        ends=("the photo", "the style"),
        label="Style over content, β/α",
        help=HELP,
    )
