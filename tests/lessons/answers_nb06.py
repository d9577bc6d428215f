"""Answers to notebook 06's exercises: right ones, and what students really write."""

import torch

from stylelab.lessons.nb06_transfer import checks


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


def front(points):
    kept = []
    for point in sorted(points):
        if not kept or point[1] < kept[-1][1]:
            kept.append(point)
    return kept


def all_pairs(points):
    def beats(a, b):
        return a != b and a[0] <= b[0] and a[1] <= b[1]

    return {p for p in points if not any(beats(q, p) for q in points)}


def using_up(points):
    kept = all_pairs(points)
    points.clear()
    return kept


RIGHT = [
    (checks.style_loss, style_loss),
    (checks.paint, painter(end=clip)),
    (checks.paint, painter(space=torch.sigmoid, start=torch.logit)),
    (checks.on_the_front, front),
    (checks.on_the_front, using_up),
    (checks.on_the_front, all_pairs),
]

WRONG = [
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
    (checks.paint, lambda loss_of, start, steps: start, "From a loss of"),
    (checks.on_the_front, lambda points: points, "is no worse in either"),
    (checks.on_the_front, lambda points: [min(points)], "no other point beats it"),
    (checks.on_the_front, lambda points: [(7, 7)], "none of the points"),
    (checks.on_the_front, lambda points: [max(points)], "is no worse in either"),
]
