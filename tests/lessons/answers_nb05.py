"""Answers to notebook 05's exercises: right ones, and what students really write."""

import torch

from stylelab.core import style_transfer
from stylelab.lessons.nb05_texture import checks as texture_checks


def gram(maps):
    flat = maps.flatten(1)
    return flat @ flat.T / flat.shape[1]


def centred(maps):
    flat = maps.flatten(1) - maps.flatten(1).mean(1, keepdim=True)
    return flat @ flat.T / flat.shape[1]


def mixed_up(maps):
    n, h, w = maps.shape
    flat = maps.reshape(h * w, n)
    return flat.T @ flat / (h * w)


def cosines(maps):
    flat = torch.nn.functional.normalize(maps.flatten(1), dim=1)
    return flat @ flat.T


RIGHT = [
    (texture_checks.gram, gram),
    (texture_checks.gram, lambda maps: style_transfer.gram(maps[None])[0]),
    (texture_checks.gram, lambda m: torch.einsum("nij,mij->nm", m, m) / m[0].numel()),
    (texture_checks.gram, lambda m: [[(a * b).mean() for b in m] for a in m]),
    (texture_checks.gram, lambda m: gram(m.double()).numpy()),
    (texture_checks.numbers_in_gram, lambda n: n * (n + 1) // 2),
    (texture_checks.numbers_in_gram, lambda n: sum(range(n + 1))),
]

WRONG = [
    (
        texture_checks.gram,
        lambda m: m.flatten(1).T @ m.flatten(1) / 20,
        "places with places",
    ),
    (texture_checks.gram, lambda m: m.mean((1, 2)), "shape [3]"),
    (
        texture_checks.gram,
        lambda m: m.flatten(1) @ m.flatten(1).T,
        "number of positions",
    ),
    (texture_checks.gram, lambda m: gram(m) / len(m), "first row"),
    (texture_checks.gram, lambda m: gram(m).triu(), "symmetric"),
    (texture_checks.gram, mixed_up, "does not transpose"),
    (texture_checks.gram, cosines, "times"),
    (texture_checks.gram, centred, "uncentred"),
    (texture_checks.numbers_in_gram, lambda n: n * n, "symmetric"),
    (texture_checks.numbers_in_gram, lambda n: n * (n - 1) // 2, "diagonal"),
    (texture_checks.numbers_in_gram, lambda n: 2 * n, "different products"),
]
