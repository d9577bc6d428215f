"""How far a neuron sees: by arithmetic, and measured by gradients.

A neuron's *receptive field* is the square of the picture that can change its value.
The arithmetic is that of Araujo, Norris & Sim (2019, "Computing receptive fields of
convolutional neural networks"); how much of the square matters in practice, the
*effective* field, is that of Luo et al. (2016). Pixels count from 0 at the top left.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from stylelab.core.layers import LAYERS, check_layers
from stylelab.core.vgg import Network

# What a layer does, by the first letters of its name: kernel, stride and padding.
STEPS = {"conv": (3, 1, 1), "relu": (1, 1, 0), "pool": (2, 2, 0)}


@dataclass(frozen=True)
class Field:
    """The squares that the neurons of a layer see, in pixels of the picture."""

    size: int  # side of the square that one neuron sees
    stride: int  # from one neuron's square to its neighbour's
    start: int  # left edge of the first neuron's square; below 0 it lies in the padding


@dataclass(frozen=True)
class Box:
    """A square from row `top` and column `left`; it may reach outside the picture."""

    top: int
    left: int
    size: int

    def clipped(self, height: int, width: int) -> tuple[int, int, int, int]:
        """Top, left, bottom and right of the part inside a picture height x width."""
        bottom, right = self.top + self.size, self.left + self.size
        inside = max(0, self.top), max(0, self.left)
        return *inside, min(height, bottom), min(width, right)


def after(field: Field, kernel: int, stride: int, padding: int) -> Field:
    """The field one layer deeper: a kernel spans `kernel` neighbours of this one."""
    return Field(
        size=field.size + (kernel - 1) * field.stride,
        stride=field.stride * stride,
        start=field.start - padding * field.stride,
    )


def fields() -> dict[str, Field]:
    """The field of every layer of VGG-19 by its name, from conv1_1 to pool5."""
    field, by_layer = Field(size=1, stride=1, start=0), {}
    for name in LAYERS:
        field = by_layer[name] = after(field, *STEPS[name[:4]])
    return by_layer


def field(layer: str) -> Field:
    """The field of `layer`; a wrong name is answered with the nearest ones."""
    (layer,) = check_layers(layer)
    return fields()[layer]


def box(layer: str, row: int, column: int) -> Box:
    """The square that the neuron at `row`, `column` of `layer`'s maps sees."""
    f = field(layer)
    return Box(f.start + row * f.stride, f.start + column * f.stride, f.size)


def neuron_at(
    layer: str, y: float, x: float, height: int, width: int
) -> tuple[int, int]:
    """Row and column of the neuron whose field is centred nearest to pixel (y, x).

    height, width: of the picture. The neuron is one of those that its maps have.
    """
    f = field(layer)
    centre = f.start + (f.size - 1) / 2
    row, column = (round((pixel - centre) / f.stride) for pixel in (y, x))
    last_row, last_column = height // f.stride - 1, width // f.stride - 1
    return min(max(0, row), last_row), min(max(0, column), last_column)


def inside(layer: str, height: int, width: int) -> tuple[range, range]:
    """The rows and columns of `layer`'s neurons that see nothing beyond the picture.

    height, width: of the picture. Empty where it is smaller than the receptive field.
    """
    f = field(layer)
    first = -(f.start // f.stride)
    rows, columns = ((n - f.size - f.start) // f.stride + 1 for n in (height, width))
    return range(first, max(first, rows)), range(first, max(first, columns))


def influence(
    net: Network, picture: Tensor, layer: str, row: int, column: int
) -> Tensor:
    """How much every pixel moves the neurons at one position of `layer`: [H, W].

    The gradient of the features at (row, column), as absolute values summed over the
    colours. Each channel gets a random sign, or channels would cancel each other. The
    whole sums to 1, or is 0 where all neurons are silent. picture: [1, 3, H, W], 0..1.
    """
    signs = torch.randint(2, (1024,), generator=torch.Generator().manual_seed(0))
    with torch.enable_grad():
        picture = picture.detach().to(net.device).requires_grad_()
        neurons = net.features(picture, [layer])[layer][0, :, row, column].float()
        total = (neurons * (2 * signs[: len(neurons)] - 1).to(neurons.device)).sum()
        (gradient,) = torch.autograd.grad(total, picture)
    strength = gradient[0].abs().sum(0).cpu()
    return strength / strength.sum().clamp(min=1e-30)


def mean_influence(
    net: Network, pictures: Iterable[Tensor], layer: str, row: int, column: int
) -> Tensor:
    """`influence`, averaged over pictures of one size: [H, W].

    On one picture ReLU and pooling switch most paths off; the average shows the rest.
    """
    return torch.stack([influence(net, p, layer, row, column) for p in pictures]).mean(
        0
    )


def support(strength: Tensor) -> Box:
    """The smallest square around all pixels of an influence [H, W] that are not 0.

    A ValueError if all of them are 0: no path leads to such a neuron.
    """
    rows, columns = (strength.amax(dim=d).nonzero().flatten() for d in (1, 0))
    if not len(rows):
        raise ValueError("no pixel has an influence: the neurons are silent here")
    sides = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    return Box(int(rows[0]), int(columns[0]), int(max(sides)))


def effective_size(strength: Tensor, field: Box, share: float = 0.9) -> int:
    """Side of the smallest square, centred in `field`, with `share` of the influence.

    strength: [H, W], as `influence` gives it. In pixels, at most the side of `field`.
    Where the square leaves the picture, it gains no influence.
    """
    for margin in range((field.size - 1) // 2, -1, -1):
        inner = Box(field.top + margin, field.left + margin, field.size - 2 * margin)
        top, left, bottom, right = inner.clipped(*strength.shape)
        if strength[top:bottom, left:right].sum() >= share * strength.sum():
            return inner.size
    return field.size
