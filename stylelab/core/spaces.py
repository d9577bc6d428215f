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


class _Clip(torch.autograd.Function):
    """Clips to 0..1. A pixel outside has a slope only if that leads back inside.

    The slope of `clamp` is zero there: white paper would stay white for ever.
    """

    @staticmethod
    def forward(context, y: Tensor) -> Tensor:
        context.save_for_backward(y)
        return y.clamp(0, 1)

    @staticmethod
    def backward(context, slope: Tensor) -> Tensor:
        (y,) = context.saved_tensors
        # A descent goes against the slope: up from below 0, and down from above 1.
        inward = ((y >= 0) | (slope < 0)) & ((y <= 1) | (slope > 0))
        return slope * inward


def spectrum(
    height: int, width: int, exponent: float = 0.5, clipped: bool = False
) -> Space:
    """Fourier coefficients times frequency ** `exponent`, of a picture kept in 0..1.

    In photos, broad forms differ more than neighbouring pixels do: the scale gives them
    larger steps. Gatys et al. neither do that nor keep the picture in range.

    A sigmoid keeps it, or, if `clipped`, a clip. The sigmoid greys black and white at
    the start, and a picture that is made smooth drifts to the colours where the sigmoid
    is flat; the clip does neither.
    """
    rows, columns = torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)
    frequency = (rows**2 + columns**2).sqrt().clamp(min=1 / max(height, width))
    scale = frequency**-exponent
    scale = scale / scale.square().mean().sqrt()

    def encode(picture: Tensor) -> Tensor:
        y = 255 * picture
        if not clipped:
            # The sigmoid hardly moves where it is nearly black or white: start inside.
            y = torch.logit(picture.clamp(SQUEEZE, 1 - SQUEEZE)) * 255 / 4
        return torch.view_as_real(torch.fft.rfft2(y, norm="ortho") / scale.to(y.device))

    def decode(z: Tensor) -> Tensor:
        waves = torch.view_as_complex(z) * scale.to(z.device)
        y = torch.fft.irfft2(waves, s=(height, width), norm="ortho")
        return _Clip.apply(y / 255) if clipped else torch.sigmoid(4 * y / 255)

    return Space(encode, decode)


def of_grey(space: Space) -> Space:
    """`space` for grey pictures: one channel moves, and the network is shown three."""
    return Space(
        encode=lambda picture: space.encode(picture[:, :1]),
        decode=lambda z: space.decode(z).expand(-1, 3, -1, -1),
    )


SPACES = {"spectrum": spectrum, "pixels": pixels}
