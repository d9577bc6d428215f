"""A second style beside the first: mixed in, or where somebody paints."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets
import numpy as np

from stylelab.labs.lab import INITIAL, choice, show
from stylelab.labs.mask_on_photo import MaskOnPhoto
from stylelab.labs.picture_chooser import SourceCard
from stylelab.labs.small_picture import SmallPicture
from stylelab.pictures.images import Source
from stylelab.runs.inputs import Sources

NONE, MIXED, PAINTED = "none", "mixed in", "where I paint"


class SecondStyle(ipywidgets.Box):
    """Whether there is a second style, which picture, and how much of it or where.

    style: the first choice; None: there is no second style until somebody chooses one.
    mix: the shares of both. changed: called after every change.
    """

    def __init__(
        self, style: Source | None, mix: Sequence[float], changed: Callable[[], None]
    ) -> None:
        how = NONE if style is None else MIXED
        options, help = (NONE, MIXED, PAINTED), "two styles in one picture"
        self.how = choice("Second style", options, how, help)
        first = "great_wave" if style is None else style
        self.card = SourceCard("Other style", first, changed)
        self.share = ipywidgets.FloatSlider(
            description="Its share",
            value=mix[1] / sum(mix) if len(mix) == 2 else 0.5,
            min=0,
            max=1,
            step=0.05,
            tooltip="0: the first style alone; 1: the second alone",
            continuous_update=False,
            style=INITIAL,
        )
        self.mask_on_photo = MaskOnPhoto(changed)
        super().__init__([self.how, self.card, self.share, self.mask_on_photo])
        self.add_class("sl-column")
        self._show()
        self.how.observe(lambda _: self._show(), "value")
        for widget in (self.how, self.share):
            widget.observe(lambda _: changed(), "value")

    def _show(self) -> None:
        """Shows only the controls that count."""
        show(self.card, self.is_used)
        show(self.share, self.how.value == MIXED)
        show(self.mask_on_photo, self.how.value == PAINTED)

    @property
    def is_used(self) -> bool:
        """Whether there is a second style."""
        return self.how.value != NONE

    def look_at(self, photo: SmallPicture) -> None:
        """Puts a photo under the painter."""
        self.mask_on_photo.look_at(photo.source, photo.title)

    def styles(self, first: Source) -> Sources:
        """The style of a run, or both styles, when `first` is the first one."""
        return [first, self.card.source] if self.is_used else first

    def masks(self) -> Sequence[np.ndarray] | None:
        """Where both styles go, in the size of the photo; None: everywhere."""
        return self.mask_on_photo.masks() if self.how.value == PAINTED else None

    def options(self) -> dict[str, tuple[float, float]]:
        """The options of the recipe that concern both styles."""
        share = self.share.value
        return {"mix": (1 - share, share)} if self.how.value == MIXED else {}
