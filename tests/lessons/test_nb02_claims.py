"""The article's claims 4, 5 and 6 as experiments, with the numbers that show them.

The claims are counted in the order of the article. Each bound leaves room for another
processor: it is not what one run happened to give.
"""

import pytest
import torch

from stylelab.analysis import recognize
from stylelab.core import layers, vgg
from stylelab.lessons.nb02_layers import control
from stylelab.lessons.nb02_layers.control import Likeness
from stylelab.pictures import images

LAYERS = ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"]


def test_c4_a_network_names_what_is_in_a_picture():
    assert recognize.probability("coffee", "espresso") == pytest.approx(0.95, abs=0.04)
    cats = recognize.probability("cat", "tabby", "tiger cat", "Egyptian cat")
    assert cats > 0.8  # 0.87 was seen
    palace, bell_cote = recognize.recognize("palace", top=2)
    assert (palace.name, bell_cote.name) == ("palace", "bell cote")
    assert palace.probability > 0.25


def test_c5_deeper_layers_have_more_and_smaller_maps():
    names = ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1", "pool5"]
    maps = vgg.load().features(torch.rand(1, 3, 96, 64), names)
    shapes = [tuple(maps[name].shape[1:]) for name in names]
    assert shapes[0] == (64, 96, 64)
    assert shapes[4] == (512, 6, 4)
    counts, heights = [s[0] for s in shapes], [s[1] for s in shapes]
    assert counts == sorted(counts)
    assert heights == sorted(heights, reverse=True)
    assert shapes == [layers.map_shape(name, 96, 64) for name in names]


def test_c5_the_slope_of_a_channel_is_strong_at_the_eyes():
    cat = images.load("cat", 224).requires_grad_()
    net = vgg.load()
    net.features(cat, ["relu5_1"])["relu5_1"][0, 168].mean().backward()
    strength = cat.grad[0].abs().amax(0)
    for eye in (strength[65:107, 98:161], strength[75:117, 205:250]):
        assert eye.mean() > 2.5 * strength.mean()


def test_c5_gradient_descent_on_a_picture_excites_a_channel():
    net, responses = vgg.load(), []
    x = 0.5 + 0.05 * torch.randn(
        1, 3, 64, 64, generator=torch.Generator().manual_seed(0)
    )
    for _ in range(4):
        x = x.detach().requires_grad_()
        response = net.features(x, ["conv5_1"])["conv5_1"][0, 168].mean()
        (1 - response / 2000).square().backward()
        x = x - 4 / 255 * x.grad / x.grad.abs().mean()
        responses.append(response.item())
    assert responses == sorted(responses)
    assert responses[-1] > 300


@pytest.fixture(scope="module")
def likenesses() -> dict[str, list[Likeness]]:
    ten = control.squares(96)
    nets = {"trained": [vgg.load()]}
    nets["random"] = [vgg.load("random", seed=seed) for seed in range(5)]
    return {
        name: [control.likeness(net, ten, LAYERS) for net in of]
        for name, of in nets.items()
    }


def test_c6_to_random_layers_pictures_look_more_and_more_alike(likenesses):
    for one in likenesses["random"]:
        assert one.cosine == sorted(one.cosine)
        assert one.cosine[-1] > 0.9
    (trained,) = likenesses["trained"]
    assert trained.cosine[-1] < 0.35


def test_c6_but_they_only_share_a_constant(likenesses):
    """Without the mean map all networks are alike, and find mirrored pictures."""
    for one in (*likenesses["trained"], *likenesses["random"]):
        assert one.centred == pytest.approx([-1 / 9] * 5, abs=0.03)
        assert min(one.found) >= 6  # by chance: 1
    (trained,) = likenesses["trained"]
    assert trained.found[-1] == 10
