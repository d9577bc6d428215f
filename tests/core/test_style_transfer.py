"""The loop: what it promises to whoever iterates, on the real network, small."""

import itertools
import math

import pytest
import torch

from stylelab.core import statistics, style_transfer, vgg
from stylelab.core.descent import LBFGS
from stylelab.core.spaces import SPACES, pixels, spectrum
from stylelab.runs import tasks
from stylelab.runs.recipe import Recipe
from stylelab.runs.run import space_of

SMALL = {"size": 48, "steps": 12}


def picture(seed=0, height=48, width=60):
    return torch.rand(
        1, 3, height, width, generator=torch.Generator().manual_seed(seed)
    )


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("shape", [(48, 60), (47, 61), (1, 5)])
def test_a_picture_survives_the_way_there_and_back(space, shape):
    inside = 0.15 + 0.7 * picture(0, *shape)
    there = SPACES[space](*shape)
    assert torch.allclose(there.decode(there.encode(inside)), inside, atol=1e-4)


@pytest.mark.parametrize("clipped", [False, True])
def test_the_spectrum_stays_in_range_wherever_it_is_pushed(clipped):
    space = spectrum(16, 20, clipped=clipped)
    z = space.encode(picture(0, 16, 20))
    far = space.decode(z + 1e3 * torch.randn(z.shape, generator=torch.manual_seed(0)))
    assert far.min() >= 0
    assert far.max() <= 1
    assert pixels(16, 20).decode(torch.full((1, 3, 16, 20), 300.0)).max() > 1


def test_the_sigmoid_starts_black_and_white_where_it_still_moves():
    space = spectrum(16, 16)
    for value, squeezed in ((0.0, 0.1), (1.0, 0.9)):
        z = space.encode(torch.full((1, 3, 16, 16), value))
        assert torch.allclose(space.decode(z), torch.tensor(squeezed), atol=1e-5)


@pytest.mark.parametrize("shape", [(48, 60), (47, 61), (1, 5)])
def test_the_clip_starts_from_the_picture_itself(shape):
    for start in (picture(0, *shape), picture(0, *shape).round()):
        space = spectrum(*shape, clipped=True)
        assert torch.allclose(space.decode(space.encode(start)), start, atol=1e-5)


@pytest.mark.parametrize("way", [1.0, -1.0])
def test_the_clip_has_a_slope_wherever_there_is_a_way_back(way):
    """A descent against the slope never leads further out, and always back."""
    space = spectrum(1, 5, exponent=0.0, clipped=True)
    values = torch.tensor([-0.5, 0.0, 0.5, 1.0, 1.5])
    z = space.encode(values.expand(1, 3, 1, 5)).requires_grad_()
    shown = space.decode(z)
    assert torch.allclose(shown[0, 0, 0], values.clamp(0, 1), atol=1e-6)
    (slope,) = torch.autograd.grad(way * shown.sum(), z)
    moved = space.decode(z.detach() - 25.5 * slope / slope.norm())[0, 0, 0]
    inside = values[1:4] - way * 0.1
    assert ((moved[1:4] - inside.clamp(0, 1)).abs() < 0.1).all()
    stuck = 0 if way > 0 else 4
    assert moved[stuck] == shown[0, 0, 0, stuck]


def test_white_paper_takes_paint_as_fast_behind_the_clip():
    """With the slope of `clamp` it did not: most of it stayed white."""
    drawing = torch.ones(1, 3, 48, 60)
    drawing[..., 10:14, :] = drawing[..., 30:32] = 0
    goal, ends = picture(1), []
    term = style_transfer.Term("far", None, lambda shown: (shown - goal).square().sum())
    wish = style_transfer.Objective((term,))
    for clipped in (False, True):
        space = spectrum(48, 60, clipped=clipped)
        steps = style_transfer.minimise(
            wish, drawing, vgg.load("random"), 40, space, LBFGS()
        )
        ends.append(min(step.loss for step in steps))
    assert ends[1] < 1.02 * ends[0]


def smoothed(space, start, steps=40):
    net, smooth = vgg.load("random"), 1e3 * statistics.smoothness()
    return [*style_transfer.minimise(smooth, start, net, steps, space, LBFGS())][-1]


def test_smoothing_keeps_the_mean_colour():
    """The sigmoid drew it to where it is flat: orange became more orange."""
    colour = torch.tensor([0.58, 0.43, 0.34]).view(1, 3, 1, 1)
    start = (colour + 0.9 * (picture() - 0.5)).clamp(0, 1)
    drifts = []
    for clipped in (False, True):
        last = smoothed(spectrum(48, 60, clipped=clipped), start)
        assert last.picture.std((2, 3)).max() < 0.25 * start.std((2, 3)).min()
        drifts.append((last.picture - start).mean((2, 3)).abs().max() * 255)
    assert drifts[1] < 1 < 5 < drifts[0]


