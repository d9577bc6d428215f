"""What does a network see of a change that leaves the object what it is?

The pictures of one object under several lights are near each other, or they are not:
their distance is measured in units of the distance between different objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from stylelab.core.vgg import Network

Views = Sequence[Tensor]  # pictures [1, 3, H, W] of one object


def ratios(
    net: Network, objects: Sequence[Views], layers: Iterable[str]
) -> dict[str, float]:
    """The `ratio` of the views' feature maps, by layer; all views have one size."""
    layers, found = tuple(layers), {}
    with torch.no_grad():
        for view in (view for views in objects for view in views):
            for layer, maps in net.features(view, layers).items():
                found.setdefault(layer, []).append(maps.float().flatten())
    return {layer: ratio(_grouped(found[layer], objects)) for layer in layers}


def pixel_ratio(objects: Sequence[Views]) -> float:
    """The `ratio` of the pictures themselves: what a network has to start from."""
    return ratio([torch.stack([v.flatten() for v in views]) for views in objects])


def _grouped(vectors: list[Tensor], objects: Sequence[Views]) -> list[Tensor]:
    return [*torch.stack(vectors).split([len(views) for views in objects])]


def ratio(groups: Sequence[Tensor]) -> float:
    """Mean square distance within groups over that between groups; groups [n, D].

    0: nothing distinguishes the vectors of a group. 1: the groups mean nothing.
    """
    vectors = torch.cat([*groups])
    distances = torch.cdist(vectors, vectors).square()
    owner = torch.arange(len(groups)).repeat_interleave(
        torch.tensor([len(group) for group in groups])
    )
    same = owner[:, None] == owner
    itself = torch.eye(len(vectors), dtype=torch.bool)
    return (distances[same & ~itself].mean() / distances[~same].mean()).item()
