"""The same thing under another light: matt surfaces lit, photos relit and recoloured.

A surface is a height map, z over x and y. Being matt, it sends as much light to every
side as falls on it (Lambert 1760); what stands between it and the lamp casts a shadow.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.pictures import images
from stylelab.pictures.images import Source

GAMMA = 2.2  # pixels are about light ** (1 / 2.2)


@dataclass(frozen=True)
class Light:
    """A lamp far away, in the direction (right, up, front) as the viewer has it.

    `fill` is the light that comes from all sides, the lamp's own being 1.
    """

    name: str
    right: float
    up: float
    front: float
    fill: float = 0.05

    @property
    def direction(self) -> Tensor:
        """Towards the lamp, of length 1."""
        return F.normalize(
            torch.tensor([self.right, self.up, self.front], dtype=torch.float32), dim=0
        )


LIGHTS = (
    Light("from the front", 0.25, 0.45, 1.0, 0.12),
    Light("from the left", -1.0, 0.30, 0.40, 0.05),
    Light("from below", 0.15, -1.0, 0.55, 0.05),
    Light("from the right, above", 0.8, 0.9, 0.40, 0.05),
)


def shade(z: Tensor, sky: Tensor, light: Light, step: float) -> Tensor:
    """Lambert's shading of a height map [H, W] with shadows, 0..1 and more: [H, W].

    `sky` is the map's `open_sky`; `step` is the distance between two neighbouring
    points, in the units of z.
    """
    lamp = light.direction
    direct = F.relu((normals(z, step) * lamp[:, None, None]).sum(0))
    return direct * lit(z, lamp, step) + light.fill * sky


def normals(z: Tensor, step: float) -> Tensor:
    """Unit normals (right, up, front) of a height map: [3, H, W]."""
    framed = F.pad(z[None, None], [1] * 4, mode="replicate")[0, 0]
    right = (framed[1:-1, 2:] - framed[1:-1, :-2]) / (2 * step)
    up = (framed[:-2, 1:-1] - framed[2:, 1:-1]) / (2 * step)
    return F.normalize(torch.stack([-right, -up, torch.ones_like(z)]), dim=0)


def lit(z: Tensor, lamp: Tensor, step: float, softness: float = 0.12) -> Tensor:
    """How much of the lamp every point sees, 0..1: rays walk over the height map."""
    seen = torch.ones_like(z)
    across = lamp[:2].norm().item()
    if across < 1e-6:
        return seen
    rise = lamp[2].item() / across
    for walked in _walk(step):
        there = _moved(z, lamp[:2] / across * walked / step)
        clear = (z + rise * walked - there) / (softness * walked + step)
        seen = torch.minimum(seen, (0.5 + clear).clamp(0, 1))
    return seen


def open_sky(z: Tensor, step: float, directions: int = 12) -> Tensor:
    """The share of light from all sides that reaches every point, 0..1: [H, W].

    In each direction what rises above the point hides the sky up to that angle.
    """
    hidden = torch.zeros_like(z)
    for turn in torch.arange(directions) * 2 * torch.pi / directions:
        way, slope = torch.stack([turn.cos(), turn.sin()]), torch.zeros_like(z)
        for walked in _walk(step, 1.5):
            there = _moved(z, way * walked / step)
            slope = torch.maximum(slope, (there - z) / walked)
        hidden += slope**2 / (1 + slope**2) / directions
    return (1 - hidden) * (1 + normals(z, step)[2]) / 2


def _walk(step: float, growth: float = 1.12) -> list[float]:
    """Distances from a point, the farther the rarer, up to the height of a head."""
    found = [2 * step]
    while found[-1] < 1.8:
        found.append(max(found[-1] + step, growth * found[-1]))
    return found


def _moved(z: Tensor, by: Tensor) -> Tensor:
    """What stands `by` (right, up) points away from every point of z [H, W]."""
    height, width = z.shape
    turn = torch.tensor(
        [[1, 0, 2 * by[0] / width], [0, 1, -2 * by[1] / height]], dtype=z.dtype
    )
    grid = F.affine_grid(turn[None], [1, 1, height, width], align_corners=False)
    return F.grid_sample(
        z[None, None], grid, padding_mode="border", align_corners=False
    )[0, 0]


def square(source: Source, size: int) -> Tensor:
    """The middle of a picture, [1, 3, size, size]: what is compared has one shape."""
    picture = images.load(source, size)
    top, left = ((side - size) // 2 for side in picture.shape[2:])
    return picture[..., top : top + size, left : left + size]


def relit(photo: Tensor, light: Light, stops: float = 2.0) -> Tensor:
    """A photo [1, 3, H, W] as if `light` fell on it, 0..1.

    A smooth field multiplies the light, not the pixels: from side to side it changes by
    up to 2 * `stops` factors of two, and light from the front falls on the middle.
    """
    across, down = (torch.linspace(-1, 1, side) for side in photo.shape[:1:-1])
    right, up, front = light.direction
    middle = 0.5 - across[None, :] ** 2 - down[:, None] ** 2
    field = right * across[None, :] - up * down[:, None] + front * middle
    return (photo**GAMMA * 2 ** (stops * field)).clamp(0, 1) ** (1 / GAMMA)


def recoloured(photo: Tensor, turn: float) -> Tensor:
    """A photo [1, 3, H, W] with all its hues turned by `turn` degrees, 0..1.

    The colour circle turns around the axis of the greys; brightness, the mean of red,
    green and blue, stays (but for what leaves the range).
    """
    angle = torch.deg2rad(torch.tensor(float(turn)))
    third = (1 - angle.cos()) / 3
    a, b = third + angle.cos(), angle.sin() / 3**0.5
    circle = torch.stack([a, third - b, third + b])
    matrix = torch.stack([circle.roll(i) for i in range(3)])
    return torch.einsum("ij,bjhw->bihw", matrix, photo).clamp(0, 1)
