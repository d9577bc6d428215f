"""The two spaces a picture can be optimised in: pixels, and their Fourier coefficients.

Both measure in steps of 1/255, the unit of the step sizes in `descent`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

SQUEEZE = 0.1  # sigmoid pictures start no nearer than this to black and white


@dataclass(frozen=True)
class Space:
    """`decode` takes coordinates to a picture [1, 3, H, W]; `encode` goes back."""

    encode: Callable[[Tensor], Tensor]
    decode: Callable[[Tensor], Tensor]


def pixels(height: int, width: int) -> Space:
    """The picture itself, in 0..255: what Gatys et al. optimise.

    Nothing keeps it in range, so the saved, clipped picture can be much worse.
    """
    return Space(encode=lambda picture: 255 * picture, decode=lambda z: z / 255)


def spectrum(height: int, width: int, exponent: float = 0.5) -> Space:
    """Fourier coefficients times frequency ** `exponent`, behind a sigmoid.

    In photos, broad forms differ more than neighbouring pixels do: the scale gives them
    larger steps. The sigmoid keeps every picture in 0..1. Gatys et al. do neither.
    """
    rows, columns = torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)
    frequency = (rows**2 + columns**2).sqrt().clamp(min=1 / max(height, width))
    scale = frequency**-exponent
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


def of_grey(space: Space) -> Space:
    """`space` for grey pictures: one channel moves, and the network is shown three."""
    return Space(
        encode=lambda picture: space.encode(picture[:, :1]),
        decode=lambda z: space.decode(z).expand(-1, 3, -1, -1),
    )


SPACES = {"spectrum": spectrum, "pixels": pixels}
