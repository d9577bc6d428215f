"""The optimisers, without any network: on functions whose minimum is known."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from stylelab.core.descent import DESCENTS, LBFGS, Adam
from stylelab.core.errors import Diverged


def descend(descent, function, z, steps):
    """The losses met, and the last point."""
    losses = []
    for _ in range(steps):
        z = z.detach().requires_grad_()
        loss = function(z)
        (gradient,) = torch.autograd.grad(loss, z)
        losses.append(loss.item())
        z = descent.next(z.detach(), loss.item(), gradient)
    return losses, z.detach()


def insist(descent, z, loss, gradient):
    for _ in range(100):
        z = descent.next(z, loss, gradient)


def bowl(scale=1.0, spread=100.0):
    """A quadratic with curvatures from 1 to `spread`, lowest (0) at 1, 2, ..., 20."""
    curvature = torch.logspace(0, math.log10(spread), 20)
    goal = torch.arange(1.0, 21.0)
    return (lambda z: scale * (curvature * (z - goal) ** 2).sum()), goal


def test_lbfgs_finds_the_bottom_of_a_bowl():
    function, goal = bowl()
    losses, z = descend(LBFGS(), function, torch.zeros(20), 60)
    assert losses[-1] < 1e-6 * losses[0]
    assert torch.allclose(z, goal, atol=0.05)


def test_lbfgs_goes_below_zero_too():
    """An objective may be a wish, such as minus a channel's mean."""
    function, goal = bowl()
    _, z = descend(LBFGS(), lambda z: function(z) - 30, torch.zeros(20), 80)
    assert torch.allclose(z, goal, atol=0.05)


@settings(deadline=None, max_examples=20)
@given(st.integers(-8, 8))
def test_lbfgs_does_not_care_how_the_loss_is_scaled(power):
    """torch's does: with a loss near 1 and pixels in 0..255 it keeps no curvature."""
    function, _ = bowl(scale=10.0**power)
    losses, _ = descend(LBFGS(), function, torch.zeros(20), 40)
    assert losses[-1] < 1e-3 * losses[0]


def test_lbfgs_agrees_with_an_exact_quasi_newton_step():
    """With one pair the direction is the BFGS formula's, written out as a matrix."""
    generator = torch.Generator().manual_seed(0)
    s, y, g = torch.randn(3, 12, generator=generator, dtype=torch.float64)
    y = y if s.dot(y) > 0 else -y
    descent = LBFGS()
    descent.pairs = [(s, y, 1 / s.dot(y))]
    rho, eye = 1 / s.dot(y), torch.eye(12, dtype=torch.float64)
    left = eye - rho * torch.outer(s, y)
    inverse = left @ (eye * (s.dot(y) / y.dot(y))) @ left.T + rho * torch.outer(s, s)
    assert torch.allclose(descent._direction(g), -inverse @ g)


@pytest.mark.parametrize("history", [1, 4])
def test_lbfgs_keeps_at_most_its_history(history):
    function, _ = bowl()
    descent = LBFGS(history)
    losses, _ = descend(descent, function, torch.zeros(20), 60)
    assert len(descent.pairs) == history
    assert losses[-1] < 0.1 * losses[0]


def test_adam_is_torchs_adam():
    function, _ = bowl()
    z = torch.zeros(20, requires_grad=True)
    oracle = torch.optim.Adam([z], lr=2.0, betas=(0.9, 0.99), eps=1e-12)
    ours, points = Adam(rate=2.0), [torch.zeros(20)]
    for _ in range(15):
        oracle.zero_grad()
        function(z).backward()
        gradient = z.grad.clone()
        points.append(ours.next(points[-1], 1.0, gradient))
        oracle.step()
        assert torch.allclose(points[-1], z, atol=1e-3)


@pytest.mark.parametrize("name", DESCENTS)
def test_a_cliff_is_stepped_back_from(name):
    """Beyond 3 the function is not finite; its bottom lies at 2, just before."""

    def cliff(z):
        return (z - 2).square().sum() / (z < 3).all()

    losses, z = descend(DESCENTS[name](), cliff, torch.full((4,), -30.0), 80)
    assert math.isfinite(losses[-1])
    assert z.isfinite().all()
    assert min(loss for loss in losses if math.isfinite(loss)) < 1


@pytest.mark.parametrize("name", DESCENTS)
def test_no_way_down_is_said_with_what_to_try(name):
    descent, z = DESCENTS[name](), torch.zeros(3)
    z = descent.next(z, 1.0, torch.ones(3))
    with pytest.raises(Diverged, match="try"):
        insist(descent, z, math.nan, torch.full((3,), math.nan))


@pytest.mark.parametrize("name", DESCENTS)
def test_a_first_loss_that_is_not_finite_is_said_at_once(name):
    with pytest.raises(Diverged, match="finite"):
        DESCENTS[name]().next(torch.zeros(3), math.inf, torch.ones(3))


@pytest.mark.parametrize("name", DESCENTS)
def test_a_flat_place_is_left_alone(name):
    descent, z = DESCENTS[name](), torch.ones(3)
    for _ in range(5):
        z = descent.next(z, 0.0, torch.zeros(3))
    assert z.isfinite().all()


def test_a_run_that_gains_nothing_at_all_says_so():
    """A slope that lies: what it promises never comes."""
    with pytest.raises(Diverged, match="not fallen"):
        insist(LBFGS(), torch.zeros(3), 1.0, torch.ones(3))


def test_a_run_that_has_arrived_is_not_called_stalled():
    function, _ = bowl()
    losses, _ = descend(LBFGS(), function, torch.zeros(20), 200)
    assert losses[-1] < 1e-6 * losses[0]
