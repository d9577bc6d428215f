"""Checks for notebook 03, how far does a neuron see?."""

from collections.abc import Callable, Mapping

from stylelab.analysis import receptive_field
from stylelab.core.language import _, later
from stylelab.core.layers import CONVS
from stylelab.lessons.answer import Hints, call, check


@check(later("It agrees for all 37 layers, from 3 px to 268 px."))
def next_field(student: Callable[[int, int, int, int], tuple[int, int]]) -> Hints:
    """`student(size, stride, kernel, step)`: size and stride one layer deeper."""
    size, stride = 1, 1
    for layer, true in receptive_field.fields().items():
        kernel, step = receptive_field.STEPS[layer[:4]][:2]
        answer = call(student, size, stride, kernel, step)
        if not hasattr(answer, "__len__") or len(answer) != 2:
            yield _("The answer should be two numbers, the size and the stride: a, b.")
        answer = tuple(answer)
        if layer == "relu1_1":
            hint = _("a ReLU looks at one number: kernel 1 adds nothing")
        elif answer[0] == true.size:
            hint = _("steps multiply: two poolings of 2 make steps of 4 pixels")
        elif layer == "pool1":
            hint = _("the two neighbours that it joins are 1 px apart, so it adds 1")
        elif stride > 1:
            hint = _(
                "neighbours of this layer lie `stride` pixels apart in the picture"
            )
        else:
            hint = _(
                "a kernel of 3 reaches one neighbour further on each side: it adds 2"
            )
        if answer != (true.size, true.stride):
            words = _(
                "At {} the field is {} px and the stride {}; from {} yours makes {}. "
                "Think: {}."
            )
            numbers = true.size, true.stride, (size, stride), answer
            yield words.format(layer, *numbers, hint)
        size, stride = true.size, true.stride


@check(
    later("So the tutorial's deepest style layer sees 24 px, where Gatys' sees 156.")
)
def paper_names(student: Mapping[str, str]) -> Hints:
    """The papers' names for a tutorial's conv_1 ... conv_5, counted one by one."""
    true = {f"conv_{i}": name for i, name in enumerate(CONVS[:5], 1)}
    missing = [name for name in true if student.get(name) in (None, ...)]
    if len(missing) == len(true):
        yield _("There is nothing to check so far: fill in the five names.")
    for name in missing:
        yield _("A name for {} is still missing.").format(name)
    for name, paper in true.items():
        answer = str(student[name]).strip().lower().replace("relu", "conv")
        if answer != paper:
            words = _(
                "{} is not {}: the tutorial counts convolutions as it meets them, two "
                "in block 1 and two in block 2. Count along."
            )
            yield words.format(name, student[name])


@check(later("156 px take 78 convolutions without pooling; VGG-19 needs 13 of its 16."))
def convolutions_needed(student: Callable[[int], int]) -> Hints:
    """`student(size)`: how many 3 x 3 convolutions see `size` pixels, unpooled."""
    for size in (3, 5, 7, 24, 156, 268):
        answer, true = call(student, size), size // 2
        if answer != true:
            words = _(
                "To see {} px takes {} convolutions, yours are {}. The first sees 3 "
                "and every further one adds 2; for an even size, take the first that "
                "is enough."
            )
            yield words.format(size, true, answer)
