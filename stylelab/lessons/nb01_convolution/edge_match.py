"""How many kernels of a first layer are edge filters, and how many are by chance.

Two measures: do the kernels' maps of a photo look like maps of edges, and do the
kernels' own numbers look like an edge filter?
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.analysis import measure

UPRIGHT = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 4  # Sobel's
PAIR = torch.stack([UPRIGHT, UPRIGHT.T])


def turned(angles: Tensor) -> Tensor:
    """The edge filter turned by `angles`, in radians: [N, 1, 3, 3]."""
    mixes = torch.stack([angles.cos(), angles.sin()], 1)  # [N, 2]
    return (mixes @ PAIR.flatten(1)).view(-1, 1, 3, 3)


def matching_maps(kernels: Tensor, photo: Tensor, least: float = 0.9) -> int:
    """How many kernels make a map of `photo` that correlates with a map of edges.

    kernels: [N, 3, 3, 3], or [N, 1, 3, 3] for the grey photo. photo: [1, 3, H, W].
    Eight edge filters are tried; `least` is the least correlation, whatever its sign.
    """
    grey = photo.mean(1, keepdim=True)
    ours = _maps(grey, turned(torch.arange(8) * torch.pi / 8))
    theirs = _maps(photo if kernels.shape[1] == 3 else grey, kernels)
    alike = [max(abs(measure.correlation(m, e)) for e in ours) for m in theirs]
    return sum(value > least for value in alike)


def edge_kernels(kernels: Tensor, least: float = 0.8) -> int:
    """How many kernels are edge filters by their numbers, whatever their direction.

    A kernel's colours are averaged and its mean is taken away. It counts if the two
    edge filters, upright and level, make up the share `least` of its square.
    """
    grey = kernels.mean(1).flatten(1)  # [N, 9]
    grey = grey - grey.mean(1, keepdim=True)
    unit = PAIR.flatten(1) / PAIR[0].norm()  # the two are orthogonal
    shares = (grey @ unit.T).square().sum(1) / grey.square().sum(1)
    return int((shares > least).sum())


def random_kernels(seed: int, count: int = 64) -> Tensor:
    """Random grey kernels whose numbers sum to 0, as an edge filter's: [N, 1, 3, 3]."""
    generator = torch.Generator().manual_seed(seed)
    kernels = torch.randn(count, 1, 3, 3, generator=generator)
    return kernels - kernels.mean((2, 3), keepdim=True)


def _maps(picture: Tensor, kernels: Tensor) -> Tensor:
    """Feature maps without their borders: [N, H - 4, W - 4]."""
    return F.conv2d(picture, kernels)[0, :, 1:-1, 1:-1]
