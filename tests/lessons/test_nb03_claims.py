"""The article's claims 7 and 17 as experiments: how far a neuron sees, and Go."""

import pytest
import torch

from stylelab.analysis import receptive_field
from stylelab.core import vgg
from stylelab.lessons.nb03_fields import figures, go_board


def test_c7_the_second_layer_sees_almost_twice_as_far_as_the_first():
    first, second = (
        receptive_field.field(name).size for name in ("relu1_1", "relu1_2")
    )
    assert (first, second) == (3, 5)


@pytest.mark.parametrize(
    ("layer", "size"),
    [
        ("relu1_1", 3),
        ("relu1_2", 5),
        ("pool1", 6),
        ("relu2_1", 10),
        ("relu2_2", 14),
        ("relu3_1", 24),
        ("relu4_1", 68),
        ("relu4_2", 84),
        ("relu5_1", 156),
        ("pool5", 268),
    ],
)
def test_c7_fields_as_computed_as_measured_and_as_effective(layer, size):
    side = max(32, -(-(size + 32) // 32) * 32)
    generator = torch.Generator().manual_seed(0)
    noise = [torch.rand(1, 3, side, side, generator=generator) for _ in range(2)]
    at = receptive_field.neuron_at(layer, side / 2, side / 2, side, side)
    influence = receptive_field.mean_influence(vgg.load(), noise, layer, *at)
    box = receptive_field.box(layer, *at)
    assert box.size == size
    assert receptive_field.support(influence) == box
    effective = receptive_field.effective_size(influence, box)
    assert effective < size or size <= 6
    assert effective < 0.7 * size or size < 68


def test_c7_without_pooling_fields_stay_small():
    assert figures.without_pooling(["conv1_1", "conv1_2", "conv5_4"]) == [3, 5, 33]


def test_c17_convolution_finds_the_stones_in_atari():
    boards = [go_board.random_board(120 + 7 * i, seed=i) for i in range(20)]
    rules = torch.stack([go_board.in_atari(position) for position in boards])
    stones = torch.stack(boards) != go_board.EMPTY
    assert rules.sum() > 50
    right = {}
    for layers in (0, 1, 6):
        found = [go_board.atari_by_convolution(b, layers) for b in boards]
        right[layers] = (torch.stack(found) == rules)[stones].float().mean().item()
    assert right[0] < 0.8 < 0.9 < right[1] < right[6] == 1.0
