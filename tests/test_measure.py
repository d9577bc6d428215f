import math

import pytest
import torch

from stylelab import measure


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


def test_maps_that_are_nowhere_above_zero_are_silent():
    features = torch.zeros(1, 4, 3, 3)
    features[0, 2, 1, 1] = 1
    assert measure.share_silent(features) == 0.75
