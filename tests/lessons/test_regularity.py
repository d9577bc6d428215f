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
    assert regularity.matched_lag(picture, picture, torch.zeros(10)) == 9


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


def test_a_match_ends_at_the_first_lag_outside_of_the_spread():
    true, noise = stripes(8), coloured_noise(stripes(8))
    assert regularity.matched_lag(noise, true, torch.full((10,), 0.1)) == 0
    apart = regularity.distance_by_lag(noise, true, 10)
    spread = 2 * apart
    spread[5] = apart[5] / 2
    assert regularity.matched_lag(noise, true, spread) == 4


def test_the_spread_is_that_of_the_farthest_piece():
    true = stripes(8)
    near, far = stripes(8).roll(1, 3), stripes(16)
    spread = regularity.own_spread([true, near, far], true, 9)
    assert torch.equal(spread, regularity.distance_by_lag(far, true, 9))
