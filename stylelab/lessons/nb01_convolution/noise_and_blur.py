"""Two ways to spoil a picture: noise and blur."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

Degrade = Callable[[Tensor, torch.Generator], Tensor]


def noise(sigma: float = 25 / 255) -> Degrade:
    """Adds Gaussian noise of standard deviation `sigma` to pictures in 0..1."""

    def spoil(picture: Tensor, generator: torch.Generator) -> Tensor:
        return picture + sigma * torch.randn(picture.shape, generator=generator)

    return spoil


def blur(sigma: float = 1.2, then_noise: float = 2 / 255) -> Degrade:
    """A Gaussian of `sigma` pixels over every picture, then a little noise.

    Without any noise a blur could be undone almost exactly, and no camera is like that.
    """
    after = noise(then_noise)

    def spoil(picture: Tensor, generator: torch.Generator) -> Tensor:
        return after(gaussian(picture, sigma), generator)

    return spoil


def gaussian(picture: Tensor, sigma: float) -> Tensor:
    """Pictures [B, C, H, W] under a Gaussian of `sigma` pixels, mirrored at borders."""
    reach = int(3 * sigma + 0.5)
    places = torch.arange(-reach, reach + 1.0)
    line = torch.exp(-(places**2) / (2 * sigma**2))
    line = (line / line.sum()).expand(picture.shape[1], 1, 1, -1)
    shown = F.pad(picture, [reach] * 4, mode="reflect")
    across = F.conv2d(shown, line, groups=len(line))
    return F.conv2d(across, line.transpose(2, 3), groups=len(line))
