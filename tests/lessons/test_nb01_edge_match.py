"""Edge filters among kernels, by their maps and by their numbers."""

import pytest
import torch

from stylelab.lessons.nb01_convolution import edge_match
from stylelab.pictures import images


@pytest.fixture(scope="module")
def photo():
    return images.load("palace", 96)


def test_an_edge_filter_matches_whatever_its_sign_direction_and_contrast(photo):
    bank = 3 - 2 * torch.arange(2.0).view(2, 1, 1, 1)  # 3 and 1
    turned = -bank * edge_match.turned(torch.tensor([0.3, 2.0]))
    assert edge_match.matching_maps(turned, photo) == 2
    assert edge_match.edge_kernels(turned) == 2


def test_a_colour_kernel_counts_by_the_mean_of_its_colours(photo):
    grey = edge_match.turned(torch.tensor([1.0]))
    assert edge_match.matching_maps(grey.expand(1, 3, 3, 3), photo) == 1
    opposite = torch.tensor([1.0, -1.0, 0.01]).view(1, 3, 1, 1) * grey
    assert edge_match.edge_kernels(opposite) == 1  # what is left is an edge


def test_a_spot_is_no_edge(photo):
    spot = torch.full((1, 1, 3, 3), -1.0)
    spot[..., 1, 1] = 8
    assert edge_match.matching_maps(spot, photo) == 0
    assert edge_match.edge_kernels(spot) == 0


def test_a_brighter_kernel_stays_an_edge_by_its_numbers():
    assert edge_match.edge_kernels(edge_match.turned(torch.tensor([0.5])) + 7) == 1


def test_random_kernels_sum_to_zero_and_differ_by_seed():
    one, again, other = (edge_match.random_kernels(seed) for seed in (1, 1, 2))
    assert one.shape == (64, 1, 3, 3)
    assert one.sum((1, 2, 3)).abs().max() < 1e-5
    assert torch.equal(one, again)
    assert not torch.equal(one, other)
