"""Checks for notebook 03, how far does a neuron see?."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stylelab.analysis import receptive_field
from stylelab.core.layers import CONVS
from stylelab.lessons.answer import Answer, Hints, Unfinished, call, judge


def next_field(student: Callable[[int, int, int, int], tuple[int, int]]) -> Answer:
    """`student(size, stride, kernel, step)`: size and stride one layer deeper."""

    def hints() -> Hints:
        size, stride = 1, 1
        for name, true in receptive_field.fields().items():
            kernel, step, _ = receptive_field.STEPS[name[:4]]
            found = call(student, size, stride, kernel, step)
            if not hasattr(found, "__len__") or len(found) != 2:
                yield "Two numbers are asked for, the size and the stride: a, b."
            found = tuple(found)
            if found != (true.size, true.stride):
                yield _field_hint(name, (size, stride), found, true)
            size, stride = true.size, true.stride

    return judge(student, hints, "It agrees for all 37 layers, from 3 px to 268 px.")


def _field_hint(
    name: str, before: tuple[int, int], found: tuple, true: receptive_field.Field
) -> str:
    if name == "relu1_1":
        hint = "a ReLU looks at one number: kernel 1 adds nothing"
    elif found[0] != true.size and name == "pool1":
        hint = "the two neighbours that it joins are 1 px apart, so it adds 1"
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
                    f"{name} is not {student[name]}: the tutorial counts convolutions "
                    "as it meets them, two in block 1 and two in block 2. Count along."
                )

    praise = "So the tutorial's deepest style layer sees 24 px, where Gatys' sees 156."
    return judge(student, hints, praise)


def convolutions_needed(student: Callable[[int], int]) -> Answer:
    """`student(size)`: how many 3 x 3 convolutions see `size` pixels, unpooled."""

    def hints() -> Hints:
        for size in (3, 5, 7, 24, 156, 268):
            found, true = call(student, size), -(-(size - 1) // 2)
            if found != true:
                yield (
                    f"To see {size} px takes {true} convolutions, yours are {found}. "
                    "The first sees 3 and every further one adds 2; for an even size, "
                    "take the first that is enough."
                )

    praise = "156 px take 78 convolutions without pooling; VGG-19 needs 13 of its 16."
    return judge(student, hints, praise)
