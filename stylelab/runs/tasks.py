"""Three verbs over one engine: content alone, style alone, and both together.

    transfer("palace", "starry_night", size=256).result().save("out.png")

A verb computes nothing but its targets; the Run it returns is iterated for live
pictures or asked for its result.
"""

from __future__ import annotations

import functools
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

import PIL.Image
import torch
from torch import Tensor
from tqdm.auto import tqdm

from stylelab.core import statistics as losses
from stylelab.core import style_transfer as engine
from stylelab.core import vgg as network
from stylelab.core.descent import Diverged
from stylelab.core.style_transfer import Step
from stylelab.pictures import tensors as pictures
from stylelab.pictures.tensors import Source
from stylelab.runs import objective as targets
from stylelab.runs.colors import grey, recoloured
from stylelab.runs.inputs import Sources, bring
from stylelab.runs.memory import check_memory
from stylelab.runs.recipe import Recipe, recipe_for
from stylelab.runs.record import describe


@dataclass(frozen=True, eq=False)
class Result:
    """A picture, finished or (`finished` is False) interrupted, and how it came."""

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
        """The picture as it is saved."""
        return pictures.to_image(self.picture)

    def save(self, path: str) -> None:
        """Writes a PNG, with the recipe inside, or a JPEG."""
        pictures.save(self.picture, path, self.record)

    def _repr_png_(self) -> bytes:
        return self.image()._repr_png_()


def progress_bar(run: Run) -> Iterator[Step]:
    """Hands on the steps of `run` and draws a bar with the loss."""
    pause = 0.1 if sys.stderr.isatty() else 2.0  # seconds; a log needs few lines
    with tqdm(run, unit="step", mininterval=pause, dynamic_ncols=True) as bar:
        for step in bar:
            bar.set_postfix_str(f"loss {step.loss:.3g}", refresh=False)
            yield step


@dataclass(frozen=True, eq=False)
class Run:
    """A run that has not begun: iterate over its steps, or ask for its `result`."""

    recipe: Recipe
    objective: losses.Objective = field(repr=False)
    start: Tensor = field(repr=False)
    network: network.Network = field(repr=False)
    record: dict = field(repr=False)
    photo: Tensor | None = field(default=None, repr=False)  # whose chroma is put back

    def __len__(self) -> int:
        return self.recipe.steps

    def __iter__(self) -> Iterator[Step]:
        """Steps whose pictures are as they are saved: in the colours asked for."""
        for step in engine.run(self.objective, self.start, self.recipe, self.network):
            if self.photo is not None:
                step = replace(step, picture=recoloured(step.picture, self.photo))
            yield step

    def seen(self, picture: Tensor) -> Tensor:
        """What the network sees of a picture as it is saved: by luminance, greys."""
        return picture if self.photo is None else grey(picture)

    def result(self, watch: Callable[[Run], Iterable[Step]] = progress_bar) -> Result:
        """Runs to the end and returns the best picture met.

        `watch` hands on the steps and shows them; `iter` shows nothing. An interrupt
        returns the picture so far, marked unfinished; so does, with a warning, a run
        that finds no way on. One that never gained anything raises Diverged.
        """
        tally = Tally()
        try:
            for _ in tally.note(watch(self)):
                pass
        except KeyboardInterrupt:
            if tally.best is None:
                raise
        if tally.reason:
            done = f"stopped after {len(tally.history)} of {len(self)} steps"
            warnings.warn(f"{done}: {tally.reason}", RuntimeWarning, stacklevel=2)
        return finish(self, tally)


@dataclass(eq=False)
class Tally:
    """What a run has come to: its best step so far, and the loss of every step."""

    best: Step | None = None
    history: list[float] = field(default_factory=list)
    reason: str = ""  # why it ended early
    began: float = field(default_factory=time.perf_counter)

    def note(self, steps: Iterable[Step]) -> Iterator[Step]:
        """Hands on `steps`, and ends with the reason where they find no way on.

        Raises descent.Diverged only if nothing had been gained by then.
        """
        try:
            for step in steps:
                self.history.append(step.loss)
                if self.best is None or step.loss < self.best.loss:
                    self.best = step
                yield step
        except Diverged as error:
            if self.best is None or self.best.index == 1:
                raise
            self.reason = str(error)


def finish(run: Run, tally: Tally) -> Result:
    """The Result of a run that has come to `tally`, at least one step."""
    best, history = tally.best, tuple(tally.history)
    finished = len(history) == len(run)
    record = {
        **run.record,
        "finished": finished,
        "steps_run": len(history),
        "loss": best.loss,
        "losses": best.losses,
    }
    if tally.reason:
        record["reason"] = tally.reason
    seconds = time.perf_counter() - tally.began
    return Result(
        best.picture, best.losses, history, seconds, finished, record, tally.reason
    )


def transfer(
    photo: Source, style: Sources, masks: Sources | None = None, **options: object
) -> Run:
    """The content of `photo` in the style of `style` (Gatys et al. 2016, eq. 7).

    Several styles are mixed; or, with `masks` (pictures, white where a style goes, in
    the order of the styles; the last may be left out), each paints its own region.
    `options` are a Recipe's fields: size=256, steps=100, style_weight=1e3, ...
    """
    sources = {"photo": photo, "style": style}
    if masks is not None:
        sources["masks"] = masks
    return prepare(recipe_for("transfer", options), **sources)


def texture(style: Sources, **options: object) -> Run:
    """A new picture with the texture of `style` (Gatys, Ecker, Bethge 2015).

    Several styles are mixed; the first gives the result its shape.
    """
    return prepare(recipe_for("texture", options), style=style)


def reconstruct(photo: Source, **options: object) -> Run:
    """A picture whose deep features are those of `photo` (Mahendran & Vedaldi 2015)."""
    return prepare(recipe_for("reconstruct", options), photo=photo)


def prepare(recipe: Recipe, **sources: Sources) -> Run:
    """The run of `recipe.task` on pictures by their role: photo, style, masks."""
    net = network_for(recipe)
    shown = bring(recipe, sources)
    start = shown.start(recipe)
    looked_at = sum(style[0, 0].numel() for style in shown.styles)
    check_memory(recipe, start[0, 0].numel(), looked_at, len(shown.masks))
    precision = recipe.precision
    if precision == "auto":
        precision = network.default_precision(net.device.type)
    return Run(
        recipe,
        targets.objective(recipe, net, shown),
        start,
        net.to(getattr(torch, precision)),
        describe(recipe, sources, net, precision),
        shown.coloured,
    )


def network_for(recipe: Recipe) -> network.Network:
    """The recipe's network in float32, loaded once for all runs that share it."""
    seed = recipe.seed if recipe.weights == "random" else 0
    return _loaded(recipe.weights, recipe.pooling, seed, network.default_device())


_loaded = functools.lru_cache(maxsize=4)(network.load)
