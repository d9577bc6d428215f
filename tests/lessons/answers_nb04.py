"""Answers to notebook 04's exercises: right ones, and what students really write."""

import math

import torch

from stylelab.analysis import measure
from stylelab.core.style_transfer import gram
from stylelab.lessons.nb04_content import checks


def content_loss(maps, goal):
    return ((maps - goal) ** 2).sum() / (goal**2).sum()


def mean_square(maps, goal):
    return ((maps - goal) ** 2).mean()


def decibel(picture, true):
    return -10 * math.log10((picture - true).square().mean())


RIGHT = [
    (checks.content_loss, content_loss),
    (checks.content_loss, lambda f, w: mean_square(f, w) / w.square().mean()),
    (checks.content_loss, lambda f, w: ((f - w).norm() / w.norm()) ** 2),
    (checks.psnr, decibel),
    (checks.psnr, measure.psnr),
    (checks.psnr, lambda f, t: -10 * torch.log10(((f - t) ** 2).mean())),
]

WRONG = [
    (checks.content_loss, lambda f, w: ((f - w) ** 2).sum(), "wide"),
    (checks.content_loss, lambda f, w: (f - w).mean(), "both of them count"),
    (checks.content_loss, mean_square, "100 times as large"),
    (checks.content_loss, lambda f, w: mean_square(f, w) / len(w[0]), "goal's own"),
    (checks.content_loss, lambda f, w: mean_square(f, w) / f.square().mean(), "zeros"),
    (checks.content_loss, lambda f, w: (f - w).norm() / w.norm(), "root"),
    (
        checks.content_loss,
        lambda f, w: (f - w).abs().sum() / w.abs().sum(),
        "square them",
    ),
    (checks.content_loss, lambda f, w: (f - w) ** 2, "one number"),
    (checks.content_loss, lambda f, w: (f.mean() - w.mean()) ** 2, "mirrored"),
    (checks.content_loss, lambda f, w: (gram(f) - gram(w)).square().mean(), "mirrored"),
    (checks.content_loss, lambda f, w: content_loss(f, w) / 2, "and cost 0.50"),
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
]
