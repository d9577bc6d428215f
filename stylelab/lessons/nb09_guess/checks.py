"""Checks for notebook 09, from minutes to milliseconds."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from stylelab.core.statistics import mean_std
from stylelab.lessons.answer import Answer, Hints, judge, numbers


def conditional_normalisation(
    student: Callable[[Tensor, Tensor, Tensor], Tensor],
) -> Answer:
    """`student(maps [1, N, H, W], mean [N], deviation [N])`: maps with just those."""
    draws = torch.Generator().manual_seed(0)
    maps = 3 + 5 * torch.rand(1, 4, 6, 9, generator=draws)
    mean, deviation = (
        torch.randn(4, generator=draws),
        1 + torch.rand(4, generator=draws),
    )

    def hints() -> Hints:
        ours = numbers(student, maps, mean, deviation)
        if ours.shape != maps.shape:
            yield f"The maps have shape {[*maps.shape]}, and yours {[*ours.shape]}."
        found_mean, found_deviation = mean_std(ours)[0]
        plain = mean_std(numbers(student, maps, torch.zeros(4), torch.ones(4)))[0]
        if (plain[0].abs() > 1e-3).any():
            yield (
                "Asked for the mean 0, your maps have "
                f"{plain[0][0]:.3g}: subtract each map's own mean first. Over which "
                "dimensions is it taken?"
            )
        if ((plain[1] - 1).abs() > 0.02).any():
            yield (
                "Asked for the deviation 1, your first map has "
                f"{plain[1][0]:.3g}: divide each map by its own deviation."
            )
        if not torch.allclose(found_mean, mean, atol=1e-2):
            yield "The means are not those asked for: add them last, after the scaling."
        if not torch.allclose(found_deviation, deviation, atol=0.05):
            yield "The deviations are not those asked for."

    praise = "That is all that a style is to this network: two numbers for each map."
    return judge(student, hints, praise)


def between(student: Callable[[np.ndarray, np.ndarray, float], np.ndarray]) -> Answer:
    """`student(one [100], other [100], share)`: the style at `share` of the way."""
    draws = np.random.default_rng(0)
    one, other = draws.normal(size=(2, 100))

    def hints() -> Hints:
        ends = [numbers(student, one, other, share) for share in (0.0, 1.0)]
        middle = numbers(student, one, other, 0.25)
        if middle.shape != (100,):
            yield f"A style has 100 numbers, and yours has the shape {[*middle.shape]}."
            return
        ends = [end.numpy() for end in ends]
        if np.allclose(ends[0], other, atol=1e-4) and np.allclose(
            ends[1], one, atol=1e-4
        ):
            yield "At share 0 yours is the other style: exchange the two."
        elif not np.allclose(ends[0], one, atol=1e-4):
            yield "At share 0 it has to be the first style, unchanged."
        elif not np.allclose(ends[1], other, atol=1e-4):
            yield "At share 1 it has to be the other style, and nothing of the first."
        if not np.allclose(middle.numpy(), 0.75 * one + 0.25 * other, atol=1e-4):
            yield "At share 0.25 it has three quarters of the first style."

    praise = "A straight line between two styles: every point on it is a style."
    return judge(student, hints, praise)
