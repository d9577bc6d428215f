"""The first picture of a run: noise, or a picture in another size."""

import warnings

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.pictures import images
from stylelab.pictures.images import Source

FAINT = 0.01  # deviation of the white noise: what the losses do not see of it stays
GATYS = 0.07  # in runs with absolute losses
STRETCHED = 1.03  # more than this between two aspects is no rounding to pixels


def noise(height: int, width: int, seed: int, deviation: float = FAINT) -> Tensor:
    """White grey noise around 0.5: [1, 3, height, width].

    Gatys' noise is coloured. The losses hardly see the finest colours, and what they do
    not see stays to the end.
    """
    generator = torch.Generator().manual_seed(seed)
    white = torch.randn(1, 1, height, width, generator=generator)
    return (0.5 + deviation * white).clamp(0, 1).repeat(1, 3, 1, 1)


def random_phases(picture: Tensor, height: int, width: int, seed: int) -> Tensor:
    """The waves of a picture [1, 3, H, W], each at a random place.

    A sample [1, 3, height, width] of the Gaussian texture with the picture's mean and
    power spectrum (Galerne, Gousseau, Morel 2011, "Random phase textures"). All colours
    move alike, so that they stay together. Another size takes the picture's middle, or
    puts it amid its mean.
    """
    mean = picture.mean((2, 3), keepdim=True)
    down, right = height - picture.shape[2], width - picture.shape[3]
    around = right // 2, right - right // 2, down // 2, down - down // 2
    centred = F.pad(picture - mean, around)  # a negative border cuts
    power = (picture - mean).square().mean(), centred.square().mean()
    gain = (power[0] / power[1].clamp(min=1e-30)).sqrt()
    draws = torch.Generator().manual_seed(seed)
    noise = torch.fft.rfft2(torch.randn(height, width, generator=draws))
    waves = torch.fft.rfft2(gain * centred) * noise / noise.abs()
    return (mean + torch.fft.irfft2(waves, s=(height, width))).clamp(0, 1)


def load(source: Source, size: int, height: int, width: int) -> Tensor:
    """The picture in a file, with a shorter side of `size`, for a result of that shape.

    It will be stretched to fit. Warns if that shows; a ValueError if it is too long.
    """
    image = images.open_picture(source)
    sides = f"{image.width} x {image.height} pixels and the result {width} x {height}"
    problem = f"the start ('{images.base_name(source)}') is {sides}"
    if size * max(image.size) > images.MAX_SIDE * min(image.size):
        raise ValueError(f"{problem}: give a start of about the result's shape")
    stretch = image.width * height / (image.height * width)
    if max(stretch, 1 / stretch) > STRETCHED:
        warnings.warn(f"{problem}: it is stretched to fit", stacklevel=1)
    return images.load(image, size)


def resized(picture: Tensor, height: int, width: int) -> Tensor:
    """`picture` [B, C, H, W] in 0..1 in another size."""
    if picture.shape[2:] == (height, width):
        return picture
    size = (height, width)
    return F.interpolate(picture, size, mode="bicubic", antialias=True).clamp(0, 1)
