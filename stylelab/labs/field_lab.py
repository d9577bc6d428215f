"""FieldLab: how far the layers of VGG-19 see around one point of a picture."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

import ipywidgets

from stylelab.figures.plots import Plate
from stylelab.labs import shading, stills
from stylelab.labs.field_view import FieldView, Glance, Influence
from stylelab.labs.lab import Lab, choice, note_html, side_by_side
from stylelab.labs.layer_view import LAYERS
from stylelab.labs.newest_only import NewestOnly
from stylelab.labs.picture_chooser import PictureChooser
from stylelab.labs.small_picture import SmallPicture
from stylelab.labs.widgets.cards import Cards
from stylelab.labs.widgets.point_picker import PointPicker, outline
from stylelab.pictures import images
from stylelab.pictures.images import Source

NONE = "–"  # in place of a third or fourth layer


class FieldLab(Lab):
    """Two to four layers side by side: what they see, and what of it matters.

    picture: a sample's name, a file, a PIL image or a tensor, as sl.load takes it.
    """

    def __init__(self, picture: Source = "cat") -> None:
        self.view = FieldView(picture)
        self.chooser = PictureChooser(self.view.seen, self._open)
        self.slow = NewestOnly(self._measure, self.chooser.complain)
        self.layers = [
            choice(f"Layer {i}", LAYERS if i <= 2 else (NONE, *LAYERS), layer)
            for i, layer in enumerate(self.view.layers, 1)
        ]
        self.photo = PointPicker(step=4)
        self.cards = Cards()
        self._show_picture()
        for dropdown in self.layers:
            dropdown.observe(lambda _: self._choose(), "value")
        self.photo.observe(self._point, "point")
        super().__init__(self._rows())

    def _rows(self) -> list[ipywidgets.Widget]:
        hint = note_html("Click or drag on the picture, or move with the arrow keys.")
        left = side_by_side(self.photo, ipywidgets.HTML(hint), kind="sl-column")
        label = ipywidgets.Label("Layers")
        return [
            side_by_side(
                self.chooser, side_by_side(label, *self.layers, kind="sl-slots")
            ),
            self.chooser.message,
            side_by_side(left, self.cards, kind="sl-halves"),
        ]

    def _open(self, seen: SmallPicture) -> None:
        self.view.open(seen)
        self._show_picture()

    def _choose(self) -> None:
        third, fourth = self.layers[2:]
        if third.value == NONE != fourth.value:
            # Colours go by place: no gap. Each of the two changes comes here again.
            third.value, fourth.value = fourth.value, NONE
            return
        self.view.choose([d.value for d in self.layers if d.value != NONE])
        self._show_point()

    def _point(self, change: dict) -> None:
        self.view.point = change["new"]
        self._show_point()

    def _show_picture(self) -> None:
        seen = self.view.seen
        with self.photo.hold_sync():
            self.photo.value = images.jpeg(seen.image)
            self.photo.size, self.photo.point = seen.image.size, self.view.point
        self._show_point()

    def _show_point(self) -> None:
        """The squares at once; the influence follows when it is measured."""
        glances = [self.view.glance(layer) for layer in self.view.layers]
        self.photo.boxes = [
            outline(glance.box, hue, glance.layer, dash)
            for glance, hue, dash in zip(
                glances, shading.HUES, shading.DASHES, strict=False
            )
        ]
        self.photo.label = self.view.words()
        self._show_cards(glances, [])
        self.slow.want(glances)

    def _measure(self, glances: list[Glance]) -> Iterator[None]:
        """In a thread: each layer's influence, unless something newer is wanted."""
        found = []
        for glance in glances:
            found.append(glance.measure())
            yield
            self._show_cards(glances, found)

    def _show_cards(self, glances: list[Glance], found: list[Influence]) -> None:
        rows = zip_longest(glances, found)
        self.cards.cards = [
            card(glance, influence, hue)
            for (glance, influence), hue in zip(rows, shading.HUES, strict=False)
        ]

    def still(self) -> Plate:
        return stills.field_still(self.view)


def card(glance: Glance, influence: Influence | None, hue: str) -> dict:
    """One layer's card; until its influence is measured, the bare photo."""
    heat = influence.heat if influence else glance.backdrop()
    size = influence.size if influence else None
    patch = {
        "picture": shading.png(glance.patch()),
        "caption": glance.caption(),
        "alt": f"What {glance.layer} sees, as coarse as its map",
        "inner": 0,
    }
    measured = {
        "picture": shading.png(heat),
        "caption": influence.caption() if influence else "measuring …",
        "alt": f"Influence of each pixel on the neurons of {glance.layer}",
        "inner": (size or 0) / glance.box.size,
    }
    return {
        "title": glance.layer,
        "hue": hue,
        "facts": glance.facts(),
        "figures": [patch, measured],
    }
