"""Textures from the features of another network than VGG: EfficientNet-Lite0.

The losses and the optimiser stay the same; only `network.features` is another.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

from stylelab.analysis import recognize
from stylelab.analysis.measure import patch_distance
from stylelab.core import descent, spaces, style_transfer, vgg
from stylelab.core.style_transfer import gram
from stylelab.runs import starts
from stylelab.runs.recipe import STYLE_LAYERS

# The last block of each size, from a half to a sixteenth of the picture's side.
BLOCKS = ("block1", "block3", "block5", "block11")
TEMPERATURE = 32.0  # about five times the deviation of a map


@dataclass(frozen=True)
class EfficientNet:
    """The sums that EfficientNet-Lite0's blocks pass on, as feature maps.

    Most blocks add their result to what they got (a residual connection). smoothed:
    a softmax over all positions and channels makes the strongest features less strong
    beside the others (Wang, Li, Vasconcelos 2021). The temperature is ours: with 1 a
    single feature would take all.
    """

    smoothed: bool = False

    def features(self, picture: Tensor, layers: Sequence[str]) -> dict[str, Tensor]:
        """Maps of a picture [1, 3, H, W] in 0..1 at `layers`, as vgg.Network's."""
        net, maps = recognize.network(), {}
        h = net._swish(net._bn0(net._conv_stem(recognize.normalised(picture))))
        for number, block in enumerate(net._blocks, 1):
            h = block(h)  # [1, C, H', W']
            if f"block{number}" in layers:
                maps[f"block{number}"] = smooth(h) if self.smoothed else h
            if len(maps) == len(layers):
                break
        return maps


def smooth(maps: Tensor) -> Tensor:
    """Softmax of all numbers in maps [1, C, H, W], times their count: mean 1."""
    shares = (maps.flatten(1) / TEMPERATURE).softmax(1)
    return shares.view_as(maps) * maps.numel()


VGG, PLAIN, SMOOTHED = "VGG-19", "EfficientNet", "smoothed"
NETWORKS = (VGG, PLAIN, SMOOTHED)


def texture(name: str, source: Tensor, seed: int, steps: int) -> Tensor:
    """A texture like `source`, from noise, by the Gram matrices of one of NETWORKS."""
    net, layers = EfficientNet(name == SMOOTHED), BLOCKS
    if name == VGG:
        net, layers = vgg.load(padding="replicate"), STYLE_LAYERS
    wanted = dict.fromkeys(layers, 1 / len(layers))
    objective = style_transfer.texture(net, [source], [1.0], wanted, gram)
    sides = source.shape[2:]
    start, space = starts.noise(*sides, seed), spaces.spectrum(*sides)
    *_, last = style_transfer.minimise(
        objective, start, net, steps, space, descent.LBFGS()
    )
    return last.picture


@dataclass(frozen=True)
class Trial:
    """A texture that one network made, and how far its patches are from the source."""

    source: str
    network: str
    picture: Tensor
    distance: float


def trials(
    sources: Mapping[str, Tensor], seeds: Sequence[int], steps: int
) -> Iterator[Trial]:
    """A texture of each source by each network, from the noise of each seed."""
    for seed in seeds:
        for source, original in sources.items():
            for network in NETWORKS:
                picture = texture(network, original, seed, steps)
                distance = patch_distance(picture, original)
                yield Trial(source, network, picture, distance)
