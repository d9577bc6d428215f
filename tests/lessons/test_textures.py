"""The textures of notebook 05, and the waves that they are made of."""

import pytest
import torch

from stylelab.core.statistics import powers
from stylelab.lessons.nb05_texture import regularity, textures


@pytest.mark.parametrize("name", textures.WHOLE)
def test_a_piece_is_a_square_of_the_whole(name):
    whole, piece = textures.whole(name, 48), textures.piece(name, 48)
    assert piece.shape == (1, 3, 48, 48)
    columns = whole.shape[3] - 48
    left = int(textures.WHOLE[name][1] * columns)
    top = (whole.shape[2] - 48) // 2
    assert torch.equal(piece, whole[..., top : top + 48, left : left + 48])


def test_rows_of_bricks_lie():
    """Joints run on from left to right: a column changes more than a row."""
    brick = textures.piece("brick", 64)
    across, down = (brick.diff(dim=d).abs().mean() for d in (3, 2))
    assert down > 1.5 * across


def test_random_phases_keep_colours_and_strengths_and_nothing_else():
    wall = textures.piece("brick", 96)  # nothing of it comes near black or white
    random = textures.random_phases(wall)
    assert random.shape == wall.shape
    assert 0 <= random.min() <= random.max() <= 1
    assert (powers(random)[:2] - powers(wall)[:2]).abs().max() < 1e-4
    assert (random - wall).abs().mean() > 0.05
    assert regularity.patch_distance(random, wall) > 0.005
    assert torch.equal(random, textures.random_phases(wall))
    assert not torch.equal(random, textures.random_phases(wall, seed=1))


def test_a_chequerboard_is_all_grain():
    board = torch.arange(32)[:, None].add(torch.arange(32)).remainder(2).float()
    board = (0.5 + 0.02 * (board - 0.5)).expand(1, 3, 32, 32)
    assert textures.grain(board) > 1e4 * textures.grain(torch.full_like(board, 0.5))
    fine = textures.fine_waves(board, times=20)
    assert torch.allclose(fine, 0.5 + 20 * (board - 0.5), atol=1e-4)
    assert torch.allclose(
        textures.fine_waves(textures.drawn_wall(32) * 0 + 0.3),
        torch.tensor(0.5),
        atol=1e-5,
    )


def test_patches_are_no_distance_from_themselves():
    brick, gravel = (textures.piece(name, 48) for name in ("brick", "gravel"))
    assert regularity.patch_distance(brick, brick) == 0
    assert regularity.patch_distance(brick, gravel) > 0.005
