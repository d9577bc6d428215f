"""Answers to notebook 06's exercises: right ones, and what students really write."""

import torch
import torch.nn.functional as F

from stylelab.lessons.nb06_transfer import checks
from stylelab.teaching.answers.nb06 import distance
from stylelab.teaching.answers.nb06 import on_the_front as front


def total(content=1.0, style=1.0, apart=distance, grams=None, mean=True):
    """A total loss; the parts are what students change."""
    grams = grams or norm

    def total_loss(maps, P, A, alpha, beta):
        misses = [apart(grams(maps[layer]), A[layer]) for layer in A]
        miss = sum(misses) / (len(misses) if mean else 1)
        return alpha * content * apart(maps["relu4_2"], P) + beta * style * miss

    return total_loss


def with_einsum(maps, P, A, alpha, beta):
    loss = alpha * F.mse_loss(maps["relu4_2"], P) / (P**2).mean()
    for layer, goal in A.items():
        v = maps[layer].flatten(2)
        G = torch.einsum("bik,bjk->ij", v, v) / v.shape[-1]
        loss = loss + beta * 0.2 * ((G - goal) ** 2).sum() / (goal**2).sum()
    return loss


def only_last(maps, P, A, alpha, beta):
    for layer in A:
        style = distance(norm(maps[layer]), A[layer])
    return alpha * distance(maps["relu4_2"], P) + beta * style


def exchanged(maps, P, A, alpha, beta):
    return total()(maps, P, A, beta, alpha)


def of_grams(maps, P, A, alpha, beta):
    content = distance(norm(maps["relu4_2"]), norm(P))
    return alpha * content + total(content=0)(maps, P, A, alpha, beta)


def ratio_only(maps, P, A, alpha, beta):
    return total()(maps, P, A, 1, 0) * alpha + total()(maps, P, A, 0, 1) * beta**2


def norm(maps, divide=True):
    flat = maps[0].flatten(1)
    return flat @ flat.T / (flat.shape[1] if divide else 1)


def style_loss(maps, target):
    return (norm(maps) - norm(target)).square().mean()


def grows_with_size(maps, target):
    return (norm(maps, False) - norm(target, False)).square().mean()


def shrinks_with_size(maps, target):
    return style_loss(maps, target) / maps[0, 0].numel() ** 2


def one_divisor(maps, target):
    apart = norm(maps, False) - norm(target, False)
    return (apart / maps[0, 0].numel()).square().mean()


def painter(space=lambda x: x, start=lambda s: s, touch=None, end=lambda x: x):
    """Paints by torch's L-BFGS; the parts are what students change."""

    def paint(loss_of, first, steps):
        x = start(first.clone()).requires_grad_()
        optimizer = torch.optim.LBFGS([x], max_iter=1)

        def closure():
            if touch:
                touch(x)
            optimizer.zero_grad()
            loss = loss_of(space(x))
            loss.backward()
            return loss

        for _ in range(steps):
            optimizer.step(closure)
        return end(space(x).detach())

    return paint


def clip(x):
    return x.clamp(0, 1)


def clip_inside(x):
    x.data.clamp_(0, 1)


def all_pairs(points):
    def beats(a, b):
        return a != b and a[0] <= b[0] and a[1] <= b[1]

    return {p for p in points if not any(beats(q, p) for q in points)}


def using_up(points):
    kept = all_pairs(points)
    points.clear()
    return kept


RIGHT = [
    (checks.total_loss, total()),
    (checks.total_loss, with_einsum),
    (checks.total_loss, lambda *a: total()(*a)[None]),
    (checks.style_loss, style_loss),
    (checks.paint, painter(end=clip)),
    (checks.paint, painter(space=torch.sigmoid, start=torch.logit)),
    (checks.on_the_front, front),
    (checks.on_the_front, using_up),
    (checks.on_the_front, all_pairs),
]

WRONG = [
    (checks.total_loss, exchanged, "exchanged the weights"),
    (checks.total_loss, total(content=0), "The content is missing"),
    (checks.total_loss, total(style=0), "The style is missing"),
    (checks.total_loss, total(content=0.5), "Half of the right number"),
    (checks.total_loss, total(mean=False), "the sum over the layers"),
    (checks.total_loss, total(apart=F.mse_loss), "without its divisor"),
    (checks.total_loss, total(apart=lambda a, b: distance(b, a)), "what was found"),
    (checks.total_loss, of_grams, "forget where things stand"),
    (checks.total_loss, only_last, "Only relu5_1 counts"),
    (checks.total_loss, ratio_only, "multiplies its own part"),
    (checks.total_loss, lambda *a: total()(*a).item(), "no slope"),
    (
        checks.total_loss,
        total(grams=lambda m: norm(m, False)),
        "sums over the",
    ),
    (checks.total_loss, lambda maps, *rest: maps["relu4_2"], "one number"),
    (checks.style_loss, grows_with_size, "16 times as large"),
    (checks.style_loss, shrinks_with_size, "0.0625 times as large"),
    (checks.style_loss, lambda f, t: (f - t).square().mean(), "moved sideways"),
    (checks.style_loss, one_divisor, "its own number of positions"),
    (checks.style_loss, lambda f, t: f.mean() * 0, "the loss 0"),
    (checks.style_loss, lambda f, t: f.mean(), "compared with itself"),
    (checks.style_loss, lambda f, t: (norm(f) - norm(t)).abs().mean(), "mean square"),
    (checks.style_loss, lambda f, t: norm(f) - norm(t), "one number"),
    (checks.paint, painter(touch=clip_inside), "60 steps"),
    (checks.paint, painter(touch=clip_inside, end=clip), "clip once"),
    (checks.paint, painter(), "has to lie in 0..1"),
    (checks.paint, lambda loss_of, start, steps: start, "returned the start"),
    (checks.on_the_front, lambda points: points, "is no worse in either"),
    (checks.on_the_front, lambda points: [min(points)], "no other point beats it"),
    (checks.on_the_front, lambda points: [(7, 7)], "none of the points"),
    (checks.on_the_front, lambda points: [max(points)], "is no worse in either"),
]
