"""The studio's page: a photo, a style, three controls, and the panel of the run."""

import ipywidgets

from stylelab.labs.controls import Controls
from stylelab.labs.lab import INITIAL, Fold, choice, side_by_side
from stylelab.labs.style_controls import Strengths, StylesMixed
from stylelab.labs.widgets.base import Style
from stylelab.labs.widgets.log_slider import LogSlider
from stylelab.labs.widgets.picture_picker import PicturePicker
from stylelab.runs.cost import duration
from stylelab.runs.job import Job
from stylelab.runs.live import Maker
from stylelab.studio.job_messages import (
    MOST,
    OFFERED,
    check_offered,
    check_work,
    make_there,
    outlook,
    seconds_of,
)
from stylelab.studio.painting_panel import HERE, PaintingPanel

PHOTOS = ("palace", "cat", "coffee", "astronaut", "rocket", "hubble")
STYLES = (
    *("starry_night", "great_wave", "composition_viii", "auvers"),
    *("moulin_de_la_galette", "brick", "gravel", "ihc"),
)
FIRST = {"size": 256, "steps": 80, "style_weight": 30.0}
SIZES = {"Small, 192 px": 192, "Medium, 256 px": 256, "Large, 384 px": 384}
SIZES["Very large, 512 px"] = 512
IN_FRONT = ("style_weight", "brush", "colors")  # all other options are folded away
HEADER = """<h1>The studio</h1>
<p>Your photo, painted in the style of another picture, by a network that has learned
to name what photos show.</p>"""


class StudioStyle(Style):
    """The labs' style sheet, and the studio's own after it."""

    _css = Style._css + (HERE / "studio.css").read_text("utf-8")


class Page(ipywidgets.Box):
    """All that a visitor sees. make: makes the pictures, in the studio's workers."""

    def __init__(self, make: Maker = make_there) -> None:
        self.photo = PicturePicker("1  Your photo", PHOTOS, kind="photo")
        self.style = PicturePicker("2  The style", STYLES, most=3)
        for picker in (self.photo, self.style):
            picker.observe(lambda _: self._changed(), "chosen")
        self.controls = Controls("transfer", FIRST, self._changed, _instead())
        self.mixture = StylesMixed(self._changed)
        self.strengths = Strengths("layer_weights", self._changed)
        again = {
            "more style": lambda: self._again(3.0),
            "less style": lambda: self._again(1 / 3),
            "the next style": self._next_style,
        }
        self.panel = PaintingPanel(self.job, make, foresee, again)
        areas = {  # of the grid in studio.css, by name
            "header": ipywidgets.HTML(HEADER),
            "photo": self.photo,
            "style": self.style,
            "how": self._how(),
            "panel": self.panel,
        }
        for name, area in areas.items():
            area.layout.grid_area = name
        super().__init__([*areas.values(), StudioStyle()])
        self.add_class("stylelab")
        self.add_class("st-page")
        self._changed()

    def _how(self) -> ipywidgets.Box:
        """The controls: three for everyone, all others folded away."""
        others = self.controls.others(IN_FRONT)
        others.insert(others.index(self.controls["style_layers"]) + 1, self.strengths)
        more = Fold("More", [self.mixture, *others])
        title = ipywidgets.HTML('<h2 class="st-title">3  How it is painted</h2>')
        front = [self.controls[name] for name in IN_FRONT]
        three = side_by_side(*front, kind="st-three")
        return side_by_side(title, three, more, kind="sl-column st-how")

    def job(self) -> Job:
        """The run that the page describes. Raises ValueError, in words, if none is."""
        sources = {"photo": self.photo.sources[0], "style": self.style.sources}
        options = self.mixture.options() | self.strengths.options()
        job = self.controls.make_job(sources | self.mixture.masks(), **options)
        check_offered(job.recipe)
        check_work(job)
        return job

    def _changed(self) -> None:
        (title,) = self.photo.titles.values()
        self.mixture.offer(self.photo.sources[0], title, self.style.titles)
        self.strengths.offer(self.controls["style_layers"].value)
        self.panel.preview(self.photo.sources[0])
        self.panel.refresh()

    def _again(self, times: float) -> None:
        slider = self.controls["style_weight"]
        low, high = 10**slider.low, 10**slider.high
        slider.value = float(f"{min(high, max(low, times * slider.value)):.2g}")
        self.panel.start()

    def _next_style(self) -> None:
        keys = [item["key"] for item in self.style.items]
        place = keys.index(self.style.chosen_keys[-1]) + 1
        self.style.chosen = [keys[place % len(keys)]]
        self.panel.start()


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
        "tile": None,
    }


def foresee(job: Job) -> str:
    """What a run will take in the studio, and how many runs come before it."""
    facts = outlook()
    seconds, before = seconds_of(job, facts["step_times"]), facts["before"]
    if seconds is None:
        return "The studio is still warming up."
    first = f"This takes about {duration(seconds)}."
    if not before:
        return first
    runs = "One run comes" if before == 1 else f"{before} runs come"
    wait = f": about {duration(facts['seconds'])}" if facts["seconds"] else ""
    return f"{first} {runs} first{wait}."
