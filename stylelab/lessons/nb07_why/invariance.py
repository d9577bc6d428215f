"""How much does a network notice of a change that leaves the object what it is?

The distance of two pictures of one object, under two lights for instance, is measured
in units of the distance between two different objects.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from stylelab.core import vgg
from stylelab.core.vgg import Network

Views = Sequence[Tensor]  # pictures [1, 3, H, W] of one object


def ratios(
    net: Network, objects: Sequence[Views], layers: Iterable[str]
) -> dict[str, float]:
    """The `ratio` of the views' feature maps, by layer; all views have one size."""
    layers = tuple(layers)
    with torch.no_grad():
        maps = [[net.features(view, layers) for view in views] for views in objects]
    return {
        layer: ratio(
            [torch.stack([m[layer].float().flatten() for m in one]) for one in maps]
        )
        for layer in layers
    }


def pixel_ratio(objects: Sequence[Views]) -> float:
    """The `ratio` of the pictures themselves: what a network has to start from."""
    return ratio([torch.stack([v.flatten() for v in views]) for views in objects])


def ratio(groups: Sequence[Tensor]) -> float:
    """Mean square distance within groups over that between groups; groups [n, D].

    0: nothing distinguishes the vectors of a group. 1: the groups mean nothing.
    """
    vectors = torch.cat([*groups])
    distances = torch.cdist(vectors, vectors).square()
    sizes = torch.tensor([len(group) for group in groups])
    group = torch.arange(len(groups)).repeat_interleave(sizes)
    same = group[:, None] == group
    itself = torch.eye(len(vectors), dtype=torch.bool)
    return (distances[same & ~itself].mean() / distances[~same].mean()).item()


def means(found: Iterable[tuple[str, dict[str, float]]]) -> list[float]:
    """The mean by layer of the numbers that several networks have."""
    return torch.tensor([[*values.values()] for _, values in found]).mean(0).tolist()


def zero_sum(net: Network) -> Network:
    """`net` with first kernels that see differences, but no brightness.

    In each kernel the nine numbers for each colour have the sum 0.
    """
    kernel = net.kernels["conv1_1"]  # [64, 3, 3, 3]
    kernel = kernel - kernel.mean((2, 3), keepdim=True)
    return replace(net, kernels={**net.kernels, "conv1_1": kernel})


def trained_and_random(
    objects: Sequence[Views], layers: Sequence[str], seeds: Iterable[int]
) -> Iterator[tuple[str, dict[str, float]]]:
    """A name and the `ratios`: of the trained network, then of one for each seed."""
    yield "trained", ratios(vgg.load(), objects, layers)
    for seed in seeds:
        net = vgg.load("random", seed=seed)
        yield "random\nweights", ratios(net, objects, layers)


def random_zero_sum(
    objects: Sequence[Views], layers: Sequence[str], seeds: Iterable[int]
) -> Iterator[tuple[str, dict[str, float]]]:
    """A name and the `ratios` of a random network with `zero_sum`, for each seed."""
    for seed in seeds:
        net = zero_sum(vgg.load("random", seed=seed))
        yield "random,\nfirst layer\nsums to 0", ratios(net, objects, layers)


def difference(a: Tensor, b: Tensor) -> float:
    """Root mean square difference of two pictures, in 0..1."""
    return (a - b).square().mean().sqrt().item()
