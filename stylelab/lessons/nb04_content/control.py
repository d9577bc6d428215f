"""What a reconstruction kept of its photo: the measures of notebook 04."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from stylelab.analysis import measure
from stylelab.analysis.recognize import probability
from stylelab.core import vgg
from stylelab.core.statistics import octaves
from stylelab.core.style_transfer import reconstruction
from stylelab.pictures import images
from stylelab.runs.run import Result
from stylelab.runs.tasks import reconstruct

CATS = ("tabby", "tiger cat", "Egyptian cat")
TITLES = {
    "decibels": "PSNR, dB",
    "left": "loss left, % of the noise's",
    "cat": "probability of a cat",
}


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


def by_seed(
    name: str, layers: Sequence[str], seeds: Sequence[int], **options: object
) -> list[list[Kept]]:
    """What random layers keep of a photo: a row per seed, a column per layer."""
    rows = []
    for seed in seeds:
        more = {"weights": "random", "seed": seed, **options}
        runs = [reconstruct(name, content_layers=layer, **more) for layer in layers]
        rows.append([kept(run.result(iter), run.inputs.photo) for run in runs])
    return rows


def decibels(picture: Tensor, other: Tensor | None = None) -> str:
    """How near a picture is to another, or to the photo of the cat, as a text."""
    photo = images.load("cat", min(picture.shape[2:])) if other is None else other
    return f"{measure.psnr(picture, photo):.1f} dB"


def grain(picture: Tensor) -> str:
    """How strong the finest detail is beside that of the cat's photo, as a text."""
    photo = images.load("cat", min(picture.shape[2:]))
    ours, theirs = (octaves(p)[-1].trace() for p in (picture, photo))
    return f"finest detail × {ours / theirs:.2f}"


@torch.no_grad()
def content_loss(layer: str, picture: Tensor, photo: Tensor) -> float:
    """The content loss of `picture`, as `sl.reconstruct` measures it."""
    net = vgg.load(padding="replicate")
    objective = reconstruction(net, photo, {layer: 1.0})
    return sum(objective.losses(picture, net).values()).item()
