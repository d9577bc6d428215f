"""Checks for notebook 05, what is a texture, to a network?"""

from collections.abc import Callable

import torch
from torch import Tensor

from stylelab.core.style_transfer import gram as true_gram
from stylelab.lessons.answer import Hints, check, numbers


@check("It knows which features occur together, and nothing of where.")
def gram(student: Callable[[Tensor], Tensor]) -> Hints:
    """`student(maps [N, H, W])`: their Gram matrix [N, N], divided by positions."""
    maps = _random_maps(3)
    matrix = numbers(student, maps)
    if matrix.shape == (20, 20):
        yield (
            "For 3 maps of 4 x 5 yours has 20 x 20 numbers: you compare places with "
            "places. To compare maps with maps, transpose the other factor."
        )
    if matrix.shape != (3, 3):
        yield f"3 maps have 3 x 3 products; yours has shape {[*matrix.shape]}."
    yield from _place_hints(student, maps)
    yield from _size_hints(student, maps)
    flat = numbers(student, torch.ones(2, 4, 4))
    if torch.allclose(flat, torch.zeros(2, 2), atol=1e-5):
        yield (
            "Two maps that are 1 everywhere give 0: you have subtracted their means. "
            "A Gram matrix keeps them; it is an uncentred correlation."
        )
    true = true_gram(maps[None])[0]
    if torch.allclose(3 * matrix, true, atol=1e-5):
        yield (
            "It is a third of the right matrix, and there are 3 maps: you also divided "
            "by the number of maps. Divide by the positions alone."
        )
    if not torch.allclose(matrix, true, atol=1e-5):
        rows = f"{_row(true)}, not {_row(matrix)}"
        yield f"On random maps its first row should be {rows}."


def _random_maps(count: int, seed: int = 0) -> Tensor:
    return torch.rand(count, 4, 5, generator=torch.Generator().manual_seed(seed)) - 0.2


def _row(matrix: Tensor) -> str:
    return ", ".join(f"{value:.3f}" for value in matrix[0].tolist())


def _shuffled(maps: Tensor) -> Tensor:
    places = torch.randperm(20, generator=torch.Generator().manual_seed(1))
    return maps.flatten(1)[:, places].view_as(maps)


def _place_hints(student: Callable, maps: Tensor) -> Hints:
    """The matrix has to be symmetric, and the same wherever features stand."""
    matrix = numbers(student, maps)
    if not torch.allclose(matrix, matrix.T, atol=1e-5):
        yield "Map 1 with map 2 is not map 2 with map 1: it has to be symmetric."
    if not torch.allclose(matrix, numbers(student, _shuffled(maps)), atol=1e-5):
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


@check("Each picture has its own matrix, and none knows of the other.")
def batch_grams(student: Callable[[Tensor], Tensor]) -> Hints:
    """`student(maps [B, N, H, W])`: one Gram matrix per picture, [B, N, N]."""
    maps = torch.stack([_random_maps(3), _random_maps(3, seed=1)])
    found, true = numbers(student, maps), true_gram(maps)
    if found.shape == (6, 6):
        yield (
            "2 pictures of 3 maps have 6 x 6 products in yours: those of picture 1 "
            "with picture 2, too. Keep the batch apart: which axes may be flattened?"
        )
    if found.shape == (3, 3):
        yield "2 pictures have 2 matrices, and yours has mixed them into one."
    if found.shape != (2, 3, 3):
        yield f"2 pictures of 3 maps should give [2, 3, 3], not {[*found.shape]}."
    if torch.allclose(2 * found, true, atol=1e-5):
        yield (
            "It is half of the right matrices, and there are 2 pictures: divide by the "
            "positions of one picture."
        )
    for name, ours, theirs in zip(("first", "second"), found, true, strict=True):
        if not torch.allclose(ours, theirs, atol=1e-5):
            yield (
                f"The {name} picture's matrix begins with {_row(ours)}, and should "
                f"begin with {_row(theirs)}, as if it were alone."
            )


@check("That is the paper's loss: 1/4 for ones beside zeros, at every size.")
def gram_loss(student: Callable[[Tensor, Tensor], Tensor]) -> Hints:
    """`student(maps, texture)`, both [N, H, W]: a layer's loss (Gatys et al. 2015).

    E is the sum of (G - A)^2 / (4 N^2 M^2), where G and A are not divided by M. In
    closed form: 1/4 for maps of ones beside zeros, 4 for maps of twos.
    """
    for count, high, wide in (3, 4, 5), (2, 6, 6):  # 20 places, and 36
        ones = torch.ones(count, high, wide)
        yield from _closed_form_hints(student, ones, count, high * wide)
    maps, other = _random_maps(3), _random_maps(3, seed=1)
    if not torch.allclose(numbers(student, maps, _shuffled(maps)), torch.zeros(())):
        yield (
            "The same maps with their places in another order should have the loss 0: "
            "compare Gram matrices, not maps."
        )
    if not torch.allclose(numbers(student, 2 * ones, 0 * ones), torch.tensor(4.0)):
        yield (
            "Maps of twos beside zeros have the loss 4, 16 times that of ones: the "
            "products grow by 4, and their squares by 16."
        )
    true = (true_gram(maps[None]) - true_gram(other[None])).square().sum() / 36
    if not torch.allclose(found := numbers(student, maps, other), true, rtol=1e-4):
        yield f"For two random sets of maps it should be {true:.5f}, not {found:.5f}."


def _closed_form_hints(student: Callable, ones: Tensor, n: int, m: int) -> Hints:
    """N maps of ones at M places beside zeros: G is M everywhere, and E is 1/4."""
    found = numbers(student, ones, 0 * ones)
    if found.numel() != 1:
        yield f"A loss is one number; yours has shape {[*found.shape]}."
    times = 4 * found.item()
    named = {
        4: "4 times: the 4 below the line is missing, as in Gatys' own code",
        n**2: f"{n**2} times: divide by N² as well",
        4 * n**2: f"{4 * n**2} times: divide by 4 N² as well",
        m**2: f"{m**2} times: divide by M² as well, for {m} places",
        4 * m**2: f"{4 * m**2} times: divide by 4 M² as well, for {m} places",
        1 / m**2: "M² times too small: your G and A are divided by M already",
        4 * n**2 * m**2: "not divided by 4 N² M²",
    }
    close = [text for size, text in named.items() if abs(times / size - 1) < 1e-3]
    if abs(times - 1) > 1e-3:
        text = close[0] if close else f"{times:.3g} times"
        yield f"{n} maps of ones at {m} places, beside zeros: 1/4. Yours is {text}."
