"""A run: an objective, a start, the steps between, and the result that can be saved."""

from __future__ import annotations

import functools
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import PIL.Image
import torch
from torch import Tensor
from tqdm.auto import tqdm

from stylelab.core import spaces, style_transfer
from stylelab.core.descent import HISTORY, LBFGS, Adam
from stylelab.core.errors import Diverged
from stylelab.core.style_transfer import Objective, minimise
from stylelab.core.vgg import Network
from stylelab.pictures import images
from stylelab.runs.colors import grey, recoloured
from stylelab.runs.device import chosen_precision, threads
from stylelab.runs.distances import in_brief
from stylelab.runs.inputs import Inputs
from stylelab.runs.log import Log
from stylelab.runs.objectives import network_for, objective
from stylelab.runs.recipe import Recipe
from stylelab.runs.starts import resized
from stylelab.runs.tiles import Tiled


@dataclass(frozen=True)
class Step(style_transfer.Step):
    """A step of the loop, its picture in the size and colours of the recipe."""

    level: int = 0  # of the sizes that the run goes through, from coarse to fine

    def image(self) -> PIL.Image.Image:
        """The picture as it would be saved: clipped and rounded to 8 bits."""
        return images.to_image(self.picture)


@dataclass(frozen=True, eq=False)
class Result:
    """A picture and how it was made; `finished` is False after an interrupt."""

    picture: Tensor  # [1, 3, H, W], RGB, 0..1
    losses: dict[str, float]  # of that picture
    history: tuple[float, ...]  # the total loss of every step
    seconds: float
    finished: bool
    record: dict = field(repr=False)
    reason: str = ""  # why it ended early, unless it was interrupted

    @property
    def loss(self) -> float:
        return sum(self.losses.values())

    def image(self) -> PIL.Image.Image:
        return images.to_image(self.picture)

    def save(self, path: str) -> None:
        """Writes a PNG, with the recipe inside, or a JPEG."""
        images.save(self.picture, path, self.record)

    def _repr_png_(self) -> bytes | None:
        return self.image()._repr_png_()


def progress_bar(run: Run) -> Iterator[Step]:
    """Hands on the steps of `run` and draws a bar with the distances."""
    log = Log(sys.stderr)
    look = {"unit": "step", "file": log, "dynamic_ncols": True}
    pause = 0.1 if log.isatty() else 2.0  # seconds; a log needs few lines
    with tqdm(run, mininterval=pause, **look) as bar:
        for step in bar:
            bar.set_postfix_str(in_brief(run.recipe, step.losses), refresh=False)
            yield step


