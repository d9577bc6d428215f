"""The only optimisation loop: reconstruction, texture and transfer are its objectives.

A run is a generator of small frozen records. Whoever iterates decides what to do with
them; the loop prints nothing, draws nothing, starts no thread and knows no widget.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import PIL.Image
import torch
from torch import Tensor

from stylelab.core.descent import DESCENTS
from stylelab.core.spaces import Space, space_of
from stylelab.core.statistics import Objective
from stylelab.core.vgg import Network
from stylelab.pictures.tensors import to_image
from stylelab.runs.recipe import Recipe


@dataclass(frozen=True)
class Step:
    """One evaluation: the picture [1, 3, H, W] and the losses it was found to have."""

    index: int  # from 1
    total: int
    losses: dict[str, float]
    picture: Tensor

    @property
    def loss(self) -> float:
        """What is minimised: the sum of the weighted losses."""
        return sum(self.losses.values())

    def image(self) -> PIL.Image.Image:
        """The picture as it would be saved: clipped to 0..255 and rounded."""
        return to_image(self.picture)


def run(
    objective: Objective, start: Tensor, recipe: Recipe, network: Network
) -> Iterator[Step]:
    """Lowers `objective` from the picture `start` [1, 3, H, W], `recipe.steps` times.

    Every step is one evaluation of network and losses, so a caller who stops asking
    stops the run at once. Raises descent.Diverged where nothing leads down.
    """
    if not objective.terms:
        raise ValueError("there is nothing to minimise: every weight is zero")
    space = space_of(recipe, *start.shape[-2:])
    descent = DESCENTS[recipe.optimizer]()
    z = space.encode(start.to(network.device))
    for index in range(1, recipe.steps + 1):
        picture, losses, gradient = _evaluate(objective, network, space, z)
        step = Step(index, recipe.steps, losses, picture)
        # The mode of the caller never leaks in here, nor ours out: no yield inside.
        yield step
        if index < recipe.steps:
            z = descent.next(z, step.loss, gradient)


def _evaluate(
    objective: Objective, network: Network, space: Space, z: Tensor
) -> tuple[Tensor, dict[str, float], Tensor]:
    """The picture at `z`, its losses by name, and the slope of their sum in `z`."""
    with torch.enable_grad():
        z = z.detach().requires_grad_()
        picture = space.decode(z)
        features = (
            network.features(picture, objective.layers) if objective.layers else {}
        )
        losses = objective.losses(picture, features)
        (gradient,) = torch.autograd.grad(sum(losses.values()), z)
    values = {name: loss.item() for name, loss in losses.items()}
    return picture.detach(), values, gradient
