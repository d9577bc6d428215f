import pytest
import torch

from stylelab.analysis import measure, recognize
from stylelab.lessons.nb07_why import naming, other_network
from stylelab.lessons.nb07_why.light import square
from stylelab.lessons.nb07_why.other_network import BLOCKS, NETWORKS, EfficientNet


def test_blocks_halve_the_picture_and_lead_to_the_networks_own_verdict():
    picture = square("coffee", 224)
    maps = EfficientNet().features(picture, BLOCKS)
    assert [*maps] == [*BLOCKS]
    assert [m.shape[-1] for m in maps.values()] == [112, 56, 28, 14]
    last = EfficientNet().features(picture, ["block16"])["block16"]
    net = recognize.network()
    head = net._swish(net._bn1(net._conv_head(last))).mean((2, 3))
    found = net._fc(head).softmax(1)[0]
    assert torch.allclose(found, recognize.probabilities("coffee"), atol=0.05)


def test_smoothed_maps_have_mean_one_and_keep_their_order():
    maps = 20 * torch.randn(1, 5, 4, 4)
    smoothed = other_network.smooth(maps)
    assert smoothed.mean() == pytest.approx(1, abs=1e-4)
    assert torch.equal(smoothed.flatten().argsort(), maps.flatten().argsort())


@pytest.mark.parametrize("network", NETWORKS)
def test_a_few_steps_bring_the_patches_nearer(network):
    source = square("starry_night", 48)
    early, late = (
        other_network.texture(network, source, seed=0, steps=steps) for steps in (1, 12)
    )
    distances = [measure.patch_distance(p, source) for p in (early, late)]
    assert distances[1] < 0.9 * distances[0]


def test_a_photo_is_judged_before_it_is_painted():
    photos, styles = {"cat": square("cat", 64)}, {"auvers": square("auvers", 64)}
    found = [*naming.named(photos, styles, [30], size=64, steps=2)]
    assert [(one.photo, one.style, one.weight) for one in found] == [
        ("cat", "auvers", 0),
        ("cat", "auvers", 30),
    ]
    assert found[0].right > 0.5
    assert torch.equal(found[0].picture, photos["cat"])
