"""ReconstructionLab: a photo, and side by side what each of some layers knows of it."""

from collections.abc import Callable
from pathlib import Path

import ipywidgets
from ipywidgets import Widget

from stylelab.core.language import _
from stylelab.labs import run_view
from stylelab.labs.controls import Controls
from stylelab.labs.lab import Fold, Lab, side_by_side
from stylelab.labs.lanes import PHOTO, lanes_of, row_of
from stylelab.labs.markup import code_html
from stylelab.labs.reconstruction_view import ReconstructionView, sees
from stylelab.labs.run_panel import RunPanel
from stylelab.labs.run_status import WORDS
from stylelab.labs.widgets.lanes import Lanes
from stylelab.labs.widgets.picture_picker import PicturePicker
from stylelab.pictures.images import Source, base_name
from stylelab.pictures.samples import samples
from stylelab.runs.job import Job


class ReconstructionLab(Lab):
    """Noise becomes the photo again, in one lane per layer, as far as the layer knows.

    photo: a sample's name, a file, a PIL image or a tensor, as sl.load takes it.
    options: first values of a Recipe's fields: content_layers=["relu2_2", "relu4_2"]
    (at most six, a lane for each), size=96, steps=60, weights="random", ...
    """

    follows_controls = False  # the call in the still is that of its row

    def __init__(self, photo: Source = PHOTO, **options: object) -> None:
        first = row_of(photo, options)
        self.view = ReconstructionView(first)
        weights = first.recipe.weights
        trained = "original" if weights == "random" else weights
        self.network = ipywidgets.RadioButtons(
            options=[(_("trained"), trained), (_("random"), "random")],
            value=weights,
            description=_("Network"),
        )
        self.network.add_class("sl-weights")
        replaced = {"tile": None, "weights": self.network}
        recipe = {n: v for n, v in first.recipe.to_dict().items() if n != "task"}
        self.controls = Controls("reconstruct", recipe, self._changed, replaced)
        self.photo = PicturePicker(
            _("Photo"), first=photo, compact=True, opened=self._changed
        )
        self.lanes = Lanes()
        self.panel = RowPanel(
            self.make_job,
            self.view.make,
            foresee=self.view.foresee,
            save=self.view.save,
        )
        self.panel.add_class("sl-lanes-panel")
        self.code, self.found = ipywidgets.HTML(), False
        main = self.controls["size"], self.controls["steps"]
        others = self.controls.grouped(("size", "steps", "weights"))
        self.more = Fold(_("Layers and more options"), [*others, self.code])
        top = side_by_side(self.photo, self.network, *main)
        super().__init__([top, self.panel, self.lanes, self.more])
        self.panel.follower = self.follow
        self.add_class("sl-runlab")
        self.add_class("sl-lanes-lab")
        self.network.observe(self._switch, "value")
        # The view calls it from the thread of a run: it must not keep the lab.
        self.view.changed = showing(self.view, self.lanes, self.network)
        self.view.changed()
        self._show_code()

    def make_job(self) -> Job:
        """The row that the controls describe; a ValueError in words if none does."""
        job = self.controls.make_job({"photo": self.photo.sources[0]})
        lanes_of(job)
        return job

    def _changed(self) -> None:
        """Another photo or option: its row is shown at once if it was made before."""
        self._show_code()
        self.panel.refresh()
        self.found = self._open()

    def _open(self) -> bool:
        try:
            return not self.panel.live.busy and self.view.open(self.make_job())
        except (ValueError, OSError):
            return False  # the forecast says what is wrong

    def _switch(self, change: dict) -> None:
        """Another network: a row that was not made before is made now."""
        if not self.found:
            self.panel.start()

    def call(self) -> str:
        """The Python that makes the same row; empty where the controls err."""
        try:
            return self.view.call(self.make_job())
        except ValueError:
            return ""

    def _show_code(self) -> None:
        call = self.call()
        name = base_name(self.photo.sources[0])
        mine = name not in samples() and not Path(name).is_file()
        title = run_view.in_a_cell([name] if mine else [])
        lines = f"import stylelab as sl\n{call}"
        self.code.value = code_html(title, lines) if call else ""

    def shown(self) -> None:
        # The forecast takes seconds of computing: not before somebody sees the lab.
        self.panel.refresh()


class RowPanel(RunPanel):
    """The run panel of a row: it speaks of pictures, not of one."""

    words = WORDS | {
        "about run": _("Make a picture for each layer"),
        "about stop": _("End the run and keep its pictures"),
        "about save": _("Keep each picture as a PNG file, with its recipe inside"),
        "nothing": _("Stopped before there were pictures"),
        "stopped": _("Stopped after {} and {}; the pictures are kept"),
    }


def showing(
    view: ReconstructionView, lanes: Lanes, network: Widget
) -> Callable[[], None]:
    """What shows the view's row in `lanes`. It sets traits, and does nothing else."""

    def show() -> None:
        row = view.row
        layers = [{"name": layer, "sees": sees(layer)} for layer in row.layers]
        texts = {"title": row.title, "note": row.note(), "layers": layers}
        photo = {"photo": row.jpeg, "aspect": row.photo.width / row.photo.height}
        pictures = [lane.jpeg for lane in row.lanes]
        moment = {"run": row.number, "step": row.step, "pictures": pictures}
        numbers = [view.texts(lane) for lane in row.lanes]
        with lanes.hold_sync():
            lanes.busy, lanes.row = view.busy, texts | photo
            lanes.moment = moment | {"numbers": numbers}
        network.disabled = view.busy

    return show
