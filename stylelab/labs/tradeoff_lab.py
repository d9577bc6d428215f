"""TradeoffLab: from photo to style along a row of pictures, and what each costs."""

import ipywidgets

from stylelab.labs import run_view
from stylelab.labs.lab import INITIAL, Lab, choice, show, side_by_side
from stylelab.labs.markup import facts_html, image_html
from stylelab.labs.run_panel import RunPanel
from stylelab.labs.tradeoff_view import SIZES, Curve, TradeoffView
from stylelab.labs.widgets.picture_picker import PicturePicker
from stylelab.pictures import images
from stylelab.pictures.images import Source
from stylelab.runs.here import make_here
from stylelab.runs.live import Maker
from stylelab.runs.tradeoff import PAIR, SHIPPED


class TradeoffLab(Lab):
    """A slider over a row of pictures made before; missing pictures are made here.

    photo, style: a sample's name, a file, a PIL image or a tensor, as sl.load takes it;
    options: those of a transfer, for the pictures of the row.
    """

    def __init__(
        self,
        photo: Source = PAIR[0],
        style: Source = PAIR[1],
        *,
        make: Maker = make_here,
        **options: object,
    ) -> None:
        self.options = SHIPPED | options
        self.view = view = TradeoffView(photo, style, **self.options)
        each = {"compact": True, "opened": self._open}
        self.photo = PicturePicker("Photo", first=photo, **each)
        self.style = PicturePicker("Style", first=style, **each)
        sizes = sorted({*SIZES, self.options["size"]})
        named = [(f"{side} px", side) for side in sizes]
        self.size = choice("Size", named, self.options["size"])
        self.size.observe(lambda _: self._open(), "value")
        self.slider = ipywidgets.SelectionSlider(
            options=[("", 0)], description="β/α", style=INITIAL
        )
        self.slider.add_class("sl-ratio")
        self.slider.observe(self._slide, "value")
        self.facts, self.picture, self.curve = (ipywidgets.HTML() for _ in range(3))
        make_missing = view.make_missing(make, self._show_row)
        looks = {"foresee": view.foresee, "save": run_view.save_here}
        self.panel = RunPanel(view.next_job, make_missing, **looks)
        self.panel.add_class("sl-runlab")
        self.panel.add_class("sl-below")
        halves = side_by_side(self.picture, self.curve, kind="sl-halves")
        sources = self.photo, self.style, self.size
        below = side_by_side(*sources, kind="sl-sources sl-ends")
        super().__init__([self.slider, self.facts, halves, below, self.panel])
        self.panel.follower = self.follow
        self._show_row()

    def _open(self) -> None:
        """Another photo, style or size: at once if its row was made before."""
        # They stay so if this pair is refused.
        self.slider.disabled, self.panel.layout.display = True, "none"
        options = self.options | {"size": self.size.value}
        self.view.open(self.photo.sources[0], self.style.sources[0], **options)
        self._show_row()
        if self.view.missing:
            self.panel.refresh()

    def _show_row(self) -> None:
        """Shows a row that has changed: its curve, the slider, what is left to make."""
        view = self.view
        view.choose(view.place)
        self.drawing = Curve(view.points)
        places = sorted(view.points) or [view.place]
        self.slider.unobserve(self._slide, "value")
        self.slider.options = [(view.ratio(place), place) for place in places]
        self.slider.value = view.place
        self.slider.observe(self._slide, "value")
        self.slider.disabled = not view.points
        show(self.panel, bool(view.missing))
        self.panel.forecast.value = ""  # of a row with more or other pictures missing
        self._show_point()

    def _slide(self, change: dict) -> None:
        self.view.choose(change["new"])
        self._show_point()

    def _show_point(self) -> None:
        view = self.view
        picture = images.jpeg(view.image)
        self.picture.value = image_html(picture, view.words(), "sl-shown")
        self.curve.value = self.drawing.html(view.place)
        self.facts.value = facts_html(view.facts())

    def shown(self) -> None:
        # Only when the lab is shown: the forecast takes a second.
        if self.view.missing:
            self.panel.refresh()
