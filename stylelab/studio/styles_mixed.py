"""Several styles in one picture: by their shares, or where a visitor paints."""

from collections.abc import Callable, Mapping, Sequence

import ipywidgets
import numpy as np

from stylelab.labs.style_controls import MaskOnPhoto, Strengths
from stylelab.pictures.images import Source

MIXED, PAINTED = "mixed", "the second where I paint"


class StylesMixed(ipywidgets.Box):
    """How the chosen styles come together; hidden while there is only one.

    changed: called after every change.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self.count = 0  # of the chosen styles
        self.how = ipywidgets.ToggleButtons(
            options=[MIXED, PAINTED], description="Styles"
        )
        self.shares, self.mask = Strengths("mix", changed), MaskOnPhoto(changed)
        super().__init__([self.how, self.shares, self.mask])
        self.add_class("sl-column")
        self.how.observe(lambda _: self._show(), "value")
        self.how.observe(lambda _: changed(), "value")

    def offer(self, photo: Source, title: str, styles: Mapping[str, str]) -> None:
        """Another photo, called `title`, and the titles of the styles by their keys."""
        self.count = len(styles)
        self.mask.look_at(photo, title)
        self.shares.offer(styles)
        self._show()

    @property
    def is_painted(self) -> bool:
        """Only two styles can share a photo so: one where it is painted, one not."""
        return self.count == 2 and self.how.value == PAINTED

    def _show(self) -> None:
        visible = {
            self: self.count > 1,
            self.how: self.count == 2,
            self.shares: not self.is_painted,
            self.mask: self.is_painted,
        }
        for widget, is_visible in visible.items():
            widget.layout.display = None if is_visible else "none"

    def masks(self) -> dict[str, Sequence[np.ndarray]]:
        """The masks of a run, if any. Raises ValueError if nothing is painted."""
        return {"masks": self.mask.masks()} if self.is_painted else {}

    def options(self) -> dict[str, tuple[float, ...]]:
        """The recipe's option `mix`, if the styles are mixed."""
        mixed = self.count > 1 and not self.is_painted
        return self.shares.options() if mixed else {}
