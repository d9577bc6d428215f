"""Checks of students' answers: by their properties, and never just "wrong".

Each check takes what the student wrote and gives an Answer: praise that says what was
shown, or a hint at the first property that does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab import receptive
from stylelab.layers import CONVS


@dataclass(frozen=True)
class Answer:
    """What a check has to say; true where all properties hold."""

    right: bool
    text: str

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return f"{'✓' if self.right else '…'} {self.text}"

    def _repr_markdown_(self) -> str:
        return (
            f"**✓ Right.** {self.text}" if self.right else f"**Not yet.** {self.text}"
        )


# What is found wrong, one hint after the other; none where all is right.
Hints = Iterator[str]


def judge(student: object, hints: Callable[[], Hints], praise: str) -> Answer:
    """The first hint as an answer, or the praise; an error of the student's is a hint."""
    if student is None or student is ...:
        return Answer(
            False, "There is nothing to check so far: write your answer above."
        )
    try:
        hint = next(iter(hints()), None)
    except Unfinished:
        hint = "There is nothing to check so far: your function returns nothing yet."
    except Exception as error:  # whatever students' code may raise
        hint = f"Your code stopped with {type(error).__name__}: {error}."
    return Answer(hint is None, hint or praise)


class Unfinished(Exception):
    """A function that still returns None or Ellipsis."""


def call(function: Callable, *arguments: object) -> object:
    """What a student's function returns, if it returns anything."""
    found = function(*arguments)
    if found is None or found is ...:
        raise Unfinished
    return found


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
                    f"For a side of {side}, kernel {kernel}, stride {stride} and padding "
                    f"{padding} torch gives {true}, yours {found}. Think: {hint}."
                )

    return judge(
        student, hints, "It agrees with torch, strides that do not fit included."
    )


def _side(side: int, kernel: int, stride: int, padding: int) -> int:
    shown, filled = torch.zeros(1, 1, side, side), torch.zeros(1, 1, kernel, kernel)
    return F.conv2d(shown, filled, stride=stride, padding=padding).shape[-1]


def sharpening(kernel: Tensor | None) -> Answer:
    """A 3 x 3 kernel that leaves flat areas alone and makes edges steeper."""

    def hints() -> Hints:
        k = torch.as_tensor(kernel, dtype=torch.float32)
        if k.shape != (3, 3):
            yield f"A kernel of 3 x 3 numbers is asked for; yours has shape {[*k.shape]}."
        if abs(k.sum() - 1) > 1e-4:
            yield (
                f"Your numbers sum to {k.sum():.2f}, and a flat grey area is multiplied by "
                "that. What must the sum be if flat areas shall stay as they are?"
            )
        if not torch.allclose(k, k.T) or not torch.allclose(k, k.flip(0)):
            yield "It treats directions differently: make it the same up, down and aside."
        if _steepness(k) <= 1.05:
            yield (
                f"An edge becomes {_steepness(k):.2f} times as steep. To exaggerate what "
                "differs from its neighbours, their numbers have to be negative."
            )

    return judge(kernel, hints, "Flat areas stay, and edges become steeper.")


def _steepness(kernel: Tensor) -> float:
    """How much steeper a vertical edge between 0 and 1 is afterwards."""
    edge = (torch.arange(9) > 4).float().expand(9, 9)[None, None]
    return F.conv2d(edge, kernel[None, None]).diff(dim=3).abs().max().item()


def edge_strength(student: Callable[[Tensor], Tensor]) -> Answer:
    """`student(picture [H, W])`: how steep it is there, whichever side is the lighter."""
    step = (torch.arange(12) > 5).float().expand(12, 12)

    def hints() -> Hints:
        up, down = call(student, step), call(student, step.flip(1))
        if up.max() < 0.1 and down.max() < 0.1:
            yield "On a vertical edge between black and white your answer is almost 0."
        if not torch.allclose(up.flip(1), down, atol=1e-5):
            yield (
                "Mirror the picture, and the edge is lost: its strongest answer is "
                f"{up.max():.2f} from dark to light and {down.max():.2f} from light to "
                "dark. What happens to answers below 0?"
            )
        if call(student, step * 0 + 0.5).abs().max() > 1e-5:
            yield "A flat grey picture has no edges, and yours finds some."
        if up.min() < 0:
            yield "A strength is never below 0: what stands for 'left' and 'right' here?"

    return judge(student, hints, "Both directions of an edge count alike.")


