"""Checks for notebook 01, what is a convolution?."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.lessons.answer import Hints, call, check, numbers


@check("It agrees with torch, also where a step does not fit.")
def output_size(student: Callable[[int, int, int, int], int]) -> Hints:
    """`student(side, kernel, stride, padding)`: the side of a convolution's result."""
    cases = {
        (8, 3, 1, 0): "without padding a kernel of 3 loses one pixel at each border",
        (8, 3, 1, 1): "padding adds to both sides, so it counts twice",
        (8, 1, 1, 0): "a kernel of 1 fits at every pixel",
        (9, 3, 2, 0): "after the first place there is one for each whole stride",
        (8, 3, 2, 0): "a last step that does not fit is not taken: round down",
        (224, 7, 2, 3): "put together: (side + 2 padding - kernel) // stride + 1",
    }
    for (side, kernel, stride, padding), hint in cases.items():
        picture = torch.zeros(1, 1, side, side)
        weights = torch.zeros(1, 1, kernel, kernel)
        true = F.conv2d(picture, weights, stride=stride, padding=padding).shape[-1]
        answer = call(student, side, kernel, stride, padding)
        if answer != true:
            yield (
                f"For a side of {side}, kernel {kernel}, stride {stride} and padding "
                f"{padding} torch gives {true}, yours {answer}. Think: {hint}."
            )


@check("Flat areas stay, and edges become steeper.")
def sharpening(kernel: Tensor) -> Hints:
    """A 3 x 3 kernel that leaves flat areas alone and makes edges steeper."""
    k = torch.as_tensor(kernel, dtype=torch.float32)
    if k.shape != (3, 3):
        yield f"A kernel has 3 x 3 numbers here; yours has shape {[*k.shape]}."
    if abs(k.sum() - 1) > 1e-4:
        yield (
            f"Your numbers sum to {k.sum():.2f}, and a flat area is multiplied by "
            "that. What must the sum be if flat areas should stay as they are?"
        )
    if not torch.allclose(k, k.T) or not torch.allclose(k, k.flip(0)):
        yield "It treats directions differently: make it alike up, down and aside."
    steepness = k[:, 1].sum()  # of a vertical edge that had steepness 1
    if steepness <= 1.05:
        yield (
            f"An edge becomes {steepness:.2f} times as steep. To exaggerate how a "
            "pixel differs from its neighbours, their numbers must be negative."
        )


@check("Both directions of an edge count alike.")
def edge_strength(student: Callable[[Tensor], Tensor]) -> Hints:
    """`student(picture [H, W])`: how steep it is, whichever side is the lighter."""
    step = (torch.arange(12) > 5).float().repeat(12, 1)
    up, down = numbers(student, step), numbers(student, step.flip(1))
    if up.ndim < 2:
        yield "The answer should be a map of how steep each place is, not one number."
    if up.abs().max() < 0.1 and down.abs().max() < 0.1:
        yield "On a vertical edge between black and white your answer is almost 0."
    if not torch.allclose(up.flip(-1), down, atol=1e-5):
        yield (
            "Mirror the picture, and the edge is lost: its strongest answer is "
            f"{up.max():.2f} from dark to light and {down.max():.2f} from light to "
            "dark. What happens to answers below 0?"
        )
    if numbers(student, step * 0 + 0.5).abs().max() > 1e-5:
        yield "A flat grey picture has no edges, but yours finds some."
    if up.min() < 0:
        yield "A strength is never below 0, but yours is."
