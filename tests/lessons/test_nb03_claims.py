"""The article's claim 7 as an experiment: how far a neuron sees."""

import pytest
import torch

from stylelab.analysis import receptive_field
from stylelab.core import vgg


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
