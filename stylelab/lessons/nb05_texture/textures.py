"""The textures of notebook 05, and what a Gaussian knows of a texture."""

import torch
from torch import Tensor

from stylelab.pictures import images

# The whole picture's shorter side in pixels for a piece of 128, and where in it the
# piece lies, from left (0) to right (1): the night has its moon at the right.
WHOLE = {
    "gravel": (448, 0.5),
    "brick": (224, 0.5),
    "grass": (224, 0.5),
    "starry_night": (128, 1.0),
}
PIECE = 128


def whole(name: str, side: int) -> Tensor:
    """The picture [1, 3, H, W] from which `piece` cuts `side` x `side` pixels."""
    picture = images.load(name, round(WHOLE[name][0] * side / PIECE))
    # The photographer held the camera upright: turned, a row of bricks is a row.
    return picture.rot90(1, (2, 3)) if name == "brick" else picture


def piece(name: str, side: int) -> Tensor:
    """A square of a texture, `side` x `side` pixels."""
    picture = whole(name, side)
    height, width = picture.shape[2:]
    top, left = (height - side) // 2, int(WHOLE[name][1] * (width - side))
    return picture[..., top : top + side, left : left + side]


def random_phases(picture: Tensor, seed: int = 0) -> Tensor:
    """The waves that a picture [1, 3, H, W] is made of, each moved to a random place.

    A sample of the Gaussian with the picture's mean and power spectrum (Galerne,
    Gousseau, Morel 2011). All colours move alike, so that they stay together.
    """
    draws = torch.Generator().manual_seed(seed)
    noise = torch.fft.rfft2(torch.randn(picture.shape[2:], generator=draws))
    mean = picture.mean((2, 3), keepdim=True)
    waves = torch.fft.rfft2(picture - mean) * noise / noise.abs()
    return (mean + torch.fft.irfft2(waves, s=picture.shape[2:])).clamp(0, 1)
