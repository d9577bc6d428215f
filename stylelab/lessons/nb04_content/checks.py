"""Checks for notebook 04, what is left of a photo, deep inside?."""

from collections.abc import Callable
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.lessons.answer import Hints, Unfinished, call, check
from stylelab.lessons.autograd import autograd_hint


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
            68.13: " Pictures here are in 0..1: their peak is 1, not 255.",
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


STEPS, RATE = 40, 4.0  # of the check's own run


@check("You wrote it: features, loss, slope, step. Style transfer adds one term.")
def rebuild(student: Callable[[Tensor, Callable, Tensor, int, float], Tensor]) -> Hints:
    """`student(x, features, goal, steps, rate)`: descent on the content loss."""
    network = _SmallNetwork()
    start = network.start()
    try:
        answer = call(student, start, network, network.goal, STEPS, RATE)
    except Unfinished:
        raise
    except Exception as error:  # a student's loop may raise anything
        yield autograd_hint(error)
        return
    yield from _path_hints(network.seen, network)
    answer = torch.as_tensor(answer).detach()
    if answer.shape != start.shape:
        yield f"A picture {[*start.shape]} should come back, not {[*answer.shape]}."
    before, after = network.loss(start), network.loss(answer)
    if len(network.seen) < STEPS:
        yield f"{STEPS} steps were asked for; yours asked for {len(network.seen)}."
    if not after < before / 8:  # nan, too
        yield (
            f"The content loss went from {before:.2f} only to {after:.3f} in {STEPS} "
            "steps. Is it relative to the goal, and the step rate times the slope?"
        )


class _SmallNetwork:
    """One convolution and a ReLU: features that remember the pictures they saw."""

    def __init__(self) -> None:
        draws = torch.Generator().manual_seed(0)
        self.kernels = torch.randn(16, 3, 3, 3, generator=draws) / 5
        photo = torch.rand(1, 3, 8, 9, generator=draws)
        with torch.no_grad():
            self.kernels /= self._maps(photo).norm()  # so the goal's squares sum to 1
            self.goal = self._maps(photo)
        self.seen: list[Tensor] = []

    def start(self) -> Tensor:
        draws = torch.Generator().manual_seed(1)
        return 0.5 + 0.05 * torch.randn(1, 3, 8, 9, generator=draws)

    def _maps(self, x: Tensor) -> Tensor:
        return F.relu(F.conv2d(x, self.kernels, padding=1))

    def __call__(self, x: Tensor) -> Tensor:
        self.seen.append(x.detach().clone())
        return self._maps(x)

    def __deepcopy__(self, memo: dict) -> "_SmallNetwork":
        return self  # `call` copies arguments, and this one has to remember

    def loss(self, x: Tensor) -> Tensor:
        return (self._maps(x) - self.goal).square().sum()

    def slope(self, x: Tensor) -> Tensor:
        with torch.enable_grad():
            x = x.clone().requires_grad_()
            return torch.autograd.grad(self.loss(x), x)[0].flatten()


def _path_hints(seen: list[Tensor], network: _SmallNetwork) -> Hints:
    """What the pictures that the loop went through say about its steps."""
    if len(seen) < 3:
        yield (
            f"{STEPS} steps need the features {STEPS} times, and yours asked "
            f"{len(seen)} times. Ask in every step: the picture has changed."
        )
        return
    first, second = ((b - a).flatten() for a, b in pairwise(seen[:3]))
    before, now = (network.slope(x) for x in seen[:2])
    if not first.any() and not second.any():
        yield "Every step saw the same picture: does your step change x itself?"
    if first.dot(before) > 0:
        yield "Your first step goes up the slope, to a larger loss. Subtract it."
    piled = F.cosine_similarity(second, -(before + now), dim=0)
    if piled > 0.9999 > F.cosine_similarity(second, -now, dim=0):
        yield (
            "Your second step follows the sum of two slopes: backward adds to x.grad. "
            "Empty it in every step, by `x.grad = None`."
        )
