"""A second style beside the first: mixed in, or where somebody paints."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets
import numpy as np

from stylelab.labs.controls import INITIAL
from stylelab.labs.mask_on_photo import MaskOnPhoto
from stylelab.labs.small_picture import SmallPicture
from stylelab.labs.source_card import SourceCard
from stylelab.pictures.images import Source
from stylelab.runs.inputs import Sources

NONE, MIXED, PAINTED = "none", "mixed in", "where I paint"


def _how(value: str) -> ipywidgets.Dropdown:
    return ipywidgets.Dropdown(
        description="Second style",
        options=(NONE, MIXED, PAINTED),
        value=value,
        tooltip="two styles in one picture",
        style=INITIAL,
    )


def _share(value: float) -> ipywidgets.FloatSlider:
    return ipywidgets.FloatSlider(
        description="Its share",
        value=value,
        min=0,
        max=1,
        step=0.05,
        tooltip="0: the first style alone; 1: the second alone",
        continuous_update=False,
        style=INITIAL,
    )


class SecondStyle(ipywidgets.Box):
    """Whether there is a second style, which, and how much of it or where.

    style: the first choice; None: there is no second style until it is asked for.
    mix: the shares of both. changed: called after every change.
    """

    def __init__(
        self, style: Source | None, mix: Sequence[float], changed: Callable[[], None]
    ) -> None:
        self.how = _how(NONE if style is None else MIXED)
        self.card = SourceCard(
            "Other style", "great_wave" if style is None else style, changed
        )
        self.share = _share(mix[1] / sum(mix) if len(mix) == 2 else 0.5)
        self.ground = MaskOnPhoto(changed)
        super().__init__([self.how, self.card, self.share, self.ground])
        self.add_class("sl-column")
        self._show()
        self.how.observe(lambda _: self._show(), "value")
        for widget in (self.how, self.share):
            widget.observe(lambda _: changed(), "value")

    def _show(self) -> None:
        """Only what counts is seen."""
        shown = {
            self.card: self.is_used,
            self.share: self.how.value == MIXED,
            self.ground: self.how.value == PAINTED,
        }
        for widget, is_shown in shown.items():
            widget.layout.display = None if is_shown else "none"

    @property
    def is_used(self) -> bool:
        """Whether there is a second style."""
        return self.how.value != NONE

    def look_at(self, photo: SmallPicture) -> None:
        """Another photo to paint on."""
        self.ground.look_at(photo.source, photo.title)

    def styles(self, first: Source) -> Sources:
        """The style of a run that has `first`, or both styles."""
        return [first, self.card.source] if self.is_used else first

    def masks(self) -> Sequence[np.ndarray] | None:
        """Where both styles go, in the size of the photo; None: everywhere."""
        return self.ground.masks() if self.how.value == PAINTED else None

    def options(self) -> dict[str, tuple[float, float]]:
        """What the recipe has to say of both styles."""
        share = self.share.value
        return {"mix": (1 - share, share)} if self.how.value == MIXED else {}
