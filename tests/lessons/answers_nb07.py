"""Answers to notebook 07's exercises: right ones, and what students really write."""

import torch

from stylelab.lessons.nb07_why import checks
from stylelab.lessons.nb07_why.checks import VERDICTS
from stylelab.lessons.nb07_why.light import GAMMA


def lightened(pixels, times):
    return (pixels**GAMMA * times).clamp(0, 1) ** (1 / GAMMA)


def lightened_in_place(pixels, times):
    pixels **= GAMMA
    pixels *= times
    return pixels.clamp(0, 1) ** (1 / GAMMA)


def kernel(a, b):
    return (a @ b.T).square()


def discrepancy(a, b):
    return kernel(a, a).mean() + kernel(b, b).mean() - 2 * kernel(a, b).mean()


def in_sums(a, b):
    return kernel(a, a).sum() + kernel(b, b).sum() - 2 * kernel(a, b).sum()


def unsquared(a, b):
    return (a @ a.T).mean() + (b @ b.T).mean() - 2 * (a @ b.T).mean()


def once(a, b):
    return kernel(a, a).mean() + kernel(b, b).mean() - kernel(a, b).mean()


def share(distances, labels):
    return (labels[nearest(distances)] == labels).float().mean()


def nearest(distances):
    return (distances + 1e9 * torch.eye(len(distances))).argmin(1)


def not_at_0(distances, labels):
    others = torch.where(distances == 0, torch.inf, distances)
    return (labels[others.argmin(1)] == labels).float().mean()


def farthest(distances, labels):
    return (labels[distances.argmax(1)] == labels).float().mean()


def itself(distances, labels):
    return (labels[distances.argmin(1)] == labels).float().mean()


def of_the_first(distances, labels):
    return (labels[nearest(distances)] == labels)[:30].float().mean()


TRUE = {claim: verdict for claim, (verdict, _) in VERDICTS.items()}
HASTY = dict.fromkeys(VERDICTS, "measured")

RIGHT = [
    (checks.twice_the_light, lightened),
    (checks.twice_the_light, lightened_in_place),
    (checks.twice_the_light, lambda p, t: lightened(p.double(), t).numpy()),
    (checks.discrepancy, discrepancy),
    (checks.discrepancy, lambda a, b: discrepancy(a.float(), b.float())),
    (checks.share_right, share),
    (checks.share_right, not_at_0),
    (checks.verdicts, TRUE),
]
WRONG = [
    (checks.twice_the_light, lambda p, t: t * p, "doubled the pixels"),
    (checks.twice_the_light, lambda p, t: (t * p).clamp(0, 1), "doubled the pixels"),
    (
        checks.twice_the_light,
        lambda p, t: (p ** (1 / GAMMA) * t) ** GAMMA,
        "other way",
    ),
    (checks.twice_the_light, lambda p, t: p + t - 1, "becomes 0.548"),
    (checks.twice_the_light, lambda p, t: p * 0 + t, "1 times"),
    (
        checks.twice_the_light,
        lambda p, t: p * t ** (1 / GAMMA),
        "exceed 1",
    ),
    (checks.discrepancy, in_sums, "not sums"),
    (checks.discrepancy, unsquared, "squared"),
    (checks.discrepancy, once, "between the sets twice"),
    (checks.discrepancy, lambda a, b: discrepancy(a, b) ** 0.5, "apart"),
    (checks.discrepancy, lambda a, b: (a * b).sum(), "RuntimeError"),
    (checks.share_right, itself, "pure noise"),
    (checks.share_right, farthest, "smallest"),
    (checks.share_right, of_the_first, "the share is"),
    (checks.verdicts, HASTY, "is not measured"),
    (checks.verdicts, {next(iter(TRUE)): "measured"}, "still open"),
]
