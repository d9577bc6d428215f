"""Checks of notebooks 04 and 05: what students really write, and the hint it gets."""

import math

import pytest
import torch

from stylelab import lessons as checks
from stylelab.analysis import measure
from stylelab.core import statistics as losses


def content_loss(found, wanted):
    return ((found - wanted) ** 2).mean()


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


def decibel(found, true):
    return -10 * math.log10((found - true).square().mean())


RIGHT = [
    (checks.content_loss, content_loss),
    (checks.content_loss, torch.nn.functional.mse_loss),
    (checks.psnr, decibel),
    (checks.psnr, measure.psnr),
    (checks.psnr, lambda f, t: -10 * torch.log10(((f - t) ** 2).mean())),
    (checks.gram, gram),
    (checks.gram, lambda maps: losses.gram(maps[None])[0]),
    (checks.gram, lambda m: torch.einsum("nij,mij->nm", m, m) / m[0].numel()),
    (checks.gram, lambda m: [[(a * b).mean() for b in m] for a in m]),
    (checks.gram, lambda m: gram(m.double()).numpy()),
    (checks.numbers_in_gram, lambda n: n * (n + 1) // 2),
    (checks.numbers_in_gram, lambda n: sum(range(n + 1))),
]

WRONG = [
    (checks.content_loss, lambda f, w: ((f - w) ** 2).sum(), "wide"),
    (checks.content_loss, lambda f, w: (f - w).mean(), "both of them count"),
    (checks.content_loss, lambda f, w: (f - w).abs().mean(), "square them"),
    (checks.content_loss, lambda f, w: (f - w) ** 2, "one number"),
    (checks.content_loss, lambda f, w: (f.mean() - w.mean()) ** 2, "mirrored"),
    (
        checks.content_loss,
        lambda f, w: (losses.gram(f) - losses.gram(w)).square().mean(),
        "mirrored",
    ),
    (checks.content_loss, lambda f, w: content_loss(f, w) / 2, "should be"),
    (checks.content_loss, lambda f, w: content_loss(f, w) + 1, "cost 0"),
    (checks.content_loss, lambda f, w: content_loss(f, w).item(), "slope"),
    (checks.content_loss, lambda f, w: content_loss(f.detach(), w), "slope"),
    (checks.psnr, lambda f, t: -decibel(f, t), "sign"),
    (checks.psnr, lambda f, t: decibel(f, t) / 2, "squared"),
    (checks.psnr, lambda f, t: decibel(f, t) / 10, "ten decibels"),
    (checks.psnr, lambda f, t: -10 * math.log((f - t).square().mean()), "natural"),
    (checks.psnr, lambda f, t: 20.0, "half of the pixels"),
    (checks.psnr, lambda f, t: 20 * (f - t).mean().sign(), "Too dark"),
    (checks.psnr, lambda f, t: -20 * math.log10((f - t).abs().mean()), "mean of the"),
    (checks.psnr, lambda f, t: 255.0, "yours is 255.0"),
    (checks.gram, lambda m: m.flatten(1).T @ m.flatten(1) / 20, "places with places"),
    (checks.gram, lambda m: m.mean((1, 2)), "shape [3]"),
    (checks.gram, lambda m: m.flatten(1) @ m.flatten(1).T, "number of positions"),
    (checks.gram, lambda m: gram(m) / len(m), "first row"),
    (checks.gram, lambda m: gram(m).triu(), "symmetric"),
    (checks.gram, mixed_up, "does not transpose"),
    (checks.gram, cosines, "times"),
    (checks.gram, centred, "uncentred"),
    (checks.numbers_in_gram, lambda n: n * n, "symmetric"),
    (checks.numbers_in_gram, lambda n: n * (n - 1) // 2, "diagonal"),
    (checks.numbers_in_gram, lambda n: 2 * n, "different products"),
]


@pytest.mark.parametrize(("check", "answer"), RIGHT)
def test_a_right_answer_is_praised(check, answer):
    found = check(answer)
    assert found, found.text


@pytest.mark.parametrize(("check", "answer", "hint"), WRONG)
def test_a_wrong_answer_gets_a_hint_that_fits(check, answer, hint):
    found = check(answer)
    assert not found
    assert hint in found.text


@pytest.mark.parametrize("check", list(dict(RIGHT)))
def test_no_answer_yet_and_errors_are_answered(check):
    for empty in (None, ..., lambda *_: None, lambda *_: ...):
        assert "nothing to check" in check(empty).text
    assert "ZeroDivisionError" in check(lambda *_: 1 / 0).text
