"""The article's claims as experiments, with the numbers that show them.

C1 to C17 count the claims in the order of the article. Numbers are bounds that leave
room for another processor, not what one run happened to give.
"""

import pytest
import torch
import torch.nn.functional as F

from stylelab.analysis import measure, receptive_field, recognize
from stylelab.core import layers
from stylelab.core.vgg import load
from stylelab.lessons.nb01_convolution import (
    go_board,
    noise_and_blur,
    robots_and_bananas,
    small_networks,
)
from stylelab.pictures import images

SOBEL = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 4


@pytest.fixture(scope="module")
def vgg():
    return load()


def edge_maps(grey):
    """Eight maps [8, H, W] of edges in a picture [H, W], each 22.5 degrees further."""
    turns = torch.arange(8) * torch.pi / 8
    bank = torch.stack([t.cos() * SOBEL + t.sin() * SOBEL.T for t in turns])
    shown = F.pad(grey[None, None], [1] * 4, mode="replicate")
    return F.conv2d(shown, bank[:, None])[0]


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


def test_c1_first_layer_filters_answer_to_edges(vgg):
    photo = images.load("palace", 160)
    ours = edge_maps(photo.mean(1)[0])[:, 2:-2, 2:-2]
    theirs = vgg.features(photo, ["conv1_1"])["conv1_1"][0, :, 2:-2, 2:-2]
    found = torch.tensor([[measure.correlation(t, o) for o in ours] for t in theirs])
    best = found.abs().amax(1)
    assert (best > 0.9).sum() >= 20  # 24 of 64 were seen
    assert best.max() > 0.99


def test_c2_a_network_learns_robots_from_bananas():
    seen, unseen = (
        robots_and_bananas.dataset(1200, seed=1),
        robots_and_bananas.dataset(300, seed=2),
    )
    net = small_networks.classifier()
    assert abs(small_networks.accuracy(net, *unseen) - 0.5) < 0.1
    before = net[0].weight.detach().clone()
    for _ in small_networks.train_classifier(net, seen, unseen, steps=140):
        pass
    assert small_networks.accuracy(net, *unseen) > 0.95
    assert measure.correlation(net[0].weight, before) < 0.95  # the filters have moved


@pytest.fixture(scope="module")
def restored():
    """Gains in dB on a picture not learnt from, by task and network."""
    photos = [images.load(name, 256) for name in ("coffee", "astronaut", "cat")]
    photos += [images.load(name, 256) for name in ("rocket", "brick", "grass")]
    clean, gains = images.load("palace", 160), {}
    for task, spoil in {
        "noise": noise_and_blur.noise(),
        "blur": noise_and_blur.blur(),
    }.items():
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


def test_c4_a_network_names_what_is_in_a_picture():
    assert recognize.probability("coffee", "espresso") == pytest.approx(0.95, abs=0.04)
    cats = recognize.probability("cat", "tabby", "tiger cat", "Egyptian cat")
    assert cats > 0.8  # 0.87 was seen
    palace, bell_cote = recognize.recognize("palace", top=2)
    assert (palace.name, bell_cote.name) == ("palace", "bell cote")
    assert palace.probability > 0.25


def test_c5_deeper_layers_have_more_and_smaller_maps(vgg):
    names = ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1", "pool5"]
    found = vgg.features(torch.rand(1, 3, 96, 64), names)
    shapes = [tuple(found[name].shape[1:]) for name in names]
    assert shapes[0] == (64, 96, 64)
    assert shapes[4] == (512, 6, 4)
    counts, heights = [s[0] for s in shapes], [s[1] for s in shapes]
    assert counts == sorted(counts)
    assert heights == sorted(heights, reverse=True)
    assert shapes == [layers.map_shape(name, 96, 64) for name in names]


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
def test_c7_fields_as_computed_as_measured_and_as_effective(vgg, layer, size):
    side = max(32, -(-(size + 32) // 32) * 32)
    generator = torch.Generator().manual_seed(0)
    noise = [torch.rand(1, 3, side, side, generator=generator) for _ in range(2)]
    at = receptive_field.neuron_at(layer, side / 2, side / 2, side, side)
    found = receptive_field.mean_influence(vgg, noise, layer, *at)
    box = receptive_field.box(layer, *at)
    assert box.size == size
    assert receptive_field.support(found) == box
    effective = receptive_field.effective_size(found, box)
    assert effective < size or size <= 6
    assert effective < 0.7 * size or size < 68


def test_c17_convolution_finds_the_stones_in_atari():
    boards = [go_board.random_board(100 + 15 * i, seed=i) for i in range(10)]
    for position in boards:
        found = go_board.atari_by_convolution(position, layers=30)
        assert torch.equal(found, go_board.in_atari(position))
    assert sum(go_board.in_atari(position).sum() for position in boards) > 50
