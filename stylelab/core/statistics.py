"""Measures of style beside the Gram matrix, and two of the picture itself."""

import itertools

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.core.style_transfer import Measure, Objective, Term, gram

# Edges of the octaves, in cycles per pixel. Rows and columns have 0.5 at most; only
# diagonal waves, such as those of a chequerboard, are finer.
OCTAVES = (0.02, 0.06, 0.12, 0.2, 0.3, 0.4, 0.55, 0.71)
FAINTEST = 1.5e-5  # power of changes by 1/255, which 8 bits can hardly show
# A colour with less than this share of the strongest one's power is hardly a colour. In
# octaves all count alike: faint noise has none of them, and is to find its way.
GREY, ALIKE = 0.1, 1.0


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
    projected = lines.to(f.device) @ f
    if f.device.type not in ("cpu", "cuda"):
        projected = projected.cpu()  # Apple's averages only groups of equal sizes
    return F.adaptive_avg_pool1d(projected.sort(dim=2).values, 256)


STATISTICS: dict[str, Measure] = {
    measure.__name__: measure for measure in (gram, mean_std, sliced_wasserstein)
}


def octaves(picture: Tensor) -> Tensor:
    """How strong the detail of each size is, and in which colours: [7, 3, 3].

    The mean power of a picture [1, 3, H, W] in 0..1 in each of OCTAVES, from coarse to
    fine, as a matrix of the products of two colours. A window (Hann) fades the edges
    out, which would count as detail otherwise.
    """
    height, width = picture.shape[2:]
    rows, columns = (torch.hann_window(n, False) for n in (height, width))
    window = (rows[:, None] * columns).to(picture.device)
    centred = picture - picture.mean((2, 3), keepdim=True)
    waves = torch.fft.rfft2(centred * window / window.norm())[0]
    waves = torch.view_as_real(waves)  # [3, H, W / 2 + 1, 2]
    down, right = torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)
    frequency = torch.hypot(*torch.broadcast_tensors(down, right)).to(picture.device)
    found = []
    for low, high in itertools.pairwise(OCTAVES):
        inside = waves[:, (low <= frequency) & (frequency < high)]  # [3, n, 2]
        power = inside.flatten(1)  # [3, 2 n]
        found.append(power @ power.T / max(1, inside.shape[1]))
    return torch.stack(found)


def colours(picture: Tensor) -> Tensor:
    """The products of the mean colour, and the covariance of all pixels: [2, 3, 3]."""
    pixels = picture[0].flatten(1)  # [3, H W]
    mean = pixels.mean(1, keepdim=True)
    centred = pixels - mean
    return torch.stack([mean @ mean.T, centred @ centred.T / pixels.shape[1]])


def powers(picture: Tensor) -> Tensor:
    """`colours` and `octaves` of a picture [1, 3, H, W] in 0..1: [9, 3, 3]."""
    return torch.cat([colours(picture), octaves(picture)])


def spectrum(goal: Tensor) -> Objective:
    """Relative distance of a picture's `powers` to those of a style: a term.

    Features hardly see colours and the finest detail, and a grid that pooling leaves
    there stays. Liu, Gousseau, Xia (2016, "Texture synthesis through convolutional
    neural networks and spectrum constraints") hold the whole spectrum; here it is seven
    octaves. Relative in each direction of colour: a grey style makes no tinted picture.
    """
    values, directions = torch.linalg.eigh(goal)  # [9, 3], [9, 3, 3]
    shares = torch.tensor([GREY] * 2 + [ALIKE] * (len(OCTAVES) - 1)).to(goal)[:, None]
    size = values.clamp(min=0) + shares * values[:, -1:] + FAINTEST
    white = directions / size.sqrt()[:, None]

    def distance(found: Tensor) -> Tensor:
        change = found.to(goal.device) - goal
        return (white.mT @ change @ white).square().sum((1, 2)).mean() / 3

    return Objective((Term("spectrum", None, distance, 1.0, powers),))


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
