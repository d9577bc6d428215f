"""A run: an objective, a start, the steps between, and the result that can be saved."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import PIL.Image
from torch import Tensor
from tqdm.auto import tqdm

from stylelab.core import spaces, style_transfer
from stylelab.core.descent import DESCENTS, Diverged
from stylelab.core.style_transfer import Objective, minimise
from stylelab.core.vgg import Network
from stylelab.pictures import images
from stylelab.runs.colors import grey, recoloured
from stylelab.runs.recipe import Recipe


class Step(style_transfer.Step):
    """A step of the loop, with its picture in the colours that the recipe asks for."""

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
    objective: Objective = field(repr=False)
    start: Tensor = field(repr=False)
    network: Network = field(repr=False)
    record: dict = field(repr=False)
    photo: Tensor | None = field(default=None, repr=False)  # whose chroma is put back
    from_noise: bool = False  # whether the picture that it goes on from began as noise

    def __len__(self) -> int:
        return self.recipe.steps

    def __iter__(self) -> Iterator[Step]:
        start, photo = self.start.to(self.network.device), self.photo
        height, width = start.shape[-2:]
        space = space_of(self.recipe, height, width, self.from_noise)
        descent = DESCENTS[self.recipe.optimizer]()
        options = len(self), space, descent
        for step in minimise(self.objective, start, self.network, *options):
            picture = step.picture if photo is None else recoloured(step.picture, photo)
            yield Step(step.index, step.total, step.losses, picture)

    def as_network_sees(self, picture: Tensor) -> Tensor:
        """A saved picture as it is shown to the network: by luminance, grey."""
        return picture if self.photo is None else grey(picture)

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
                if self.best is None or step.loss < self.best.loss:
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
        record |= {"loss": best.loss, "losses": best.losses}
        record |= {"reason": reason} if reason else {}
        results = best.picture, best.losses, tuple(self.history), seconds, finished
        return Result(*results, record, reason)


def space_of(
    recipe: Recipe, height: int, width: int, from_noise: bool = False
) -> spaces.Space:
    """The space in which a run of `recipe` moves."""
    options = {}
    if recipe.space == "spectrum" and (from_noise or recipe.start == "noise"):
        # A photo has its fine detail already; noise has to be given that, too.
        options["exponent"] = 0.25
    space = spaces.SPACES[recipe.space](height, width, **options)
    return spaces.of_grey(space) if recipe.colors == "luminance" else space
