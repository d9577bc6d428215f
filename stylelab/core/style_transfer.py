"""One idea: change a picture until a network sees in it what was asked for.

Content alone is a reconstruction, style alone a texture, both are a transfer (Gatys,
Ecker, Bethge 2015, 2016). `network.features(picture, layers)` gives maps [1, N, H, W].

Distances are relative to their goals: 0 is equal, 1 is as wrong as black. Gatys' own
are absolute (`relative=False`): eq. 1 is half the sum of squares that `content` then
averages; eq. 4 divides by 4 N^2 M^2 where `gram` divides by M positions and `style` by
N^2 after a mean. There relu4_1 is most of the style, and large forms are nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

Measure = Callable[[Tensor], Tensor]  # of the feature maps of a layer

# --- What is asked for: a weighted sum of small terms ---------------------------------


@dataclass(frozen=True)
class Term:
    """`weight` times the `distance` of a layer's `statistic` from a goal."""

    name: str
    layer: str | None  # None: the picture itself is measured
    distance: Measure  # one number: 0 at the goal
    weight: float = 1.0
    statistic: Measure = Tensor.float


@dataclass(frozen=True)
class Objective:
    """Terms that add and scale: `content(...) + 30 * style(...)`."""

    terms: tuple[Term, ...] = ()

    def __add__(self, other: Objective) -> Objective:
        return Objective(self.terms + other.terms)

    def __rmul__(self, times: float) -> Objective:
        return Objective(tuple(replace(t, weight=times * t.weight) for t in self.terms))

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers whose feature maps the terms need."""
        return tuple(dict.fromkeys(term.layer for term in self.terms if term.layer))

    def measure(self, picture: Tensor, network) -> list[Tensor]:
        """The statistic of each term, for a picture [1, 3, H, W]."""
        maps = network.features(picture, self.layers)  # by name: [1, N, H, W]
        return [t.statistic(maps[t.layer] if t.layer else picture) for t in self.terms]

    def losses(self, picture: Tensor, network) -> dict[str, Tensor]:
        """The loss of each term by its name; terms of one name are added up."""
        losses: dict[str, Tensor] = {}
        for t, found in zip(self.terms, self.measure(picture, network), strict=True):
            losses[t.name] = losses.get(t.name, 0.0) + t.weight * t.distance(found)
        return losses


def gram(maps: Tensor) -> Tensor:
    """How strongly each pair of feature maps [B, N, H, W] occurs together: [B, N, N].

    G = V^T V / M of the maps at all M = H W positions, V [M, N] (eq. 3). It tells what
    occurs with what, not where. Multiplied in the maps' own precision, then float32.
    """
    if len(maps) > 1:  # one matrix per picture: the pictures of a batch must not mix
        return torch.cat([gram(one) for one in maps.split(1)])
    v = maps.permute(0, 2, 3, 1).flatten(0, 2)  # [M, N]
    # The slope of V^T V has two terms, dV^T V and its transpose V^T dV. Autograd would
    # compute a large product for each. Here it follows one V and takes the other as a
    # constant: P + P^T - P is worth P, and has both terms for one large product.
    p = (v.T @ v.detach()).float()  # [N, N]
    return (p + p.T - p.detach())[None] / len(v)  # [1, N, N]


def distance_to(goal: Tensor, unit: float | None) -> Measure:
    """Mean square distance to `goal` over `unit`; None: over the goal's own size."""
    size = unit or goal.square().mean().clamp(min=1e-30)
    return lambda found: F.mse_loss(found, goal) / size


def content(layer: str, photo: Tensor, relative: bool = True) -> Objective:
    """Distance to a photo's maps [1, N, H, W]: what is where (eq. 1)."""
    distance = distance_to(photo.float(), None if relative else 1.0)
    return Objective((Term(f"content {layer}", layer, distance),))


def style(layer: str, goal: Tensor, statistic=gram, relative: bool = True) -> Objective:
    """Distance of a Gram matrix [1, N, N], or another statistic, to `goal` (eq. 4)."""
    distance = distance_to(goal, None if relative else len(goal[0]) ** 2)
    return Objective((Term(f"style {layer}", layer, distance, 1.0, statistic),))


# --- The only loop --------------------------------------------------------------------


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


def minimise(
    objective: Objective, start: Tensor, network, steps: int, space, descent
) -> Iterator[Step]:
    """Lowers `objective` from the picture `start` [1, 3, H, W], one evaluation a step.

    Who asks for no further step stops the run. `space` (spaces.py) says what moves, and
    `descent` (descent.py) how: it raises Diverged where nothing leads down.
    """
    if not objective.terms:
        raise ValueError("there is nothing to minimise: every weight is zero")
    z = space.encode(start)
    for index in range(1, steps + 1):
        # A `yield` inside this block would switch gradients on for the caller, too.
        with torch.enable_grad():
            z = z.detach().requires_grad_()  # pixels [1, 3, H, W], or Fourier numbers
            picture = space.decode(z)  # [1, 3, H, W] in 0..1
            losses = objective.losses(picture, network)
            (gradient,) = torch.autograd.grad(sum(losses.values(), torch.zeros(())), z)
        values = {name: loss.item() for name, loss in losses.items()}
        yield Step(index, steps, values, picture.detach())
        if index < steps:
            z = descent.next(z, sum(values.values()), gradient)


# --- What the tasks ask for; transfer: alpha * reconstruction + beta * texture (eq. 7)


@torch.no_grad()
def reconstruction(network, photo: Tensor, layers, relative: bool = True) -> Objective:
    """Content alone: the maps of a photo [1, 3, H, W] at each layer, by its weight."""
    maps = network.features(photo, layers)
    return sum((layers[l] * content(l, maps[l], relative) for l in maps), Objective())


@torch.no_grad()
def texture(network, paintings, shares, layers, statistic, relative=True) -> Objective:
    """Style alone: at each layer, by its weight, the paintings' mixed statistics."""
    total, maps = Objective(), [network.features(p, layers) for p in paintings]
    for layer, weight in layers.items():
        goals = (a * statistic(m[layer]) for a, m in zip(shares, maps, strict=True))
        total += weight * style(layer, sum(goals), statistic, relative)
    return total
