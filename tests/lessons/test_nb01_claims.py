"""The article's claims 1 to 3 and 17 as experiments, with the numbers that show them.

The claims are counted in the order of the article. Each bound leaves room for another
processor: it is not what one run happened to give.
"""

import pytest
import torch
import torch.nn.functional as F

from stylelab.analysis import measure
from stylelab.core import vgg
from stylelab.lessons.nb01_convolution import (
    go_board,
    robots_and_bananas,
    small_networks,
)
from stylelab.pictures import images

SOBEL = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 4


def edge_maps(grey):
    """Eight maps [8, H, W] of edges in a picture [H, W], each 22.5 degrees further."""
    turns = torch.arange(8) * torch.pi / 8
    bank = torch.stack([t.cos() * SOBEL + t.sin() * SOBEL.T for t in turns])
    padded = F.pad(grey[None, None], [1] * 4, mode="replicate")
    return F.conv2d(padded, bank[:, None])[0]


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


def test_c1_first_layer_filters_answer_to_edges():
    photo = images.load("palace", 160)
    ours = edge_maps(photo.mean(1)[0])[:, 2:-2, 2:-2]
    theirs = vgg.load().features(photo, ["conv1_1"])["conv1_1"][0, :, 2:-2, 2:-2]
    alike = torch.tensor([[measure.correlation(t, o) for o in ours] for t in theirs])
    best = alike.abs().amax(1)
    assert (best > 0.9).sum() >= 20  # 24 of 64 were seen
    assert best.max() > 0.99


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


@pytest.fixture(scope="module")
def restored():
    """Gains in dB on a picture not learnt from, by task and network."""
    photos = [images.load(name, 256) for name in ("coffee", "astronaut", "cat")]
    photos += [images.load(name, 256) for name in ("rocket", "brick", "grass")]
    clean, gains = images.load("palace", 160), {}
    spoilers = {"noise": small_networks.noise(), "blur": small_networks.blur()}
    for task, spoil in spoilers.items():
        spoilt = spoil(clean, torch.Generator().manual_seed(1)).clamp(0, 1)
        for make in (small_networks.conv_restorer, small_networks.mlp_restorer):
            net, pair = make(), (spoilt, clean)
            *_, last = small_networks.train_restorer(
                net, photos, spoil, pair, steps=120
            )
            gains[task, make.__name__] = last.score - measure.psnr(spoilt, clean)
    return gains


def test_c3_an_image_comes_out_less_noisy_and_less_blurred(restored):
    assert restored["noise", "conv_restorer"] > 5  # dB
    assert restored["blur", "conv_restorer"] > 2


def test_c3_convolutions_beat_an_mlp_with_twenty_times_their_numbers(restored):
    conv, mlp = small_networks.conv_restorer(), small_networks.mlp_restorer()
    assert small_networks.parameters(mlp) > 20 * small_networks.parameters(conv)
    for task in ("noise", "blur"):
        assert restored[task, "conv_restorer"] > restored[task, "mlp_restorer"] > 0.5


def test_c17_convolution_finds_the_stones_in_atari():
    boards = [go_board.random_board(100 + 15 * i, seed=i) for i in range(10)]
    for position in boards:
        by_convolution = go_board.atari_by_convolution(position, layers=30)
        assert torch.equal(by_convolution, go_board.in_atari(position))
    assert sum(go_board.in_atari(position).sum() for position in boards) > 50
