"""More about the style: how much its layers count, and a second style beside it."""

from collections.abc import Callable, Mapping, Sequence

import ipywidgets
import numpy as np
import PIL.Image

from stylelab.labs.lab import INITIAL, choice, close, number, show
from stylelab.labs.markup import note_html
from stylelab.labs.picture_chooser import SourceCard
from stylelab.labs.widgets.mask_painter import MaskPainter
from stylelab.pictures import images
from stylelab.pictures.images import Source
from stylelab.runs.recipe import fields_of

WORDS = {
    "layer_weights": (
        "Strength of each style layer",
        "part of the style's weight at {}; 0 leaves it out",
    ),
    "mix": ("Share of each style", "how much {} counts in the mixture; 0: not at all"),
}
HINT = "Paint on the photo where the second style goes; the first takes the rest."
LONGEST = 448  # pixels of the painted picture's longer side
NONE, MIXED, PAINTED = "none", "mixed in", "where I paint"


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
        self.painter = MaskPainter()
        super().__init__([ipywidgets.HTML(note_html(HINT)), self.painter])
        self.add_class("sl-column")
        self.add_class("sl-painting")
        self.painter.observe(lambda _: changed(), "painted")

    def look_at(self, photo: Source, title: str) -> None:
        """Puts a photo under the painter; another photo begins with nothing painted."""
        if photo is not self.photo:
            self.photo = photo
            image = images.open_picture(photo)
            image.thumbnail((LONGEST, LONGEST))
            self.painter.show(images.jpeg(image), image.size, f"A mask over '{title}'.")

    def masks(self) -> Sequence[np.ndarray]:
        """Where each style goes: bools [H, W] of the photo. ValueError if nowhere."""
        mask = self.painter.mask
        if mask.all() or not mask.any():
            much = "everything" if mask.any() else "nothing"
            raise ValueError(f"{much} is painted: {HINT[0].lower()}{HINT[1:-1]}")
        size = images.open_picture(self.photo).size
        nearest = PIL.Image.Resampling.NEAREST
        mask = np.asarray(PIL.Image.fromarray(mask).resize(size, nearest))
        return [~mask, mask]


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
        share = mix[1] / sum(mix) if len(mix) == 2 else 0.5
        limits = {"min": 0, "max": 1, "step": 0.05}
        self.share = ipywidgets.FloatSlider(share, **limits, style=INITIAL)
        self.share.description, self.share.continuous_update = "Its share", False
        self.share.tooltip = "0: the first style alone; 1: the second alone"
        self.mask_on_photo = MaskOnPhoto(changed)
        super().__init__([self.how, self.card, self.share, self.mask_on_photo])
        self.add_class("sl-column")
        self._show()
        self.how.observe(lambda _: self._show(), "value")
        self.how.observe(lambda _: changed(), "value")
        self.share.observe(lambda _: changed(), "value")

    def _show(self) -> None:
        """Shows only the controls that count."""
        show(self.card, self.is_used)
        show(self.share, self.how.value == MIXED)
        show(self.mask_on_photo, self.how.value == PAINTED)

    @property
    def is_used(self) -> bool:
        """Whether there is a second style."""
        return self.how.value != NONE

    def masks(self) -> Sequence[np.ndarray] | None:
        """Where both styles go, in the size of the photo; None: everywhere."""
        return self.mask_on_photo.masks() if self.how.value == PAINTED else None

    def options(self) -> dict[str, tuple[float, float]]:
        """The options of the recipe that concern both styles."""
        share = self.share.value
        return {"mix": (1 - share, share)} if self.how.value == MIXED else {}
