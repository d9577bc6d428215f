"""Checks for notebook 09, from minutes to milliseconds."""

from collections.abc import Callable

import torch
from torch import Tensor

from stylelab.core.statistics import mean_std
from stylelab.lessons.answer import Hints, check, numbers


@check("That is all that a style is to this network: two numbers for each map.")
def conditional_normalisation(
    student: Callable[[Tensor, Tensor, Tensor], Tensor],
) -> Hints:
    """`student(maps [1, N, H, W], mean [N], deviation [N])`: maps with just those."""
    draws = torch.Generator().manual_seed(0)
    maps = 3 + 5 * torch.rand(1, 4, 6, 9, generator=draws)
    mean = torch.randn(4, generator=draws)
    deviation = 1 + torch.rand(4, generator=draws)
    ours = numbers(student, maps, mean, deviation)
    if ours.shape != maps.shape:
        yield f"The maps have shape {[*maps.shape]}, and yours {[*ours.shape]}."
    found_mean, found_deviation = mean_std(ours)[0]
    plain = mean_std(numbers(student, maps, torch.zeros(4), torch.ones(4)))[0]
    if (plain[0].abs() > 1e-3).any():
        yield (
            f"Asked for the mean 0, your maps have {plain[0][0]:.3g}: subtract each "
            "map's own mean first. Over which dimensions is it taken?"
        )
    if ((plain[1] - 1).abs() > 0.02).any():
        yield (
            f"Asked for the deviation 1, your first map has {plain[1][0]:.3g}: divide "
            "each map by its own deviation."
        )
    if not torch.allclose(found_mean, mean, atol=1e-2):
        yield "The means are not those asked for: add them last, after the scaling."
    if not torch.allclose(found_deviation, deviation, atol=0.05):
        yield "The deviations are not those asked for."


@check("A straight line between two styles: every point on it is a style.")
def between(student: Callable[[Tensor, Tensor, float], Tensor]) -> Hints:
    """`student(one [100], other [100], share)`: the style at `share` of the way."""
    one, other = torch.randn(2, 100, generator=torch.Generator().manual_seed(0))
    first, last, quarter = (numbers(student, one, other, t) for t in (0.0, 1.0, 0.25))
    if quarter.shape != (100,):
        yield f"A style has 100 numbers, and yours has the shape {[*quarter.shape]}."
    if _alike(first, other) and _alike(last, one):
        yield "At share 0 yours is the other style: exchange the two."
    if not _alike(first, one):
        yield "At share 0 it has to be the first style, unchanged."
    if not _alike(last, other):
        yield "At share 1 it has to be the other style, and nothing of the first."
    if not _alike(quarter, 0.75 * one + 0.25 * other):
        yield "At share 0.25 it has three quarters of the first style."


def _alike(ours: Tensor, right: Tensor) -> bool:
    return torch.allclose(ours, right, atol=1e-4)
