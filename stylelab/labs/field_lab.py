"""FieldLab: how far the layers of VGG-19 see around one point of a picture."""

from collections.abc import Iterator

import ipywidgets

from stylelab.core.language import _, later
from stylelab.labs import shading
from stylelab.labs.field_view import FieldView, Influence, ReceptiveField
from stylelab.labs.lab import Lab, choice, side_by_side
from stylelab.labs.markup import note_html
from stylelab.labs.newest_only import NewestOnly
from stylelab.labs.picture_maps import LAYERS
from stylelab.labs.small_picture import shrink
from stylelab.labs.widgets.picture_picker import PicturePicker
from stylelab.labs.widgets.pictures import Cards, PointPicker, outline
from stylelab.pictures import images
from stylelab.pictures.images import Source

NONE = "–"  # in place of a third or fourth layer
HINT = later("Click or drag on the picture, or move with the arrow keys.")


class FieldLab(Lab):
    """Two to four layers side by side: what they see, and what of it matters.

    picture: a sample's name, a file, a PIL image or a tensor, as sl.load takes it.
    """

    def __init__(self, picture: Source = "cat") -> None:
        self.view = FieldView(picture)
        self.picker = PicturePicker(
            _("Picture"), first=picture, compact=True, opened=self._open
        )
        self.slow = NewestOnly(self._measure, self.picker.complain)
        name = _("Layer {}")
        self.layers = [
            choice(name.format(i), LAYERS if i <= 2 else (NONE, *LAYERS), layer)
            for i, layer in enumerate(self.view.layers, 1)
        ]
        self.photo, self.cards = PointPicker(step=4), Cards()
        self._show_picture()
        for dropdown in self.layers:
            dropdown.observe(lambda change: self._choose(), "value")
        self.photo.observe(self._choose_point, "point")
        label, hint = ipywidgets.Label(_("Layers")), ipywidgets.HTML(note_html(_(HINT)))
        slots = side_by_side(label, *self.layers, kind="sl-slots")
        left = side_by_side(self.photo, hint, kind="sl-column")
        halves = side_by_side(left, self.cards, kind="sl-two")
        top = side_by_side(self.picker, slots)
        super().__init__([top, halves])
        self.add_class("sl-fieldlab")

    def _open(self) -> None:
        self.view.open(shrink(self.picker.sources[0]))
        self._show_picture()

    def _choose(self) -> None:
        third, fourth = self.layers[2:]
        if third.value == NONE != fourth.value:
            # Colours go by place: no gap. Each of the two changes comes here again.
            layer, fourth.value = fourth.value, NONE
            third.value = layer
            return
        try:
            self.view.choose([d.value for d in self.layers if d.value != NONE])
        except ValueError as error:
            self._show_layers()
            self.picker.complain(error)
        else:
            self.picker.message = ""
            self._show_point()

    def _show_layers(self) -> None:
        """The layers that are compared, in the lists."""
        names = [*self.view.layers, NONE, NONE]
        for dropdown, name in zip(self.layers, names, strict=False):
            dropdown.value = name

    def _choose_point(self, change: dict) -> None:
        self.view.point = change["new"]
        self._show_point()

    def _show_picture(self) -> None:
        image = self.view.picture.image
        with self.photo.hold_sync():
            self.photo.value = images.jpeg(image)
            self.photo.size, self.photo.point = image.size, self.view.point
        self._show_point()

    def _show_point(self) -> None:
        """The squares at once; the influence follows when it is measured."""
        fields = self.view.fields()
        styles = zip(fields, shading.HUES, shading.DASHES, strict=False)
        self.photo.boxes = [
            outline(field.box, hue, field.layer, dash) for field, hue, dash in styles
        ]
        self.photo.label = self.view.words()
        self._show_cards(fields, [None] * len(fields))
        self.slow.want(fields)

    def _measure(self, fields: list[ReceptiveField]) -> Iterator[None]:
        """In a thread: the influence in each field; ends early for newer fields."""
        influences = [None] * len(fields)
        for i, field in enumerate(fields):
            influences[i] = field.measure()
            yield
            self._show_cards(fields, influences)

    def _show_cards(
        self, fields: list[ReceptiveField], influences: list[Influence | None]
    ) -> None:
        rows = zip(fields, influences, shading.HUES, strict=False)
        self.cards.cards = [card(*row) for row in rows]


def card(field: ReceptiveField, influence: Influence | None, hue: str) -> dict:
    """One layer's card; until its influence is measured, the bare photo."""
    patch = {
        "picture": images.png(field.patch()),
        "caption": _("What it sees"),
        "alt": _("What a neuron of {} sees").format(field.layer),
        "inner": 0,
    }
    heat = {
        "picture": images.png(influence.heat if influence else field.backdrop()),
        "caption": influence.caption if influence else _("measuring …"),
        "alt": _("Influence of each pixel on the neurons of {}").format(field.layer),
        "inner": influence.size / field.box.size if influence else 0,
    }
    facts, figures = field.facts(), [patch, heat]
    return {"title": field.layer, "hue": hue, "facts": facts, "figures": figures}
