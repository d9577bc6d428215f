"""The first picture of a run: noise, or a picture in another size."""

import torch
import torch.nn.functional as F
from torch import Tensor

FAINT = 0.01  # deviation of the white noise: what the losses do not see of it stays
GATYS = 0.07  # in runs with absolute losses


def noise(height: int, width: int, seed: int, deviation: float = FAINT) -> Tensor:
    """White grey noise around 0.5: [1, 3, height, width].

    Gatys' noise is coloured. The losses hardly see the finest colours, and what they do
    not see stays to the end.
    """
    generator = torch.Generator().manual_seed(seed)
    white = torch.randn(1, 1, height, width, generator=generator)
    return (0.5 + deviation * white).clamp(0, 1).repeat(1, 3, 1, 1)


def resized(picture: Tensor, height: int, width: int) -> Tensor:
    """`picture` [B, C, H, W] in 0..1 in another size."""
    if picture.shape[2:] == (height, width):
        return picture
    size = (height, width)
    return F.interpolate(picture, size, mode="bicubic", antialias=True).clamp(0, 1)
