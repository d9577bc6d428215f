"""Checks for notebook 01, what is a convolution?."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.lessons.answer import Answer, Hints, call, judge, numbers


def output_size(student: Callable[[int, int, int, int], int]) -> Answer:
    """`student(side, kernel, stride, padding)`: the side of a convolution's result."""
    cases = {
        (8, 3, 1, 0): "without padding a kernel of 3 loses one pixel at each border",
        (8, 3, 1, 1): "padding adds to both sides, so it counts twice",
        (8, 1, 1, 0): "a kernel of 1 fits at every pixel",
        (9, 3, 2, 0): "after the first place there is one for each whole stride",
        (8, 3, 2, 0): "a last step that does not fit is not taken: round down",
        (224, 7, 2, 3): "put together: (side + 2 padding - kernel) // stride + 1",
    }

    def hints() -> Hints:
        for case, hint in cases.items():
            found, true = call(student, *case), _side(*case)
            if found != true:
                side, kernel, stride, padding = case
                yield (
                    f"For a side of {side}, kernel {kernel}, stride {stride} and "
                    f"padding {padding} torch gives {true}, yours {found}. "
                    f"Think: {hint}."
                )

    return judge(
        student, hints, "It agrees with torch, also where a step does not fit."
    )


def _side(side: int, kernel: int, stride: int, padding: int) -> int:
    shown, filled = torch.zeros(1, 1, side, side), torch.zeros(1, 1, kernel, kernel)
    return F.conv2d(shown, filled, stride=stride, padding=padding).shape[-1]


def sharpening(kernel: Tensor | None) -> Answer:
    """A 3 x 3 kernel that leaves flat areas alone and makes edges steeper."""

    def hints() -> Hints:
        k = torch.as_tensor(kernel, dtype=torch.float32)
        if k.shape != (3, 3):
            yield f"A kernel has 3 x 3 numbers here; yours has shape {[*k.shape]}."
        if abs(k.sum() - 1) > 1e-4:
            yield (
                f"Your numbers sum to {k.sum():.2f}, and a flat area is multiplied "
                "by that. What must the sum be if flat areas shall stay as they are?"
            )
        if not torch.allclose(k, k.T) or not torch.allclose(k, k.flip(0)):
            yield "It treats directions differently: make it alike up, down and aside."
        steep = k[:, 1].sum()  # a vertical edge's slope, where it was 1
        if steep <= 1.05:
            yield (
                f"An edge becomes {steep:.2f} times as steep. To exaggerate "
                "what differs from its neighbours, their numbers must be negative."
            )

    return judge(kernel, hints, "Flat areas stay, and edges become steeper.")


def edge_strength(student: Callable[[Tensor], Tensor]) -> Answer:
    """`student(picture [H, W])`: how steep it is, whichever side is the lighter."""
    step = (torch.arange(12) > 5).float().repeat(12, 1)

    def hints() -> Hints:
        up, down = (numbers(student, p) for p in (step, step.flip(1)))
        if up.ndim < 2:
            yield "Asked for is a map: how steep it is at every place, not one number."
        if up.abs().max() < 0.1 and down.abs().max() < 0.1:
            yield "On a vertical edge between black and white your answer is almost 0."
        if not torch.allclose(up.flip(-1), down, atol=1e-5):
            yield (
                "Mirror the picture, and the edge is lost: its strongest answer is "
                f"{up.max():.2f} from dark to light and {down.max():.2f} from light to "
                "dark. What happens to answers below 0?"
            )
        if numbers(student, step * 0 + 0.5).abs().max() > 1e-5:
            yield "A flat grey picture has no edges, and yours finds some."
        if up.min() < 0:
            yield "A strength is never below 0, and yours is."

    return judge(student, hints, "Both directions of an edge count alike.")
