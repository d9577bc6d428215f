"""Figures of notebook 01: kernels, and a training while it runs."""

from collections.abc import Iterable, Sequence

import matplotlib
import torch
from torch import Tensor

from stylelab.figures import growing, plots
from stylelab.lessons.nb01_convolution.small_networks import Progress


def kernels(
    filters: Tensor, claim: str, alt: str, columns: int, captions: Sequence[str] = ()
) -> plots.Plate:
    """Filters [N, C, k, k]: of three channels in colour, of one with their numbers.

    In colour, grey is 0; each filter is scaled to its own largest value.
    """
    filters = filters.detach()
    largest = filters.abs().amax((1, 2, 3), keepdim=True)
    pictures = 0.5 + 0.5 * filters / largest.where(largest > 0, 1)
    with_numbers = filters.shape[1] == 1
    if with_numbers:
        colour_map = matplotlib.colormaps[plots.SIGNED]
        colours = colour_map(pictures[:, 0].numpy())  # [N, k, k, 4]
        pictures = torch.from_numpy(colours[..., :3]).movedim(-1, 1)
    captions = captions or [""] * len(filters)
    panels = [*zip(captions, pictures.split(1), strict=True)]
    plate = plots.gallery(panels, claim, alt, columns)
    for axes, kernel in zip(plate.axes, filters[:, 0], strict=False):
        if with_numbers:
            plots.write_numbers(axes, kernel)
    return plate


def watch_training(
    training: Iterable[Progress], claim: str, score: str, alt: str
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
