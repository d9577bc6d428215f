import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stylelab.analysis import receptive_field
from stylelab.analysis.receptive_field import Box, Field
from stylelab.core import vgg
from stylelab.core.layers import LAYERS

KNOWN = {
    "relu1_1": 3,
    "relu1_2": 5,
    "pool1": 6,
    "relu2_1": 10,
    "relu2_2": 14,
    "relu3_1": 24,
    "relu4_1": 68,
    "relu4_2": 84,
    "relu5_1": 156,
    "pool5": 268,
}


@pytest.fixture(scope="module")
def random_net():
    return vgg.load("random")


@pytest.mark.parametrize(("layer", "size"), KNOWN.items())
def test_sizes_are_those_of_the_literature(layer, size):
    assert receptive_field.field(layer).size == size


def test_without_stride_a_kernel_of_three_adds_two():
    first = receptive_field.after(Field(1, 1, 0), kernel=3, stride=1, padding=1)
    assert first == Field(size=3, stride=1, start=-1)
    assert receptive_field.after(first, 3, 1, 1) == Field(size=5, stride=1, start=-2)


def test_a_wrong_layer_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match="nearest: relu4"):
        receptive_field.field("relu4_l")


@pytest.mark.parametrize("layer", ["conv1_1", "relu1_2", "pool1", "relu2_2", "relu3_1"])
def test_gradients_reach_exactly_as_far_as_computed(random_net, layer):
    generator = torch.Generator().manual_seed(0)
    pictures = [torch.rand(1, 3, 64, 64, generator=generator) for _ in range(3)]
    at = receptive_field.neuron_at(layer, 32, 30, 64, 64)
    strength = receptive_field.mean_influence(random_net, pictures, layer, *at)
    assert receptive_field.support(strength) == receptive_field.box(layer, *at)


def test_poking_a_pixel_changes_only_neurons_that_see_it(random_net):
    picture = torch.rand(1, 3, 48, 48, generator=torch.Generator().manual_seed(0))
    poked = picture.clone()
    poked[0, :, 20, 25] = 1 - poked[0, :, 20, 25]
    layer = "relu2_1"
    before, after = (random_net.features(p, [layer])[layer] for p in (picture, poked))
    changed = (before != after)[0].any(0)
    assert changed.any()
    for row, column in changed.nonzero().tolist():
        box = receptive_field.box(layer, row, column)
        assert box.top <= 20 < box.top + box.size
        assert box.left <= 25 < box.left + box.size


@given(
    st.sampled_from(LAYERS),
    st.integers(0, 299),
    st.integers(0, 399),
)
def test_the_neuron_at_a_pixel_is_the_nearest_there_is(layer, y, x):
    row, column = receptive_field.neuron_at(layer, y, x, 300, 400)
    stride = receptive_field.field(layer).stride
    assert 0 <= row < 300 // stride
    assert 0 <= column < 400 // stride

    def distance(row):
        box = receptive_field.box(layer, row, column)
        return abs(box.top + (box.size - 1) / 2 - y)

    near = [r for r in (row - 1, row + 1) if 0 <= r < 300 // stride]
    assert all(distance(row) <= distance(r) for r in near)


def test_influence_sums_to_one_and_a_silent_neuron_has_none(random_net):
    picture = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    strength = receptive_field.influence(random_net, picture, "relu2_1", 5, 5)
    assert strength.shape == (32, 32)
    assert strength.sum().item() == pytest.approx(1, abs=1e-4)
    with pytest.raises(ValueError, match="silent"):
        receptive_field.support(torch.zeros(32, 32))


def test_influence_is_computed_whatever_the_callers_mode(random_net):
    picture = torch.rand(1, 3, 16, 16)
    with torch.no_grad():
        assert receptive_field.influence(random_net, picture, "relu1_1", 5, 5).any()


def test_the_effective_field_of_a_known_map():
    strength = torch.zeros(21, 21)
    strength[5:16, 5:16] = 1 / 121
    whole = Box(0, 0, 21)
    assert receptive_field.effective_size(strength, whole, share=0.99) == 11
    assert receptive_field.effective_size(strength, whole, share=0.5) == 9
    strength[0, 0] = 9.0  # a corner outweighs all else
    assert receptive_field.effective_size(strength, whole, share=0.9) == 21


def test_a_box_that_reaches_outside_is_clipped():
    assert Box(-3, 7, 10).clipped(20, 12) == (0, 7, 7, 12)
