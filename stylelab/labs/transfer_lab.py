"""TransferLab: the content of a photo in the style of a painting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stylelab.labs.picture_chooser import SourceCard
from stylelab.labs.run_lab import RunLab
from stylelab.labs.second_style import SecondStyle
from stylelab.labs.strengths import Strengths
from stylelab.labs.widgets.log_slider import LogSlider
from stylelab.pictures.images import Source, as_tuple
from stylelab.runs.inputs import Sources
from stylelab.runs.live import Maker, make_here
from stylelab.runs.recipe import recipe_for
from stylelab.runs.sweep import Job

RATIO = 100.0  # of the weights, at first: the photo is still recognised, in strokes


class TransferLab(RunLab):
    """A photo painted anew, between its content and another picture's style.

    photo, style: a sample's name, a file, a PIL image or a tensor, as sl.load takes it;
    style may also be a list of two.
    options: first values of a Recipe's fields: size=128, start="noise", ... Of the two
    weights only the ratio counts.
    """

    task = "transfer"
    labels = ("Photo", "Style")
    main_options = ("style_weight", "size", "steps")

    def __init__(
        self,
        photo: Source = "palace",
        style: Sources = "starry_night",
        *,
        make: Maker = make_here,
        **options: object,
    ) -> None:
        recipe = recipe_for(self.task, {"style_weight": RATIO} | options)
        if not recipe.content_weight:
            raise ValueError("content_weight is 0: a TransferLab needs some content")
        self.ratio = LogSlider(
            value=recipe.style_weight / recipe.content_weight,
            low=-2.0,
            high=3.0,
            ends=("the photo", "the style"),
            label="Style over content, β/α",
            help="weight of the style loss over that of the content loss, beta / alpha",
        )
        first, second, *_ = *as_tuple(style), None
        self.second = SecondStyle(second, recipe.mix, self.changed)
        self.strengths = Strengths("layer_weights", self.changed)
        options |= {"content_weight": 1.0, "style_weight": self.ratio.value}
        options |= {"mix": (), "layer_weights": ()}  # these have widgets of their own
        replaced = {"style_weight": self.ratio, "content_weight": None}
        super().__init__({"photo": photo, "style": first}, make, options, replaced)
        self.strengths.offer(recipe.style_layers, recipe.layer_weights)
        self.second.look_at(self.cards["photo"].picture)
        self._arrange_more_options()
        self._show_code()

    def _arrange_more_options(self) -> None:
        """The options of style come first, and the strengths follow their layers."""
        layers = self.controls["style_layers"]
        widgets = [self.controls["colors"], self.controls["brush"], self.second]
        for widget in self.more.inner.children:
            if widget not in widgets:
                widgets.append(widget)
            if widget is layers:
                widgets.append(self.strengths)
        self.more.inner.children = widgets

    def changed(self) -> None:
        self.second.look_at(self.cards["photo"].picture)
        self.strengths.offer(self.controls["style_layers"].value)
        super().changed()

    def used_cards(self) -> list[SourceCard]:
        return super().used_cards() + [self.second.card] * self.second.is_used

    def sources(self) -> dict[str, Sources]:
        sources, masks = super().sources(), self.masks
        sources["style"] = self.second.styles(sources["style"])
        return sources if masks is None else sources | {"masks": masks}

    def names(self) -> dict[str, str | tuple[str, ...]]:
        names = super().names()
        if self.second.is_used:
            names["style"] = (names["style"], self.second.card.picture.name)
        return names if self.masks is None else names | {"masks": "lab.masks"}

    def make_job(self) -> Job:
        options = self.second.options() | self.strengths.options()
        return self.controls.make_job(self.sources(), **options)

    @property
    def masks(self) -> Sequence[np.ndarray] | None:
        """Where both styles go, as painted: bools [H, W]; None: everywhere."""
        return self.second.masks()
