"""The studio's page: a photo, a style, three controls, and the panel of the run."""

import atexit
import contextlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import ipywidgets

from stylelab.labs.controls import Controls
from stylelab.labs.lab import INITIAL, Fold, choice, side_by_side
from stylelab.labs.style_controls import Strengths
from stylelab.labs.widgets.base import Style
from stylelab.labs.widgets.log_slider import LogSlider
from stylelab.runs import live
from stylelab.runs.cost import duration
from stylelab.runs.job import Job
from stylelab.runs.live import Maker
from stylelab.studio.browser_memory import Kept
from stylelab.studio.job_messages import (
    MOST,
    OFFERED,
    check_offered,
    check_work,
    forget_there,
    make_there,
    outlook,
    seconds_of,
)
from stylelab.studio.painting_panel import PaintingPanel
from stylelab.studio.picture_picker import HERE, PicturePicker
from stylelab.studio.settings import apply, settings_of
from stylelab.studio.styles_mixed import StylesMixed

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
    """All that a visitor sees. make: makes the pictures; the studio's workers do."""

    def __init__(self, make: Maker | None = None) -> None:
        self.photo = PicturePicker("1  Your photo", PHOTOS)
        self.style = PicturePicker("2  The style", STYLES, most=3)
        for picker in (self.photo, self.style):
            picker.observe(lambda _: self._changed(), "chosen")
            picker.keep = partial(self._keep_upload, picker is self.photo)
        self.controls = Controls("transfer", FIRST, self._changed, _instead())
        self.mixture = StylesMixed(self._changed)
        self.strengths = Strengths("layer_weights", self._changed)
        again = {
            "more style": lambda: self._again(3.0),
            "less style": lambda: self._again(1 / 3),
            "the next style": self._next_style,
        }
        self.panel = PaintingPanel(self.job, make or self._make, foresee, again)
        self.memory = self.panel.memory
        self.memory.give_back, self.memory.forgotten = self.restore, self._forget
        areas = {  # of the grid in studio.css, by name
            "header": ipywidgets.HTML(HEADER),
            "photo": self.photo,
            "style": self.style,
            "how": self._how(),
            "panel": self.panel,
        }
        for name, area in areas.items():
            area.layout.grid_area = name
        self.memory.layout.grid_column = "1 / -1"
        super().__init__([*areas.values(), self.memory, StudioStyle()])
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
        self.memory.keep_settings(settings_of(self))

    def _make(self, job: Job, stop: threading.Event) -> Iterator:
        run = self.panel.run_name
        return make_there(job, stop, self.memory.visit, run, self.panel.is_away)

    def _keep_upload(self, is_photo: bool, key: str, name: str, content: bytes) -> None:
        if content:
            self.memory.keep(key, {"photo": is_photo, "name": name}, content)
        else:
            self.memory.forget(key)

    def restore(self, kept: Mapping[str, Kept]) -> None:
        """Shows what the browser has kept of the visit, and goes on with its run.

        All is checked as if the visitor did it now; what is damaged is left out.
        """
        uploads = [key for key in kept if re.fullmatch("own [0-9a-f]{32}", key)]
        for key in uploads:
            _try(self._restore_upload, key, kept[key])
        if "run" in kept:
            _try(self._go_on, kept["run"].value)
        if "settings" in kept:
            _try(apply, kept["settings"].value, self)
        if "result" in kept and not self.panel.live.busy:
            _try(self.panel.restore, kept["result"])

    def _restore_upload(self, key: str, kept: Kept) -> None:
        picker = self.photo if kept.value["photo"] else self.style
        picker.add_upload(str(kept.value["name"]), kept.files[0], key=key)

    def _go_on(self, run: Mapping) -> None:
        """Follows the run that was under way, or begins it again if it was lost."""
        apply(run["settings"], self)
        self.panel.start(str(run["name"]))

    def _forget(self) -> None:
        self.panel.live.stop()
        forget_there(self.memory.visit)

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


def _try(restore: Callable, *arguments: object) -> None:
    with contextlib.suppress(Exception):
        restore(*arguments)


def open_page() -> Page:
    """A page in a kernel of its own. A run there goes on when the kernel ends."""
    atexit.unregister(live.end_all)
    return Page()


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
