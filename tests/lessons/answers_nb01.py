"""Answers to notebook 01's exercises: right ones, and what students really write."""

import torch
import torch.nn.functional as F

from stylelab.lessons.nb01_convolution import checks

BLUR = torch.ones(3, 3) / 9
SOBEL = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])[None, None] / 4
IDENTITY = torch.zeros(3, 3)
IDENTITY[1, 1] = 1
INVERTED = torch.tensor([[2, -1, 2], [-1, -3, -1], [2, -1, 2]])
SHARPER = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]


def steepness(picture):
    return F.conv2d(picture[None, None], SOBEL)[0, 0]


RIGHT = [
    (checks.output_size, lambda s, k, t, p: (s + 2 * p - k) // t + 1),
    (checks.sharpening, 2 * IDENTITY - BLUR),
    (checks.sharpening, SHARPER),
    (checks.edge_strength, lambda p: steepness(p).abs()),
    (checks.edge_strength, lambda p: abs(steepness(p).numpy())),
    (checks.edge_strength, lambda p: F.conv2d(p[None, None], SOBEL).abs()),
]

# What students really write, and a word that the hint has to contain.
WRONG = [
    (checks.output_size, lambda s, k, t, p: s - k + 1, "both sides"),
    (checks.output_size, lambda s, k, t, p: s - k, "loses one pixel"),
    (checks.output_size, lambda s, k, t, p: (s + 2 * p - k + 1) // t, "stride"),
    (checks.output_size, lambda s, k, t, p: (s + 2 * p - k) / t + 1, "round down"),
    (checks.sharpening, BLUR, "times as steep"),
    (checks.sharpening, IDENTITY, "negative"),
    (checks.sharpening, IDENTITY - BLUR, "sum to"),
    (checks.sharpening, torch.ones(5, 5) / 25, "shape"),
    (checks.sharpening, IDENTITY.roll(1, 0), "directions"),
    (checks.sharpening, INVERTED, "-5.00 times as steep"),
    (checks.edge_strength, lambda p: steepness(p).clamp(0, 1), "below 0"),
    (checks.edge_strength, lambda p: steepness(p).abs().mean(), "should be a map"),
    (checks.edge_strength, lambda p: -steepness(p).abs(), "never below 0"),
    (checks.edge_strength, steepness, "Mirror"),
    (checks.edge_strength, lambda p: p * 0, "almost 0"),
    (checks.edge_strength, lambda p: steepness(p).abs() + 0.2, "flat"),
]
