"""The photo's colours kept: closed forms, and what the network is really shown."""

import colorsys

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import stylelab as sl
from stylelab.core import spaces
from stylelab.runs import colors, tradeoff

SEEDS = st.integers(0, 2**32)


def rand(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


def yiq(picture: torch.Tensor) -> torch.Tensor:
    """Y, I and Q of a picture [1, 3, H, W] as Python's own library has them: [n, 3]."""
    pixels = picture[0].flatten(1).T.tolist()
    return torch.tensor([colorsys.rgb_to_yiq(*pixel) for pixel in pixels])


def test_luminance_is_y_of_yiq():
    picture = rand(1, 3, 5, 6)
    # The library rounds Rec. 601 to two digits.
    luma = colors.luminance(picture).flatten()
    assert torch.allclose(luma, yiq(picture)[:, 0], atol=0.005)
    white = torch.ones(1, 3, 2, 2)
    assert torch.allclose(colors.luminance(white), white[:, :1])


def test_recolouring_puts_the_photos_i_and_q_back():
    photo = 0.4 + 0.2 * rand(1, 3, 5, 6)  # pale, so that nothing is clipped
    painted = 0.4 + 0.2 * rand(1, 3, 5, 6, seed=1)
    mixture = colors.recoloured(painted, photo)
    assert torch.allclose(
        colors.luminance(mixture), colors.luminance(painted), atol=1e-6
    )
    assert torch.allclose(yiq(mixture)[:, 1:], yiq(photo)[:, 1:], atol=0.003)


@given(SEEDS)
def test_recolouring_a_photo_with_itself_changes_nothing(seed):
    photo = rand(1, 3, 4, 4, seed=seed)
    assert torch.allclose(colors.recoloured(photo, photo), photo, atol=1e-6)
    grey = colors.grey(photo)
    assert torch.allclose(colors.recoloured(grey, photo), photo, atol=1e-6)
    assert torch.allclose(colors.chroma(grey), torch.zeros_like(grey), atol=1e-6)


def test_colours_that_no_screen_has_are_clipped():
    blue = torch.tensor([0.0, 0.0, 1.0]).view(1, 3, 1, 1)
    mixture = colors.recoloured(torch.ones(1, 3, 1, 1), blue)
    assert mixture.flatten().tolist() == pytest.approx([0.886, 0.886, 1.0])


def moments(picture: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    flat = picture.flatten(2)[0]
    return flat.mean(1), torch.atleast_2d(flat.cov(correction=0))


def mixed(seed: int, channels: int = 3) -> torch.Tensor:
    """A pale picture whose colours are correlated."""
    matrix = rand(channels, channels, seed=seed + 7)
    flat = matrix @ (rand(channels, 99, seed=seed) - 0.5)
    return 0.5 + 0.2 * (flat / flat.abs().max()).view(1, channels, 9, 11)


@settings(deadline=None)
@given(SEEDS, st.sampled_from([1, 3]))
def test_matched_colours_have_the_photos_mean_and_covariance(seed, channels):
    style, photo = mixed(seed, channels), 0.5 + mixed(seed + 1, channels) / 9
    (mean, cov), (true_mean, true_cov) = (
        moments(colors.matched(style, photo)),
        moments(photo),
    )
    # Where a style has no colour along an axis, none is invented.
    if torch.linalg.eigvalsh(moments(style)[1]).min() > colors.FAINTEST:
        assert torch.allclose(mean, true_mean, atol=1e-5)
        assert torch.allclose(cov, true_cov, atol=2e-5)


def test_matching_a_picture_with_itself_changes_nothing():
    style = mixed(3)
    assert torch.allclose(colors.matched(style, style), style, atol=1e-5)


def test_only_the_colours_of_a_region_are_taken():
    photo = torch.cat([mixed(1), mixed(2) * 0.5], 3)
    left = torch.zeros(1, 1, *photo.shape[-2:])
    left[..., : left.shape[-1] // 2] = 1
    style = mixed(3)
    here = colors.matched(style, photo, left)
    assert torch.allclose(here, colors.matched(style, mixed(1)), atol=1e-5)
    assert not torch.allclose(here, colors.matched(style, photo), atol=1e-2)


def test_a_grey_style_gets_no_colours_invented():
    grey = mixed(0)[:, :1].expand(-1, 3, -1, -1)
    moved = colors.matched(grey, mixed(1))
    assert moved.isfinite().all()
    values = torch.linalg.eigvalsh(moments(moved)[1])
    assert values[:2].abs().max() < 1e-3 * values[2]


# --- In a run -------------------------------------------------------------------------

SMALL = {"size": 48, "steps": 4}


def test_by_luminance_the_network_sees_grey_and_the_result_has_the_photos_chroma():
    run = sl.transfer("palace", "starry_night", colors="luminance", **SMALL)
    assert torch.equal(run.start[:, 0], run.start[:, 2])
    photo = sl.load("palace", 48)
    result = run.result(iter)
    assert not torch.equal(colors.luminance(result.picture), colors.luminance(photo))
    inside = (result.picture > 0).all(1) & (result.picture < 1).all(1)
    difference = (colors.chroma(result.picture) - colors.chroma(photo)).abs().amax(1)
    assert inside.float().mean() > 0.5
    assert difference[inside].max() < 1e-5


@pytest.mark.parametrize("space", spaces.SPACES)
def test_a_grey_space_moves_one_channel(space):
    grey_space = spaces.of_grey(spaces.SPACES[space](6, 8))
    grey = 0.3 + 0.4 * rand(1, 1, 6, 8).expand(-1, 3, -1, -1)
    assert torch.allclose(grey_space.decode(grey_space.encode(grey)), grey, atol=1e-5)


def test_by_statistics_the_targets_have_the_photos_colours():
    """A photo in its own colours is its own match, so nothing is to be done."""
    exact = {"precision": "float32", "space": "pixels", **SMALL}
    first = next(iter(sl.transfer("cat", "cat", colors="statistics", **exact)))
    assert first.loss == pytest.approx(0, abs=1e-3)


def test_every_start_is_as_grey_as_the_run():
    for start in ("noise", "photo", "style", "great_wave"):
        options = {"colors": "luminance", "start": start, **SMALL}
        run = sl.transfer("palace", "starry_night", **options)
        assert torch.equal(run.start[:, 0], run.start[:, 1])
        assert run.start.shape == sl.load("palace", 48).shape


def test_a_picture_as_saved_is_measured_as_the_network_saw_it():
    by_light = sl.transfer("palace", "brick", colors="luminance", **SMALL)
    result = by_light.result(iter)
    losses = tradeoff.losses_as_saved(by_light, result.picture)
    # Clipped colours and 8 bits cost a little; seen in colour it would be far more.
    assert sum(losses.values()) == pytest.approx(result.loss, rel=0.2)
    photo = sl.load("palace", 48)
    assert torch.equal(by_light.as_network_sees(photo), colors.grey(photo))
    assert sl.transfer("palace", "brick", **SMALL).as_network_sees(photo) is photo
