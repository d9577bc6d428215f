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


def loop(x, features, goal, steps, rate, loss=content_loss, forget=True, sign=-1):
    """The loop of exercise 2, right or with one mistake."""
    x = x.clone().requires_grad_()
    for _ in range(steps):
        x.grad = None if forget else x.grad
        loss(features(x), goal).backward()
        with torch.no_grad():
            x += sign * rate * x.grad
    return x


def by_new_tensors(x, features, goal, steps, rate):
    for _ in range(steps):
        x = x.detach().requires_grad_()
        (slope,) = torch.autograd.grad(content_loss(features(x), goal), x)
        x = x - rate * slope
    return x


def with_adam(x, features, goal, steps, rate):
    x = x.clone().requires_grad_()
    optimizer = torch.optim.Adam([x], lr=0.05)
    for _ in range(steps):
        optimizer.zero_grad()
        content_loss(features(x), goal).backward()
        optimizer.step()
    return x


def with_lbfgs(x, features, goal, steps, rate):
    x = x.clone().requires_grad_()
    bounds = {"tolerance_change": 0, "tolerance_grad": 0}
    optimizer = torch.optim.LBFGS([x], max_iter=steps, max_eval=2 * steps, **bounds)

    def closure():
        optimizer.zero_grad()
        loss = content_loss(features(x), goal)
        loss.backward()
        return loss

    optimizer.step(closure)
    return x.detach()


def half(maps, goal):
    return (maps - goal).square().sum() / 2


def updates_nothing(x, features, goal, steps, rate):
    x = x.clone().requires_grad_()
    for _ in range(steps):
        x.grad = None
        content_loss(features(x), goal).backward()
        moved = x - rate * x.grad
    return moved.detach()


def without_no_grad(x, features, goal, steps, rate):
    x = x.clone().requires_grad_()
    for _ in range(steps):
        content_loss(features(x), goal).backward()
        x -= rate * x.grad
    return x


def no_leaf(x, features, goal, steps, rate):
    x = x.clone().requires_grad_()
    for _ in range(steps):
        x.retain_grad()
        slope = x.grad  # before there is one
        content_loss(features(x), goal).backward()
        x = x - rate * slope
    return x


def not_followed(x, features, goal, steps, rate):
    for _ in range(steps):
        content_loss(features(x), goal).backward()
        x = x - rate * x.grad
    return x


def under_no_grad(*given):
    with torch.no_grad():
        return loop(*given)


def features_once(x, features, goal, steps, rate):
    x = x.clone().requires_grad_()
    loss = content_loss(features(x), goal)
    for _ in range(steps):
        x.grad = None
        loss.backward(retain_graph=True)
        with torch.no_grad():
            x -= rate * x.grad
    return x


RIGHT = [
    (checks.rebuild, loop),
    (checks.rebuild, by_new_tensors),
    (checks.rebuild, with_adam),
    (checks.rebuild, with_lbfgs),
    (checks.rebuild, lambda *given: loop(*given, loss=half)),
    (checks.content_loss, content_loss),
    (checks.content_loss, lambda f, w: mean_square(f, w) / w.square().mean()),
    (checks.content_loss, lambda f, w: ((f - w).norm() / w.norm()) ** 2),
    (checks.psnr, decibel),
    (checks.psnr, measure.psnr),
    (checks.psnr, lambda f, t: -10 * torch.log10(((f - t) ** 2).mean())),
]

WRONG = [
    (checks.rebuild, lambda *given: loop(*given, forget=False), "sum of two slopes"),
    (checks.rebuild, lambda *given: loop(*given, sign=1), "up the slope"),
    (checks.rebuild, lambda *given: loop(*given, loss=mean_square), "relative"),
    (checks.rebuild, updates_nothing, "same picture"),
    (checks.rebuild, without_no_grad, "no_grad"),
    (checks.rebuild, no_leaf, "is None"),
    (checks.rebuild, not_followed, "requires_grad_"),
    (checks.rebuild, under_no_grad, "outside of"),
    (checks.rebuild, features_once, "inside the loop"),
    (checks.rebuild, lambda x, f, g, n, r: loop(x, f, g, 1, r), "has changed"),
    (checks.rebuild, lambda x, f, g, n, r: loop(x, f, g, 10, r), "asked for 10"),
    (checks.rebuild, lambda x, f, g, *rest: half(f(loop(x, f, g, *rest)), g), "not []"),
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
    (checks.psnr, lambda f, t: decibel(f, t) + 20 * math.log10(255), "not 255"),
    (checks.psnr, lambda f, t: 20.0, "half of the pixels"),
    (checks.psnr, lambda f, t: 20 * (f - t).mean().sign(), "Too dark"),
    (checks.psnr, lambda f, t: -20 * math.log10((f - t).abs().mean()), "mean of the"),
    (checks.psnr, lambda f, t: 255.0, "yours is 255.0"),
]
