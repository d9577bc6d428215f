"""Figures of notebook 01: kernels, chance, trainings while they run."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

import matplotlib
import torch
from torch import Tensor

from stylelab.figures import growing, plots
from stylelab.lessons.nb01_convolution.contest import Score
from stylelab.lessons.nb01_convolution.small_networks import Progress


def kernels(
    filters: Tensor, claim: str, alt: str, columns: int, captions: Sequence[str] = ()
) -> plots.Plate:
    """Filters [N, C, k, k]: of three channels in colour, of one with their numbers.

    In colour, grey is 0 and each filter is scaled to its own largest value. Filters
    with numbers share one scale.
    """
    filters = filters.detach()
    with_numbers = filters.shape[1] == 1
    largest = filters.abs().amax((1, 2, 3), keepdim=True)
    if with_numbers:
        largest = largest.amax(0, keepdim=True)
    pictures = 0.5 + 0.5 * filters / largest.where(largest > 0, 1)
    if with_numbers:
        colour_map = matplotlib.colormaps[plots.SIGNED]
        colours = colour_map(pictures[:, 0].numpy())  # [N, k, k, 4]
        pictures = torch.from_numpy(colours[..., :3]).movedim(-1, 1)
    captions = captions or [""] * len(filters)
    panels = [*zip(captions, pictures.split(1), strict=True)]
    plate = plots.gallery(panels, claim, alt, columns)
    for axes, kernel in zip(plate.axes, filters[:, 0], strict=False):
        if with_numbers:
            plots.write_numbers(axes, kernel, largest.item())
    return plate


def changed(
    before: Tensor, after: Tensor, claim: str, alt: str, count: int = 8
) -> plots.Plate:
    """The `count` filters [N, 3, k, k] that changed most: before, after, the change."""
    change = (after - before).detach()
    most = change.flatten(1).norm(dim=1).argsort(descending=True)[:count]
    rows = {"before": before[most], "after": after[most], "the change": change[most]}
    captions = [name if i == 0 else "" for name in rows for i in range(count)]
    return kernels(torch.cat([*rows.values()]), claim, alt, count, captions)


def counts(
    rows: Mapping[str, tuple[int, Sequence[int]]], claim: str, alt: str
) -> plots.Plate:
    """Per row: how many of VGG-19's 64 kernels, and of each random set, pass a test."""
    plate = plots.Plate(claim, alt, 10, 1.6 + 0.9 * len(rows))
    axes = plate.subplots()
    for y, (trained, chance) in enumerate(rows.values()):
        heights = [y + 0.12 * (i - (len(chance) - 1) / 2) for i in range(len(chance))]
        label = {"label": "random kernels, one dot per seed"} if y == 0 else {}
        axes.plot(chance, heights, "o", ms=9, color=plots.BLUE, alpha=0.8, **label)
        label = {"label": "VGG-19"} if y == 0 else {}
        axes.plot([trained], [y], "D", ms=13, color=plots.ORANGE, **label)
    plots.label(axes, "how many of 64", "")
    axes.set_yticks(range(len(rows)), [*rows], fontsize=plots.MEDIUM)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(-1, 64)
    axes.legend(fontsize=plots.MEDIUM, frameon=False, loc="center right")
    return plate


def watch_training(
    training: Iterable[Progress], claim: str, alt: str, score: str
) -> list[Progress]:
    """Draws loss and score while `training` runs; `score` is its name with its unit."""

    def draw(records: list[Progress]) -> plots.Plate:
        plate = plots.Plate(claim, alt, 10, 4)
        left, right = plate.subplots(1, 2, sharex=True)
        losses = {p.step: p.loss for p in records}
        scores = {p.step: p.score for p in records if p.score is not None}
        left.plot([*losses], [*losses.values()], color=plots.BLUE)
        right.plot([*scores], [*scores.values()], "o-", color=plots.ORANGE, lw=3)
        plots.label(left, "step", "loss of the batch")
        plots.label(right, "step", score)
        right.set_xlim(0, records[-1].total)
        return plate

    return growing.watch(training, draw)


def watch_contest(contest: Iterable[Score], claim: str, alt: str) -> list[Score]:
    """Draws the gains of all networks in one axes while they are trained."""
    return growing.watch(contest, lambda scores: gains(scores, claim, alt))


def gains(scores: Sequence[Score], claim: str, alt: str) -> plots.Plate:
    """Gain over the steps: a line per seed, and a thick one for their median."""
    groups: dict[tuple[str, str], dict[int, list[float]]] = {}
    for score in scores:
        by_step = groups.setdefault((score.task, score.rival), {})
        by_step.setdefault(score.step, []).append(score.gain)
    plate = plots.Plate(claim, alt, 10, 5)
    axes = plate.subplots()
    for (task, rival), by_step in groups.items():
        colour = plots.BLUE if rival == "convolutions" else plots.ORANGE
        for step, values in by_step.items():
            axes.plot([step] * len(values), values, ".", ms=7, color=colour, alpha=0.5)
        middle = [*map(median, by_step.values())]
        style = "-" if task == "noise" else "--"
        name = f"{rival}, {task}"
        axes.plot([*by_step], middle, style, color=colour, lw=3, label=name)
    plots.label(axes, "step", "gain on the palace, dB")
    axes.legend(fontsize=plots.MEDIUM, frameon=False, ncols=2, loc="upper left")
    axes.set_ylim(top=1.25 * axes.get_ylim()[1])
    return plate
