"""What drives a channel? Its strongest places in photos, and pictures made to order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from stylelab.analysis import receptive_field
from stylelab.core.statistics import smoothness
from stylelab.core.style_transfer import Objective, Term
from stylelab.core.vgg import Network


@dataclass(frozen=True)
class Patch:
    """The square that one neuron sees, in which picture it is, and what it answers."""

    source: str
    pixels: Tensor  # [1, 3, size, size], RGB in 0..1
    response: float


def strongest(features: Tensor, count: int) -> list[int]:
    """The `count` channels of [1, N, H, W] with the largest mean, strongest first."""
    return features[0].mean(dim=(1, 2)).topk(count).indices.tolist()


def loudest_patch(
    net: Network, source: str, picture: Tensor, layer: str, channel: int
) -> Patch:
    """Where a picture [1, 3, H, W] drives a channel most.

    Only neurons count whose whole receptive field lies inside of the picture: zeros
    around it would make an edge where there is none.
    """
    with torch.no_grad():
        found = net.features(picture, [layer])[layer][0, channel].float()
    field = receptive_field.field(layer)
    height, width = picture.shape[-2:]
    skip = -(field.start // field.stride)
    rows = slice(skip, (height - field.size - field.start) // field.stride + 1)
    columns = slice(skip, (width - field.size - field.start) // field.stride + 1)
    inner = found[rows, columns]
    if not inner.numel():
        raise ValueError(
            f"{layer} sees {field.size} px, more than this picture of {width} x "
            f"{height} has room for: load it larger"
        )
    row, column = divmod(int(inner.argmax()), inner.shape[1])
    box = receptive_field.box(layer, row + skip, column + skip)
    top, left, bottom, right = box.clipped(height, width)
    return Patch(source, picture[..., top:bottom, left:right], inner.max().item())


def loudest_patches(
    net: Network,
    pictures: Mapping[str, Tensor],
    layer: str,
    channel: int,
    count: int = 4,
) -> list[Patch]:
    """The strongest patch of each picture; of these the `count` best, strongest first.

    As Zeiler & Fergus (2014) look at layers, without their deconvolution.
    """
    found = [
        loudest_patch(net, name, picture, layer, channel)
        for name, picture in pictures.items()
    ]
    return sorted(found, key=lambda patch: -patch.response)[:count]


def excite(
    layer: str, channel: int, goal: float, smooth: float = 0.8, calm: float = 0.2
) -> Objective:
    """Asks for a picture that drives a channel to a mean of `goal`, in its own unit.

    Erhan et al. (2009) let the response grow without end. Here the distance to a goal
    is made small, so that it is a loss like the others: never below 0. `smooth` weighs
    the total variation, and `calm` how far the colours are from grey; without them a
    picture gets loud colours and fine grain, to which the network is more open than we.
    """

    def distance(features: Tensor) -> Tensor:
        return (1 - features[:, channel].float().mean() / goal).square()

    wish = Objective((Term(f"excite {layer}:{channel}", layer, distance),))
    return 1e4 * wish + smooth * smoothness() + calm * Objective((CALM,))


def colourfulness(picture: Tensor) -> Tensor:
    """Mean square distance of colours [B, 3, H, W] from grey, in units of 1/255."""
    return 255**2 * (picture - picture.mean(1, keepdim=True)).square().mean()


CALM = Term("colourfulness", None, colourfulness)
