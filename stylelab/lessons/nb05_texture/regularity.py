"""How much of a texture's order a synthesis has, and how alike their patches are.

No network takes part: pictures are compared by their autocorrelation, and the yardstick
is what one piece of a texture has in common with other pieces of it. A lag is the
distance in pixels by which a picture is shifted against itself.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.analysis.measure import autocorrelation
from stylelab.analysis.measure import patch_distance as patch_distance


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


def distance_by_lag(picture: Tensor, true: Tensor, reach: int) -> Tensor:
    """How far two autocorrelations are apart at each lag below `reach` px: [reach].

    Root mean square over all shifts, down and to the right, whose length is rounded to
    the lag.
    """
    ours, theirs = (autocorrelation(_smooth(p), reach) for p in (picture, true))
    along = torch.arange(reach).float()
    lag = torch.hypot(along[:, None], along).round().long()
    inside = lag < reach
    squares = (ours - theirs).square()[inside]
    sums = torch.zeros(reach).index_add_(0, lag[inside], squares)
    return (sums / torch.bincount(lag[inside])).sqrt()


def _smooth(picture: Tensor) -> Tensor:
    """The means of 3 x 3 pixels.

    A synthesis always has some grain of single pixels. Left in, it would be a part of
    the variance and make all correlations smaller.
    """
    return F.avg_pool2d(F.pad(picture, [1] * 4, mode="circular"), 3, 1)


def own_spread(pieces: Sequence[Tensor], true: Tensor, reach: int) -> Tensor:
    """The distance of the farthest of `pieces` from the piece `true`, by lag: [reach].

    `true` may be one of the pieces: its own distance is 0.
    """
    return torch.stack([distance_by_lag(p, true, reach) for p in pieces]).amax(0)


def order_error(picture: Tensor, true: Tensor, spread: Tensor) -> float:
    """How far the order of `picture` is outside of the `own_spread`, over all lags.

    The mean of the distances above the spread, each in units of the spread: 0 means as
    near at every lag as real pieces of the texture are. Nearer is no better: the
    nearest picture would be a copy.
    """
    distance = distance_by_lag(picture, true, len(spread))
    return (distance[1:] / spread[1:] - 1).clamp(min=0).mean().item()