@dataclass(frozen=True, eq=False)
class Run:
    """A run that has not begun: iterate over its steps, or ask for its `result`."""

    recipe: Recipe
    inputs: Inputs = field(repr=False)
    record: dict = field(repr=False)
    tile: int = 0  # side of the tiles in which slopes are computed; 0: in one piece
    from_noise: bool = False  # whether the picture that it goes on from began as noise

    @functools.cached_property
    def network(self) -> Network:
        """The network that sees the picture, in the precision of the run."""
        precision = chosen_precision(self.recipe.precision)
        return network_for(self.recipe, getattr(torch, precision))

    @functools.cached_property
    def objective(self) -> Objective:
        """What is minimised at the last and finest level."""
        tile = self.tile if max(self.inputs.shape) > self.tile else 0
        whole = objective(self.recipe, network_for(self.recipe), self.inputs, tile)
        return Tiled(whole.terms, tile) if tile else whole

    @functools.cached_property
    def start(self) -> Tensor:
        """The first picture [1, 3, H, W], in the size of the result."""
        return self.inputs.start(self.recipe)

    def levels(self) -> list[Run]:
        """A run for each level, from coarse to fine; this one is the last."""
        stages, runs = self.recipe.stages, [self]
        for size, steps in stages[-2::-1]:
            recipe = replace(self.recipe, size=size, steps=steps, levels=1)
            inputs = runs[0].inputs.halved()
            runs.insert(0, replace(self, recipe=recipe, inputs=inputs))
        return runs

    def __len__(self) -> int:
        return sum(steps for _, steps in self.recipe.stages)

    def __iter__(self) -> Iterator[Step]:
        steps = self._steps()
        count = self.record.get("threads") or torch.get_num_threads()
        while True:
            with threads(count):  # as many as the record says
                step = next(steps, None)
            if step is None:
                return
            yield step

    def _steps(self) -> Iterator[Step]:
        before, start = 0, None
        for level, run in enumerate(self.levels()):
            start = run.start if start is None else resized(start, *run.inputs.shape)
            best: style_transfer.Step | None = None
            for step in run._descend(start, self.recipe.stages[level][1]):
                if best is None or step.loss < best.loss:
                    best = step
                picture = self._as_saved(step.picture)
                yield Step(before + step.index, len(self), step.losses, picture, level)
            assert best is not None  # a level has at least one step
            before, start = before + best.total, best.picture.cpu()

    def _descend(self, start: Tensor, steps: int) -> Iterator[style_transfer.Step]:
        """The steps of one level, in its own size and as the network sees them."""
        start, shape = start.to(self.network.device), self.inputs.shape
        slow = self.recipe.optimizer == "adam"
        descent = Adam() if slow else LBFGS(history_of(shape[0] * shape[1]))
        ways = space_of(self.recipe, *shape, self.from_noise), descent
        return minimise(self.objective, start, self.network, steps, *ways)

    def _as_saved(self, picture: Tensor) -> Tensor:
        # Not every device resizes: the few pictures between the sizes take little time.
        photo = self.inputs.coloured
        picture = resized(picture.cpu(), *self.inputs.shape)
        return picture if photo is None else recoloured(picture, photo)

    def as_network_sees(self, picture: Tensor) -> Tensor:
        """A saved picture as it is shown to the network: by luminance, grey."""
        return picture if self.inputs.coloured is None else grey(picture)

    def result(
        self,
        watch: Callable[[Run], Iterable[Step]] = progress_bar,
        keep: Callable[[Tally], None] = lambda tally: None,
    ) -> Result:
        """Runs to the end and returns the best picture of all steps.

        `watch` hands on the steps and shows them; `iter` shows nothing. `keep` gets
        after each step what the run has come to. An interrupt returns the picture so
        far, marked unfinished; so does, with a warning, a run that finds no way down. A
        run that never gained anything raises Diverged.
        """
        tally = Tally(self)
        try:
            for _ in tally.follow(watch(self)):
                keep(tally)
        except KeyboardInterrupt:
            if tally.best is None:
                raise
        if tally.reason:
            done = f"stopped after {len(tally.history)} of {len(self)} steps"
            warnings.warn(f"{done}: {tally.reason}", RuntimeWarning, stacklevel=2)
        return tally.result()


@dataclass(eq=False)
class Tally:
    """What a run has come to: its best step so far, and the loss of every step."""

    run: Run
    best: Step | None = None
    history: list[float] = field(default_factory=list)
    reason: str = ""  # why the run ended early
    began: float = field(default_factory=time.perf_counter)

    def follow(self, steps: Iterable[Step]) -> Iterator[Step]:
        """Hands on `steps`; raises Diverged only if nothing had been gained by then."""
        try:
            for step in steps:
                self.history.append(step.loss)
                if self.best is None or _rank(step) > _rank(self.best):
                    self.best = step
                yield step
        except Diverged as error:
            if self.best is None or self.best.index == 1:
                raise
            self.reason = str(error)

    def result(self) -> Result:
        """The Result of a run that has made at least one step."""
        assert self.best is not None
        best, count, reason = self.best, len(self.history), self.reason
        seconds, finished = time.perf_counter() - self.began, count == len(self.run)
        record = self.run.record | {"finished": finished, "steps_run": count}
        record |= {"steps": len(self.run)}
        record |= {"loss": best.loss, "losses": best.losses}
        record |= {"reason": reason} if reason else {}
        results = best.picture, best.losses, tuple(self.history), seconds, finished
        return Result(*results, record, reason)


def _rank(step: Step) -> tuple[int, float]:
    """Finer is better; on one level, a lower loss is."""
    return step.level, -step.loss


def history_of(pixels: int) -> int:
    """How many curvature pairs a run keeps: fewer above 2.5 megapixels."""
    return max(4, min(HISTORY, 50_000_000 // pixels))


def space_of(
    recipe: Recipe, height: int, width: int, from_noise: bool = False
) -> spaces.Space:
    """The space in which a run of `recipe` moves."""
    options: dict[str, Any] = {}
    if recipe.space == "spectrum":
        # A photo has its fine detail already; noise has to be given that, too. Random
        # phases have it, and it is as wrong as the broad forms.
        start = "noise" if from_noise else recipe.start
        options["exponent"] = {"noise": 0.25, "phases": 0.0}.get(start, 0.5)
        # With absolute losses a recipe of the first edition makes its picture again.
        options["clipped"] = recipe.losses == "relative"
    space = spaces.SPACES[recipe.space](height, width, **options)
    return spaces.of_grey(space) if recipe.colors == "luminance" else space
