"""LayerLab: what the layers of VGG-19 see in a picture, or in two."""

from collections.abc import Iterator

import ipywidgets

from stylelab.core.language import _, later
from stylelab.core.layers import stride
from stylelab.labs import loudest, shading
from stylelab.labs.lab import Lab, button, show, side_by_side
from stylelab.labs.layer_view import LayerView
from stylelab.labs.markup import facts_html, note_html
from stylelab.labs.newest_only import NewestOnly
from stylelab.labs.small_picture import shrink
from stylelab.labs.widgets.buttons import PressButtons
from stylelab.labs.widgets.network_map import NetworkMap
from stylelab.labs.widgets.picture_picker import PicturePicker
from stylelab.labs.widgets.pictures import PointPicker, Tiles, outline
from stylelab.pictures import images
from stylelab.pictures.images import Source

ORDERS = [("strength", later("Strongest first"))]  # else by index
PANELS = [
    ("maps", later("All maps")),
    ("patches", later("What excites it")),
    ("sum", later("How it is made")),
]
PARTNER = "starry_night"  # the first picture to compare with


class LayerLab(Lab):
    """The feature maps of a picture, layer by layer; one of them over the photo.

    picture: a sample's name, a file, a PIL image or a tensor, as sl.load takes it.
    """

    def __init__(self, picture: Source = "cat") -> None:
        self.view = LayerView(picture)
        self.picker = PicturePicker(
            _("Picture"), first=picture, compact=True, opened=self._open
        )
        self.comparing = PressButtons(
            later("Comparison"), [("on", later("Compare with"))]
        )
        self.partner = side_by_side()  # the second picker, once it is asked for
        self.pair = side_by_side(kind="sl-pair")  # so the second photo
        self.map = NetworkMap(self.view.layer)
        self.photos: list[PointPicker] = []
        self.readings: list[ipywidgets.HTML] = []
        self.cover = PressButtons(
            later("Photo"), [("map", later("Map over the photo"))], "map"
        )
        self.panel = PressButtons(later("Beside the photo"), PANELS, "maps")
        self.tiles, self.patches, self.sum = (
            Tiles(),
            ipywidgets.HTML(),
            ipywidgets.HTML(),
        )
        self.previous = button(
            _("◀ Previous"), _("Previous page"), lambda: self._turn(-1)
        )
        self.next = button(_("Next ▶"), _("Next page"), lambda: self._turn(1))
        self.range = ipywidgets.HTML()
        self.order = PressButtons(later("Order"), ORDERS, self.view.order)
        self.slow = NewestOnly(self._search, self.picker.complain)
        super().__init__(self._arrange())
        self.add_class("sl-layerlab")
        self._show_picture()
        self._observe()

    def _arrange(self) -> list[ipywidgets.Widget]:
        turn = side_by_side(self.previous, self.next, self.range, kind="sl-pager")
        self.pager = side_by_side(turn, self.order, kind="sl-pager sl-apart")
        self._add_photo()
        left = side_by_side(self.pair, self.cover, kind="sl-column")
        panels = self.tiles, self.pager, self.patches, self.sum
        right = side_by_side(self.panel, *panels, kind="sl-column")
        top = side_by_side(self.picker, self.comparing, self.partner)
        return [top, self.map, side_by_side(left, right, kind="sl-two")]

    def _observe(self) -> None:
        self.map.observe(lambda c: self._choose(layer=c["new"]), "chosen")
        self.order.observe(lambda c: self._choose(order=c["new"] or "index"), "value")
        self.comparing.observe(lambda change: self._show_partner(), "value")
        self.cover.observe(lambda change: self._cover(), "value")
        self.panel.observe(lambda change: self._show_panel(), "value")
        self.tiles.observe(self._choose_channel, "chosen")

    def _add_photo(self) -> None:
        """A photo to point at, its neuron's value below it."""
        side, photo, reading = len(self.photos), PointPicker(), ipywidgets.HTML()
        self.photos.append(photo)
        self.readings.append(reading)
        column = side_by_side(photo, reading, kind="sl-column sl-side-of-two")
        self.pair.children += (column,)
        photo.observe(lambda c: self._choose_point(side, c["new"]), "point")

    def _open(self) -> None:
        self.view.open(shrink(self.picker.sources[0]))
        self._show_picture()

    def _show_partner(self) -> None:
        """Shows the second picture, or removes it and frees its maps."""
        wanted = bool(self.comparing.value)
        if wanted and not self.partner.children:
            picker = PicturePicker(
                _("Second picture"),
                first=PARTNER,
                compact=True,
                opened=self._show_partner,
            )
            self.partner.children = [picker]
            self._add_photo()
        for part in (self.partner, *self.pair.children[1:]):
            show(part, wanted)
        (self.add_class if wanted else self.remove_class)("sl-compared")
        source = self.partner.children[0].sources[0] if wanted else None
        self.view.compare(shrink(source) if wanted else None)
        self._show_picture()

    def _choose(self, **changed: str) -> None:
        self.view.choose(**changed)
        self._show_page()

    def _turn(self, by: int) -> None:
        self.view.turn_to(self.view.page + by)
        self._show_page()

    def _cover(self) -> None:
        self.view.covered = bool(self.cover.value)
        self._show_maps()

    def _choose_channel(self, change: dict) -> None:
        if change["new"] != self.view.channel:
            self.view.channel = change["new"]
            self._show_maps()

    def _choose_point(self, side: int, point: tuple[int, int]) -> None:
        self.view.sides[side].point = point
        self._show_point(side)
        self._show_panel()

    def _show_picture(self) -> None:
        for photo, side in zip(self.photos, self.view.sides, strict=False):
            with photo.hold_sync():
                photo.size, photo.point = side.picture.image.size, side.point
        self._show_page()

    def _show_page(self) -> None:
        """All that depends on the layer: the page, its maps, the facts."""
        view = self.view
        self._show_maps()
        between = " " + _("and") + " "
        captions, words = [], _("Channel {}, strength {} of the layer's strongest")
        for channel in view.on_page:
            strengths = view.strengths(channel)
            shares = between.join(f"{strength:.0%}" for strength in strengths)
            alt = words.format(channel, shares)
            captions.append((channel, str(channel), strengths, alt))
        self.tiles.show(view.tiles(), captions, view.channel)
        self.tiles.label = _("Feature maps of {}").format(view.layer)
        self.map.facts = view.facts()
        self.range.value = note_html(view.page_range())
        self.previous.disabled = view.page == 0
        self.next.disabled = view.page == view.pages - 1

    def _show_maps(self) -> None:
        for i in range(len(self.view.sides)):
            with self.photos[i].hold_sync():
                self.photos[i].value = images.jpeg(self.view.enlarged(i))
                self.photos[i].step = stride(self.view.layer)
                self._show_point(i)
        self._show_panel()

    def _show_point(self, side: int) -> None:
        view, field, photo = self.view, self.view.field(side), self.photos[side]
        seen = _("sees {} px").format(field.box.size)
        photo.boxes = [
            outline(field.square, "#ffffff"),
            outline(field.box, shading.HUES[0], seen),
        ]
        photo.label = view.words(side)
        self.readings[side].value = facts_html(view.reading(side))

    def _show_panel(self) -> None:
        """What stands beside the photo: all maps, or more about the channel."""
        view, panel = self.view, self.panel.value
        for widget in (self.tiles, self.pager):
            show(widget, panel == "maps")
        show(self.patches, panel == "patches")
        show(self.sum, panel == "sum")
        if panel == "patches":
            self.slow.want((view.layer, view.channel))
        if panel == "sum":
            self.sum.value = view.arithmetic()

    def _search(self, request: tuple[str, int]) -> Iterator[None]:
        """In a thread: the patches of a channel; ends early for another channel."""
        names = loudest.album()
        layer, channel = request
        for count, name in enumerate(names, 1):
            if loudest.is_new(name):
                loudest.answers(name)
                self._show_patches(layer, channel, names[:count])
                yield
        self._show_patches(layer, channel, names)

    def _show_patches(self, layer: str, channel: int, names: list[str]) -> None:
        patches = loudest.patches(layer, channel, names)
        claim = _("Channel {} of {} is silent in {} samples")
        if patches:
            claim = _("Channel {} of {} answers most here, of {} samples")
        claim = claim.format(channel, layer, len(names))
        self.patches.value = note_html(claim) + loudest.gallery(patches)
