"""What a reconstruction kept of its photo: the control of notebook 04, by numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from stylelab.analysis import measure
from stylelab.analysis.recognize import probability
from stylelab.core.statistics import octaves
from stylelab.runs.run import Result
from stylelab.runs.tasks import reconstruct

CATS = ("tabby", "tiger cat", "Egyptian cat")


@dataclass(frozen=True)
class Kept:
    """What came back of a photo of a cat."""

    decibels: float  # PSNR
    left: float  # of the loss that the noise had, in per cent
    cat: float  # the probability that a network of another kind gives to cats


def kept(result: Result, photo: Tensor) -> Kept:
    """What `result` came to; `photo` [1, 3, H, W] is what it should have become."""
    return Kept(
        measure.psnr(result.picture, photo),
        100 * result.loss / result.history[0],
        probability(result.picture, *CATS),
    )


def table(rows: dict[str, Sequence[Kept]], layers: Sequence[str]) -> None:
    """Prints what is left of the loss, a line per network and a column per layer."""
    print(f"{'':8}", "".join(f"{layer:>9}" for layer in layers))
    for name, row in rows.items():
        print(f"{name:8}", "".join(f"{one.left:8.1f}%" for one in row))


def by_seed(
    photo: Tensor, layers: Sequence[str], seeds: Sequence[int], **options: object
) -> list[list[Kept]]:
    """A row per seed of random weights, a column per layer."""
    return [
        [
            kept(
                reconstruct(
                    photo,
                    content_layers=layer,
                    weights="random",
                    seed=seed,
                    **options,
                ).result(iter),
                photo,
            )
            for layer in layers
        ]
        for seed in seeds
    ]


def finest(picture: Tensor, photo: Tensor) -> float:
    """How strong the finest detail is, beside that of `photo`: 1 is as strong."""
    ours, theirs = (octaves(p)[-1].trace() for p in (picture, photo))
    return (ours / theirs).item()
