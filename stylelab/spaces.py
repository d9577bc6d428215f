"""The two spaces a picture can be optimised in.

Both measure in steps of 1/255, for one reason: torch's and most others' L-BFGS compare
curvatures with absolute bounds, so that the unit decides whether anything is learnt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Space:
    """`decode` takes coordinates to a picture [1, 3, H, W]; `encode` goes back."""

    encode: Callable[[Tensor], Tensor]
    decode: Callable[[Tensor], Tensor]


def pixels(height: int, width: int) -> Space:
    """The picture itself, in 0..255: what Gatys et al. optimise.

    Nothing keeps it in range, so the picture saved, which is clipped, can be much worse
    than the one optimised.
    """
    return Space(encode=lambda picture: 255 * picture, decode=lambda z: z / 255)


def spectrum(height: int, width: int) -> Space:
    """Fourier coefficients over 1/sqrt(frequency), behind a sigmoid.

    The scale gives broad forms larger steps than single pixels, as photos have them,
    and the sigmoid keeps every picture in 0..1. Gatys et al. do neither.
    """
    rows, columns = torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)
    frequency = (rows**2 + columns**2).sqrt().clamp(min=1 / max(height, width))
    scale = frequency**-0.5
    scale = scale / scale.square().mean().sqrt()

    def encode(picture: Tensor) -> Tensor:
        # The sigmoid hardly moves where it is nearly black or white: start inside.
        y = torch.logit(picture.clamp(SQUEEZE, 1 - SQUEEZE)) * 255 / 4
        return torch.view_as_real(torch.fft.rfft2(y, norm="ortho") / scale.to(y.device))

    def decode(z: Tensor) -> Tensor:
        waves = torch.view_as_complex(z) * scale.to(z.device)
        y = torch.fft.irfft2(waves, s=(height, width), norm="ortho")
        return torch.sigmoid(4 * y / 255)

    return Space(encode, decode)


# Sigmoid pictures start no nearer than this to black and white.
SQUEEZE = 0.1

SPACES = {"spectrum": spectrum, "pixels": pixels}
