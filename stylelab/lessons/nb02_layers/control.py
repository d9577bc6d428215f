"""Does a network tell pictures apart? Asked of a trained one, and of random ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.core.vgg import Network
from stylelab.pictures import images

PICTURES = ("coffee", "cat", "palace", "astronaut", "rocket")
PICTURES += ("mona_lisa", "spring", "starry_night", "great_wave", "hubble")


@dataclass(frozen=True)
class Likeness:
    """How alike a network's answers to ten pictures are, a number per layer."""

    cosine: list[float]  # mean over all pairs of two pictures
    centred: list[float]  # the same, after the mean map is subtracted
    found: list[float]  # how many mirrored pictures are nearest to their own original


def squares(side: int, names: Sequence[str] = PICTURES) -> Tensor:
    """The middle of each picture: [n, 3, side, side]."""
    found = []
    for name in names:
        picture = images.load(name, side)
        top, left = ((n - side) // 2 for n in picture.shape[-2:])
        found.append(picture[..., top : top + side, left : left + side])
    return torch.cat(found)


@torch.no_grad()
def likeness(net: Network, pictures: Tensor, layers: Sequence[str]) -> Likeness:
    """What `net` answers to `pictures` [n, 3, H, W], compared at each of `layers`."""
    maps = net.features(pictures, layers)
    mirrored = net.features(pictures.flip(3), layers)
    plain, centred, found = [], [], []
    for layer in layers:
        answers, others = (m[layer].flatten(1) for m in (maps, mirrored))
        plain.append(_between(answers))
        answers, others = (a - a.mean(0) for a in (answers, others))
        centred.append(_between(answers))
        nearest = _cosines(others, answers).argmax(1)
        found.append((nearest == torch.arange(len(pictures))).sum().item())
    return Likeness(plain, centred, found)


def _cosines(some: Tensor, others: Tensor) -> Tensor:
    return F.normalize(some, dim=1) @ F.normalize(others, dim=1).T


def _between(answers: Tensor) -> float:
    """The mean cosine of two different rows."""
    two = ~torch.eye(len(answers), dtype=torch.bool)
    return _cosines(answers, answers)[two].mean().item()
