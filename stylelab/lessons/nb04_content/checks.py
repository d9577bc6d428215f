"""Checks for notebook 04, what is left of a photo, deep inside?."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from stylelab.lessons.answer import Answer, Hints, call, judge


def content_loss(student: Callable[[Tensor, Tensor], Tensor]) -> Answer:
    """`student(found, wanted)`: the mean square difference of two [1, N, H, W]."""
    draws = torch.Generator().manual_seed(0)
    wanted = torch.rand(1, 3, 4, 5, generator=draws)
    found = wanted + 0.2 * torch.randn(wanted.shape, generator=draws)

    def hints() -> Hints:
        loss = torch.as_tensor(call(student, found, wanted))
        if loss.shape != ():
            yield f"A loss is one number; yours has shape {[*loss.shape]}: take a mean."
        yield from _direction_hints(student, wanted)
        yield from _value_hints(student, found, wanted)
        yield from _slope_hints(student, found, wanted)

    praise = "It is 0 where all features agree, and its slope says which way to go."
    return judge(student, hints, praise)


def _value_hints(student: Callable, found: Tensor, wanted: Tensor) -> Hints:
    """A mean, of squares, and no factor before it."""
    loss = torch.as_tensor(call(student, found, wanted))
    pair = (maps.repeat(1, 1, 1, 2) for maps in (found, wanted))
    wide = torch.as_tensor(call(student, *pair))
    if not torch.isclose(loss, wide, rtol=1e-3):
        yield (
            f"On features twice as wide the loss is {wide / loss:.1f} times as large: "
            "with a mean instead of a sum, sizes can be compared."
        )
    if torch.isclose(loss, (found - wanted).abs().mean(), rtol=1e-3):
        yield "You took the mean of the distances; square them first."
    true = (found - wanted).square().mean()
    if not torch.isclose(loss, true, rtol=1e-3):
        yield f"On random features it should be {true:.4f}; yours is {loss:.4f}."


def _direction_hints(student: Callable, wanted: Tensor) -> Hints:
    """Equal features cost nothing; too much, too little and moved ones do."""
    equal = call(student, wanted, wanted)
    if abs(equal) > 1e-6:
        yield f"Features that agree in everything should cost 0, not {equal:.3f}."
    above, below = (call(student, wanted + s, wanted) for s in (0.3, -0.3))
    if min(above, below) <= 0:
        yield (
            f"Too large features cost {above:.2f}, too small ones {below:.2f}. What "
            "makes both of them count?"
        )
    if abs(call(student, wanted.flip(3), wanted)) < 1e-4:
        yield (
            "A mirrored photo costs nothing: your loss forgets where things stand. "
            "Compare every number with the one in its own place."
        )


def _slope_hints(student: Callable, found: Tensor, wanted: Tensor) -> Hints:
    moving = found.clone().requires_grad_()
    loss = call(student, moving, wanted)
    if not (isinstance(loss, Tensor) and loss.requires_grad):
        yield (
            "The number is right, but it has no slope any more. `.item()`, `float()` "
            "and `.detach()` cut the loss off from the picture: leave them out."
        )


def psnr(student: Callable[[Tensor, Tensor], float]) -> Answer:
    """`student(found, true)`: peak signal-to-noise ratio in dB of pictures in 0..1."""
    black = torch.zeros(1, 3, 8, 8)

    def hints() -> Hints:
        tenth = torch.as_tensor(call(student, black + 0.1, black))
        if tenth.numel() != 1:
            yield f"It is one number; yours has shape {[*tenth.shape]}: take a mean."
        yield from _tenth_hints(tenth.item())
        below = float(call(student, black + 0.4, black + 0.5))
        if abs(below - 20) > 0.01:
            yield f"Too dark by 0.1 is 20 dB as well; yours is {below:.1f}."
        mixed = black.clone()
        mixed[..., :4] = 0.2
        found = float(call(student, mixed, black))
        if abs(found - 16.99) > 0.01:
            yield (
                "An error of 0.2 in half of the pixels is 16.99 dB; yours is "
                f"{found:.2f}. Take the mean of the squares, then the logarithm."
            )

    return judge(student, hints, "20 dB for an error of a tenth, 40 for a hundredth.")


def _tenth_hints(found: float) -> Hints:
    """What is wrong if an error of 0.1 everywhere is not 20 dB."""
    known = {
        -20: "The sign is wrong: a smaller error is a larger ratio.",
        10: "Half of it: is the error squared, and is there a 10 before the log?",
        2: "A bel has ten decibels.",
        46.05: "That is the natural logarithm; decibels take the one to base 10.",
    }
    hints = [hint for wrong, hint in known.items() if abs(found - wrong) < 0.01]
    if abs(found - 20) > 0.01:
        true = "An error of 0.1 everywhere is 20 dB"
        yield " ".join([f"{true}; yours is {found:.1f}.", *hints])
