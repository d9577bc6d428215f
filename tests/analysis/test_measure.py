import math

import pytest
import scipy.stats
import torch

from stylelab.analysis import measure


def test_psnr_of_a_known_error():
    black = torch.zeros(1, 3, 8, 8)
    assert measure.psnr(black + 0.1, black) == pytest.approx(20, abs=1e-4)
    assert measure.psnr(black, black) == math.inf


def test_psnr_refuses_to_stretch_one_picture_to_another():
    with pytest.raises(ValueError, match="two shapes"):
        measure.psnr(torch.zeros(1, 3, 8, 8), torch.zeros(1, 1, 8, 8))


def test_half_the_squared_error_is_three_decibel_more():
    noise = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    one, half = (measure.psnr(s * noise, 0 * noise) for s in (0.1, 0.1 / 2**0.5))
    assert half - one == pytest.approx(3.01, abs=0.01)


def test_cosine_knows_directions_not_lengths():
    a, b = torch.tensor([[1.0, 0]]), torch.tensor([[1.0, 1]])
    assert measure.cosine(a, 5 * a) == pytest.approx(1)
    assert measure.cosine(a, b) == pytest.approx(0.5**0.5)
    assert measure.cosine(a, -a) == pytest.approx(-1)
    assert measure.cosine(a, 0 * a) == 0


def test_correlation_ignores_contrast_and_brightness():
    a = torch.rand(10, 10, generator=torch.Generator().manual_seed(0))
    assert measure.correlation(a, 3 * a + 7) == pytest.approx(1, abs=1e-5)
    assert measure.correlation(a, -a) == pytest.approx(-1, abs=1e-5)
    assert measure.correlation(a, torch.ones(10, 10)) == 0


def test_rank_correlation_as_in_scipy():
    a, b = [3, 1, 2, 2, 10, 7], [0.1, 5, 5, 2, 0.3, -1]
    expected = scipy.stats.spearmanr(a, b).statistic
    assert measure.spearman(a, b) == pytest.approx(expected, abs=1e-6)
    assert measure.spearman(a, [x**3 for x in a]) == pytest.approx(1)


def test_stripes_are_like_themselves_one_period_further():
    stripes = torch.arange(32).remainder(8).lt(4).float().expand(1, 3, 32, 32)
    around = measure.autocorrelation(stripes, 9)
    assert around.shape == (9, 9)
    expected = torch.tensor([1, 0.5, 0, -0.5, -1, -0.5, 0, 0.5, 1])
    assert torch.allclose(around, expected.expand(9, 9), atol=1e-5)


def test_patches_do_not_tell_where_they_stood():
    a = torch.rand(1, 3, 24, 24, generator=torch.Generator().manual_seed(0))
    turned = a.transpose(2, 3)

    def difference(b, side):
        ours, theirs = (measure.patch_distribution(x, side) for x in (a, b))
        assert ours.shape == (1, 64, 256)
        return (ours - theirs).square().mean().sqrt()

    assert difference(turned, 1) < 1e-6
    assert difference(turned, 7) > 1e-3
    assert difference(a + 0.1, 7) > difference(a + 0.05, 7)


def test_noise_has_the_colours_and_nothing_else():
    stripes = torch.tensor([[0.2, 0.4], [0.5, 0.6], [0.5, 0.3]]).repeat(1, 64)
    picture = stripes[None, :, None].expand(1, 3, 128, 128)
    noise = measure.coloured_noise(picture)
    ours, theirs = noise[0].flatten(1), picture[0].flatten(1)
    assert torch.allclose(ours.mean(1), theirs.mean(1), atol=0.01)
    assert torch.allclose(ours.cov(), theirs.cov(), atol=0.001)
    assert measure.autocorrelation(noise, 3)[0, 1].abs() < 0.05
    assert torch.equal(noise, measure.coloured_noise(picture))
    assert not torch.equal(noise, measure.coloured_noise(picture, seed=1))


def test_structure_goes_from_equal_to_noise():
    stripes = torch.arange(64).remainder(8).lt(4).float().expand(1, 3, 64, 64)
    noise = measure.coloured_noise(stripes)
    assert measure.structure_error(stripes.roll(3, 3), stripes) == pytest.approx(0)
    assert measure.structure_error(noise, stripes) == 1
    assert 0 < measure.structure_error((stripes + noise) / 2, stripes) < 1
