"""Why scripts multiply the loss by a million: torch's L-BFGS, and the loss's unit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from stylelab.figures import plots

BOUND = 1e-10  # torch.optim.LBFGS forgets a step unless y·s is larger


@dataclass
class Walk:
    """A walk down `factor` times a loss: the loss without its factor, and each y·s."""

    losses: list[float] = field(default_factory=list)
    products: list[float] = field(default_factory=list)

    @property
    def remembered(self) -> int:
        """How many of the steps L-BFGS learns from."""
        return sum(product > BOUND for product in self.products)


def walk_down(
    loss_of: Callable[[Tensor], Tensor], start: Tensor, factor: float, steps: int
) -> Walk:
    """`steps` evaluations by torch's own L-BFGS of `factor * loss_of(x)`."""
    x = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([x], max_iter=1)
    walk, last = Walk(), None

    def closure() -> Tensor:
        nonlocal last
        optimizer.zero_grad()
        loss = factor * loss_of(x)
        loss.backward()
        here = x.detach().clone(), x.grad.clone()
        if last is not None:
            s, y = here[0] - last[0], here[1] - last[1]
            walk.products.append(float((y * s).sum()))
        last = here
        walk.losses.append(loss.item() / factor)
        return loss

    for _ in range(steps):
        optimizer.step(closure)
    return walk


def figure(walks: Mapping[str, Walk], claim: str, alt: str) -> plots.Plate:
    """The losses of `walks`, and beside them y·s with the bound of torch's L-BFGS."""
    plate = plots.Plate(claim, alt, 10, 4.8)
    left, right = plate.subplots(1, 2)
    looks = zip(plots.COLOURS, ("-", "-", (0, (2, 2))), ("o", "s", "x"), strict=False)
    for (name, walk), (colour, dashes, mark) in zip(walks.items(), looks, strict=False):
        steps = range(1, 1 + len(walk.losses))
        left.plot(steps, walk.losses, color=colour, ls=dashes, lw=3, label=name)
        dots = zip(steps[1:], walk.products, strict=True)
        along, up = zip(*[dot for dot in dots if dot[1] > 0], strict=True)
        right.plot(along, up, mark, ms=7, mew=2, color=colour)
    right.axhline(BOUND, color=plots.BLACK, lw=1.5, ls="--")
    beside = right.get_yaxis_transform()
    words = {"fontsize": plots.SMALL, "va": "bottom", "ha": "right"}
    right.text(0.98, 2 * BOUND, "remembered above 1e-10", transform=beside, **words)
    right.set_yscale("log")
    plots.label(left, "step", "loss, without its factor")
    plots.label(right, "step", "y·s")
    left.set_ylim(0)
    for axes in (left, right):
        axes.set_xticks(range(0, 1 + len(steps), 5))
    place = {"ncols": len(walks), "loc": "outside lower center", "frameon": False}
    plate.legend(*left.get_legend_handles_labels(), fontsize=plots.MEDIUM, **place)
    return plate
