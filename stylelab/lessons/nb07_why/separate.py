"""Are content and style separable? Photos x styles, and what can be read off each.

A layer shows a picture in two ways: its feature maps as they are, and their Gram matrix
(the two halves of Gatys et al. 2016, eq. 1 and 4). Photo and style are read off both,
which also shows where one leaks into the other.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.core import vgg
from stylelab.core.style_transfer import gram
from stylelab.core.vgg import Network
from stylelab.pictures.images import Source
from stylelab.runs.job import Job
from stylelab.runs.recipe import recipe_for

T = TypeVar("T")


def jobs(
    photos: Iterable[Source], styles: Sequence[Source], **options: object
) -> list[Job]:
    """A transfer for each photo and style: all styles of the first photo first.

    `options` are a Recipe's fields.
    """
    recipe = recipe_for("transfer", options)
    return [Job(recipe, {"photo": p, "style": s}) for p in photos for s in styles]


@dataclass(frozen=True, eq=False)
class Table:
    """Pictures by photo (row) and style (column), as a layer shows them: [P, S, D]."""

    maps: Tensor
    grams: Tensor


def tables(
    net: Network, rows: Sequence[Sequence[Tensor]], layers: Iterable[str]
) -> dict[str, Table]:
    """What each layer shows of `rows`, pictures [1, 3, H, W] of one size."""
    layers = tuple(layers)
    with torch.no_grad():
        maps = [[net.features(picture, layers) for picture in row] for row in rows]

    def table(layer: str, statistic: Callable[[Tensor], Tensor]) -> Tensor:
        vectors = [[statistic(m[layer]).float().flatten() for m in row] for row in maps]
        return torch.stack([torch.stack(row) for row in vectors])

    return {n: Table(table(n, lambda m: m), table(n, gram)) for n in layers}


@dataclass(frozen=True)
class Readout:
    """How often the nearest neighbour has the same photo, and the same style: 0..1."""

    photo: float
    style: float


def cosine_distances(vectors: Tensor) -> Tensor:
    """1 - cosine of the angles between vectors [n, D] seen from their mean: [n, n].

    With plain distances the faintest vector would be the nearest one to all others.
    """
    directions = F.normalize(vectors - vectors.mean(0), dim=1)
    return 1 - directions @ directions.T


def readout(table: Tensor) -> Readout:
    """What the nearest neighbour (by `cosine_distances`) tells in a table [P, S, D].

    To tell its style, a picture is compared with those of another photo, one in each
    style: guessing is right once in S. To tell its photo, it is compared with those in
    another style: guessing is right once in P. So neither answer helps with the other,
    and no picture meets itself or one that it was made from.
    """
    photos, styles, _ = table.shape
    distances = cosine_distances(table.flatten(0, 1))
    distances = distances.view(photos, styles, photos, styles)
    return Readout(_share_right(distances.permute(1, 0, 3, 2)), _share_right(distances))


def _share_right(distances: Tensor) -> float:
    """How often [i, k] is nearest to [j, k] of all [j, ...], i != j: [N, K, N, K]."""
    count, labels = distances.shape[:2]
    right = [
        distances[i, :, j].argmin(1) == torch.arange(labels)
        for i, j in itertools.permutations(range(count), 2)
    ]
    return torch.cat(right).float().mean().item()


def readouts(
    net: Network, rows: Sequence[Sequence[Tensor]], layers: Iterable[str]
) -> dict[str, tuple[Readout, Readout]]:
    """By layer, the `readout` of the feature maps, and of the Gram matrices."""
    return {
        layer: (readout(table.maps), readout(table.grams))
        for layer, table in tables(net, rows, layers).items()
    }


def with_controls(
    rows: Sequence[Sequence[Tensor]], layers: Sequence[str], seeds: Iterable[int]
) -> Iterator[dict[str, tuple[Readout, Readout]]]:
    """The `readouts` of the trained network, then of a random one for each seed."""
    yield readouts(vgg.load(), rows, layers)
    for seed in seeds:
        yield readouts(vgg.load("random", seed=seed), rows, layers)


def in_rows(pictures: Sequence[T], across: int) -> list[Sequence[T]]:
    """`pictures` in rows of `across`."""
    return [pictures[i : i + across] for i in range(0, len(pictures), across)]


def quarters(picture: Tensor) -> list[Tensor]:
    """The four quarters of a square picture [1, 3, 2 S, 2 S]: [1, 3, S, S] each."""
    return [half for rows in picture.chunk(2, 2) for half in rows.chunk(2, 3)]


def bag(net: Network, picture: Tensor, layer: str) -> Tensor:
    """The feature vectors of a layer in double precision, in no order: [M, N]."""
    maps = net.features(picture, [layer])[layer]
    return maps[0].flatten(1).T.double()


def same_row(table: Tensor) -> float:
    """How often the nearest other vector of a table [R, n, D] is of the same row."""
    rows = torch.arange(len(table)).repeat_interleave(table.shape[1])
    distances = cosine_distances(table.flatten(0, 1)).fill_diagonal_(torch.inf)
    return (rows[distances.argmin(1)] == rows).float().mean().item()


def by_network(
    rows: Sequence[Sequence[Tensor]],
    layers: Sequence[str],
    seeds: Iterable[int],
    measure: Callable[[Table], float],
) -> Iterator[tuple[str, dict[str, float]]]:
    """A name and `measure` by layer: of the trained network, then of random ones."""
    for seed in (None, *seeds):
        name = "trained" if seed is None else "random\nweights"
        net = vgg.load() if seed is None else vgg.load("random", seed=seed)
        found = tables(net, rows, layers)
        yield name, {layer: measure(table) for layer, table in found.items()}


def same_painting(table: Table) -> float:
    """How often the nearest Gram matrix is of the same row: 0..1."""
    return same_row(table.grams)


def same_person(table: Table) -> float:
    """How often the nearest map under another lamp is of the same row: 0..1."""
    return readout(table.maps).photo


def shares(table: Tensor) -> dict[str, float]:
    """The variance of a table [P, S, D] in shares of 1: photo, style, and both at once.

    The two-way analysis of variance. The mean over styles keeps only the photo, the
    mean over photos only the style. The rest, "together", depends on which photo meets
    which style: 0 where the two simply add up. In pure noise each gets its degrees of
    freedom, P - 1, S - 1 and their product.
    """
    centred = table - table.mean((0, 1))
    photo, style = centred.mean(1), centred.mean(0)
    total = centred.square().sum()
    by_photo = (len(style) * photo.square().sum() / total).item()
    by_style = (len(photo) * style.square().sum() / total).item()
    return {"photo": by_photo, "style": by_style, "together": 1 - by_photo - by_style}


def gram_distance(a: Tensor, b: Tensor) -> Tensor:
    """Squared distance of the Gram matrices of feature vectors a [M, N] and b [K, N].

    M and K are positions; a Gram matrix [N, N] is a mean over positions.
    """
    return (a.T @ a / len(a) - b.T @ b / len(b)).square().sum()


def squared_dot(a: Tensor, b: Tensor) -> Tensor:
    """The kernel (x . y)^2 of all vectors in a [M, N] with all in b [K, N]: [M, K]."""
    return (a @ b.T).square()


def mean_discrepancy(
    a: Tensor, b: Tensor, kernel: Callable[[Tensor, Tensor], Tensor] = squared_dot
) -> Tensor:
    """Squared maximum mean discrepancy of two sets of vectors a [M, N] and b [K, N].

    The mean of `kernel` within each set, minus twice its mean between the sets (Gretton
    et al. 2012, eq. 5). With (x . y)^2 it is `gram_distance`: Li et al. 2017,
    "Demystifying neural style transfer", eq. 9.
    """
    return kernel(a, a).mean() + kernel(b, b).mean() - 2 * kernel(a, b).mean()
