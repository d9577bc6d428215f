"""What drives a channel? Its strongest places in photos, and pictures drawn for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from stylelab.analysis import receptive_field
from stylelab.core import vgg
from stylelab.core.descent import LBFGS
from stylelab.core.spaces import spectrum
from stylelab.core.statistics import smoothness
from stylelab.core.style_transfer import Objective, Step, Term, minimise
from stylelab.core.vgg import Network
from stylelab.runs import device


@dataclass(frozen=True)
class Patch:
    """The square of a picture that one neuron sees, and the neuron's response to it."""

    source: str  # the picture's name
    pixels: Tensor  # [1, 3, size, size], RGB in 0..1
    response: float


def strongest(maps: Tensor, count: int) -> list[int]:
    """The `count` channels of [1, N, H, W] with the largest mean, strongest first."""
    return maps[0].mean(dim=(1, 2)).topk(count).indices.tolist()


def loudest_patches(
    net: Network, pictures: Mapping[str, Tensor], layer: str, channel: int, count: int
) -> list[Patch]:
    """The patch of each picture to which a channel responds most; the `count` loudest.

    Zeiler & Fergus (2014) look at layers in this way, and by deconvolution. A neuron
    counts only if its receptive field lies inside the picture [1, 3, H, W]: the zeros
    around the picture would make an edge where there is none.
    """
    size, patches = receptive_field.field(layer).size, []
    for source, picture in pictures.items():
        with torch.no_grad():
            responses = net.features(picture, [layer])[layer][0, channel].float()
        height, width = picture.shape[-2:]
        rows, columns = receptive_field.inside(layer, height, width)
        inner = responses[rows.start : rows.stop, columns.start : columns.stop]
        if not inner.numel():
            raise ValueError(
                f"{layer} sees {size} px, more than this picture of {width} x "
                f"{height} has room for: load it larger"
            )
        row, column = divmod(int(inner.argmax()), inner.shape[1])
        box = receptive_field.box(layer, rows[row], columns[column])
        pixels = picture[..., box.top :, box.left :][..., : box.size, : box.size]
        patches.append(Patch(source, pixels, inner.max().item()))
    return sorted(patches, key=lambda patch: -patch.response)[:count]


def excite(layer: str, channel: int, goal: float) -> Objective:
    """Asks for a picture to which a channel responds with a mean of `goal`.

    Erhan et al. (2009) let the response grow without end. Here the loss is the squared
    distance to the goal: like other losses it is never below 0. Two more terms keep the
    picture smooth and its colours near grey: otherwise it gets fine grain and loud
    colours, to which the network responds more than we do.
    """

    def distance(maps: Tensor) -> Tensor:
        return (1 - maps[:, channel].float().mean() / goal).square()

    response = Objective((Term(f"excite {layer}:{channel}", layer, distance),))
    grey = Objective((Term("colourfulness", None, colourfulness),))
    return 1e4 * response + 0.8 * smoothness() + 0.2 * grey


def draw(objective: Objective, start: Tensor, steps: int) -> Iterator[Step]:
    """Lowers `objective` from the picture `start` [1, 3, H, W]: L-BFGS moves waves."""
    net = vgg.load(dtype=getattr(torch, device.default_precision()))
    space = spectrum(*start.shape[2:], exponent=0.25)
    return minimise(objective, start, net, steps, space, LBFGS())


def colourfulness(picture: Tensor) -> Tensor:
    """Mean square distance of colours [B, 3, H, W] from grey, in units of 1/255."""
    return 255**2 * (picture - picture.mean(1, keepdim=True)).square().mean()
