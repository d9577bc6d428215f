"""Checks for notebook 04, what is left of a photo, deep inside?."""

from collections.abc import Callable

import torch
from torch import Tensor

from stylelab.lessons.answer import Hints, call, check


@check("0 where all features agree, 1 for black, and its slope says which way to go.")
def content_loss(student: Callable[[Tensor, Tensor], Tensor]) -> Hints:
    """`student(maps, goal)`: sum of the squared differences over that of the goal."""

    def loss(maps: Tensor, goal: Tensor) -> Tensor:
        return torch.as_tensor(call(student, maps, goal))

    generator = torch.Generator().manual_seed(0)
    goal = torch.rand(1, 3, 4, 5, generator=generator)
    maps = goal + 0.2 * torch.randn(goal.shape, generator=generator)
    answer = loss(maps, goal)
    if answer.shape != ():
        yield f"A loss is one number; yours has shape {[*answer.shape]}: take a sum."
    if abs(equal := loss(goal, goal)) > 1e-6:
        yield f"Features that agree in everything should cost 0, not {equal:.3f}."
    above, below = loss(goal + 0.3, goal), loss(goal - 0.3, goal)
    if min(above, below) <= 0:
        yield (
            f"Too large features cost {above:.2f}, too small ones {below:.2f}. What "
            "makes both of them count?"
        )
    if abs(loss(goal.flip(3), goal)) < 1e-4:
        yield (
            "A mirrored photo costs nothing: your loss forgets where things stand. "
            "Compare every number with the one in its own place."
        )
    yield from _unit_hints(loss, maps, goal)
    true = (maps - goal).square().sum() / goal.square().sum()
    if not torch.isclose(answer, true, rtol=1e-3):
        yield f"On random features it should be {true:.4f}; yours is {answer:.4f}."
    if not loss(maps.clone().requires_grad_(), goal).requires_grad:
        yield (
            "The number is right, but it has no slope any more. `.item()`, `float()` "
            "and `.detach()` cut the loss off from the picture: leave them out."
        )


def _unit_hints(loss: Callable, maps: Tensor, goal: Tensor) -> Hints:
    """More numbers or larger ones cost the same, and zeros instead of a goal cost 1."""
    answer = loss(maps, goal)
    wide = loss(maps.repeat(1, 1, 1, 2), goal.repeat(1, 1, 1, 2))
    if not torch.isclose(answer, wide, rtol=1e-3):
        yield (
            f"On features twice as wide the loss is {wide / answer:.1f} times as "
            "large: divide by a number that grows as much, that of the goal."
        )
    strong = loss(10 * maps, 10 * goal)
    if not torch.isclose(answer, strong, rtol=1e-3):
        yield (
            "Where maps and goal are both 10 times as large, the loss should stay what "
            f"it is; yours is {strong / answer:.0f} times as large. Divide by the "
            "goal's own squares."
        )
    if torch.isclose(answer, (maps - goal).abs().sum() / goal.abs().sum(), rtol=1e-3):
        yield "You took the distances themselves; square them first."
    if torch.isclose(answer, (maps - goal).norm() / goal.norm(), rtol=1e-3):
        yield "That is the root of the right number: leave the squares as they are."
    black = loss(0 * maps, goal)
    if not torch.isclose(black, torch.ones(()), rtol=1e-3):
        yield (
            f"Maps of zeros should cost 1, and cost {black:.2f}: divide by the squares "
            "of the goal, which stay the same while the maps change."
        )


@check("20 dB for an error of a tenth, 40 for a hundredth.")
def psnr(student: Callable[[Tensor, Tensor], float]) -> Hints:
    """`student(picture, true)`: peak signal-to-noise ratio in dB, pictures in 0..1."""
    black = torch.zeros(1, 3, 8, 8)
    answer = torch.as_tensor(call(student, black + 0.1, black))
    if answer.numel() != 1:
        yield f"It is one number; yours has shape {[*answer.shape]}: take a mean."
    tenth = answer.item()
    if abs(tenth - 20) > 0.01:
        mistakes = {
            -20: " The sign is wrong: a smaller error is a larger ratio.",
            10: " Half of it: is the error squared, and is there a 10 before the log?",
            2: " A bel has ten decibels.",
            46.05: " That is the natural logarithm; decibels take the one to base 10.",
        }
        hint = "".join(h for wrong, h in mistakes.items() if abs(tenth - wrong) < 0.01)
        yield f"An error of 0.1 everywhere is 20 dB; yours is {tenth:.1f}.{hint}"
    dark = float(call(student, black + 0.4, black + 0.5))
    if abs(dark - 20) > 0.01:
        yield f"Too dark by 0.1 is 20 dB as well; yours is {dark:.1f}."
    half = black.clone()
    half[..., :4] = 0.2
    mixed = float(call(student, half, black))
    if abs(mixed - 16.99) > 0.01:
        yield (
            "An error of 0.2 in half of the pixels is 16.99 dB; yours is "
            f"{mixed:.2f}. Take the mean of the squares, then the logarithm."
        )
