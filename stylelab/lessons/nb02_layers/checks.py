"""Checks for notebook 02, what do the layers see?."""

from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.lessons.answer import Hints, call, check
from stylelab.lessons.autograd import autograd_hint


@check("What was saved stays what it was.")
def recorder(student: Callable[[Tensor, list], Mapping[str, Tensor]]) -> Hints:
    """`student(picture, layers)`: the maps of each layer, nothing changed after."""
    generator = torch.Generator().manual_seed(0)
    kernels = [torch.randn(4, n, 3, 3, generator=generator) for n in (3, 4)]
    picture = torch.rand(1, 3, 12, 12, generator=generator)
    before = picture.clone()
    maps = call(lambda: student(picture, kernels))  # no copies here
    if not torch.equal(picture, before):
        yield "The picture itself was changed: another reader would see yours."
    true = F.conv2d(picture, kernels[0], padding=1)
    if not torch.allclose(maps["conv1"], true, atol=1e-5):
        low, share = maps["conv1"].min(), (true < 0).float().mean()
        yield (
            f"{share:.0%} of conv1's numbers are below 0, but the smallest number that "
            f"you saved is {low:.2f}. What changed them after that? (An underscore at "
            "a name's end is torch's sign for 'in place'.)"
        )
    if not torch.allclose(maps["relu1"], F.relu(true), atol=1e-5):
        yield "relu1 has to be conv1 with a 0 for each number below 0, and is not."
    true = F.conv2d(F.relu(true), kernels[1], padding=1)
    if not torch.allclose(maps["conv2"], true, atol=1e-4):
        yield "conv2 has to see relu1, not conv1: is the ReLU still between them?"


@check("Down by the slope times the rate: so every picture in this course is made.")
def step_down(student: Callable[[Tensor, Callable, float], Tensor]) -> Hints:
    """`student(x, loss_of, rate)`: x - rate times the slope of loss_of at x."""
    x = torch.rand(1, 3, 4, 5, generator=torch.Generator().manual_seed(0))

    def loss_of(picture: Tensor) -> Tensor:
        return (picture - 0.5).square().sum()

    try:
        answer = torch.as_tensor(call(student, x, loss_of, 0.1)).detach()
    except RuntimeError as error:
        yield autograd_hint(error)
        return
    if answer.shape != x.shape:
        yield f"A picture {[*x.shape]} should come back; yours is {[*answer.shape]}."
    slope = 2 * (x - 0.5)
    yield from _slips(answer, x, slope, rate=0.1)
    if not torch.allclose(answer, x - 0.1 * slope, atol=1e-5):
        size = "larger" if loss_of(answer) > loss_of(x) else "smaller"
        yield f"That is not x minus rate times the slope; its loss is {size} than x's."


def _slips(answer: Tensor, x: Tensor, slope: Tensor, rate: float) -> Hints:
    step = rate * slope
    slips = [
        (x, "Your picture is the one you were given: was the step ever taken?"),
        (x + step, "You went up the slope: the loss is larger now. Subtract it."),
        (x - slope, "The direction is right; the step should be `rate` times as long."),
        (slope, "This is the slope itself. The new picture is x minus rate times it."),
        (step, "This is only the step. The new picture is x minus this step."),
        (x - 2 * step, "That is two steps, or one slope counted twice."),
    ]
    yield from (hint for wrong, hint in slips if torch.allclose(answer, wrong))
