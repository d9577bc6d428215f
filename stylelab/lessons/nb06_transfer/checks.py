"""Checks for notebook 06, content meets style."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.core.style_transfer import distance_to, gram
from stylelab.lessons.answer import Answer, Hints, call, check, judge, numbers

Loss = Callable[[Tensor, Tensor], Tensor]
Point = tuple[float, float]  # content error, style error
STYLES = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")


@check("Content and style have one unit now; alpha and beta set the exchange rate.")
def total_loss(student: Callable[..., Tensor]) -> Hints:
    """`student(maps, P, A, alpha, beta)`: alpha * content + beta * style (eq. 7)."""
    maps, P, A = _example()

    def loss(alpha: float, beta: float, maps: Mapping = maps) -> float:
        answer = numbers(student, maps, P, A, alpha, beta)
        if answer.numel() != 1:
            raise ValueError(
                f"a loss is one number, and yours has shape {[*answer.shape]}"
            )
        return answer.item()

    content, style, both = loss(1.0, 0.0), loss(0.0, 1.0), loss(2.0, 3.0)
    true_content = _relative(maps["relu4_2"], P)
    misses = {l: _relative(gram(maps[l])[0], A[l]) for l in A}
    true_style = sum(misses.values()) / len(misses)
    if _near(content, true_style) and _near(style, true_content):
        yield "You exchanged the weights: alpha weighs the content, beta the style."
    if not _near(content, true_content):
        yield _content_hint(content, maps["relu4_2"], P)
    if not _near(style, true_style):
        yield _style_hint(style, maps, A, misses)
    if not _near(both, 2 * content + 3 * style):
        yield (
            f"With alpha 2 and beta 3 the loss should be 2 x {content:.3f} + 3 x "
            f"{style:.3f} = {2 * content + 3 * style:.3f}; yours is {both:.3f}. Each "
            "weight multiplies its own part, and the parts are added."
        )
    steep = {name: one.clone().requires_grad_() for name, one in maps.items()}
    answer = call(student, steep, P, A, 1.0, 1.0)
    if not (isinstance(answer, Tensor) and answer.requires_grad):
        yield (
            "The number is right, but it has no slope any more. `.item()`, `float()` "
            "and `.detach()` cut the loss off from the picture: leave them out."
        )


def _example() -> tuple[dict[str, Tensor], Tensor, dict[str, Tensor]]:
    """Random maps of six layers, and goals for them: maps P and Gram matrices A."""
    generator = torch.Generator().manual_seed(0)

    def draw(number: int, side: int) -> Tensor:
        return number * torch.rand(1, number, side, side, generator=generator)

    sizes = dict(zip(STYLES, (2, 3, 4, 5, 6), strict=True)) | {"relu4_2": 5}
    maps = {layer: draw(number, 12 - number) for layer, number in sizes.items()}
    A = {layer: gram(draw(sizes[layer], 9))[0] for layer in STYLES}
    return maps, draw(5, 7), A


def _relative(found: Tensor, goal: Tensor) -> float:
    return distance_to(goal, None)(found).item()


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-3 * abs(other)


def _content_hint(content: float, F_: Tensor, P: Tensor) -> str:
    """The mistake in a content loss of alpha 1, beta 0."""
    true = _relative(F_, P)
    mistakes = {
        "The content is missing: alpha 1 and beta 0 give 0.": 0.0,
        "You left the content's distance without its divisor: `distance` divides by "
        "the squares of the goal.": F.mse_loss(F_, P).item(),
        "You divided by the squares of what was found. The goal comes second in "
        "`distance(found, goal)`, and stays the same while the picture changes.": (
            _relative(P, F_)
        ),
        "You compared Gram matrices for the content: they forget where things stand. "
        "Compare the maps themselves.": _relative(gram(F_), gram(P)),
        "Half of the right number: the 1/2 belongs to the paper's absolute loss.": (
            true / 2
        ),
    }
    for hint, wrong in mistakes.items():
        if _near(content, wrong):
            return hint
    return (
        f"With alpha 1 and beta 0 only the content is left: {true:.3f} on random maps, "
        f"and yours is {content:.3f}."
    )


def _style_hint(
    style: float, maps: Mapping, A: Mapping, misses: Mapping[str, float]
) -> str:
    """The mistake in a style loss of alpha 0, beta 1; `misses`: E of each layer."""
    grams = {layer: gram(maps[layer])[0] for layer in A}
    count, true = len(misses), sum(misses.values()) / len(misses)
    sums = [_relative(grams[l] * maps[l][0, 0].numel(), A[l]) for l in A]
    absolute = [F.mse_loss(grams[layer], A[layer]).item() for layer in A]
    reverse = [_relative(A[layer], grams[layer]) for layer in A]
    mistakes = {
        "The style is missing: alpha 0 and beta 1 give 0.": [0.0],
        f"{count} times the right number: you took the sum over the layers. Each has "
        "the weight w = 1/5.": [count * true],
        "You left the style's distances without their divisors: `distance` divides by "
        "the squares of the goal.": [sum(absolute), sum(absolute) / count],
        "Your Gram matrices are sums over the positions. Those in `A` are means: "
        "divide by the number of positions.": [sum(sums), sum(sums) / count],
        "You divided by the squares of what was found. The goal comes second in "
        "`distance(found, goal)`.": [sum(reverse), sum(reverse) / count],
    }
    for layer, miss in misses.items():
        only = f"Only {layer} counts in your style. Is each layer's distance added?"
        mistakes[only] = [miss, miss / count]
    for hint, wrong in mistakes.items():
        if any(_near(style, one) for one in wrong):
            return hint
    return (
        f"With alpha 0 and beta 1 only the style is left: {true:.3f} on random maps, "
        f"and yours is {style:.3f}."
    )


def _number(student: Loss, maps: Tensor, target: Tensor) -> float:
    loss = numbers(student, maps, target)
    if loss.numel() != 1:
        raise ValueError(f"a loss is one number, and yours has shape {[*loss.shape]}")
    return loss.item()


def style_loss(student: Loss) -> Answer:
    """`student(maps, target)`: distance of Gram matrices, whatever the maps' size."""
    generator = torch.Generator().manual_seed(1)
    maps, target = torch.rand(2, 1, 4, 6, 6, generator=generator)

    def hints() -> Hints:
        loss = _number(student, maps, target)
        if _number(student, target, target) > 1e-6 * abs(loss):
            yield "A picture compared with itself has to have the loss 0."
        tiled = _number(student, maps.repeat(1, 1, 2, 2), target.repeat(1, 1, 2, 2))
        if abs(tiled - loss) > 1e-3 * abs(loss):
            yield (
                "Both pictures were laid 2 x 2 like tiles: the same textures, only "
                f"more of them. Your loss became {tiled / loss:.3g} times as large. By "
                "what does a Gram matrix have to be divided?"
            )
        if not loss:
            yield "Two different textures have the loss 0."
        moved = _number(student, maps.roll((2, 3), (2, 3)), target)
        if abs(moved - loss) > 1e-4 * loss:
            yield "The maps were moved sideways, and your loss noticed: is it a Gram?"
        larger = _number(student, maps, target.repeat(1, 1, 2, 2))
        if abs(larger - loss) > 1e-3 * abs(loss):
            yield (
                "With a painting larger than the photo (the same tiles, 2 x 2 of them) "
                "your loss changes: divide each Gram matrix by its own number of "
                "positions."
            )
        true = F.mse_loss(gram(maps), gram(target)).item()
        if abs(loss - true) > 1e-3 * true:
            yield (
                "It does not depend on the size, but two random maps have the loss "
                f"{true:.3g}, not {loss:.3g}: the mean square over all N x N entries."
            )

    return judge(student, hints, "One weight of style now serves pictures of any size.")


