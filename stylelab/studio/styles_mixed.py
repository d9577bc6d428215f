"""Several styles in one picture: by their shares, or where a visitor paints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import ipywidgets
import numpy as np

from stylelab.labs.mask_on_photo import MaskOnPhoto
from stylelab.labs.strengths import Strengths
from stylelab.pictures.images import Source

MIXED, PAINTED = "mixed", "the second where I paint"


class StylesMixed(ipywidgets.Box):
    """How the chosen styles come together; unseen while there is only one."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.styles: list[str] = []
        self.how = ipywidgets.ToggleButtons(
            options=[MIXED, PAINTED], description="Styles"
        )
        self.shares, self.ground = Strengths("mix", changed), MaskOnPhoto(changed)
        super().__init__([self.how, self.shares, self.ground])
        self.add_class("sl-column")
        self.how.observe(lambda _: self._show(), "value")
        self.how.observe(lambda _: changed(), "value")

    def look_at(self, photo: Source, title: str, styles: Mapping[str, str]) -> None:
        """What is chosen now; of the styles, by their keys, what they are called."""
        self.styles = [*styles]
        self.ground.look_at(photo, title)
        self.shares.offer(styles)
        self._show()

    @property
    def is_painted(self) -> bool:
        """Only two styles can share a photo so: one where it is painted, one not."""
        return len(self.styles) == 2 and self.how.value == PAINTED

    def _show(self) -> None:
        shown = {
            self: len(self.styles) > 1,
            self.how: len(self.styles) == 2,
            self.shares: not self.is_painted,
            self.ground: self.is_painted,
        }
        for widget, is_shown in shown.items():
            widget.layout.display = None if is_shown else "none"

    def masks(self) -> dict[str, Sequence[np.ndarray]]:
        """The further pictures of a run; a ValueError where nothing is painted."""
        return {"masks": self.ground.masks()} if self.is_painted else {}

    def options(self) -> dict[str, tuple[float, ...]]:
        """What the recipe has to say of the styles."""
        mixed = len(self.styles) > 1 and not self.is_painted
        return self.shares.options() if mixed else {}
