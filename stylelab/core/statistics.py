"""What a picture is measured by: content, style, smoothness, as small terms that add.

By default these are the losses of Gatys' own notebook, so that values compare with
published ones: feature maps of a network that takes 0..255, means instead of sums, Gram
matrices divided by their number of positions. The paper (Gatys, Ecker, Bethge 2016)
writes sums: eq. 1 is 1/2 of the summed squares where `content` takes their mean, and
eq. 4 divides by 4 N^2 M^2 where `style` takes 1 / N^2 of the mean over the N x N
entries (N channels, M positions). It also uses average pooling and starts from noise.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Term:
    """`weight` times `distance` of `layer`'s features, or of the picture (None)."""

    name: str
    layer: str | None
    distance: Callable[[Tensor], Tensor]
    weight: float = 1.0


@dataclass(frozen=True)
class Objective:
    """A weighted sum of terms: `3 * content(...) + style(...)`."""

    terms: tuple[Term, ...]

    def __add__(self, other: Objective) -> Objective:
        return Objective(self.terms + other.terms)

    def __mul__(self, factor: float) -> Objective:
        return Objective(
            tuple(replace(term, weight=term.weight * factor) for term in self.terms)
        )

    __rmul__ = __mul__

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers whose feature maps the terms need."""
        return tuple(dict.fromkeys(term.layer for term in self.terms if term.layer))

    def losses(
        self, picture: Tensor, features: Mapping[str, Tensor]
    ) -> dict[str, Tensor]:
        """The loss by the terms' names; the sum of all is what is minimised."""
        losses: dict[str, Tensor] = {}
        for term in self.terms:
            shown = features[term.layer] if term.layer else picture
            loss = term.weight * term.distance(shown)
            # Two styles may be mixed: terms of one name share an entry.
            losses[term.name] = losses.get(term.name, 0.0) + loss
        return losses


def gram(features: Tensor) -> Tensor:
    """Correlations between feature maps [B, N, H, W] over positions: [B, N, N].

    Uncentred, and divided by the positions H W, so that pictures of different sizes
    compare (Gatys et al. 2016, eq. 3, divides later). Multiplied in the features' own
    precision, returned in float32.
    """
    if len(features) > 1:
        return torch.cat([gram(one) for one in features.split(1)])
    # Positions first: so the network lays its maps out, and nothing need be copied.
    vectors = features.permute(0, 2, 3, 1).flatten(0, 2)
    products = (vectors.T @ vectors.detach()).float()
    # The value of vectors.T @ vectors, and its gradient for one product instead of two.
    products = products + products.T - products.detach()
    return products[None] / len(vectors)


def mean_std(features: Tensor) -> Tensor:
    """Mean and standard deviation of every feature map [B, N, H, W]: [B, 2, N].

    Li et al. (2017, "Demystifying neural style transfer") match just these.
    """
    f = features.float().flatten(2)
    # The deviation's slope is infinite at zero, where dead channels stand.
    return torch.stack([f.mean(2), (f.var(2, correction=0) + 1e-6).sqrt()], 1)


def sliced_wasserstein(features: Tensor, directions: int = 64) -> Tensor:
    """The whole distribution of feature vectors, seen from random directions.

    Features [B, N, H, W] are projected on `directions` fixed unit vectors, sorted, and
    averaged in 256 equal groups: [B, directions, 256]. Heitz et al. (2021) draw new
    directions at every step; L-BFGS needs an objective that stands still.
    """
    f = features.float().flatten(2)
    generator = torch.Generator().manual_seed(f.shape[1])
    lines = F.normalize(torch.randn(directions, f.shape[1], generator=generator), dim=1)
    return F.adaptive_avg_pool1d((lines.to(f.device) @ f).sort(dim=2).values, 256)


STATISTICS: dict[str, Callable[[Tensor], Tensor]] = {
    "gram": gram,
    "mean_std": mean_std,
    "sliced_wasserstein": sliced_wasserstein,
}
# A Gram matrix holds products of two features, the others single features. These
# factors bring the others' losses to the Gram's size where transfers of samples end.
BALANCE = {"gram": 1.0, "mean_std": 1e5, "sliced_wasserstein": 4e4}


def statistic(name: str) -> Callable[[Tensor], Tensor]:
    """The style statistic called `name`; a wrong name is answered with the list."""
    if name not in STATISTICS:
        near = difflib.get_close_matches(name, STATISTICS, 1, 0.4)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise ValueError(
            f"no style statistic '{name}'{hint}: choose {', '.join(STATISTICS)}"
        )
    return STATISTICS[name]


def content(layer: str, features: Tensor) -> Objective:
    """Mean square distance to a photo's `features` [1, N, H, W] at `layer` (eq. 1)."""
    target = features.detach().float()

    def distance(found: Tensor) -> Tensor:
        return (found.float() - target).square().mean()

    return Objective((Term(f"content {layer}", layer, distance),))


def style(
    layer: str,
    features: Tensor | Sequence[Tensor],
    name: str = "gram",
    mix: Sequence[float] = (1.0,),
    guide: Tensor | None = None,
) -> Objective:
    """Mean square distance to a painting's statistic at `layer`, over N^2 (eq. 4).

    Of the `features` of several paintings the statistics are mixed: those of each count
    by its share in `mix`. The picture's maps are multiplied by `guide` [1, 1, H, W], so
    that it counts only where that is not 0 (Gatys et al. 2017, section 4.1).
    """
    measure = statistic(name)
    paintings = [features] if isinstance(features, Tensor) else features
    shares = zip(mix, paintings, strict=True)
    target = sum(share * measure(maps.detach()) for share, maps in shares)
    factor = BALANCE[name] / paintings[0].shape[1] ** 2

    def distance(found: Tensor) -> Tensor:
        here = found if guide is None else found * guide.to(found)
        return (measure(here) - target).square().mean()

    return factor * Objective((Term(f"style {layer}", layer, distance),))


def total_variation(picture: Tensor) -> Tensor:
    """Mean square step between neighbours in a picture [B, 3, H, W], in units of 1/255.

    Rows plus columns. The squares (Mahendran & Vedaldi 2015, with beta = 2) are smooth,
    which L-BFGS needs; total variation proper takes absolute values.
    """
    down = picture.diff(dim=2).square().mean()
    right = picture.diff(dim=3).square().mean()
    return 255**2 * (down + right)


def smoothness() -> Objective:
    """Total variation of the picture itself, as a term."""
    return Objective((Term("total variation", None, total_variation),))
