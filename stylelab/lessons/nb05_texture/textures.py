"""The textures of notebook 05, and what waves a texture is made of."""

import torch
from torch import Tensor

from stylelab.core.statistics import OCTAVES, octaves
from stylelab.pictures import images
from stylelab.runs import starts

# The whole picture's shorter side in pixels for a piece of 128, and where in it the
# piece lies, from left (0) to right (1): the night has its moon at the right.
WHOLE = {
    "gravel": (448, 0.5),
    "brick": (224, 0.5),
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


def drawn_wall(side: int = 192, seed: int = 0) -> Tensor:
    """Red bricks of 22 to 33 px in dark mortar, in rows of 14 px: [1, 3, side, side].

    No photographer chose it, and nothing of it lies nearer than the rest.
    """
    draws = torch.Generator().manual_seed(seed)
    wall = torch.full((1, 3, side, side), 0.12)
    for top in range(0, side, 14):
        left = -int(torch.randint(0, 30, (), generator=draws))
        while left < side:
            length = int(torch.randint(22, 34, (), generator=draws))
            light = 0.12 * torch.randn((), generator=draws)
            colour = torch.tensor([0.75 + light, 0.35 + 0.6 * light, 0.2 + 0.4 * light])
            brick = wall[0, :, top : top + 12, max(0, left) : max(0, left + length - 2)]
            brick[:] = colour.clamp(0, 1)[:, None, None]
            left += length
    return wall


def random_phases(picture: Tensor, seed: int = 0) -> Tensor:
    """The waves of a picture [1, 3, H, W], each moved to a random place."""
    return starts.random_phases(picture, *picture.shape[2:], seed)


def grain(picture: Tensor) -> float:
    """The power of a picture's finest octave, in grey: detail of one pixel's size."""
    grey = picture.mean(1, keepdim=True).expand(-1, 3, -1, -1)
    return octaves(grey)[-1, 0, 0].item()


def fine_waves(picture: Tensor, times: float = 20.0) -> Tensor:
    """The waves of a picture's finest octave alone, in grey, `times` as strong."""
    grey = picture.mean(1, keepdim=True)
    height, width = picture.shape[2:]
    down, right = torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)
    waves = torch.fft.rfft2(grey) * (torch.hypot(down, right) >= OCTAVES[-2])
    fine = torch.fft.irfft2(waves, s=(height, width))
    return (0.5 + times * fine).clamp(0, 1).expand(-1, 3, -1, -1)
