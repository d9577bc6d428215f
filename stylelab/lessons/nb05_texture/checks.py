"""Checks for notebook 05, what is a texture, to a network?"""

from collections.abc import Callable

import torch
from torch import Tensor

from stylelab.core.style_transfer import gram as true_gram
from stylelab.lessons.answer import Answer, Hints, call, judge, numbers


def gram(student: Callable[[Tensor], Tensor]) -> Answer:
    """`student(maps [N, H, W])`: their Gram matrix [N, N], divided by positions."""
    maps = torch.rand(3, 4, 5, generator=torch.Generator().manual_seed(0)) - 0.2

    def hints() -> Hints:
        matrix = numbers(student, maps)
        if matrix.shape == (20, 20):
            yield (
                "For 3 maps of 4 x 5 yours has 20 x 20 numbers: you compare places "
                "with places. To compare maps with maps, transpose the other factor."
            )
        if matrix.shape != (3, 3):
            yield (
                "3 maps have 3 x 3 products with each other; yours has shape "
                f"{[*matrix.shape]}."
            )
        yield from _place_hints(student, maps)
        yield from _size_hints(student, maps)
        flat = numbers(student, torch.ones(2, 4, 4))
        if torch.allclose(flat, torch.zeros(2, 2), atol=1e-5):
            yield (
                "Two maps that are 1 everywhere give 0: you have subtracted their "
                "means. A Gram matrix keeps them; it is an uncentred correlation."
            )
        true = true_gram(maps[None])[0]
        if not torch.allclose(matrix, true, atol=1e-5):
            row, true_row = (
                ", ".join(f"{value:.3f}" for value in products[0].tolist())
                for products in (matrix, true)
            )
            yield f"On random maps its first row should be {true_row}, not {row}."

    praise = "It knows which features occur together, and nothing of where."
    return judge(student, hints, praise)


def _place_hints(student: Callable, maps: Tensor) -> Hints:
    """The matrix has to be symmetric, and the same wherever features stand."""
    matrix = numbers(student, maps)
    if not torch.allclose(matrix, matrix.T, atol=1e-5):
        yield "Map 1 with map 2 is not map 2 with map 1: it has to be symmetric."
    places = torch.randperm(20, generator=torch.Generator().manual_seed(1))
    shuffled = maps.flatten(1)[:, places].view_as(maps)
    if not torch.allclose(matrix, numbers(student, shuffled), atol=1e-5):
        yield (
            "Shuffle the positions, the same way in all maps, and yours changes. "
            "Does a row of your matrix hold one whole map, and nothing of another? "
            "`reshape` cuts the numbers in their order; it does not transpose."
        )


def _size_hints(student: Callable, maps: Tensor) -> Hints:
    """A larger picture of the same has the same matrix; stronger maps do not."""
    matrix, twice = (numbers(student, m) for m in (maps, maps.repeat(1, 1, 2)))
    if not torch.allclose(matrix, twice, atol=1e-4):
        yield (
            f"Two copies of a picture side by side have {(twice / matrix).mean():.1f} "
            "times its matrix: divide by the number of positions, or sizes cannot be "
            "compared."
        )
    strong = numbers(student, 2 * maps)
    if not torch.allclose(4 * matrix, strong, atol=1e-4):
        yield (
            "With all maps twice as strong the products should be 4 times as large, "
            f"and yours are {(strong / matrix).mean():.1f} times."
        )


def numbers_in_gram(student: Callable[[int], int]) -> Answer:
    """`student(maps)`: how many different numbers the Gram matrix of N maps holds."""

    def hints() -> Hints:
        for maps in (1, 2, 3, 64, 512):
            count, true = call(student, maps), maps * (maps + 1) // 2
            if count == maps**2 != true:
                yield (
                    f"{maps} x {maps} = {count} places, but the matrix is symmetric: "
                    "most numbers stand there twice."
                )
            if count == maps * (maps - 1) // 2:
                yield "The diagonal counts too: how strong each map is by itself."
            if count != true:
                yield (
                    f"{maps} maps have {true} different products, yours {count}. Count "
                    "those of map 1 with all, of map 2 with those not yet met, ..."
                )

    praise = "64 maps have 2,080 products, 512 maps 131,328."
    return judge(student, hints, praise)
