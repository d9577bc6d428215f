from dataclasses import dataclass

import pytest
import torch

from stylelab.analysis import receptive_field
from stylelab.core import style_transfer, vgg
from stylelab.core.descent import LBFGS
from stylelab.core.spaces import spectrum
from stylelab.lessons.nb02_layers import channels


@dataclass(frozen=True)
class Fixed:
    """A network with these maps for every picture."""

    maps: dict

    def features(self, picture, layers):
        return {layer: self.maps[layer] for layer in layers}


@pytest.fixture(scope="module")
def net():
    return vgg.load("random")


def test_the_strongest_channels_have_the_largest_means():
    maps = torch.zeros(1, 4, 2, 2)
    maps[0, 2] = 1
    maps[0, 1, 0, 0] = 3
    maps[0, 3] = 0.5
    assert channels.strongest(maps, 3) == [2, 1, 3]


def test_the_loudest_patch_is_what_the_neuron_saw(net):
    picture = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    (patch,) = channels.loudest_patches(net, {"noise": picture}, "relu2_1", 5, 1)
    size = receptive_field.field("relu2_1").size
    assert patch.source == "noise"
    assert patch.pixels.shape == (1, 3, size, size)
    responses = net.features(picture, ["relu2_1"])["relu2_1"][0, 5]
    row, column = (responses == patch.response).nonzero()[0].tolist()
    box = receptive_field.box("relu2_1", row, column)
    inside = picture[..., box.top :, box.left :][..., :size, :size]
    assert torch.equal(inside, patch.pixels)


def test_a_patch_never_reaches_outside_of_its_picture(net):
    edge = torch.zeros(1, 3, 40, 41)
    edge[..., 0] = edge[..., -1] = 1  # the strongest places are at the border
    for channel in range(8):
        (patch,) = channels.loudest_patches(net, {"a": edge}, "relu2_1", channel, 1)
        assert patch.pixels.shape == (1, 3, 10, 10)


def test_patches_of_an_album_come_loudest_first(net):
    generator = torch.Generator().manual_seed(0)
    album = {str(i): torch.rand(1, 3, 40, 48, generator=generator) for i in range(5)}
    patches = channels.loudest_patches(net, album, "relu1_2", 3, count=3)
    responses = [patch.response for patch in patches]
    assert len(patches) == 3
    assert responses == sorted(responses, reverse=True)


def test_a_picture_smaller_than_the_field_is_refused(net):
    album = {"small": torch.rand(1, 3, 64, 64)}
    with pytest.raises(ValueError, match="load it larger"):
        channels.loudest_patches(net, album, "relu4_1", 0, 1)


def test_the_loss_falls_as_the_response_nears_its_goal():
    objective = channels.excite("conv1_2", 3, goal=100.0)
    maps = torch.zeros(1, 64, 4, 4)
    losses = []
    for value in (0.0, 50.0, 100.0):
        maps[:, 3] = value
        found = objective.losses(torch.zeros(1, 3, 4, 4), Fixed({"conv1_2": maps}))
        losses.append(found["excite conv1_2:3"].item())
    assert losses == pytest.approx([1e4, 2.5e3, 0])


def test_minimising_excites_a_channel(net):
    start = torch.full((1, 3, 32, 32), 0.5)
    start += 0.05 * torch.randn(start.shape, generator=torch.Generator().manual_seed(0))
    objective, space = channels.excite("conv2_1", 7, 300.0), spectrum(32, 32)
    steps = [*style_transfer.minimise(objective, start, net, 12, space, LBFGS())]
    assert steps[-1].losses["excite conv2_1:7"] < steps[0].losses["excite conv2_1:7"]
    assert all(step.loss >= 0 for step in steps)


def test_grey_has_no_colourfulness_and_red_has():
    grey = torch.rand(1, 1, 8, 8).expand(1, 3, 8, 8)
    red = torch.zeros(1, 3, 8, 8)
    red[:, 0] = 1
    assert channels.colourfulness(grey) == pytest.approx(0, abs=1e-3)
    assert channels.colourfulness(red) == pytest.approx(255**2 * 2 / 9)