def on_the_front(student: Callable[[Sequence[Point]], Iterable]) -> Answer:
    """`student(points)`: those (content, style) errors that no other point beats."""

    def hints() -> Hints:
        generator = torch.Generator().manual_seed(2)
        drawn = torch.randint(10, (30, 2), generator=generator).tolist()
        stairs = [(0.1, 0.9), (0.3, 0.5), (0.5, 0.6), (0.8, 0.2), (0.9, 0.2)]
        for points in (stairs, [(1, 1), (0, 0)], [tuple(pair) for pair in drawn]):
            kept = {tuple(point) for point in call(student, points)}
            if strangers := kept - set(points):
                yield f"{min(strangers)} is none of the points: give points back."
            for point in sorted(kept):
                if better := [p for p in points if _beats(p, point)]:
                    yield f"You kept {point}, but {better[0]} is no worse in either."
            for point in sorted(set(points) - kept):
                if not any(_beats(other, point) for other in points):
                    yield f"You left out {point}, and no other point beats it."

    return judge(student, hints, "Whatever you prefer, you will choose one of these.")


def _beats(one: Point, other: Point) -> bool:
    """Nowhere worse, and somewhere better."""
    return one != other and all(a <= b for a, b in zip(one, other, strict=True))


def paint(student: Callable[[Callable, Tensor, int], Tensor]) -> Answer:
    """`student(loss_of, start, steps)`: a picture in 0..1 with a far lower loss."""
    # A loss of 48 numbers that all depend on each other. Some of the best values lie
    # outside of 0..1, as the highlights of a photo do.
    generator = torch.Generator().manual_seed(0)
    mixing = torch.randn(48, 48, generator=generator) / 7 + torch.eye(48)
    best = 1.3 * torch.rand(48, generator=generator) - 0.15
    start = torch.full((1, 3, 4, 4), 0.5)

    def loss_of(picture: Tensor) -> Tensor:
        return 100 * (mixing @ (picture.flatten() - best)).square().sum()

    def hints() -> Hints:
        before = loss_of(start).item()
        picture = call(student, loss_of, start, 60)
        if torch.equal(picture.detach(), start):
            yield "You returned the start as it was: does a step move it?"
        after = loss_of(picture.detach().nan_to_num(0.5).clamp(0, 1)).item()
        if not after < before / 10:
            yield (
                f"From a loss of {before:,.0f} it went to {after:,.0f} in 60 steps. "
                "L-BFGS compares the slopes at two points, and expects that only its "
                "own step lies between them. Do not move the picture in between; clip "
                "once, at the end."
            )
        if picture.min() < 0 or picture.max() > 1:
            yield (
                f"The picture you return goes from {picture.min():.2f} to "
                f"{picture.max():.2f}; a picture that is shown has to lie in 0..1."
            )

    return judge(student, hints, "The optimiser is left alone while it walks.")
