"""Losses of pictures that are too large for memory: tile by tile, the same numbers.

Galerne, Raad, Lezama, Morel (2022, "Scaling painting style transfer"). A Gram matrix is
a mean over positions, so the matrices of all tiles are added up first. Then each tile
is seen a second time, for the slope of its pixels, with the loss's slope in the whole
matrix held fixed. Each tile is cut out with a margin as wide as the deepest neuron
sees, and what the margin shows is not counted twice.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from stylelab.core.layers import ALIGNED, map_shape, margin, stride
from stylelab.core.style_transfer import Objective, gram
from stylelab.core.vgg import Network

Wanted = Sequence[tuple[str, bool]]  # a layer, and True for its Gram matrix, not maps


@dataclass(frozen=True)
class Tile:
    """Rows and columns of one tile, and of the same with its margin."""

    inner: tuple[slice, slice]
    outer: tuple[slice, slice]

    def of_maps(self, layer: str) -> list[slice]:
        """Where the tile lies in the whole maps of `layer`."""
        n = stride(layer)
        return [slice(s.start // n, s.stop // n) for s in self.inner]

    def inside(self, layer: str) -> list[slice]:
        """Where the tile lies in the maps of `layer` that its margin was cut with."""
        n, pairs = stride(layer), zip(self.inner, self.outer, strict=True)
        return [
            slice((i.start - o.start) // n, i.stop // n - o.start // n)
            for i, o in pairs
        ]


def cut(maps: Tensor, where: Sequence[slice]) -> Tensor:
    """The rows and columns `where` of maps [B, N, H, W]: a view."""
    rows, columns = where
    return maps[..., rows, columns]


def tiles(size: Sequence[int], side: int, layers: Iterable[str]) -> Iterator[Tile]:
    """The tiles of a picture of `size` (height, width), `side` pixels wide.

    The last ones take what is left over, so that each tile has cells of every layer.
    """
    around = margin(layers)

    def cuts(whole: int) -> list[tuple[slice, slice]]:
        starts = range(0, max(1, whole - ALIGNED + 1), side)
        return [
            (slice(a, b), slice(max(0, a - around), min(whole, b + around)))
            for a, b in itertools.pairwise([*starts, whole])
        ]

    for (i, I), (j, J) in ((y, x) for y in cuts(size[0]) for x in cuts(size[1])):
        yield Tile((i, j), (I, J))


@torch.no_grad()
def measure(network, picture: Tensor, wanted: Wanted, side: int) -> list[Tensor]:
    """Gram matrices and whole maps, as `wanted`, of a picture [1, 3, H, W]."""
    layers, size = dict.fromkeys(layer for layer, _ in wanted), picture.shape[2:]
    found = [_empty(layer, summed, size).to(network.device) for layer, summed in wanted]
    for tile in tiles(size, side, layers):
        maps = network.features(cut(picture, tile.outer), layers)
        for whole, (layer, summed) in zip(found, wanted, strict=True):
            own = cut(maps[layer], tile.inside(layer))
            if summed:
                whole += _gram_part(own, layer, size)
            else:
                cut(whole, tile.of_maps(layer)).copy_(own)
    return found


def _gram_part(own: Tensor, layer: str, size: Sequence[int]) -> Tensor:
    """What the maps of a tile are in the Gram matrix of a whole picture of `size`."""
    _, height, width = map_shape(layer, *size)
    return gram(own) * (own[0, 0].numel() / (height * width))


def _empty(layer: str, summed: bool, size: Sequence[int]) -> Tensor:
    shape = map_shape(layer, *size)
    return torch.zeros(1, *(shape[:1] * 2 if summed else shape))


class _Measured(torch.autograd.Function):
    """`measure`, and how its results change with the picture."""

    @staticmethod
    def forward(ctx, picture: Tensor, network, wanted: Wanted, side: int):
        ctx.save_for_backward(picture)
        ctx.options = network, wanted, side
        return tuple(measure(network, picture, wanted, side))

    @staticmethod
    def backward(ctx, *slopes: Tensor):
        (picture,), (network, wanted, side) = ctx.saved_tensors, ctx.options
        gradient, size = torch.zeros_like(picture), picture.shape[2:]
        layers = dict.fromkeys(layer for layer, _ in wanted)
        for tile in tiles(size, side, layers):
            with torch.enable_grad():
                part = cut(picture, tile.outer).detach().requires_grad_()
                maps, change = network.features(part, layers), torch.zeros(())
                for slope, (layer, summed) in zip(slopes, wanted, strict=True):
                    own = cut(maps[layer], tile.inside(layer))
                    if summed:
                        own = _gram_part(own, layer, size)
                    else:
                        slope = cut(slope, tile.of_maps(layer))
                    change = change + (slope * own.float()).sum()
                (found,) = torch.autograd.grad(change, part)
            cut(gradient, tile.outer).add_(found)
        return gradient, None, None, None


@dataclass(frozen=True)
class InTiles:
    """A network that shows its maps of a large picture, put together from tiles."""

    network: Network
    side: int

    def features(self, picture: Tensor, layers: Iterable[str]) -> dict[str, Tensor]:
        wanted = [(layer, False) for layer in layers]
        found = measure(self.network, picture, wanted, self.side)
        return dict(zip(layers, found, strict=True))


@dataclass(frozen=True)
class Tiled(Objective):
    """An objective that sees a picture in tiles of `side` pixels."""

    side: int = 512

    def measure(self, picture: Tensor, network) -> list[Tensor]:
        kinds = [(t.layer, t.statistic is gram) for t in self.terms if t.layer]
        wanted = tuple(dict.fromkeys(kinds))
        found = _Measured.apply(picture, network, wanted, self.side) if wanted else ()
        seen = dict(zip(wanted, found, strict=True))
        return [
            t.statistic(picture)
            if t.layer is None
            else seen[t.layer, True]
            if t.statistic is gram
            else t.statistic(seen[t.layer, False])
            for t in self.terms
        ]
