"""Checks for notebook 02, what do the layers see?."""

from collections.abc import Callable, Iterable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.lessons.answer import Hints, call, check


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


@check("These are the channels with the largest means.")
def strongest(student: Callable[[Tensor, int], Iterable[int]]) -> Hints:
    """`student(maps [1, N, H, W], count)`: the channels with the largest means."""
    maps = torch.zeros(1, 5, 4, 4)
    maps[0, 3] = 1.0
    maps[0, :2, 0, 0] = torch.tensor([5.0, 9.0])
    maps[0, 4] = 0.2
    answer = torch.stack([torch.as_tensor(c) for c in call(student, maps, 2)])
    if answer.ndim != 1 or answer.is_floating_point():
        yield (
            "The answer should be the channels' numbers. (torch's topk gives the "
            "values, and as its .indices the places where they stand.)"
        )
    if len(answer) != 2:
        yield f"Two channels were asked for, and yours are {len(answer)}."
    mistakes = {
        (1, 0): "You took the channels with the largest single numbers. Take those "
        "with the largest means over all positions.",
        (2, 4): "These are the weakest: sort in the other direction.",
        (1, 3): "The right two, but the strongest comes first.",
    }
    channels = tuple(answer.tolist())
    if channels != (3, 1):
        means = f"The means are 0.31, 0.56, 0, 1 and 0.2; so [3, 1], not {[*channels]}."
        yield mistakes.get(channels, means)
