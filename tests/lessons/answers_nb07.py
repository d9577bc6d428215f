"""Answers to notebook 07's exercises: right ones, and what students really write."""

from stylelab.lessons.nb07_why import checks
from stylelab.lessons.nb07_why.checks import VERDICTS


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


TRUE = {claim: verdict for claim, (verdict, _) in VERDICTS.items()}
HASTY = dict.fromkeys(VERDICTS, "measured")

RIGHT = [
    (checks.discrepancy, discrepancy),
    (checks.discrepancy, lambda a, b: discrepancy(a.float(), b.float())),
    (checks.verdicts, TRUE),
]
WRONG = [
    (checks.discrepancy, in_sums, "not sums"),
    (checks.discrepancy, unsquared, "squared"),
    (checks.discrepancy, once, "between the sets twice"),
    (checks.discrepancy, lambda a, b: discrepancy(a, b) ** 0.5, "apart"),
    (checks.discrepancy, lambda a, b: (a * b).sum(), "RuntimeError"),
    (checks.verdicts, HASTY, "is not measured"),
    (checks.verdicts, {next(iter(TRUE)): "measured"}, "still open"),
]
