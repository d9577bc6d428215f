"""What average pooling does to the size of the numbers, and a factor against it."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor

from stylelab.core import vgg


@dataclass(frozen=True, eq=False)
class Averaging(vgg.Network):
    """VGG-19 whose poolings take `factor` times the mean of 2 x 2 numbers."""

    factor: float = 1.0

    def _pool(self, h: Tensor) -> Tensor:
        return self.factor * F.avg_pool2d(h, 2)


def strength(picture: Tensor, layers: Sequence[str], factor: float) -> list[float]:
    """The norm of each layer's maps with average pooling, over that with max."""
    net = vgg.load()
    averaging = Averaging(
        net.kernels, net.biases, net.source, net.sha256, factor=factor
    )
    ours, theirs = (n.features(picture, layers) for n in (averaging, net))
    return [(ours[layer].norm() / theirs[layer].norm()).item() for layer in layers]
