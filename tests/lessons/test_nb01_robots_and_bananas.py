import pytest
import torch

from stylelab.lessons.nb01_convolution import robots_and_bananas


def test_a_drawing_is_the_same_every_time():
    one, again, other = (robots_and_bananas.draw("robot", seed) for seed in (3, 3, 4))
    assert one.tobytes() == again.tobytes()
    assert one.tobytes() != other.tobytes()
    assert one.size == (robots_and_bananas.SIDE, robots_and_bananas.SIDE)


def test_robots_and_bananas_take_turns():
    pictures, kinds = robots_and_bananas.dataset(7, seed=1)
    assert pictures.shape == (7, 3, 32, 32)
    assert kinds.tolist() == [0, 1, 0, 1, 0, 1, 0]
    assert 0 <= pictures.min() <= pictures.max() <= 1


def test_two_seeds_share_no_picture():
    first, second = (
        robots_and_bananas.dataset(20, seed)[0].flatten(1) for seed in (1, 2)
    )
    assert torch.cdist(first, second).min() > 1


def test_an_unknown_kind_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="robot or banana"):
        robots_and_bananas.draw("pear", 0)


def test_colour_tells_nothing():
    pictures, kinds = robots_and_bananas.dataset(600, seed=5)
    colours = pictures.mean((2, 3))
    data = torch.cat([colours, torch.ones(600, 1)], 1)
    signs = 2 * kinds[:, None].float() - 1
    weights = torch.linalg.lstsq(data[:400], signs[:400]).solution
    right = ((data[400:] @ weights).sign() == signs[400:]).float().mean()
    assert right < 0.65  # chance is 0.5


def test_figures_stand_out_from_their_background():
    pictures, _ = robots_and_bananas.dataset(20, seed=0)
    assert (255 * pictures.std((2, 3)).amax(1) > 20).all()
