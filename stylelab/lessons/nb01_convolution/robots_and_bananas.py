"""Robots and bananas, drawn by code: a task for a network small enough to watch.

Every picture has its own colours, size, turn and speckles. Both kinds draw from the
same colours, so that only the form tells them apart.
"""

import math
from collections.abc import Iterator

import numpy as np
import PIL.Image
import PIL.ImageDraw
import torch
from torch import Tensor

KINDS = ("robot", "banana")
SIDE = 32  # pixels
CANVAS = 4 * SIDE  # pictures are drawn large and made small, which smooths the edges


def draw(kind: str, seed: int) -> PIL.Image.Image:
    """One picture of a "robot" or a "banana", SIDE x SIDE pixels."""
    if kind not in KINDS:
        raise ValueError(f"no drawing of a '{kind}': choose {' or '.join(KINDS)}")
    random = np.random.default_rng(seed)
    background, figure, detail = _colours(random)
    image = PIL.Image.new("RGB", (CANVAS, CANVAS), background)
    pen = PIL.ImageDraw.Draw(image)
    shapes = [*(_robot if kind == "robot" else _banana)(random)]
    scale, turn = random.uniform(0.75, 1.15), random.uniform(-0.5, 0.5)
    shift = random.uniform(-0.12, 0.12, 2)
    cos, sin = math.cos(turn), math.sin(turn)
    for corners, is_detail in shapes:  # corners [N, 2] in a unit square around 0
        turned = corners @ [[cos, sin], [-sin, cos]]
        placed = (0.5 + scale * turned + shift) * CANVAS
        pen.polygon(placed.ravel().tolist(), fill=detail if is_detail else figure)
    small = np.asarray(image.resize((SIDE, SIDE), PIL.Image.Resampling.BOX))
    speckled = small + random.normal(0, 14, small.shape)
    return PIL.Image.fromarray(speckled.clip(0, 255).astype(np.uint8))


def dataset(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """`count` pictures [count, 3, 32, 32] in 0..1 and their kinds [count] (0, 1).

    Robots and bananas alternate. Two seeds share no picture.
    """
    first = seed * 1_000_000
    drawings = [np.asarray(draw(KINDS[i % 2], first + i)) for i in range(count)]
    pictures = torch.from_numpy(np.stack(drawings)).permute(0, 3, 1, 2)
    return pictures.float().contiguous() / 255, torch.arange(count) % 2


def _colours(random: np.random.Generator) -> tuple[tuple[int, ...], ...]:
    """Colours of background, figure and details; details resemble the background."""
    while True:
        background, figure = random.integers(20, 236, (2, 3))
        if np.abs(background - figure).sum() > 200:
            detail = (background + 0.35 * (figure - background)).astype(int)
            return tuple(tuple(c.tolist()) for c in (background, figure, detail))


def _rectangle(x: float, y: float, width: float, height: float) -> np.ndarray:
    """The corners of a rectangle around (x, y)."""
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    return (x, y) + corners * (width / 2, height / 2)


def _robot(random: np.random.Generator) -> Iterator[tuple[np.ndarray, bool]]:
    """A head with eyes and aerial, a body, arms and legs: all of them rectangles."""
    head, body = random.uniform(0.2, 0.3), random.uniform(0.26, 0.38)
    eye, arm = random.uniform(0.05, 0.08), random.uniform(0.16, 0.3)
    yield _rectangle(0, -0.2, head, 0.2), False
    yield _rectangle(0, -0.34, 0.04, 0.1), False
    yield _rectangle(0, 0.07, body, 0.28), False
    yield _rectangle(0, 0.07, body / 2, 0.1), True
    for side in (-1, 1):
        yield _rectangle(side * head / 4, -0.22, eye, eye), True
        yield _rectangle(side * (body / 2 + 0.06), 0.05, 0.06, arm), False
        yield _rectangle(side * body / 4, 0.3, 0.08, 0.2), False


def _banana(random: np.random.Generator) -> Iterator[tuple[np.ndarray, bool]]:
    """A crescent with two dark tips and a seam."""
    radius, thickness = random.uniform(0.28, 0.4), random.uniform(0.07, 0.11)
    half, bend = random.uniform(0.9, 1.3), random.choice([-1, 1])

    def bow(inner: float, outer: float, begin: float, end: float) -> np.ndarray:
        """Along the outer edge from angle `begin` to `end`, back along the inner."""
        angles = np.linspace(begin, end, 24)
        angle = np.concatenate([angles, angles[::-1]])
        edge = np.repeat([outer, inner], 24)
        # Thick in the middle, thin at both ends.
        r = radius + edge * thickness * np.cos(angle / half * 1.35)
        return np.stack([r * np.sin(angle), bend * (r * np.cos(angle) - radius)], 1)

    tip = 0.82 * half
    yield bow(-1, 1, -half, half), False
    yield bow(-1, 1, -half, -tip), True
    yield bow(-1, 1, tip, half), True
    yield bow(0.1, 0.3, -0.7 * half, 0.7 * half), True
