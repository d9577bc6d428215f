"""Convolutions against a multilayer perceptron: the same pairs, several seeds each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from stylelab.analysis.measure import psnr
from stylelab.lessons.nb01_convolution import small_networks
from stylelab.lessons.nb01_convolution.small_networks import Spoil

RIVALS = {
    "convolutions": small_networks.conv_restorer,
    "MLP": small_networks.mlp_restorer,
}
TASKS = {"noise": small_networks.noise(), "blur": small_networks.blur()}


@dataclass(frozen=True, eq=False)
class Score:
    """How much better a network makes the picture that it never learns from."""

    task: str
    rival: str
    seed: int
    step: int
    gain: float  # dB
    restored: Tensor | None = None  # the picture [1, 3, H, W], after the last step


def spoilt(task: str, clean: Tensor) -> Tensor:
    """The same noise or blur for everybody."""
    return TASKS[task](clean, torch.Generator().manual_seed(1)).clamp(0, 1)


def contest(
    photos: Sequence[Tensor], clean: Tensor, steps: int, seeds: int
) -> Iterator[Score]:
    """Trains every rival for every task: from each of `seeds` starts, in turn.

    A seed decides a network's first numbers and the patches that it learns from, so
    that the two rivals of a seed see the same ones.
    """
    for seed in range(seeds):
        for task, spoil in TASKS.items():
            for rival in RIVALS:
                yield from _train(task, rival, seed, photos, spoil, clean, steps)


def _train(
    task: str,
    rival: str,
    seed: int,
    photos: Sequence[Tensor],
    spoil: Spoil,
    clean: Tensor,
    steps: int,
) -> Iterator[Score]:
    net, start = RIVALS[rival](seed=seed), spoilt(task, clean)
    before, pair = psnr(start, clean), (start, clean)
    training = small_networks.train_restorer(net, photos, spoil, pair, steps, seed)
    for progress in training:
        if progress.score is not None:
            done = progress.step == steps
            restored = small_networks.restore(net, start) if done else None
            gain = progress.score - before
            yield Score(task, rival, seed, progress.step, gain, restored)


def finals(scores: Sequence[Score]) -> Mapping[tuple[str, str], list[float]]:
    """The last gains, in dB, by task and rival: one for every seed that got there."""
    table: dict[tuple[str, str], list[float]] = {}
    for score in scores:
        if score.restored is not None:
            table.setdefault((score.task, score.rival), []).append(score.gain)
    return table
