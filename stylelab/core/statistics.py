"""Other measures of style than the Gram matrix, and the smoothness of a picture."""

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.core.style_transfer import Measure, Objective, Term, gram


def mean_std(features: Tensor) -> Tensor:
    """Mean and standard deviation of every feature map [B, N, H, W]: [B, 2, N].

    Li et al. (2017, "Demystifying neural style transfer") match just these.
    """
    f = features.float().flatten(2)  # [B, N, M]
    # The deviation's slope is infinite at zero, where dead channels stand.
    return torch.stack([f.mean(2), (f.var(2, correction=0) + 1e-6).sqrt()], 1)


def sliced_wasserstein(features: Tensor, directions: int = 64) -> Tensor:
    """The distribution of the feature vectors of maps [B, N, H, W] along random lines.

    They are projected on `directions` fixed unit vectors, sorted, and averaged in 256
    equal groups: [B, directions, 256]. Heitz et al. (2021) draw new directions at every
    step; L-BFGS needs an objective that does not change.
    """
    f = features.float().flatten(2)  # [B, N, M]
    draws = torch.Generator().manual_seed(f.shape[1])
    lines = F.normalize(torch.randn(directions, f.shape[1], generator=draws), dim=1)
    return F.adaptive_avg_pool1d((lines.to(f.device) @ f).sort(dim=2).values, 256)


STATISTICS: dict[str, Measure] = {
    measure.__name__: measure for measure in (gram, mean_std, sliced_wasserstein)
}
# The Gram matrix holds products of two features, the others hold single features. Where
# transfers of the samples end, these factors bring their losses to the Gram's size.
BALANCE = {"gram": 1.0, "mean_std": 1e5, "sliced_wasserstein": 4e4}


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
