"""Checks for notebook 09, from minutes to milliseconds."""

from collections.abc import Callable

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
