"""Three verbs over one engine: content alone, style alone, and both together.

    transfer("palace", "starry_night", size=256).result().save("out.png")

A verb computes nothing but its targets; the Run it returns is iterated for live
pictures or asked for its result.
"""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import PIL.Image
import torch
import torch.nn.functional as F
from torch import Tensor
from tqdm.auto import tqdm

from stylelab import engine, losses, network, pictures
from stylelab.engine import Step
from stylelab.memory import check_memory
from stylelab.pictures import Source
from stylelab.recipe import Recipe, recipe_for
from stylelab.record import describe


@dataclass(frozen=True, eq=False)
class Result:
    """A picture, finished or (`finished` is False) interrupted, and how it came."""

    picture: Tensor  # [1, 3, H, W], RGB, 0..1
    losses: dict[str, float]  # of that picture
    history: tuple[float, ...]  # the total loss of every step
    seconds: float
    finished: bool
    record: dict = field(repr=False)

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

    def __len__(self) -> int:
        return self.recipe.steps

    def __iter__(self) -> Iterator[Step]:
        return engine.run(self.objective, self.start, self.recipe, self.network)

    def result(self, watch: Callable[[Run], Iterable[Step]] = progress_bar) -> Result:
        """Runs to the end and returns the best picture met.

        `watch` hands on the steps and shows them; `iter` shows nothing. An interrupt
        returns the picture so far, marked unfinished.
        """
        began, best, history = time.perf_counter(), None, []
        try:
            for step in watch(self):
                history.append(step.loss)
                if best is None or step.loss < best.loss:
                    best = step
        except KeyboardInterrupt:
            if best is None:
                raise
        return finish(self, best, history, time.perf_counter() - began)


def finish(run: Run, best: Step, history: list[float], seconds: float) -> Result:
    """The Result of a run whose best step so far is `best`."""
    finished = len(history) == len(run)
    record = {
        **run.record,
        "finished": finished,
        "steps_run": len(history),
        "loss": best.loss,
        "losses": best.losses,
    }
    return Result(best.picture, best.losses, tuple(history), seconds, finished, record)


def transfer(photo: Source, style: Source, **options: object) -> Run:
    """The content of `photo` in the style of `style` (Gatys et al. 2016, eq. 7).

    `options` are a Recipe's fields: size=256, steps=100, style_weight=1e3, ...
    """
    return prepare(recipe_for("transfer", options), photo=photo, style=style)


def texture(style: Source, **options: object) -> Run:
    """A new picture with the texture of `style` (Gatys, Ecker, Bethge 2015)."""
    return prepare(recipe_for("texture", options), style=style)


def reconstruct(photo: Source, **options: object) -> Run:
    """A picture whose deep features are those of `photo` (Mahendran & Vedaldi 2015)."""
    return prepare(recipe_for("reconstruct", options), photo=photo)


def prepare(recipe: Recipe, **sources: Source) -> Run:
    """The run of `recipe.task` on pictures named by their role, photo or style."""
    net = network_for(recipe)
    shown = {
        role: pictures.load(source, recipe.size) for role, source in sources.items()
    }
    start = _start(recipe, shown)
    check_memory(recipe, start[0, 0].numel())
    precision = recipe.precision
    if precision == "auto":
        precision = network.default_precision(net.device.type)
    return Run(
        recipe,
        _objective(recipe, net, shown),
        start,
        net.to(getattr(torch, precision)),
        describe(recipe, sources, net, precision),
    )


def network_for(recipe: Recipe) -> network.Network:
    """The recipe's network in float32, loaded once for all runs that share it."""
    seed = recipe.seed if recipe.weights == "random" else 0
    return _loaded(recipe.weights, recipe.pooling, seed, network.default_device())


_loaded = functools.lru_cache(maxsize=4)(network.load)


def _objective(
    recipe: Recipe, net: network.Network, shown: dict[str, Tensor]
) -> losses.Objective:
    """The weighted losses of `recipe`; what has no weight is not even computed."""
    total = losses.Objective(())
    with torch.no_grad():
        if "photo" in shown and recipe.content_weight:
            found = net.features(shown["photo"], recipe.content_layers)
            for layer, features in found.items():
                total += recipe.content_weight * losses.content(layer, features)
        if "style" in shown and recipe.style_weight:
            found = net.features(shown["style"], recipe.style_layers)
            for layer, features in found.items():
                term = losses.style(layer, features, recipe.statistic)
                total += recipe.style_weight * term
    if recipe.smoothness:
        total += recipe.smoothness * losses.smoothness()
    return total


def _start(recipe: Recipe, shown: dict[str, Tensor]) -> Tensor:
    """The first picture, in the shape of the photo, or of the style without one."""
    shape = shown.get("photo", shown.get("style")).shape
    if recipe.start == "noise":
        # Grey and faint, where Gatys' is strong and coloured: the losses hardly see the
        # finest colours, and what they do not see stays to the end.
        generator = torch.Generator().manual_seed(recipe.seed)
        grey = torch.randn(1, 1, *shape[-2:], generator=generator)
        return (0.5 + 0.07 * grey).clamp(0, 1).repeat(1, 3, 1, 1)
    if recipe.start in ("photo", "style"):
        if recipe.start not in shown:
            raise ValueError(
                f"start is '{recipe.start}', but a {recipe.task} has none: give noise, "
                f"{' or '.join(shown)}, or a picture file"
            )
        start = shown[recipe.start]
    else:
        start = pictures.load(recipe.start, recipe.size)
    if start.shape == shape:
        return start
    return F.interpolate(start, shape[-2:], mode="bilinear", antialias=True).clamp(0, 1)
