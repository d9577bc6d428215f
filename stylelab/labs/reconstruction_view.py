"""What ReconstructionLab shows: a photo and what layers know of it. No widget.

A row is the photo and a lane for each layer (see lanes.py).
"""

from __future__ import annotations

import io
import itertools
import json
import math
import textwrap
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import PIL.Image

from stylelab.analysis import receptive_field
from stylelab.core.language import _, later
from stylelab.core.layers import LAYERS
from stylelab.figures.plots import Plate, Shown, gallery
from stylelab.labs import run_view
from stylelab.labs.lanes import (
    Lane,
    RowResult,
    lanes_of,
    make_row,
    photo_of,
    shipped_row,
)
from stylelab.labs.small_picture import title_of
from stylelab.pictures import images
from stylelab.runs.forecast import forecast
from stylelab.runs.job import Job
from stylelab.runs.live import Shot, Waiting
from stylelab.runs.tasks import prepare

ROWS = 6  # that stay in memory
WEIGHTS = {"original": later("trained network"), "random": later("random weights")}

# A row by what decides its pictures: the recipe, and the photo's fingerprint.
Key = tuple[object, str]


@dataclass(eq=False)
class Row:
    """A photo and its lanes, as far as they are made."""

    job: Job
    number: int  # of its run, for the browser
    lanes: Sequence[Lane] = ()
    step: int = 0
    result: RowResult | None = field(default=None, repr=False)  # None: not made here
    photo: PIL.Image.Image = field(init=False, repr=False)
    jpeg: bytes = field(init=False, repr=False)  # the photo, encoded

    def __post_init__(self) -> None:
        self.photo = photo_of(self.job)
        self.jpeg = images.jpeg(self.photo)

    @property
    def title(self) -> str:
        return title_of(images.base_name(self.job.sources["photo"]))

    @property
    def layers(self) -> list[str]:
        return sorted(self.job.recipe.content_layers, key=LAYERS.index)

    def note(self) -> str:
        """What made the row, in a few words."""
        recipe = self.job.recipe
        weights = _(WEIGHTS.get(recipe.weights, ""))
        weights = weights or _("weights {}").format(recipe.weights)
        steps = _("{} steps").format(recipe.steps)
        return f"{self.title} · {recipe.size} px · {steps} · {weights}"


class ReconstructionView:
    """The row that is looked at, and the rows that were made before.

    changed: called when the row has changed, also by the thread of a run. busy: whether
    a run is at work.
    """

    row: Row

    def __init__(self, job: Job) -> None:
        self.rows: dict[Key, Row] = {}
        self.numbers = itertools.count(1)
        self.changed: Callable[[], None] = lambda: None
        self.busy = False
        if not self.open(job):
            lanes_of(job)  # refuses too many layers
            self.row = Row(job, next(self.numbers))

    def open(self, job: Job) -> bool:
        """Looks at the row of `job`, if it was made before; says whether it was."""
        key = _key(job)
        if key not in self.rows and (lanes := shipped_row(job)):
            new = Row(job, next(self.numbers), lanes, job.recipe.steps)
            self._keep(key, new)
        if key in self.rows:
            self.row = self.rows[key]
            self.changed()
        return key in self.rows

    def make(
        self, job: Job, stop: threading.Event
    ) -> Iterator[Waiting | Shot | RowResult]:
        """A Maker of a row, which is looked at while it grows."""
        row, before = Row(job, next(self.numbers)), self.row

        def show(lanes: Sequence[Lane], step: int) -> None:
            row.lanes, row.step, self.row = lanes, step, row
            self.changed()

        self.busy, self.row = True, row
        self.changed()
        try:
            for news in make_row(job, stop, show):
                if isinstance(news, RowResult):
                    row.result = news
                    self._keep(_key(job), row)
                yield news
        finally:
            self.busy = False
            if not row.lanes:  # stopped, or failed, before there was a picture
                self.row = before
            self.changed()

    def _keep(self, key: Key, row: Row) -> None:
        self.rows.pop(key, None)
        self.rows[key] = row
        while len(self.rows) > ROWS:
            del self.rows[next(iter(self.rows))]

    def texts(self, lane: Lane) -> tuple[str, str]:
        """A lane in numbers: 18.2 dB, and loss 0.015."""
        near = "∞ dB" if math.isinf(lane.psnr) else f"{lane.psnr:.1f} dB"
        loss = "" if lane.loss is None else _("loss {}").format(_plain(lane.loss))
        return near, loss

    def words(self) -> str:
        """The row in one sentence, for screen readers."""
        row = self.row
        found = [" ".join((one.layer, *self.texts(one))) for one in row.lanes]
        known = "; ".join(found)
        known = known or _("{}, before a run").format(", ".join(row.layers))
        return _("What layers know of a photo ({}): {}.").format(row.note(), known)

    def figure(self) -> Plate:
        """The photo and its lanes."""
        row = self.row
        panels: list[tuple[str, Shown]] = [(_("the photo") + "\n\n", row.photo)]
        for lane in row.lanes:
            picture = PIL.Image.open(io.BytesIO(lane.jpeg)).convert("RGB")
            panels.append((self._caption(lane), picture))
        columns = 3 if len(panels) > 4 else 0
        claim = _("ReconstructionLab, live in JupyterLab: what each layer knows")
        alt = _("ReconstructionLab, live in JupyterLab. {}").format(self.words())
        plate = gallery(panels, claim, alt, columns, width=(5, 8, 10)[len(panels) > 1])
        plate.supxlabel(textwrap.fill(row.note(), 90), fontsize=12, x=0.01, ha="left")
        return plate

    def _caption(self, lane: Lane) -> str:
        numbers = ", ".join(self.texts(lane))
        return _("{}, sees {}").format(lane.layer, sees(lane.layer)) + f"\n{numbers}"

    def foresee(self, job: Job) -> str:
        """What the whole row will take, in one sentence."""
        jobs = lanes_of(job)
        # The others cost about as much as the mean of these two.
        ends = [forecast(prepare(j.recipe, **j.sources)) for j in (jobs[0], jobs[-1])]
        seconds = len(jobs) * sum(one.seconds for one in ends) / 2
        return run_view.takes(replace(ends[1], seconds=seconds))

    def save(self, result: RowResult) -> str:
        """Writes the pictures of the row that is looked at; says where."""
        if not (result := self.row.result):
            words = _(
                "these small pictures came with stylelab: press Run, and save those "
                "then"
            )
            raise ValueError(words)
        named = zip(self.row.layers, result.results, strict=True)
        names = [run_view.write_here(one, layer) for layer, one in named]
        words = _("Saved beside the notebook, with their recipes: {}.")
        return words.format(", ".join(names))

    def call(self, job: Job) -> str:
        """The Python that makes the same pictures, as a list of results."""
        plain = replace(job.recipe, content_layers=("relu4_2",))
        name = images.base_name(job.sources["photo"])
        call = run_view.call(plain, {"photo": name}).removesuffix(")")
        layers = json.dumps([*job.recipe.content_layers])
        return f"[{call}, content_layers=layer).result() for layer in {layers}]"


def _plain(number: float) -> str:
    """A number in two digits, without an exponent: 0.000013."""
    return np.format_float_positional(number, 2, fractional=False, trim="-")


def sees(layer: str) -> str:
    """The side of the square that a neuron of `layer` sees."""
    return f"{receptive_field.field(layer).size} px"


def _key(job: Job) -> Key:
    return job.recipe, images.fingerprint(job.sources["photo"])
