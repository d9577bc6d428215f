"""The numbers that the experiments report: they compare pictures or feature maps."""

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.core.statistics import sliced_wasserstein


def psnr(picture: Tensor, original: Tensor) -> float:
    """Peak signal-to-noise ratio of two pictures of one shape in 0..1, in decibel.

    At 20 dB the root mean square error is a tenth of the range; 3 dB more mean half the
    square error. Equal pictures have infinitely many.
    """
    if picture.shape != original.shape:
        raise ValueError(f"two shapes: {[*picture.shape]} and {[*original.shape]}")
    error = (picture.float() - original.float()).square().mean().item()
    return -10 * math.log10(error) if error else math.inf


def cosine(a: Tensor, b: Tensor) -> float:
    """Cosine of the angle between two tensors of one shape, -1..1; 0 with all zeros."""
    return F.cosine_similarity(a.float().flatten(), b.float().flatten(), dim=0).item()


def correlation(a: Tensor, b: Tensor) -> float:
    """Pearson's correlation of two tensors of one shape, -1..1: a centred cosine."""
    a, b = a.float(), b.float()
    return cosine(a - a.mean(), b - b.mean())


def spearman(a: Sequence[float], b: Sequence[float]) -> float:
    """Spearman's rank correlation, -1..1: 1 where b always grows as a grows."""
    columns = (torch.as_tensor(v, dtype=torch.float64)[:, None] for v in (a, b))
    # A rank: how many of the values are smaller; equal ones count half.
    return correlation(*(((v > v.T) + 0.5 * (v == v.T)).sum(1) for v in columns))


def autocorrelation(picture: Tensor, reach: int = 8) -> Tensor:
    """How alike the grey of a picture [1, 3, H, W] is to itself, moved: [reach, reach].

    Entry [y, x] is the correlation, -1..1, with the picture moved by y rows and x
    columns, each below `reach` pixels. The picture wraps around at its borders.
    """
    grey = picture.mean((0, 1))
    grey = grey - grey.mean()
    power = torch.fft.rfft2(grey).abs().square()
    around = torch.fft.irfft2(power, s=grey.shape)
    return (around / around[0, 0])[:reach, :reach]


def patch_distribution(picture: Tensor, side: int = 7) -> Tensor:
    """Sliced distribution of the patches of `side` x `side` pixels: [1, 64, 256].

    The root mean square difference between those of two pictures is the sliced
    Wasserstein distance of their patches (Rabin et al. 2011). It needs no network.
    """
    return sliced_wasserstein(F.unfold(picture, side)[..., None])


def patch_distance(picture: Tensor, original: Tensor) -> float:
    """Sliced Wasserstein distance of all patches of 7 x 7 pixels of two pictures."""
    found, goal = patch_distribution(picture), patch_distribution(original)
    return (found - goal).square().mean().sqrt().item()


def coloured_noise(picture: Tensor, seed: int = 0) -> Tensor:
    """White noise [1, 3, H, W], 0..1, with mean and covariance of the colours."""
    colours = picture[0].flatten(1)
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(colours.shape, generator=generator)
    root = torch.linalg.cholesky(colours.cov() + 1e-6 * torch.eye(3))
    mean = colours.mean(1, keepdim=True)
    return (mean + root @ noise).view_as(picture).clamp(0, 1)


def structure_error(picture: Tensor, original: Tensor) -> float:
    """How far the autocorrelation of `picture` is from that of `original`, same shape.

    Root mean square over all shifts, down and to the right, of less than a quarter of
    the shorter side; 0 is equal, and 1 is as far as noise with the original's colours.
    """
    reach = min(original.shape[-2:]) // 4
    goal = autocorrelation(original, reach)
    error = (autocorrelation(picture, reach) - goal).square().mean()
    noise = autocorrelation(coloured_noise(original), reach)
    return (error / (noise - goal).square().mean()).sqrt().item()
