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
from stylelab.labs.style_controls import Strengths, StylesMixed
from stylelab.labs.widgets.base import PageLink
from stylelab.labs.widgets.log_slider import LogSlider
from stylelab.labs.widgets.picture_picker import PicturePicker
from stylelab.runs import live
from stylelab.runs.cost import StepTime, duration
from stylelab.runs.job import Job
from stylelab.runs.live import Maker
from stylelab.runs.recipe import Recipe
from stylelab.studio import words
from stylelab.studio.browser_memory import Kept
from stylelab.studio.job_messages import (
    MOST,
    OFFERED,
    check_offered,
    check_seconds,
    check_work,
    forget_there,
    make_there,
    outlook,
    seconds_of,
)
from stylelab.studio.painting_panel import HERE, PaintingPanel
from stylelab.studio.settings import apply, settings_of

PHOTOS = (
    *("astronaut", "girls_at_the_piano", "mona_lisa"),
    *("palace", "cat", "coffee", "rocket"),
)
STYLES = (
    *("starry_night", "great_wave", "composition_viii", "auvers", "poppies"),
    *("moulin_de_la_galette", "summertime", "spring", "brick", "gravel"),
)
FIRST = {"size": 512, "steps": 80, "style_weight": 30.0}
SOON = 120  # seconds that a first run may take: where 512 pixels take longer, fewer
IN_FRONT = ("style_weight", "brush", "colors", "size")  # all others are folded away
HEADER = f"<h1>{words.TITLE}</h1><p>{words.ABOUT}</p>"


class StudioStyle(PageLink):
    """The labs' style sheet, and the studio's own after it."""

    _css = PageLink._css + (HERE / "studio.css").read_text("utf-8")


class Page(ipywidgets.Box):
    """All that a visitor sees. make: makes the pictures; the studio's workers do."""

    def __init__(self, make: Maker | None = None) -> None:
        self.photo = PicturePicker(words.PHOTO, PHOTOS, kind=words.KIND)
        self.style = PicturePicker(words.STYLE, STYLES, most=3)
        for picker in (self.photo, self.style):
            picker.observe(lambda _: self._changed(), "chosen")
            picker.keep = partial(self._keep_upload, picker is self.photo)
        self.controls = Controls("transfer", FIRST, self._changed, _instead())
        self.mixture = StylesMixed(self._changed)
        self.strengths = Strengths("layer_weights", self._changed)
        again = {
            words.MORE_STYLE: lambda: self._again(3.0),
            words.LESS_STYLE: lambda: self._again(1 / 3),
            words.NEXT: self._next_style,
        }
        self.has_pace = False  # whether the studio's pace has set the first size
        self.panel = PaintingPanel(self.job, make or self._make, self._foresee, again)
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
        """The controls: some for everyone, all others folded away."""
        others = self.controls.others(IN_FRONT)
        others.insert(others.index(self.controls["style_layers"]) + 1, self.strengths)
        title = ipywidgets.HTML(f'<h2 class="st-title">{words.HOW}</h2>')
        front = side_by_side(*map(self.controls.__getitem__, IN_FRONT), kind="st-front")
        parts = title, front, self.mixture, Fold(words.MORE, others)
        return side_by_side(*parts, kind="sl-column st-how")

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
        self.has_pace = "settings" in kept
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
        self.panel.start_again(str(run["name"]), run.get("larger") is True)

    def _forget(self) -> None:
        self.panel.live.stop()
        forget_there(self.memory.visit)

    def _foresee(self, job: Job) -> str:
        facts = outlook()
        size = self.controls["size"]
        if facts["step_times"] and not self.has_pace:
            self.has_pace = True
            if size.value == FIRST["size"]:
                size.value = first_size(facts["step_times"])
                if size.value != job.recipe.size:
                    return ""  # it is foreseen anew
        return foresee(job, facts)

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
    strength = {"low": -1.0, "high": 3.0, "ends": words.STRENGTH_ENDS}
    brush = {"low": -0.4, "high": 0.4, "ends": words.DETAIL_ENDS}
    colors = [*zip(words.COLORS_OF, ("style", "luminance"), strict=True)]
    limits = {"min": 1, "max": MOST["steps"]}
    sizes = {"options": [*words.SIZES.items()], "value": FIRST["size"]}
    # Without one of its own a label would show the tooltip "null".
    for_colors, for_size, for_steps = (
        {"description": label, "tooltip": label}
        for label in (words.COLORS, words.SIZE, words.STEPS)
    )
    return {
        "style_weight": LogSlider(value=weight, label=words.STRENGTH, **strength),
        "brush": LogSlider(value=1.0, label=words.DETAIL, **brush),
        "colors": ipywidgets.ToggleButtons(options=colors, **for_colors),
        "size": ipywidgets.ToggleButtons(**for_size, **sizes),
        "steps": ipywidgets.BoundedIntText(
            steps, style=INITIAL, step=10, **for_steps, **limits
        ),
        "weights": choice(words.WEIGHTS, OFFERED["weights"], "original"),
        "content_weight": None,
        "tile": None,
    }


def first_size(step_times: Mapping) -> int:
    """The largest size whose first run takes SOON at most: of a photo of 3 to 2."""
    time = StepTime(**step_times["gram"])
    for size in sorted(words.SIZES.values(), reverse=True):
        if time.of_run(Recipe(**FIRST | {"size": size}), 1.5 * size**2) <= SOON:
            return size
    return min(words.SIZES.values())


def foresee(job: Job, facts: Mapping) -> str:
    """What a run will take in the studio, and how many runs come before it.

    facts: those of outlook(). Raises ValueError, in words, if it takes too long.
    """
    seconds, before = seconds_of(job, facts["step_times"]), facts["before"]
    if seconds is None:
        return words.WARMING
    check_seconds(seconds)
    takes = words.TAKES.format(duration(seconds))
    if not before:
        return takes
    runs = (words.ONE_FIRST if before == 1 else words.RUNS_FIRST).format(before)
    wait = words.WAIT.format(duration(facts["seconds"])) if facts["seconds"] else ""
    return words.FIRST.format(takes, runs, wait)
