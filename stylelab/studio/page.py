"""The studio's page: a photo, a style, three controls, and an easel."""

from __future__ import annotations

from pathlib import Path

import ipywidgets
import torch

from stylelab.labs.controls import INITIAL, Controls
from stylelab.labs.lab import Fold, choice, side_by_side
from stylelab.labs.strengths import Strengths
from stylelab.labs.widgets.base import Style
from stylelab.labs.widgets.log_slider import LogSlider
from stylelab.pictures import images
from stylelab.runs.device import default_device, default_precision
from stylelab.runs.forecast import Forecast, StepTime
from stylelab.runs.inputs import count_masks
from stylelab.runs.live import Make
from stylelab.runs.memory import memory
from stylelab.runs.sweep import Job
from stylelab.studio.client import make_there, outlook
from stylelab.studio.job_messages import MOST, OFFERED, check_offered
from stylelab.studio.painting_panel import PaintingPanel
from stylelab.studio.picture_picker import PicturePicker
from stylelab.studio.styles_mixed import StylesMixed

PHOTOS = ("palace", "cat", "coffee", "astronaut", "rocket", "hubble")
STYLES = (
    *("starry_night", "great_wave", "composition_viii", "auvers"),
    *("moulin_de_la_galette", "brick", "gravel", "ihc"),
)
FIRST = {"size": 256, "steps": 80, "style_weight": 100.0}
SIZES = {"Small, 192 px": 192, "Medium, 256 px": 256, "Large, 384 px": 384}
SIZES["Very large, 512 px"] = 512
SHOWN = ("style_weight", "brush", "colors")
HEAD = """<h1>The studio</h1>
<p>Your photo, painted in the style of another picture, by a network that has learned
to name what photos show.</p>"""


class StudioStyle(Style):
    """The labs' style sheet, and the studio's own after it."""

    _css = Style._css + (Path(__file__).parent / "studio.css").read_text("utf-8")


class Page(ipywidgets.Box):
    """All that a visitor sees. make: makes the pictures that are ordered here."""

    def __init__(self, make: Make = make_there) -> None:
        self.photo = PicturePicker("1  Your photo", PHOTOS)
        self.style = PicturePicker("2  The style", STYLES, most=3)
        self.controls = Controls("transfer", FIRST, self._changed, _instead())
        self.mixture = StylesMixed(self._changed)
        self.strengths = Strengths("layer_weights", self._changed)
        again = {
            "more style": lambda: self._again(3.0),
            "less style": lambda: self._again(1 / 3),
            "the next style": self._next_style,
        }
        self.easel = PaintingPanel(self.order, make, foresee, again)
        for picker in (self.photo, self.style):
            picker.observe(lambda _: self._changed(), "chosen")
        parts = self._parts()
        for name, part in parts.items():
            part.add_class(f"st-{name}")
        super().__init__([*parts.values(), StudioStyle()])
        self.add_class("stylelab")
        self.add_class("st-page")
        self._changed()

    def _parts(self) -> dict[str, ipywidgets.Widget]:
        """The parts of the page by the names that studio.css has for them."""
        others = self.controls.others(SHOWN)
        others.insert(others.index(self.controls["style_layers"]) + 1, self.strengths)
        more = Fold("More", [self.mixture, *others])
        title = ipywidgets.HTML('<h2 class="st-title">3  How it is painted</h2>')
        three = side_by_side(*(self.controls[name] for name in SHOWN), kind="st-three")
        return {
            "head": ipywidgets.HTML(HEAD),
            "photo": self.photo,
            "style": self.style,
            "how": side_by_side(title, three, more, kind="sl-column"),
            "easel": self.easel,
        }

    def order(self) -> Job:
        """The run that the page describes; a ValueError in words if none does."""
        sources = {"photo": self.photo.sources[0], "style": self.style.sources}
        options = self.mixture.options() | self.strengths.options()
        job = self.controls.make_job(sources | self.mixture.masks(), **options)
        check_offered(job.recipe)
        return job

    def _changed(self) -> None:
        (title,) = self.photo.titles.values()
        self.mixture.look_at(self.photo.sources[0], title, self.style.titles)
        self.strengths.offer(self.controls["style_layers"].value)
        self.easel.preview(self.photo.sources[0])
        self.easel.refresh()

    def _again(self, times: float) -> None:
        slider = self.controls["style_weight"]
        low, high = 10**slider.low, 10**slider.high
        slider.value = float(f"{min(high, max(low, times * slider.value)):.2g}")
        self.easel.start()

    def _next_style(self) -> None:
        keys = [item["key"] for item in self.style.items]
        self.style.chosen = [keys[(keys.index(self.style.held[-1]) + 1) % len(keys)]]
        self.easel.start()


def _instead() -> dict[str, ipywidgets.Widget | None]:
    """Controls in the words of visitors, and only what the studio offers."""
    weight, steps = FIRST["style_weight"], FIRST["steps"]
    photo, fine = ("the photo", "the style"), ("fine", "coarse")
    strength = {"low": -1.0, "high": 3.0, "ends": photo, "label": "Style strength"}
    brush = {"low": -0.4, "high": 0.4, "ends": fine, "label": "Detail size"}
    colors = [("the style's", "style"), ("the photo's", "luminance")]
    return {
        "style_weight": LogSlider(value=weight, **strength),
        "brush": LogSlider(value=1.0, **brush),
        "colors": ipywidgets.ToggleButtons(options=colors, description="Colours"),
        "size": choice("Size", [*SIZES.items()], FIRST["size"]),
        "steps": ipywidgets.BoundedIntText(
            steps, min=1, max=MOST["steps"], step=10, description="Steps", style=INITIAL
        ),
        "weights": choice("Weights", OFFERED["weights"], "original"),
        "content_weight": None,
    }


def foresee(job: Job) -> str:
    """What a run will take in the studio, and how many come before it."""
    ahead = outlook()
    recipe = job.recipe
    if recipe.statistic not in ahead["paces"]:
        return "The studio is still warming up."
    precision = recipe.precision
    if precision == "auto":
        precision = default_precision(default_device())
    width, height = images.open_picture(job.sources["photo"]).size
    pixels = width * height * (recipe.size / min(width, height)) ** 2
    pace = StepTime(**ahead["paces"][recipe.statistic])
    seconds = recipe.steps * pace.seconds(pixels)
    need = memory(recipe, pixels, getattr(torch, precision), count_masks(job.sources))
    before = {0: "", 1: " One run comes first."}
    runs = before.get(ahead["before"], f" {ahead['before']} runs come first.")
    return f"This takes {Forecast(seconds, need)}.{runs}"
