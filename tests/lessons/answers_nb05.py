"""Answers to notebook 05's exercises: right ones, and what students really write."""

import torch

from stylelab.core import style_transfer
from stylelab.lessons.nb05_texture import checks as texture_checks
from stylelab.teaching.answers.nb05 import batch_grams


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


def products(maps):
    flat = maps.flatten(1)
    return flat @ flat.T


def loss(maps, texture):
    n, places = len(maps), maps[0].numel()
    squares = (products(maps) - products(texture)).square()
    return squares.sum() / (4 * n**2 * places**2)


def of_means(maps, texture):
    return (gram(maps) - gram(texture)).square().mean() / 4


def times(factor):
    return lambda maps, texture: (
        factor(len(maps), maps[0].numel()) * loss(maps, texture)
    )


def as_the_tutorial(maps):
    rows = maps.flatten(0, 1).flatten(1)
    return rows @ rows.T / rows.shape[1]


def one_for_all(maps):
    rows = maps.transpose(0, 1).flatten(1)
    return rows @ rows.T / rows.shape[1]


def first_for_both(maps):
    return torch.stack([gram(maps[0])] * 2)


RIGHT = [
    (texture_checks.gram, gram),
    (texture_checks.gram, lambda maps: style_transfer.gram(maps[None])[0]),
    (texture_checks.gram, lambda m: torch.einsum("nij,mij->nm", m, m) / m[0].numel()),
    (texture_checks.gram, lambda m: [[(a * b).mean() for b in m] for a in m]),
    (texture_checks.gram, lambda m: gram(m.double()).numpy()),
    (texture_checks.batch_grams, batch_grams),
    (texture_checks.batch_grams, style_transfer.gram),
    (texture_checks.batch_grams, lambda m: torch.stack([*map(gram, m)])),
    (texture_checks.gram_loss, loss),
    (texture_checks.gram_loss, of_means),
    (texture_checks.gram_loss, lambda maps, texture: loss(maps, texture).item()),
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
    (texture_checks.gram, lambda m: gram(m) / len(m), "by the number of maps"),
    (texture_checks.gram, lambda m: gram(m) / m.numel(), "number of positions"),
    (texture_checks.gram, lambda m: products(m) / m.numel(), "by the number of maps"),
    (texture_checks.gram, lambda m: 2 * gram(m), "first row"),
    (texture_checks.gram, lambda m: gram(m).triu(), "symmetric"),
    (texture_checks.gram, mixed_up, "does not transpose"),
    (texture_checks.gram, cosines, "times"),
    (texture_checks.gram, centred, "uncentred"),
    (texture_checks.batch_grams, as_the_tutorial, "picture 1 with picture 2"),
    (texture_checks.batch_grams, one_for_all, "mixed them into one"),
    (texture_checks.batch_grams, lambda m: batch_grams(m) / len(m), "half of"),
    (texture_checks.batch_grams, first_for_both, "The second picture's"),
    (texture_checks.batch_grams, lambda m: m.mean((2, 3)), "not [2, 3]"),
    (texture_checks.gram_loss, times(lambda n, m: 4), "4 below the line"),
    (texture_checks.gram_loss, times(lambda n, m: n**2), "divide by N² as well"),
    (texture_checks.gram_loss, times(lambda n, m: 4 * n**2), "by 4 N² as well"),
    (texture_checks.gram_loss, times(lambda n, m: m**2), "divide by M² as well"),
    (texture_checks.gram_loss, times(lambda n, m: 4 * m**2), "by 4 M² as well"),
    (texture_checks.gram_loss, times(lambda n, m: m**-2), "divided by M already"),
    (texture_checks.gram_loss, times(lambda n, m: 4 * n**2 * m**2), "by 4 N² M²"),
    (texture_checks.gram_loss, times(lambda n, m: 3), "3 times"),
    (texture_checks.gram_loss, lambda f, a: (f - a).square().mean() / 4, "not maps"),
    (texture_checks.gram_loss, lambda f, a: products(f) - products(a), "one number"),
    (
        texture_checks.gram_loss,
        lambda f, a: (gram(f) - gram(a)).abs().mean() / 4,
        "their squares",
    ),
]
