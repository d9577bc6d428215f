"""The labs with runs: pictures and options beside the run panel."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import ipywidgets
import numpy as np
from ipywidgets import Widget

from stylelab.core.language import _, later
from stylelab.figures.plots import Plate
from stylelab.labs import run_view
from stylelab.labs.controls import Controls
from stylelab.labs.lab import Fold, Lab, side_by_side
from stylelab.labs.markup import code_html
from stylelab.labs.recall import Recall
from stylelab.labs.run_panel import Facts, RunPanel
from stylelab.labs.small_picture import SmallPicture, shrink
from stylelab.labs.style_controls import Strengths, StylesMixed
from stylelab.labs.widgets.log_slider import LogSlider
from stylelab.labs.widgets.picture_picker import PicturePicker
from stylelab.pictures.images import Source, base_name
from stylelab.pictures.samples import samples
from stylelab.runs.here import make_here
from stylelab.runs.job import Job, Sources
from stylelab.runs.live import Maker
from stylelab.runs.recipe import ROLES, recipe_for
from stylelab.runs.run import Result

# What another picture of a role is called.
OTHER = {"Style": later("Other style")}


class RunLab(Lab):
    """A lab that makes pictures. A subclass names its task and its main options.

    pictures: the first pictures, by role. options: first values of a Recipe's fields.
    replaced: widgets in the place of the usual ones for some options, or None.
    after: widgets that follow those of some options that are folded away.
    """

    task: ClassVar[str]
    labels: ClassVar[tuple[str, ...]]  # what the pictures of ROLES[task] are called
    main_options: ClassVar[tuple[str, ...]]  # the others are folded away
    styles: ClassVar[int] = 1  # that can be mixed
    follows_controls = False  # the call in the still is that of its result

    def __init__(
        self,
        pictures: Mapping[str, Sources],
        make: Maker,
        options: Mapping[str, Any],
        replaced: Mapping[str, Widget | None] = {},
        after: Mapping[str, Widget] = {},
    ) -> None:
        # The lab finds out by itself where tiles are needed.
        replaced = {"tile": None, **replaced}
        self.controls = Controls(self.task, options, self.changed, replaced)
        self.panel = RunPanel(
            self.make_job,
            make,
            foresee=run_view.foresee,
            guess=self.guess,
            measure=self.measure,
            save=run_view.save_here,
        )
        self.pickers = {
            role: PicturePicker(
                _(label),
                most=self.styles if role == "style" else 1,
                first=pictures[role],
                compact=True,
                opened=self.changed,
            )
            for role, label in zip(ROLES[self.task], self.labels, strict=True)
        }
        self.pictures()  # refuses what is too narrow to be shown
        more = self.controls.grouped(self.main_options, after)
        self.more = Fold(_("More options"), more)
        self.code = ipywidgets.HTML()
        sources = side_by_side(*self.pickers.values(), kind="sl-sources")
        main = side_by_side(*(self.controls[name] for name in self.main_options))
        parts = sources, main, self.more, self.code
        self.left = side_by_side(*parts, kind="sl-column")
        halves = side_by_side(self.left, self.panel, kind="sl-halves sl-runlab")
        self.recall = Recall(self)
        super().__init__([halves, self.recall.strip])
        self.panel.follower = self.follow
        self._show_code()

    @property
    def result(self) -> Result | None:
        """The result of the last run that had one."""
        return self.panel.result

    def pictures(self) -> list[tuple[str, SmallPicture]]:
        """The pictures that go into a run, each with what it is; the photo first."""
        return [
            (_(OTHER[label] if place else label), shrink(source))
            for label, picker in zip(self.labels, self.pickers.values(), strict=True)
            for place, source in enumerate(picker.sources)
        ]

    def sources(self) -> dict[str, Sources]:
        """The chosen pictures by role."""
        return {role: one_or_all(of.sources) for role, of in self.pickers.items()}

    def names(self) -> dict[str, str | tuple[str, ...]]:
        """What the pictures are called in Python, by role."""
        return {
            role: one_or_all(tuple(map(base_name, picker.sources)))
            for role, picker in self.pickers.items()
        }

    def make_job(self) -> Job:
        """The run that the controls describe; a ValueError in words if none does."""
        return self.controls.make_job(self.sources())

    @property
    def settings(self) -> dict[str, Any]:
        """All that can be chosen in the lab: pictures and options; can be set."""
        pictures = {role: of.chosen_keys for role, of in self.pickers.items()}
        return {"pictures": pictures, "options": self.controls.values}

    @settings.setter
    def settings(self, settings: Mapping[str, Any]) -> None:
        for role, picker in self.pickers.items():
            picker.chosen = settings["pictures"][role]
        self.controls.values = settings["options"]

    def guess(self, job: Job) -> bytes | None:
        """A picture to look at before the run, as JPEG; None: there is none."""
        return None

    def measure(self, job: Job, result: Result) -> Facts:
        """Numbers with their units about a result."""
        return run_view.distances_in_words(job, result)

    def changed(self) -> None:
        """To be called when a control or a picture has changed."""
        self._show_code()
        self.panel.refresh()

    def call(self) -> str:
        """The line of Python that makes the same; empty where the controls err."""
        try:
            return run_view.call(self.make_job().recipe, self.names())
        except ValueError:
            return ""

    def _show_code(self) -> None:
        call = self.call()
        chosen = [base_name(one) for of in self.pickers.values() for one in of.sources]
        mine = [n for n in chosen if n not in samples() and not Path(n).is_file()]
        title = run_view.in_a_cell(mine)
        lines = f"import stylelab as sl\n{call}.result()"
        self.code.value = code_html(title, lines) if call else ""

    def still(self) -> Plate:
        name, pictures = type(self).__name__, self.pictures()
        return run_view.on_paper(name, self.call(), pictures, self.result)

    def shown(self) -> None:
        # The forecast takes a second of computing: not before somebody sees the lab.
        self.panel.refresh()


def one_or_all(pictures: Sequence) -> Any:
    """One picture by itself, several as they are."""
    return pictures[0] if len(pictures) == 1 else pictures


class TextureLab(RunLab):
    """Noise becomes a texture: any set of layers, any of the statistics.

    texture: a sample's name, a file, a PIL image or a tensor, as sl.load takes it.
    options: first values of a Recipe's fields: style_layers=["relu1_1"], size=128, ...
    """

    task = "texture"
    labels = (later("Texture"),)
    main_options = ("style_layers", "statistic", "size", "steps")

    def __init__(
        self, texture: Source = "gravel", *, make: Maker = make_here, **options: object
    ) -> None:
        super().__init__({"style": texture}, make, options)


class TransferLab(RunLab):
    """A photo painted anew, between its content and another picture's style.

    photo, style: a sample's name, a file, a PIL image or a tensor, as sl.load takes it;
    style may also be a list of up to three.
    options: first values of a Recipe's fields: size=128, start="noise", ... Of the two
    weights only the ratio counts.
    """

    task = "transfer"
    labels = (later("Photo"), later("Style"))
    main_options = ("style_weight", "size", "steps")
    styles = 3
    guess = staticmethod(run_view.guessed)

    def __init__(
        self,
        photo: Source = "palace",
        style: Sources = "starry_night",
        *,
        make: Maker = make_here,
        **options: object,
    ) -> None:
        recipe = recipe_for(self.task, options)
        if not recipe.content_weight:
            raise ValueError("content_weight is 0: a TransferLab needs some content")
        self.ratio = LogSlider(
            value=recipe.style_weight / recipe.content_weight,
            low=-1.0,
            high=3.0,
            ends=(_("the photo"), _("the style")),
            label=_("Style over content, β/α"),
            help=_(
                "weight of the style loss over that of the content loss, beta / alpha"
            ),
        )
        self.mixture = StylesMixed(self.changed)
        self.strengths = Strengths("layer_weights", self.changed)
        options |= {"content_weight": 1.0, "style_weight": self.ratio.value}
        options |= {"mix": (), "layer_weights": ()}  # these have widgets of their own
        replaced = {"style_weight": self.ratio, "content_weight": None}
        after = {"style_layers": self.strengths}
        pictures = {"photo": photo, "style": style}
        super().__init__(pictures, make, options, replaced, after)
        self.strengths.offer(recipe.style_layers, recipe.layer_weights)
        self._offer(recipe.mix)
        sources, *below = self.left.children
        self.left.children = [sources, self.mixture, *below]
        self._show_code()

    def _offer(self, shares: Sequence[float] = ()) -> None:
        photo, style = self.pickers["photo"], self.pickers["style"]
        (title,) = photo.titles.values()
        self.mixture.offer(photo.sources[0], title, style.titles, shares)

    def changed(self) -> None:
        self._offer()
        self.strengths.offer(self.controls["style_layers"].value)
        super().changed()

    def sources(self) -> dict[str, Sources]:
        return super().sources() | self.mixture.masks()

    def names(self) -> dict[str, str | tuple[str, ...]]:
        masks = {} if self.masks is None else {"masks": "lab.masks"}
        return super().names() | masks

    @property
    def settings(self) -> dict[str, Any]:
        more = {"mixture": self.mixture.settings, "strengths": self.strengths.values}
        return super().settings | more

    @settings.setter
    def settings(self, settings: Mapping[str, Any]) -> None:
        RunLab.settings.__set__(self, settings)
        self.mixture.settings = settings["mixture"]
        self.strengths.values = settings["strengths"]

    def make_job(self) -> Job:
        options = self.mixture.options() | self.strengths.options()
        return self.controls.make_job(self.sources(), **options)

    @property
    def masks(self) -> Sequence[np.ndarray] | None:
        """Where the styles go, as painted: bools [H, W]; None: everywhere."""
        return self.mixture.masks().get("masks")
