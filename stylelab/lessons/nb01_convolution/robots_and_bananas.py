"""Robots and bananas, drawn by code: a task for a network small enough to watch.

Every picture has its own colours, size, turn and speckled ground, and both kinds draw
from the same colours, so that only the form tells them apart.
"""

from __future__ import annotations

import math

import numpy as np
import PIL.Image
import PIL.ImageDraw
import torch
from torch import Tensor

KINDS = ("robot", "banana")
SIDE = 32  # pixels
CANVAS = 4 * SIDE  # drawn large and made small, which smooths the edges

Point = tuple[float, float]


def draw(kind: str, seed: int) -> PIL.Image.Image:
    """One picture of a "robot" or a "banana", SIDE x SIDE pixels."""
    if kind not in KINDS:
        raise ValueError(f"no drawing of a '{kind}': choose {' or '.join(KINDS)}")
    random = np.random.default_rng(seed)
    ground, light, dark = _colours(random)
    image = PIL.Image.new("RGB", (CANVAS, CANVAS), ground)
    pen = PIL.ImageDraw.Draw(image)
    shapes = (_robot if kind == "robot" else _banana)(random)
    scale, turn = random.uniform(0.75, 1.15), random.uniform(-0.5, 0.5)
    shift = random.uniform(-0.12, 0.12, 2)
    for points, shaded in shapes:
        placed = [_placed(point, scale, turn, shift) for point in points]
        pen.polygon(placed, fill=dark if shaded else light)
    small = np.asarray(image.resize((SIDE, SIDE), PIL.Image.Resampling.BOX))
    speckled = small + random.normal(0, 14, small.shape)
    return PIL.Image.fromarray(speckled.clip(0, 255).astype(np.uint8))


def dataset(count: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """`count` pictures [count, 3, 32, 32] in 0..1 and their kinds [count] (0, 1).

    Robots and bananas alternate. No two seeds below 1000 share a picture.
    """
    kinds = torch.arange(count) % 2
    first = seed * 1_000_000
    drawn = [np.asarray(draw(KINDS[i % 2], first + i)) for i in range(count)]
    pictures = torch.from_numpy(np.stack(drawn)).permute(0, 3, 1, 2)
    return pictures.float().contiguous() / 255, kinds


def _colours(random: np.random.Generator) -> tuple[tuple[int, ...], ...]:
    """Colours of the ground, of the figure, and of its details: like the ground's."""
    while True:
        ground, light = random.integers(20, 236, (2, 3))
        if np.abs(ground - light).sum() > 200:
            dark = (ground + 0.35 * (light - ground)).astype(int)
            return tuple(tuple(map(int, colour)) for colour in (ground, light, dark))


def _placed(point: Point, scale: float, turn: float, shift: np.ndarray) -> Point:
    """From the unit square around 0 to the canvas: made larger, turned, moved."""
    x, y = point
    cos, sin = math.cos(turn), math.sin(turn)
    turned = np.array([cos * x - sin * y, sin * x + cos * y])
    x, y = (0.5 + scale * turned + shift) * CANVAS
    return float(x), float(y)


def _rectangle(x: float, y: float, width: float, height: float) -> list[Point]:
    """The corners of a rectangle around (x, y)."""
    w, h = width / 2, height / 2
    return [(x - w, y - h), (x + w, y - h), (x + w, y + h), (x - w, y + h)]


def _robot(random: np.random.Generator) -> list[tuple[list[Point], bool]]:
    """A head with eyes and aerial, a body, arms and legs: rectangles all."""
    head, body = random.uniform(0.2, 0.3), random.uniform(0.26, 0.38)
    eye, arm = random.uniform(0.05, 0.08), random.uniform(0.16, 0.3)
    shapes = [
        (_rectangle(0, -0.2, head, 0.2), False),
        (_rectangle(0, -0.34, 0.04, 0.1), False),
        (_rectangle(0, 0.07, body, 0.28), False),
        (_rectangle(0, 0.07, body / 2, 0.1), True),
    ]
    for side in (-1, 1):
        shapes += [
            (_rectangle(side * head / 4, -0.22, eye, eye), True),
            (_rectangle(side * (body / 2 + 0.06), 0.05, 0.06, arm), False),
            (_rectangle(side * body / 4, 0.3, 0.08, 0.2), False),
        ]
    return shapes


def _banana(random: np.random.Generator) -> list[tuple[list[Point], bool]]:
    """A crescent with two dark tips and a seam."""
    radius, thick = random.uniform(0.28, 0.4), random.uniform(0.07, 0.11)
    half, way = random.uniform(0.9, 1.3), random.choice([-1, 1])

    def bow(inner: float, outer: float, begin: float, end: float) -> list[Point]:
        def edge(reach: float, angle: float) -> Point:
            # Thick in the middle, thin at both ends.
            at = radius + reach * thick * math.cos(angle / half * 1.35)
            return at * math.sin(angle), way * (at * math.cos(angle) - radius)

        angles = np.linspace(begin, end, 24)
        there = [edge(outer, angle) for angle in angles]
        return there + [edge(inner, angle) for angle in angles[::-1]]

    tip = 0.82 * half
    return [
        (bow(-1, 1, -half, half), False),
        (bow(-1, 1, -half, -tip), True),
        (bow(-1, 1, tip, half), True),
        (bow(0.1, 0.3, -0.7 * half, 0.7 * half), True),
    ]
