"""The same object under another light: plaster heads, photos relit and recoloured."""

from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.pictures import images
from stylelab.pictures.images import Source

GAMMA = 2.2  # pixels are about light ** (1 / 2.2)


@dataclass(frozen=True)
class Light:
    """A lamp far away, in the direction (right, up, front) as the viewer sees it."""

    name: str
    right: float
    up: float
    front: float

    @property
    def direction(self) -> Tensor:
        """Towards the lamp, of length 1: [3]."""
        towards = torch.tensor([self.right, self.up, self.front], dtype=torch.float32)
        return F.normalize(towards, dim=0)


LIGHTS = (
    Light("from the front", 0.25, 0.45, 1.0),
    Light("from the left", -1.0, 0.30, 0.40),
    Light("from below", 0.15, -1.0, 0.55),
    Light("from the right, above", 0.8, 0.9, 0.40),
)

# Drawn by tools/draw_faces.py: a row of squares per person, a column per light.
HEADS = Path(__file__).with_name("data") / "heads.jpg"
SIDE, PEOPLE = 256, 4  # pixels of a square; rows


def plaster_head(light: Light, size: int = SIDE, person: int = 0) -> Tensor:
    """A plaster head under one of LIGHTS, [1, 3, size, size] in 0..1.

    `person` is 0, 1, 2 or 3. Raises ValueError for another person or light.
    """
    if person not in range(PEOPLE):
        raise ValueError(f"there is no person {person}; accepted are 0 to {PEOPLE - 1}")
    if light not in LIGHTS:
        names = ", ".join(f"'{light.name}'" for light in LIGHTS)
        raise ValueError(f"there is no head lit '{light.name}'; accepted are {names}")
    left, top = SIDE * LIGHTS.index(light), SIDE * person
    sheet = images.open_picture(HEADS)
    return images.load(sheet.crop((left, top, left + SIDE, top + SIDE)), size)


def square(source: Source, size: int) -> Tensor:
    """The middle square of a picture, [1, 3, size, size] in 0..1."""
    picture = images.load(source, size)
    top, left = ((side - size) // 2 for side in picture.shape[2:])
    return picture[..., top : top + size, left : left + size]


def relight(photo: Tensor, light: Light, stops: float = 2.0) -> Tensor:
    """A photo [1, 3, H, W] as if `light` fell on it, 0..1.

    A smooth field multiplies the light, not the pixels. From side to side it changes by
    up to 2 * `stops` factors of two; light from the front falls on the middle.
    """
    across, down = (torch.linspace(-1, 1, side) for side in photo.shape[:1:-1])
    right, up, front = light.direction
    middle = 0.5 - across[None, :] ** 2 - down[:, None] ** 2
    field = right * across[None, :] - up * down[:, None] + front * middle
    return (photo**GAMMA * 2 ** (stops * field)).clamp(0, 1) ** (1 / GAMMA)


def turn_hues(photo: Tensor, degrees: float) -> Tensor:
    """A photo [1, 3, H, W] with all its hues turned by `degrees`, 0..1.

    The colour circle turns around the axis of the greys. Brightness, the mean of red,
    green and blue, stays, except where a colour leaves the range and is clipped.
    """
    angle = torch.deg2rad(torch.tensor(float(degrees)))
    third = (1 - angle.cos()) / 3
    a, b = third + angle.cos(), angle.sin() / 3**0.5
    circle = torch.stack([a, third - b, third + b])
    matrix = torch.stack([circle.roll(i) for i in range(3)])
    return torch.einsum("ij,bjhw->bihw", matrix, photo).clamp(0, 1)
