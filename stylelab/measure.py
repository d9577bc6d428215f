"""What the experiments report: numbers that compare pictures or feature maps."""

from __future__ import annotations

import math

import torch.nn.functional as F
from torch import Tensor


def psnr(found: Tensor, true: Tensor) -> float:
    """Peak signal-to-noise ratio of two pictures of one shape in 0..1, in decibel.

    Twenty: the root mean square error is a tenth of the range. 3 dB less error is half
    its square; equal pictures have infinitely many.
    """
    if found.shape != true.shape:
        raise ValueError(f"two shapes: {[*found.shape]} and {[*true.shape]}")
    error = (found.float() - true.float()).square().mean().item()
    return -10 * math.log10(error) if error else math.inf


def cosine(a: Tensor, b: Tensor) -> float:
    """Cosine of the angle between two tensors of one shape, -1..1: 1 is one direction.

    A tensor of zeros has no direction; its cosine is 0.
    """
    return F.cosine_similarity(a.float().flatten(), b.float().flatten(), dim=0).item()


def correlation(a: Tensor, b: Tensor) -> float:
    """Pearson's correlation of two tensors of one shape, -1..1: a centred cosine."""
    a, b = a.float(), b.float()
    return cosine(a - a.mean(), b - b.mean())


def share_silent(features: Tensor) -> float:
    """The share, 0..1, of a layer's feature maps [1, N, H, W] that are 0 everywhere."""
    return (features.flatten(2).abs().amax(2) == 0).float().mean().item()
