"""Checks for notebook 06, content meets style."""

from collections.abc import Callable, Iterable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.core.style_transfer import gram
from stylelab.lessons.answer import Answer, Hints, call, judge, numbers

Loss = Callable[[Tensor, Tensor], Tensor]
Point = tuple[float, float]  # content error, style error


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
