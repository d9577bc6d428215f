"""Checks for notebook 08, taking style apart."""

from collections.abc import Callable

import torch
from torch import Tensor

from stylelab.core import style_transfer
from stylelab.lessons.answer import Answer, Hints, judge, numbers
from stylelab.runs import colors


def keep_colours(student: Callable[[Tensor, Tensor], Tensor]) -> Answer:
    """`student(painted, photo)`, both [1, 3, H, W]: painted, in the photo's colours."""
    generator = torch.Generator().manual_seed(0)
    # Pale, so that no sum leaves 0..1.
    painted, photo = 0.4 + 0.2 * torch.rand(2, 1, 3, 6, 7, generator=generator)

    def hints() -> Hints:
        picture = numbers(student, painted, photo)
        if picture.shape != photo.shape:
            yield f"A picture has shape {[*photo.shape]}; yours has {[*picture.shape]}."
        luminance, chroma = colors.luminance(picture), colors.chroma(picture)
        if _equal(luminance, colors.luminance(photo)):
            yield "The luminance is the photo's: what was painted is lost."
        if not _equal(chroma, colors.chroma(photo)):
            grey = chroma.abs().max() < 1e-3
            yield (
                f"The colours are {'grey' if grey else 'not those of the photo'}: what "
                "is left of the photo when you take its luminance away from red, green "
                "and blue alike?"
            )
        if not _equal(luminance, colors.luminance(painted)):
            yield (
                "The luminance is not that of the painted picture. (It is not the mean "
                "of the channels: green counts for more than blue.)"
            )

    praise = "The luminance is the painting's, and the chroma is the photo's."
    return judge(student, hints, praise)


def _equal(a: Tensor, b: Tensor) -> bool:
    return torch.allclose(a, b, atol=1e-3)


def guided_gram(student: Callable[[Tensor, Tensor], Tensor]) -> Answer:
    """`student(features [N, H, W], mask [H, W])`: the Gram matrix of a region."""
    generator = torch.Generator().manual_seed(0)
    maps, left = torch.rand(4, 6, 10, generator=generator), torch.zeros(6, 10)
    left[:, :3] = 1  # 18 of 60 positions

    def hints() -> Hints:
        matrix = numbers(student, maps, left)
        if matrix.shape != (4, 4):
            yield f"Four maps have a Gram matrix of 4 x 4; yours is {[*matrix.shape]}."
        whole = style_transfer.gram(maps[None])[0]
        true = style_transfer.gram(maps[None, :, :, :3])[0]
        if _equal(matrix, whole):
            yield "That is the Gram matrix of the whole picture: where is the mask?"
        if _equal(matrix, 0.3 * true):
            yield (
                "Your matrix is 0.3 times what it should be, and the mask covers 0.3 "
                "of the picture: divide by the positions of the mask, not by all."
            )
        if _equal(matrix, 18 * true):
            yield "That is the sum over the region: take the mean over its positions."
        if not _equal(matrix, true):
            yield (
                "Multiply every map by the mask, correlate them, and divide by how "
                "many positions the mask has (here 18)."
            )
        if not _equal(numbers(student, maps, torch.ones(6, 10)), whole):
            yield "With a mask that is 1 everywhere it has to be the plain Gram matrix."

    praise = "It is the Gram matrix of what the mask covers, and of nothing else."
    return judge(student, hints, praise)
