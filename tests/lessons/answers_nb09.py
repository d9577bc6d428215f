"""Answers to notebook 09's exercises: right ones, and what students really write."""

from stylelab.lessons.nb09_guess import checks
from stylelab.teaching.answers.nb09 import conditional_normalisation as normalised


def whole(maps, mean, deviation):
    plain = (maps - maps.mean()) / maps.std()
    return plain * deviation[:, None, None] + mean[:, None, None]


def early(maps, mean, deviation):
    own = maps.mean((2, 3), keepdim=True), maps.std((2, 3), keepdim=True)
    plain = (maps - own[0]) / own[1]
    return (plain + mean[:, None, None]) * deviation[:, None, None]


def unscaled(maps, mean, deviation):
    plain = maps - maps.mean((2, 3), keepdim=True)
    return plain * deviation[:, None, None] + mean[:, None, None]


RIGHT = [
    (checks.conditional_normalisation, normalised),
    (checks.conditional_normalisation, lambda *a: normalised(*a).double().numpy()),
    (checks.between, lambda one, other, share: (1 - share) * one + share * other),
    (checks.between, lambda one, other, share: one + share * (other - one)),
]
WRONG = [
    (checks.conditional_normalisation, whole, "own mean first"),
    (checks.conditional_normalisation, unscaled, "by its own deviation"),
    (checks.conditional_normalisation, early, "after the scaling"),
    (checks.conditional_normalisation, lambda m, *_: m[0], "shape"),
    (
        checks.between,
        lambda one, other, share: share * one + (1 - share) * other,
        "exchange the two",
    ),
    (
        checks.between,
        lambda one, other, share: one + share * other,
        "nothing of the first",
    ),
    (
        checks.between,
        lambda one, other, share: (one + other) / 2,
        "first style, unchanged",
    ),
    (
        checks.between,
        lambda one, other, share: one if share < 0.5 else other,
        "three quarters",
    ),
    (checks.between, lambda one, other, share: one[:50], "has the shape [50]"),
]
