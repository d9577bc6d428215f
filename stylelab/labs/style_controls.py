"""More about the style: how much its layers count, and how several are mixed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets
import numpy as np
import PIL.Image

from stylelab.core.language import _
from stylelab.labs.lab import close, number, show
from stylelab.labs.markup import note_html
from stylelab.labs.widgets.mask_painter import MaskPainter
from stylelab.pictures import images
from stylelab.pictures.images import Source
from stylelab.runs.recipe import fields_of

WORDS = {
    "layer_weights": (
        _("Strength of each style layer"),
        _("part of the style's weight at {}; 0 leaves it out"),
    ),
    "mix": (
        _("Share of each style"),
        _("how much {} counts in the mixture; 0: not at all"),
    ),
}
HINT = _("Paint on the photo where the second style goes; the first takes the rest.")
LONGEST = 448  # pixels of the painted picture's longer side
MIXED, PAINTED = "mixed", "the second where I paint"  # as they are kept
HOW = [(_("mixed"), MIXED), (_("the second where I paint"), PAINTED)]


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
        for widget in before.values():
            close(widget)

    @property
    def values(self) -> dict[str, float]:
        """The number of each name; can be set."""
        return {name: widget.value for name, widget in self.numbers.items()}

    @values.setter
    def values(self, values: Mapping[str, float]) -> None:
        for name in values.keys() & self.numbers.keys():
            self.numbers[name].value = values[name]

    def _number(self, label: str, value: float) -> ipywidgets.BoundedFloatText:
        widget = number(label, value, self.limits, 0.5, self.help.format(label))
        widget.observe(lambda _: self.changed(), "value")
        return widget

    def options(self) -> dict[str, tuple[float, ...]]:
        """The option of the recipe that they are; none where all are 1."""
        weights = tuple(widget.value for widget in self.numbers.values())
        return {} if {*weights} <= {1.0} else {self.field: weights}


class MaskOnPhoto(ipywidgets.Box):
    """`masks` says where both styles go. changed: called after every stroke."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.photo: Source | None = None
        self.painted: dict[str, bytes] = {}  # by the photo's fingerprint
        self.painter = MaskPainter()
        super().__init__([ipywidgets.HTML(note_html(HINT)), self.painter])
        self.add_class("sl-column")
        self.add_class("sl-painting")
        self.painter.observe(lambda _: changed(), "painted")

    def look_at(self, photo: Source, title: str) -> None:
        """Puts a photo under the painter, with what was painted on it before."""
        if photo is not self.photo:
            if self.photo is not None:
                self.painted[images.fingerprint(self.photo)] = self.painter.painted
            self.photo = photo
            image = images.open_picture(photo)
            image.thumbnail((LONGEST, LONGEST))
            self.painter.show(
                images.jpeg(image), image.size, _("A mask over '{}'.").format(title)
            )
            self.painter.painted = self.painted.get(images.fingerprint(photo), b"")

    def masks(self) -> Sequence[np.ndarray]:
        """Where each style goes: bools [H, W] of the photo. ValueError if nowhere."""
        mask = self.painter.mask
        if mask.all() or not mask.any():
            all_of_it = mask.any()
            much = _("everything is painted") if all_of_it else _("nothing is painted")
            raise ValueError(f"{much}: {HINT[0].lower()}{HINT[1:-1]}")
        size = images.open_picture(self.photo).size
        nearest = PIL.Image.Resampling.NEAREST
        mask = np.asarray(PIL.Image.fromarray(mask).resize(size, nearest))
        return [~mask, mask]


class StylesMixed(ipywidgets.Box):
    """How the chosen styles come together; hidden while there is only one.

    changed: called after every change.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self.count = 0  # of the chosen styles
        self.how = ipywidgets.ToggleButtons(
            options=HOW, description=_("Styles"), tooltip=_("Styles")
        )
        self.shares, self.mask = Strengths("mix", changed), MaskOnPhoto(changed)
        super().__init__([self.how, self.shares, self.mask])
        self.add_class("sl-column")
        self.how.observe(lambda _: self._show(), "value")
        self.how.observe(lambda _: changed(), "value")

    def offer(
        self,
        photo: Source,
        title: str,
        styles: Mapping[str, str],
        shares: Sequence[float] = (),
    ) -> None:
        """Another photo, called `title`, and the titles of the styles by their keys."""
        self.count = len(styles)
        self.mask.look_at(photo, title)
        self.shares.offer(styles, shares)
        self._show()

    @property
    def settings(self) -> dict[str, Any]:
        """How the styles come together; can be set for the same pictures."""
        painted = self.mask.painter.painted
        return {"how": self.how.value, "mix": self.shares.values, "painted": painted}

    @settings.setter
    def settings(self, settings: Mapping[str, Any]) -> None:
        self.shares.values = settings["mix"]
        self.mask.painter.painted = settings["painted"]
        self.how.value = settings["how"]

    @property
    def is_painted(self) -> bool:
        """Only two styles can share a photo so: one where it is painted, one not."""
        return self.count == 2 and self.how.value == PAINTED

    def _show(self) -> None:
        show(self, self.count > 1)
        show(self.how, self.count == 2)
        show(self.shares, not self.is_painted)
        show(self.mask, self.is_painted)

    def masks(self) -> dict[str, Sequence[np.ndarray]]:
        """The masks of a run, if any. Raises ValueError if nothing is painted."""
        return {"masks": self.mask.masks()} if self.is_painted else {}

    def options(self) -> dict[str, tuple[float, ...]]:
        """The recipe's option `mix`, if the styles are mixed."""
        mixed = self.count > 1 and not self.is_painted
        return self.shares.options() if mixed else {}