def recorder(student: Callable[[Tensor, list], Mapping[str, Tensor]]) -> Answer:
    """`student(picture, layers)`: the features of each layer, nothing changed after."""

    def hints() -> Hints:
        torch.manual_seed(0)
        kernels = [torch.randn(4, 3, 3, 3), torch.randn(4, 4, 3, 3)]
        picture = torch.rand(1, 3, 12, 12)
        before = picture.clone()
        found = call(student, picture, kernels)
        if not torch.equal(picture, before):
            yield "The picture itself was changed: another reader would see yours."
        true = F.conv2d(picture, kernels[0], padding=1)
        if not torch.allclose(found["conv1"], true, atol=1e-5):
            negative = (true < 0).float().mean()
            low = found["conv1"].min()
            yield (
                f"{negative:.0%} of conv1's numbers are below 0, but the smallest of those "
                f"that you saved is {low:.2f}. Who changed them after they were saved? "
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
                "You took the channel with the largest single number. Asked for is the one "
                "with the largest mean over all positions."
            )
        if found == [0, 2] or found == [2, 0]:
            yield "These are the weakest: sort in the other direction."
        if found != [3, 1]:
            yield f"The means are 0, 0.56, 0, 1 and 0.2; so [3, 1], not {found}."

    return judge(student, hints, "These are the channels with the largest means.")


def next_field(student: Callable[[int, int, int, int], tuple[int, int]]) -> Answer:
    """`student(size, stride, kernel, step)`: size and stride one layer deeper."""

    def hints() -> Hints:
        size, stride = 1, 1
        for name, true in receptive.fields().items():
            kernel, step, _ = receptive.STEPS[name[:4]]
            found = tuple(call(student, size, stride, kernel, step))
            if found != (true.size, true.stride):
                yield _field_hint(name, (size, stride), found, true)
            size, stride = true.size, true.stride

    return judge(student, hints, "It agrees for all 37 layers, from 3 px to 268 px.")


def _field_hint(
    name: str, before: tuple[int, int], found: tuple, true: receptive.Field
) -> str:
    if name == "relu1_1":
        hint = "a ReLU looks at one number: kernel 1 adds nothing"
    elif found[0] != true.size and before[1] > 1:
        hint = "neighbours of this layer lie `stride` pixels apart in the picture"
    elif found[0] != true.size:
        hint = "a kernel of 3 reaches one neighbour further on each side, so it adds 2"
    else:
        hint = "steps multiply: two poolings of 2 make steps of 4 pixels"
    return (
        f"At {name} the field is {true.size} px and the stride {true.stride}; from "
        f"{before} yours makes {found}. Think: {hint}."
    )


def paper_names(student: Mapping[str, str] | None) -> Answer:
    """The papers' names for a tutorial's conv_1 ... conv_5, counted one by one."""
    true = {f"conv_{i}": name for i, name in enumerate(CONVS[:5], 1)}

    def hints() -> Hints:
        missing = [name for name in true if student.get(name) in (None, ...)]
        if len(missing) == len(true):
            raise Unfinished
        for name in missing:
            yield f"A name for {name} is still missing."
        for name, paper in true.items():
            if student[name] != paper:
                yield (
                    f"{name} is not {student[name]}. The tutorial counts every convolution "
                    "it meets; block 1 has two of them, block 2 as well. Count along."
                )

    praise = "So the tutorial's deepest style layer sees 24 px, where Gatys' sees 156."
    return judge(student, hints, praise)


def convolutions_needed(student: Callable[[int], int]) -> Answer:
    """`student(size)`: how many 3 x 3 convolutions see `size` pixels without pooling."""

    def hints() -> Hints:
        for size in (3, 5, 7, 24, 156, 268):
            found, true = call(student, size), -(-(size - 1) // 2)
            if found != true:
                yield (
                    f"{true} convolutions are needed to see {size} px, yours says {found}. "
                    "The first sees 3, and every further one adds 2; an even size needs "
                    "the next one that is enough."
                )

    praise = "156 px take 78 convolutions without pooling; VGG-19 needs 13 of its 16."
    return judge(student, hints, praise)
