import pytest
import torch

from stylelab.analysis.measure import coloured_noise
from stylelab.lessons.nb05_texture import regularity


def stripes(period, side=64, contrast=1.0):
    wave = torch.arange(side).remainder(period).lt(period // 2).float()
    return (0.5 + contrast * (wave - 0.5)).expand(1, 3, side, side)


def test_pieces_go_from_corner_to_corner():
    picture = torch.rand(1, 3, 50, 70)
    squares = regularity.pieces(picture, 20, rows=3)
    assert len(squares) == 9
    assert torch.equal(squares[0], picture[..., :20, :20])
    assert torch.equal(squares[-1], picture[..., -20:, -20:])
    with pytest.raises(ValueError, match="no piece of 51 px"):
        regularity.pieces(picture, 51)


def test_a_picture_is_as_near_to_itself_as_anything():
    picture = torch.rand(1, 3, 40, 40, generator=torch.Generator().manual_seed(0))
    assert regularity.distance_by_lag(picture, picture, 10).max() == 0
    assert regularity.order_error(picture, picture, torch.ones(10)) == 0


def test_contrast_and_place_do_not_count():
    moved = stripes(8, contrast=0.5).roll(3, 3)
    assert regularity.distance_by_lag(moved, stripes(8), 12).max() < 1e-5


def test_other_stripes_differ_where_their_periods_do():
    apart = regularity.distance_by_lag(stripes(8), stripes(16), 9)
    assert apart[0] < 1e-5
    # Along x the first is back in step after 8 px, where the other is the opposite;
    # along y both are equal to themselves: (2^2 + 0 ...) over the directions of lag 8.
    assert apart.argmax() in (7, 8)
    assert apart[8] > 5 * apart[1]


def test_real_pieces_have_no_order_error_and_noise_has():
    true, far = stripes(8), stripes(10)
    spread = regularity.own_spread([true, far], true, 9)
    for piece in true, far:
        assert regularity.order_error(piece, true, spread) == 0
    assert regularity.order_error(coloured_noise(true), true, spread) > 0.5


def test_no_single_lag_decides_about_the_order():
    true, noise = stripes(8), coloured_noise(stripes(8))
    spread = 2 * regularity.distance_by_lag(noise, true, 10)
    assert regularity.order_error(noise, true, spread) == 0
    spread[5] /= 4  # twice the spread at one of nine lags
    assert regularity.order_error(noise, true, spread) == pytest.approx(1 / 9)


def test_the_spread_is_that_of_the_farthest_piece():
    true = stripes(8)
    near, far = stripes(8).roll(1, 3), stripes(16)
    spread = regularity.own_spread([true, near, far], true, 9)
    assert torch.equal(spread, regularity.distance_by_lag(far, true, 9))