@pytest.mark.parametrize(("start", "exponent"), [("noise", 0.25), ("photo", 0.5)])
def test_broad_forms_move_further_and_less_so_out_of_noise(start, exponent):
    space = space_of(Recipe(start=start), 64, 64)
    z = space.encode(torch.full((1, 3, 64, 64), 0.5))
    moves = []
    for frequency in (2, 16):
        pushed = z.clone()
        pushed[0, 0, 0, frequency, 0] += 1e-2
        moves.append((space.decode(pushed) - space.decode(z)).norm())
    assert math.log(moves[0] / moves[1], 16 / 2) == pytest.approx(exponent, abs=1e-2)


def test_a_step_reports_the_loss_of_the_picture_it_shows():
    run = tasks.transfer("cat", "starry_night", precision="float32", **SMALL)
    for step in itertools.islice(run, 3):
        with torch.no_grad():
            expected = run.objective.losses(step.picture, run.network)
        assert step.losses == pytest.approx(
            {name: loss.item() for name, loss in expected.items()}, rel=1e-5
        )
        assert step.loss == pytest.approx(sum(step.losses.values()))
        assert step.image().size == (step.picture.shape[3], step.picture.shape[2])


@pytest.mark.parametrize("optimizer", ["lbfgs", "adam"])
@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_every_way_lowers_the_loss(optimizer, space, precision):
    result = tasks.transfer(
        "cat",
        "starry_night",
        optimizer=optimizer,
        space=space,
        precision=precision,
        **SMALL,
    ).result(iter)
    assert result.loss < 0.5 * result.history[0]
    assert result.picture.isfinite().all()


def test_bfloat16_walks_nearly_the_same_way():
    walks = [
        tasks.transfer("cat", "starry_night", precision=precision, **SMALL).result(iter)
        for precision in ("float32", "bfloat16")
    ]
    assert walks[1].loss == pytest.approx(walks[0].loss, rel=0.1)


def test_the_same_recipe_gives_the_same_picture_bit_for_bit():
    first, second = (
        tasks.texture("gravel", seed=3, **SMALL).result(iter) for _ in range(2)
    )
    other = tasks.texture("gravel", seed=4, **SMALL).result(iter)
    assert torch.equal(first.picture, second.picture)
    assert first.history == second.history
    assert not torch.equal(first.picture, other.picture)


def test_a_shorter_run_is_the_beginning_of_a_longer_one():
    short = [s.loss for s in tasks.reconstruct("cat", size=48, steps=5)]
    long = [s.loss for s in tasks.reconstruct("cat", size=48, steps=9)]
    assert short == long[:5]


def test_nothing_of_torchs_state_is_touched():
    before = torch.random.get_rng_state()
    with torch.no_grad():
        for _ in tasks.texture("gravel", size=48, steps=2):
            assert not torch.is_grad_enabled()
            assert not torch.is_autocast_enabled("cpu")
    assert torch.equal(before, torch.random.get_rng_state())
    for _ in tasks.texture("gravel", size=48, steps=2):
        assert torch.is_grad_enabled()


def test_a_run_starts_afresh_every_time():
    run = tasks.texture("gravel", size=48, steps=3)
    assert [s.loss for s in run] == [s.loss for s in run]


def test_a_caller_who_stops_asking_stops_the_run(monkeypatch):
    asked = []
    features = vgg.Network.features
    run = tasks.texture("gravel", size=48, steps=100)
    assert run.objective.terms  # whose goals have been measured now
    monkeypatch.setattr(
        vgg.Network, "features", lambda *a: asked.append(1) or features(*a)
    )
    next(iter(run))
    assert len(asked) == 1


def test_nothing_to_minimise_is_said():
    net, space = vgg.load("random"), spectrum(16, 16)
    nothing = style_transfer.Objective()
    with pytest.raises(ValueError, match="nothing to minimise"):
        next(style_transfer.minimise(nothing, picture(), net, 9, space, LBFGS()))


def test_an_objective_of_the_picture_alone_needs_no_layer():
    net, smooth = vgg.load("random"), statistics.smoothness()
    start = picture()
    space = spectrum(*start.shape[-2:])
    steps = [*style_transfer.minimise(smooth, start, net, 10, space, LBFGS())]
    assert steps[-1].loss < 0.2 * steps[0].loss


def test_a_loss_that_is_never_finite_is_said():
    broken = style_transfer.Term("broken", None, lambda shown: shown.sum() * math.nan)
    start, net = picture(), vgg.load("random")
    wish, space = style_transfer.Objective((broken,)), spectrum(*start.shape[-2:])
    run = style_transfer.minimise(wish, start, net, 9, space, LBFGS())
    with pytest.raises(RuntimeError, match="not finite"):
        list(run)
