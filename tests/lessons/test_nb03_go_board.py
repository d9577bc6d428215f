import pytest
import torch

from stylelab.lessons.nb03_fields import go_board


def board(*rows):
    """A board from rows of '.', 'x' (black) and 'o' (white), at the top left corner."""
    position = torch.full((go_board.SIDE, go_board.SIDE), go_board.EMPTY)
    for r, row in enumerate(rows):
        for c, point in enumerate(row):
            position[r, c] = ".xo".index(point)
    return position


@pytest.mark.parametrize(
    ("rows", "stones"),
    [
        (["x"], []),  # a corner stone has two liberties
        (["xo"], [(0, 0)]),
        ([".o.", "oxo", "..."], [(1, 1)]),
        ([".oo.", "oxxo", "....", "...."], []),
        ([".oo.", "oxxo", ".o.."], [(1, 1), (1, 2)]),
    ],
)
def test_atari_by_the_rules(rows, stones):
    atari = go_board.in_atari(board(*rows))
    assert [tuple(p) for p in atari.nonzero().tolist()] == stones


def test_a_chain_knows_its_stones_and_liberties():
    stones, liberties = go_board.chain(board("xx.", "ox.", "..."), (0, 0))
    assert stones == {(0, 0), (0, 1), (1, 1)}
    assert liberties == {(0, 2), (1, 2), (2, 1)}


def test_convolution_agrees_with_the_rules_on_random_boards():
    for seed in range(12):
        position = go_board.random_board(80 + 15 * seed, seed)
        by_convolution = go_board.atari_by_convolution(position, layers=40)
        assert torch.equal(by_convolution, go_board.in_atari(position))


def test_without_layers_every_stone_stands_alone():
    position = board(".oo.", "oxxo", ".o..")
    assert not go_board.atari_by_convolution(board("xxo", "oo."), 0)[0, 0]
    assert go_board.atari_by_convolution(position, 1)[1, 1]


def test_a_chain_takes_as_many_layers_as_it_is_long():
    position = board("xxxxx.", "ooooo.")
    right = [bool(go_board.atari_by_convolution(position, k)[0, 0]) for k in range(6)]
    assert right == [False, False, False, False, True, True]


def test_no_chain_without_liberties_is_left_on_a_board():
    position = go_board.random_board(250, seed=3)
    for place in (position != go_board.EMPTY).nonzero().tolist():
        assert go_board.chain(position, tuple(place))[1]


def test_planes_show_every_point_once():
    planes = go_board.planes(go_board.random_board(100, seed=1))
    assert planes.shape == (1, 3, 19, 19)
    assert torch.equal(planes.sum(1), torch.ones(1, 19, 19))
