"""The article's claims 1 to 3 as experiments, with the numbers that show them.

The claims are counted in the order of the article. Each bound leaves room for another
processor: it is not what one run happened to give.
"""

import pytest
import torch
import torch.nn.functional as F

from stylelab.analysis import measure
from stylelab.core import vgg
from stylelab.lessons.nb01_convolution import (
    contest,
    edge_match,
    robots_and_bananas,
    small_networks,
)
from stylelab.pictures import images

SOBEL = edge_match.UPRIGHT
SEEDS = range(5)


def test_c1_a_loop_over_places_is_conv2d():
    grey = images.load("palace", 64).mean(1)[0]
    by_hand = torch.stack(
        [
            torch.stack([(grey[r : r + 3, c : c + 3] * SOBEL).sum() for c in range(60)])
            for r in range(60)
        ]
    )
    by_torch = F.conv2d(grey[None, None], SOBEL[None, None])[0, 0, :60, :60]
    assert (by_hand - by_torch).abs().max() < 1e-5


def test_c1_two_edge_filters_make_every_direction():
    bank = edge_match.turned(torch.arange(8) * torch.pi / 8)
    assert torch.linalg.matrix_rank(bank.flatten(1)) == 2
    torch.testing.assert_close(bank[0, 0], SOBEL)
    torch.testing.assert_close(bank[4, 0], SOBEL.T, atol=1e-6, rtol=0)


def test_c1_first_layer_maps_are_edges_and_half_as_many_by_chance():
    photo = images.load("palace", 160)
    trained = edge_match.matching_maps(vgg.load().kernels["conv1_1"], photo)
    chance = [
        edge_match.matching_maps(edge_match.random_kernels(seed), photo)
        for seed in SEEDS
    ]
    assert trained >= 20  # 24 of 64 were seen
    assert 8 <= min(chance) <= max(chance) < 0.8 * trained  # 12 to 16 were seen


def test_c1_first_layer_kernels_are_edge_filters_and_none_by_chance():
    trained = edge_match.edge_kernels(vgg.load().kernels["conv1_1"])
    chance = [edge_match.edge_kernels(edge_match.random_kernels(s)) for s in SEEDS]
    assert trained >= 22  # 26 of 64 were seen
    assert max(chance) <= 3  # 0 or 1 was seen


def test_c2_a_network_learns_robots_from_bananas():
    examples = robots_and_bananas.dataset(1200, seed=1)
    unseen = robots_and_bananas.dataset(300, seed=2)
    net = small_networks.classifier()
    assert abs(small_networks.accuracy(net, *unseen) - 0.5) < 0.1
    before = net[0].weight.detach().clone()
    for _ in small_networks.train_classifier(net, examples, unseen, steps=140):
        pass
    assert small_networks.accuracy(net, *unseen) > 0.95
    assert measure.correlation(net[0].weight, before) < 0.95  # the filters have moved


def train(seeds, steps):
    """Gains in dB on a picture not learnt from, by task and network."""
    names = ("coffee", "astronaut", "cat", "rocket", "brick", "grass", "auvers")
    photos = [images.load(name, 256) for name in names]
    clean = images.load("palace", 160)[..., 20:120, 60:180]
    return contest.finals([*contest.contest(photos, clean, steps, seeds)])


def check_that_convolutions_win(gains, noise, blur):
    for task, least in (("noise", noise), ("blur", blur)):
        assert min(gains[task, "convolutions"]) > least  # dB
        # In every single pair of trainings, not on average.
        assert min(gains[task, "convolutions"]) > max(gains[task, "MLP"])
        assert min(gains[task, "MLP"]) > 0.5


def test_c3_convolutions_beat_an_mlp_with_twenty_times_their_numbers():
    conv, mlp = small_networks.conv_restorer(), small_networks.mlp_restorer()
    assert small_networks.parameters(mlp) > 20 * small_networks.parameters(conv)
    check_that_convolutions_win(train(seeds=1, steps=120), noise=5, blur=2)


@pytest.mark.slow
def test_c3_convolutions_win_from_five_starts():
    check_that_convolutions_win(train(seeds=5, steps=600), noise=7, blur=3)
