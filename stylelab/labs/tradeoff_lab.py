"""TradeoffLab: from photo to style along a row of pictures, and what each costs."""

import ipywidgets

from stylelab.core.language import _
from stylelab.labs import run_status, run_view
from stylelab.labs.lab import Lab, choice, show, side_by_side
from stylelab.labs.markup import facts_html, image_html
from stylelab.labs.run_panel import RunPanel
from stylelab.labs.tradeoff_view import SIZES, Curve, RowShot, TradeoffView
from stylelab.labs.widgets.log_slider import between
from stylelab.labs.widgets.picture_picker import PicturePicker
from stylelab.labs.widgets.pictures import DotCurve
from stylelab.pictures import images
from stylelab.pictures.images import Source
from stylelab.runs.cost import duration
from stylelab.runs.here import make_here
from stylelab.runs.live import LiveRun, Maker
from stylelab.runs.tradeoff import PAIR, SHIPPED, SHIPPED_STARTS


class RowPanel(RunPanel):
    """The run of a row's missing pictures, in the place of the picture looked at."""

    words = run_status.WORDS | {"hint": _("The pictures of this row will grow here.")}

    def __init__(self, view: TradeoffView, make: Maker) -> None:
        self.view = view
        save = run_view.save_here
        super().__init__(view.next_job, make, foresee=view.foresee, save=save)

    def status(self, live: LiveRun) -> str:
        shot = live.shot
        if live.state == "running" and isinstance(shot, RowShot):
            left = shot.seconds_left
            more = "" if left is None else self.words["left"].format(duration(left))
            return shot.words + more
        if live.state in ("done", "stopped"):
            return self.view.made()
        return super().status(live)

    def _show_picture(self, live: LiveRun) -> None:
        super()._show_picture(live)
        if shot := live.shot:  # the result counts the steps of one picture only
            whole = live.state == "done" and not live.stopping.is_set()
            self.growing.step = shot.total if whole else shot.index
            self.growing.total = shot.total

    def show_missing(self) -> None:
        """Shows what begins a run where a picture is missing."""
        missing = bool(self.view.missing)
        for part in self.children:
            if part not in (self.growing, self.message):
                show(part, missing)


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
        self.photo = PicturePicker(_("Photo"), first=photo, **each)
        self.style = PicturePicker(_("Style"), first=style, **each)
        sizes = sorted({*SIZES, self.options["size"]})
        named = [(f"{side} px", side) for side in sizes]
        self.size = choice(_("Size"), named, self.options["size"])
        self.size.observe(lambda change: self._open(), "value")
        first = self.options.get("start", SHIPPED_STARTS[0])
        starts = [*dict.fromkeys((*SHIPPED_STARTS, first))]
        help = _("first picture of every run")
        self.start = choice(_("Start"), starts, first, help)
        self.start.observe(lambda change: self._open(), "value")
        self.slider = ipywidgets.SelectionSlider(
            options=[("", 0)], description=_("Style over content, β/α")
        )
        self.slider.observe(self._slide, "value")
        self.facts, self.picture = ipywidgets.HTML(), ipywidgets.HTML()
        self.curve = DotCurve()
        self.curve.observe(self._slide, "chosen")
        self.panel = RowPanel(view, view.make_missing(make, self._add))
        self.panel.starting = self._watch
        place = side_by_side(self.panel, self.picture, kind="sl-column sl-runlab")
        halves = side_by_side(place, self.curve, kind="sl-halves sl-row-halves")
        settings = side_by_side(self.size, self.start, kind="sl-column")
        sources = self.photo, self.style, settings
        below = side_by_side(*sources, kind="sl-sources sl-ends")
        slider = between(self.slider, _("the photo"), _("the style"))
        super().__init__([slider, halves, self.facts, below])
        self.panel.follower = self.follow
        self._show_row()
        self._look()

    def _open(self) -> None:
        """Another photo, style, size or start: at once if its row was made before."""
        # They stay so if this pair is refused.
        self.slider.disabled, self.panel.run.disabled = True, True
        options = self.options | {"size": self.size.value, "start": self.start.value}
        self.view.open(self.photo.sources[0], self.style.sources[0], **options)
        self.panel.run.disabled = self.panel.live.busy
        self._show_row()
        self._look()
        if self.view.missing:
            self.panel.refresh()

    def _watch(self) -> None:
        """Shows the run in the place of the picture, until another is looked at."""
        self.panel.remove_class("sl-aside")
        show(self.picture, False)
        show(self.panel.growing, True)

    def _add(self) -> None:
        """Shows that a picture of the row is finished."""
        self._show_row()
        self._watch()

    def _look(self) -> None:
        """Shows the picture looked at, and of a run at work only how it stands."""
        if not self.view.points:
            self._forget_run()
        here, busy = bool(self.view.points), self.panel.live.busy
        (self.panel.add_class if here else self.panel.remove_class)("sl-aside")
        show(self.picture, here)
        show(self.panel.growing, busy or not here)

    def _forget_run(self) -> None:
        """Leaves no picture of another row in the place of this one's."""
        growing = self.panel.growing
        if not self.panel.live.busy:
            with growing.hold_sync():
                growing.value, growing.status, growing.curve = b"", "", []
                growing.step, growing.run = 0, growing.run + 1

    def _show_row(self) -> None:
        """Shows a row that has changed: its curve, the slider, what is left to make."""
        view = self.view
        view.choose(view.place)
        drawing = Curve(view.points)
        with self.curve.hold_sync():
            self.curve.drawing, self.curve.label = drawing.svg, drawing.words
            self.curve.dots = drawing.dots
        self.slider.unobserve(self._slide, "value")
        places = range(len(view.jobs))
        self.slider.options = [(view.ratio(place), place) for place in places]
        self.slider.observe(self._slide, "value")
        self.slider.disabled = not view.points
        self.panel.show_missing()
        self.panel.forecast.value = ""  # of a row with more or other pictures missing
        self._show_point()

    def _slide(self, change: dict) -> None:
        if change["new"] != self.view.place:
            self.view.choose(change["new"])
            self._show_point()  # the nearest one where that picture is missing
            self._look()

    def _show_point(self) -> None:
        view = self.view
        picture = images.jpeg(view.image)
        self.picture.value = image_html(picture, view.words(), "sl-shown")
        self.slider.value = self.curve.chosen = view.place
        self.facts.value = facts_html(view.facts())

    def shown(self) -> None:
        # Only when the lab is shown: the forecast takes a second.
        if self.view.missing:
            self.panel.refresh()
