"""How a picture moves: L-BFGS and Adam, one evaluation a step, that recover alone.

A descent is asked for the next point with the loss and gradient at the last one:
`z = descent.next(z, loss, gradient)`. It never looks at the network.
"""

import math
from collections import deque

from torch import Tensor

from stylelab.core.errors import Diverged

HISTORY = 20  # curvature pairs that L-BFGS keeps
FIRST_STEP = 2.0  # mean move of a first step: 2/255 a pixel
LONGEST_STEP = 20.0  # root mean square of any step, in the same unit
PATIENCE = 8  # steps back before a run is given up; in a row, for L-BFGS
WORSE = 0.5  # a loss that grows by more than this share of itself is a step back
STALLED = 20  # steps without a gain of 0.01 % before the history is thrown away


class LBFGS:
    """Limited-memory BFGS (Nocedal & Wright, algorithm 7.4) without a line search.

    It differs from torch.optim.LBFGS in three ways. That keeps a curvature pair only if
    s . y > 1e-10, an absolute bound: with losses near 1 most runs keep no pair and
    creep, which is why scripts weigh style by 1e6. Here the bound is relative. Its
    first step, 1 over the gradient's sum, wastes ten evaluations; here the first step
    has a size in pixels. And if a step makes the loss much worse, the picture goes back
    and takes half of that step, with the curvature that it learnt.
    """

    def __init__(self, history: int = HISTORY) -> None:
        # s, y and 1 / (s . y)
        self.pairs: deque[tuple[Tensor, Tensor, Tensor]] = deque(maxlen=history)
        self.last: tuple[Tensor, float, Tensor] | None = None  # z, loss, gradient
        self.radius = LONGEST_STEP
        self.refused = self.idle = 0
        self.first = self.best = math.inf

    def next(self, z: Tensor, loss: float, gradient: Tensor) -> Tensor:
        """The point to evaluate after `z`, where `loss` and `gradient` were found."""
        finite = math.isfinite(loss) and bool(gradient.isfinite().all())
        if self.last is not None:
            before, accepted, slope = self.last
            s, y = (z - before).flatten(), (gradient - slope).flatten()
            if finite and s.dot(y) > 1e-6 * s.norm() * y.norm():
                self.pairs.append((s, y, 1 / s.dot(y)))
            if not finite or loss > accepted + WORSE * abs(accepted):
                return self._step_back(z, *self.last)
            self.radius = min(LONGEST_STEP, 1.5 * self.radius)
        elif not finite:
            raise Diverged(
                "the very first loss is not finite: the weights are too large, or the "
                "network's; try smaller weights or precision=float32"
            )
        self.last, self.refused = (z, loss, gradient), 0
        self._watch(loss)
        return self._move_from(z, gradient)

    def _step_back(
        self, z: Tensor, before: Tensor, accepted: float, slope: Tensor
    ) -> Tensor:
        """Half of the step from `before` to `z`."""
        self.refused += 1
        if self.refused > PATIENCE:
            raise Diverged(
                f"the loss stays above {accepted:.3g} wherever the picture moves; try "
                "optimizer=adam, precision=float32 or space=spectrum"
            )
        self.radius = _size(z - before) / 2
        if self.refused > 1:
            self.pairs.clear()
        return self._move_from(before, slope)

    def _watch(self, loss: float) -> None:
        """A fresh history where nothing was gained for long; an error if never."""
        self.first = loss if self.first == math.inf else self.first
        self.idle += 1
        if self.best - loss > 1e-4 * abs(loss):
            self.best, self.idle = loss, 0
        elif self.idle % STALLED == 0:
            self.pairs.clear()
        if self.idle == 3 * STALLED and self.best == self.first != 0:
            raise Diverged(
                f"the loss has not fallen from its first value, {self.first:.3g}: the "
                "start may be the answer already; else try start=noise, larger "
                "weights, precision=float32 or optimizer=adam"
            )

    def _move_from(self, z: Tensor, gradient: Tensor) -> Tensor:
        move = self._direction(gradient.flatten()).view_as(z)
        size = _size(move)
        return z + move * min(1.0, self.radius / size) if size > 0 else z.clone()

    def _direction(self, gradient: Tensor) -> Tensor:
        """Minus the inverse Hessian, as the pairs know it, times the gradient.

        A pair of a step s and the change y of the slope says: the inverse Hessian H
        takes y to s. BFGS makes the smallest change of H that does so, with
        rho = 1 / (s . y):  H' = (1 - rho s y^T) H (1 - rho y s^T) + rho s s^T.
        """
        if not self.pairs:
            return gradient * (-FIRST_STEP / gradient.abs().mean().clamp(min=1e-30))
        # H' times a vector, without any matrix: first the right brackets, from the
        # newest pair to the oldest, then a first guess of H (a number, from the newest
        # pair), then the left brackets, from the oldest to the newest.
        q, shares = -gradient, []
        for s, y, rho in reversed(self.pairs):
            shares.append(rho * s.dot(q))
            q = q - shares[-1] * y
        _, y, rho = self.pairs[-1]
        q = q / (rho * y.dot(y))
        for (s, y, rho), share in zip(self.pairs, reversed(shares), strict=True):
            q = q + (share - rho * y.dot(q)) * s
        return q


class Adam:
    """Adam (Kingma & Ba 2015), some 5/255 a step; halved where a loss is not finite."""

    def __init__(self, rate: float = 5.0) -> None:
        self.rate, self.steps, self.refused = rate, 0, 0
        self.mean: Tensor | float = 0.0
        self.square: Tensor | float = 0.0
        self.last: Tensor | None = None

    def next(self, z: Tensor, loss: float, gradient: Tensor) -> Tensor:
        """The point to evaluate after `z`, where `loss` and `gradient` were found."""
        if not (math.isfinite(loss) and gradient.isfinite().all()):
            self.rate, self.refused = self.rate / 2, self.refused + 1
            if self.last is None or self.refused > PATIENCE:
                raise Diverged(
                    "the loss is not finite wherever the picture moves; try smaller "
                    "weights, precision=float32 or space=spectrum"
                )
            self.mean, self.square, self.steps = 0.0, 0.0, 0
            return self.last
        self.last, self.steps = z, self.steps + 1
        self.mean = 0.9 * self.mean + 0.1 * gradient
        self.square = 0.99 * self.square + 0.01 * gradient.square()
        mean = self.mean / (1 - 0.9**self.steps)
        root = (self.square / (1 - 0.99**self.steps)).sqrt()
        return z - self.rate * mean / (root + 1e-12 + 1e-8 * root.mean())


def _size(move: Tensor) -> float:
    """The root mean square of all its numbers."""
    return move.square().mean().sqrt().item()


DESCENTS = {"lbfgs": LBFGS, "adam": Adam}
