"""One idea: change a picture until a network sees in it what was asked for.

Content alone gives a reconstruction, style alone a texture, both together a transfer
(Gatys, Ecker, Bethge 2015, 2016). This page is the whole algorithm. `network` is any
whose `features(picture, layers)` gives feature maps [1, N, H, W] by layer.

Losses are those of Gatys' own notebook, which writes means where the paper has sums:
eq. 1 is half the sum of the squares that `content` averages, and eq. 4 divides by
4 N^2 M^2 where `gram` divides by the M positions and `style` its mean by N^2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

Measure = Callable[[Tensor], Tensor]  # of the feature maps of a layer

# --- What is asked for: a weighted sum of small terms ---------------------------------


@dataclass(frozen=True)
class Term:
    """`weight` times the `distance` of one layer's maps, or of the picture."""

    name: str
    layer: str | None  # None: the picture itself is measured
    distance: Measure  # one number: 0 at the goal
    weight: float = 1.0


@dataclass(frozen=True)
class Objective:
    """Terms that add and scale: `content(...) + 1e3 * style(...)`."""

    terms: tuple[Term, ...] = ()

    def __add__(self, other: Objective) -> Objective:
        return Objective(self.terms + other.terms)

    def __rmul__(self, times: float) -> Objective:
        return Objective(tuple(replace(t, weight=times * t.weight) for t in self.terms))

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers whose feature maps the terms need."""
        return tuple(dict.fromkeys(term.layer for term in self.terms if term.layer))

    def losses(self, picture: Tensor, maps: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The loss of each term by its name; terms of one name are added up."""
        losses: dict[str, Tensor] = {}
        for term in self.terms:
            distance = term.distance(maps[term.layer] if term.layer else picture)
            losses[term.name] = losses.get(term.name, 0.0) + term.weight * distance
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


def content(layer: str, photo: Tensor) -> Objective:
    """Mean square distance to a photo's maps [1, N, H, W]: what is where (eq. 1)."""
    goal = photo.float()

    def distance(maps: Tensor) -> Tensor:
        return (maps.float() - goal).square().mean()

    return Objective((Term(f"content {layer}", layer, distance),))


def style(layer: str, goal: Tensor, statistic: Measure = gram) -> Objective:
    """Mean square distance of a Gram matrix to its `goal`, over N^2 (eq. 4)."""

    def distance(maps: Tensor) -> Tensor:
        return (statistic(maps) - goal).square().mean() / maps.shape[1] ** 2

    return Objective((Term(f"style {layer}", layer, distance),))


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

    A caller who asks for no further step stops the run. `space` (spaces.py) says what
    moves, `descent` (descent.py) how; it raises Diverged where nothing leads down.
    """
    if not objective.terms:
        raise ValueError("there is nothing to minimise: every weight is zero")
    z = space.encode(start)
    for index in range(1, steps + 1):
        # A `yield` inside this block would switch gradients on for the caller, too.
        with torch.enable_grad():
            z = z.detach().requires_grad_()  # pixels [1, 3, H, W], or Fourier numbers
            picture = space.decode(z)  # [1, 3, H, W] in 0..1
            maps = network.features(picture, objective.layers)  # by name: [1, N, H, W]
            losses = objective.losses(picture, maps)
            (gradient,) = torch.autograd.grad(sum(losses.values(), torch.zeros(())), z)
        values = {name: loss.item() for name, loss in losses.items()}
        yield Step(index, steps, values, picture.detach())
        if index < steps:
            z = descent.next(z, sum(values.values()), gradient)


# --- What the tasks ask for; transfer: alpha * reconstruction + beta * texture (eq. 7)


@torch.no_grad()
def reconstruction(network, photo: Tensor, layers: Sequence[str]) -> Objective:
    """Content alone: the maps of a photo [1, 3, H, W] at each of `layers`."""
    terms = (content(*found) for found in network.features(photo, layers).items())
    return sum(terms, Objective())


@torch.no_grad()
def texture(
    network, paintings: Sequence[Tensor], shares, layers: Mapping[str, float], statistic
) -> Objective:
    """Style alone: at each layer, by its weight, the paintings' mixed statistics."""
    maps = [network.features(painting, layers) for painting in paintings]

    def goal(layer: str) -> Tensor:
        return sum(a * statistic(m[layer]) for a, m in zip(shares, maps, strict=True))

    terms = (weight * style(l, goal(l), statistic) for l, weight in layers.items())
    return sum(terms, Objective())
