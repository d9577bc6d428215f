"""LayerLab: what the layers of VGG-19 see in a picture."""

import ipywidgets

from stylelab.core.layers import stride
from stylelab.labs import shading
from stylelab.labs.lab import Lab, button, choice, side_by_side
from stylelab.labs.layer_view import LAYERS, LayerView
from stylelab.labs.markup import facts_html, note_html
from stylelab.labs.small_picture import shrink
from stylelab.labs.widgets.picture_picker import PicturePicker
from stylelab.labs.widgets.pictures import PointPicker, Tiles, outline
from stylelab.pictures import images
from stylelab.pictures.images import Source

LEGEND = "White: this neuron. Blue: what it sees. Click or use arrow keys."


class LayerLab(Lab):
    """The feature maps of a picture, layer by layer; one of them over the photo.

    picture: a sample's name, a file, a PIL image or a tensor, as sl.load takes it.
    """

    def __init__(self, picture: Source = "cat") -> None:
        self.view = LayerView(picture)
        self.picker = PicturePicker(
            "Picture", first=picture, compact=True, opened=self._open
        )
        self.layer = choice("Layer", LAYERS, self.view.layer)
        self.back = button("◀ Back", "One layer back", lambda: self._step(-1))
        self.deeper = button("Deeper ▶", "One layer deeper", lambda: self._step(1))
        self.photo, self.tiles = PointPicker(), Tiles()
        self.facts, self.reading, self.range = (ipywidgets.HTML() for _ in range(3))
        self.previous = button("◀ Previous", "Previous page", lambda: self._turn(-1))
        self.next = button("Next ▶", "Next page", lambda: self._turn(1))
        self.order = ipywidgets.ToggleButtons(
            options=[("Strongest first", "strength"), ("By index", "index")],
            value=self.view.order,
        )
        self._show_picture()
        self.layer.observe(lambda c: self._choose(layer=c["new"]), "value")
        self.order.observe(lambda c: self._choose(order=c["new"]), "value")
        self.tiles.observe(self._choose_channel, "chosen")
        self.photo.observe(self._choose_point, "point")
        steps = side_by_side(self.layer, self.back, self.deeper)
        legend = ipywidgets.HTML(note_html(LEGEND))
        left = side_by_side(self.photo, self.reading, legend, kind="sl-column")
        turn = side_by_side(self.previous, self.next, self.range, kind="sl-pager")
        pager = side_by_side(turn, self.order, kind="sl-pager sl-apart")
        right = side_by_side(pager, self.tiles, kind="sl-column")
        halves = side_by_side(left, right, kind="sl-halves")
        top = side_by_side(self.picker, steps)
        super().__init__([top, self.facts, halves])

    def _open(self) -> None:
        self.view.open(shrink(self.picker.sources[0]))
        self._show_picture()

    def _choose(self, **changed: str) -> None:
        self.view.choose(**changed)
        self._show_page()

    def _step(self, by: int) -> None:
        place = LAYERS.index(self.layer.value) + by
        self.layer.value = LAYERS[min(max(0, place), len(LAYERS) - 1)]

    def _turn(self, by: int) -> None:
        self.view.turn_to(self.view.page + by)
        self._show_page()

    def _choose_channel(self, change: dict) -> None:
        if change["new"] != self.view.channel:
            self.view.channel = change["new"]
            self._show_map()

    def _choose_point(self, change: dict) -> None:
        self.view.point = change["new"]
        self._show_point()

    def _show_picture(self) -> None:
        with self.photo.hold_sync():
            self.photo.size = self.view.picture.image.size
            self.photo.point = self.view.point
        self._show_page()

    def _show_page(self) -> None:
        """All that depends on the layer: the page, its map, the facts."""
        view = self.view
        self._show_map()
        captions = []
        for channel in view.on_page:
            strength = view.strength(channel)
            alt = f"Channel {channel}, strength {strength:.0%} of the layer's strongest"
            captions.append((channel, str(channel), strength, alt))
        self.tiles.show(view.tiles(), captions, view.channel)
        self.tiles.label = f"Feature maps of {view.layer}"
        self.facts.value = facts_html(view.facts())
        self.range.value = note_html(view.page_range())
        self.previous.disabled = view.page == 0
        self.next.disabled = view.page == view.pages - 1
        self.back.disabled = view.layer == LAYERS[0]
        self.deeper.disabled = view.layer == LAYERS[-1]
        self.photo.step = stride(view.layer)

    def _show_map(self) -> None:
        with self.photo.hold_sync():
            self.photo.value = images.jpeg(self.view.enlarged())
            self._show_point()

    def _show_point(self) -> None:
        view, field = self.view, self.view.field
        self.photo.boxes = [
            outline(field.square, "#ffffff"),
            outline(field.box, shading.HUES[0], f"sees {field.box.size} px"),
        ]
        self.photo.label = view.words()
        self.reading.value = facts_html(view.reading())
