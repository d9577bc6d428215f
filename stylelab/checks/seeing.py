"""Checks for notebook 02, what do the layers see?."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.checks.answer import Answer, Hints, call, judge


def recorder(student: Callable[[Tensor, list], Mapping[str, Tensor]]) -> Answer:
    """`student(picture, layers)`: the features of each layer, nothing changed after."""

    def hints() -> Hints:
        draws = torch.Generator().manual_seed(0)
        kernels = [torch.randn(4, n, 3, 3, generator=draws) for n in (3, 4)]
        picture = torch.rand(1, 3, 12, 12, generator=draws)
        before = picture.clone()
        found = call(lambda: student(picture, kernels))  # no copies here
        if not torch.equal(picture, before):
            yield "The picture itself was changed: another reader would see yours."
        true = F.conv2d(picture, kernels[0], padding=1)
        if not torch.allclose(found["conv1"], true, atol=1e-5):
            negative = (true < 0).float().mean()
            low = found["conv1"].min()
            yield (
                f"{negative:.0%} of conv1's numbers are below 0, but the smallest of "
                f"those you saved is {low:.2f}. Who changed them after that? "
                "(An underscore at a name's end is torch's sign for 'in place'.)"
            )
        true = F.conv2d(F.relu(true), kernels[1], padding=1)
        if not torch.allclose(found["conv2"], true, atol=1e-4):
            yield "conv2 has to see relu1, not conv1: is the ReLU still between them?"

    return judge(student, hints, "What was saved stays what it was.")


def strongest(student: Callable[[Tensor, int], Iterable[int]]) -> Answer:
    """`student(features [1, N, H, W], count)`: the channels with the largest means."""

    def hints() -> Hints:
        features = torch.zeros(1, 5, 4, 4)
        features[0, 3] = 1.0
        features[0, 1, 0, 0] = 9.0
        features[0, 4] = 0.2
        found = [int(c) for c in call(student, features, 2)]
        if len(found) != 2:
            yield f"Two channels were asked for, and yours are {len(found)}."
        if found[0] == 1:
            yield (
                "You took the channel with the largest single number. Asked for is the "
                "one with the largest mean over all positions."
            )
        if found == [0, 2] or found == [2, 0]:
            yield "These are the weakest: sort in the other direction."
        if found != [3, 1]:
            yield f"The means are 0, 0.56, 0, 1 and 0.2; so [3, 1], not {found}."

    return judge(student, hints, "These are the channels with the largest means.")
