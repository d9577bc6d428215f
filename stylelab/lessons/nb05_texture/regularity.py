"""How far the order of a texture reaches, and how much of it a synthesis has.

No network is asked: pictures are compared by their autocorrelation, and the measure is
what one piece of a texture has in common with the next.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.analysis.measure import autocorrelation


def pieces(picture: Tensor, side: int, rows: int = 3) -> list[Tensor]:
    """Squares of `side` pixels from a picture [1, 3, H, W], `rows` x `rows` of them.

    They lie on a regular grid from corner to corner, and overlap.
    """
    height, width = picture.shape[-2:]
    if min(height, width) < side:
        raise ValueError(f"a picture of {width} x {height} has no piece of {side} px")
    tops, lefts = (
        torch.linspace(0, whole - side, rows).long().tolist()
        for whole in (height, width)
    )
    return [
        picture[..., top : top + side, left : left + side]
        for top in tops
        for left in lefts
    ]


def distance_by_lag(found: Tensor, true: Tensor, reach: int) -> Tensor:
    """How far two autocorrelations are apart at each lag below `reach`: [reach].

    Root mean square over all shifts, down and to the right, whose length, rounded, is
    so many pixels.
    """
    ours, theirs = (autocorrelation(_smooth(p), reach) for p in (found, true))
    apart = ours - theirs
    along = torch.arange(reach).float()
    lag = torch.hypot(along[:, None], along).round().long()
    inside = lag < reach
    squares = torch.zeros(reach).index_add_(0, lag[inside], apart[inside].square())
    return (squares / torch.bincount(lag[inside])).sqrt()


def _smooth(picture: Tensor) -> Tensor:
    """The means of 3 x 3 pixels.

    Grain of single pixels, which a synthesis always has, is a part of its variance, and
    would make all its correlations smaller.
    """
    return F.avg_pool2d(F.pad(picture, [1] * 4, mode="circular"), 3, 1)


def own_spread(pieces: Sequence[Tensor], true: Tensor, reach: int) -> Tensor:
    """How far other pieces of a texture are from the piece `true`, by lag: [reach].

    The farthest of them counts. A piece that is `true` itself adds nothing.
    """
    return torch.stack([distance_by_lag(p, true, reach) for p in pieces]).amax(0)


def matched_lag(found: Tensor, true: Tensor, spread: Tensor) -> int:
    """The largest lag in px up to which `found` is as near to `true` as its kin are.

    `spread` is what own_spread found; at no smaller lag may `found` be farther away.
    """
    apart = distance_by_lag(found, true, len(spread))
    outside = (apart[1:] > spread[1:]).nonzero()
    return int(outside[0]) if len(outside) else len(spread) - 1
