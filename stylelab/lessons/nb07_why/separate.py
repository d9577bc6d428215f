"""Are content and style separable? Photos x styles, and what can be read off each.

A layer shows a picture in two ways: its feature maps as they are, and their Gram matrix
(the two halves of Gatys et al. 2016, eq. 1 and 4). Each is asked for both, the photo
and the style, so that it also shows where one leaks into the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.core.style_transfer import gram
from stylelab.core.vgg import Network
from stylelab.pictures.images import Source
from stylelab.runs.recipe import recipe_for
from stylelab.runs.sweep import Job


def jobs(
    photos: Iterable[Source], styles: Sequence[Source], **options: object
) -> list[Job]:
    """A transfer for every photo and style: all styles of the first photo, and so on.

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
    layers, maps, grams = tuple(layers), {}, {}
    with torch.no_grad():
        for picture in (picture for row in rows for picture in row):
            for layer, found in net.features(picture, layers).items():
                maps.setdefault(layer, []).append(found.float().flatten())
                grams.setdefault(layer, []).append(gram(found).flatten())
    shape = len(rows), len(rows[0]), -1
    return {
        layer: Table(
            torch.stack(maps[layer]).view(shape), torch.stack(grams[layer]).view(shape)
        )
        for layer in layers
    }


@dataclass(frozen=True)
class Readout:
    """How often the nearest neighbour has the same photo, and the same style: 0..1."""

    photo: float
    style: float


def apart(vectors: Tensor) -> Tensor:
    """The angles between vectors [n, D] seen from their mean, as 1 - cosine: [n, n].

    Plain distances deceive here: the faintest vector is nearest to all the others.
    """
    directions = F.normalize(vectors - vectors.mean(0), dim=1)
    return 1 - directions @ directions.T


def readout(table: Tensor) -> Readout:
    """What the nearest neighbour (by `apart`) tells in a table [P, S, D].

    Asked for its style, a picture is compared with those of another photo, of which
    every style has one: guessing is right once in S. Asked for its photo, with those
    of another style. So neither answer can be read off the other, and no picture meets
    itself or one that it was made from.
    """
    photos, styles, _ = table.shape
    away = apart(table.flatten(0, 1)).view(photos, styles, photos, styles)
    style = [
        away[p, :, q].argmin(1) == torch.arange(styles)
        for p in range(photos)
        for q in range(photos)
        if p != q
    ]
    photo = [
        away[:, s, :, t].argmin(1) == torch.arange(photos)
        for s in range(styles)
        for t in range(styles)
        if s != t
    ]
    return Readout(*(torch.cat(x).float().mean().item() for x in (photo, style)))


def readouts(
    net: Network, rows: Sequence[Sequence[Tensor]], layers: Iterable[str]
) -> dict[str, tuple[Readout, Readout]]:
    """By layer, the `readout` of the feature maps, and of the Gram matrices."""
    found = tables(net, rows, layers)
    return {name: (readout(t.maps), readout(t.grams)) for name, t in found.items()}


def same_row(table: Tensor) -> float:
    """How often the nearest other vector of a table [R, n, D] is of the same row."""
    rows = torch.arange(len(table)).repeat_interleave(table.shape[1])
    nearest = apart(table.flatten(0, 1)).fill_diagonal_(torch.inf).argmin(1)
    return (rows[nearest] == rows).float().mean().item()


def shares(table: Tensor) -> dict[str, float]:
    """The variance of a table [P, S, D] as parts of 1: photo, style, and both at once.

    The two-way analysis of variance: what the mean over styles keeps is the photo's,
    what the mean over photos keeps the style's. The rest, "together", is what depends
    on which photo meets which style: 0 where the two simply add up. In pure noise each
    gets its degrees of freedom, P - 1, S - 1 and their product.
    """
    centred = table - table.mean((0, 1))
    photo, style = centred.mean(1), centred.mean(0)
    total = centred.square().sum()
    found = {
        "photo": len(style) * photo.square().sum() / total,
        "style": len(photo) * style.square().sum() / total,
    }
    parts = {name: part.item() for name, part in found.items()}
    return parts | {"together": 1 - sum(parts.values())}


def gram_distance(a: Tensor, b: Tensor) -> Tensor:
    """Squared distance of the Gram matrices of feature vectors a [M, N] and b [K, N].

    N numbers at each of M or K positions; the Gram matrix is a mean over positions.
    """
    return (a.T @ a / len(a) - b.T @ b / len(b)).square().sum()


def squared_dot(a: Tensor, b: Tensor) -> Tensor:
    """The kernel (x . y)^2 of all vectors in a [M, N] with all in b [K, N]: [M, K]."""
    return (a @ b.T).square()


def mean_discrepancy(
    a: Tensor, b: Tensor, kernel: Callable[[Tensor, Tensor], Tensor] = squared_dot
) -> Tensor:
    """Squared maximum mean discrepancy of two sets of vectors a [M, N] and b [K, N].

    How alike a set is to itself, twice, less how alike it is to the other, by the mean
    of `kernel` (Gretton et al. 2012, eq. 5). With (x . y)^2 it is `gram_distance`: Li
    et al. 2017, "Demystifying neural style transfer", eq. 9.
    """
    return kernel(a, a).mean() + kernel(b, b).mean() - 2 * kernel(a, b).mean()
