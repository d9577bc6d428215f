"""A network that learns one style: Johnson, Alahi, Fei-Fei (2016), made small.

It takes a photo and gives a picture in one pass. Its losses are those of a transfer,
but what they change are its weights, once and for all photos, not the picture.
"""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from stylelab.core import style_transfer, vgg
from stylelab.core.style_transfer import Step
from stylelab.pictures import images
from stylelab.pictures.images import Source
from stylelab.runs.recipe import DEFAULTS

RECIPE = DEFAULTS["transfer"]
PHOTOS = ("palace", "coffee", "rocket", "astronaut", "hubble")
RATE = 3e-3  # of Adam
STYLE_WEIGHT = 8.0  # a small network: with a transfer's 30 nothing of a photo remains


def layer(inputs: int, outputs: int, side: int, stride: int = 1) -> nn.Sequential:
    """A convolution, its maps brought to mean 0 and deviation 1, and scaled."""
    padded = {"padding": side // 2, "padding_mode": "reflect"}
    convolution = nn.Conv2d(inputs, outputs, side, stride, **padded)
    return nn.Sequential(convolution, nn.InstanceNorm2d(outputs, affine=True))


class Residual(nn.Module):
    """Adds to its input what two layers make of it."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        one, two = (layer(channels, channels, 3) for _ in range(2))
        self.change = nn.Sequential(one, nn.ReLU(), two)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.change(x)


def painter(seed: int = 0, width: int = 16) -> nn.Sequential:
    """A network [B, 3, H, W] to [B, 3, H, W] in 0..1; H and W are even."""
    torch.manual_seed(seed)
    return nn.Sequential(
        *(layer(3, width, 9), nn.ReLU()),
        *(layer(width, 2 * width, 3, stride=2), nn.ReLU()),
        *(Residual(2 * width) for _ in range(3)),
        nn.Upsample(scale_factor=2),
        *(layer(2 * width, width, 3), nn.ReLU()),
        nn.Conv2d(width, 3, 9, padding=4, padding_mode="reflect"),
        nn.Sigmoid(),
    )


def learning(
    network: nn.Module, style: Source, shown: Tensor, steps: int, side: int = 64
) -> Iterator[Step]:
    """Trains `network` on crops of sample photos; each Step has its `shown` photo."""
    judge = vgg.load(padding="replicate")
    layers = dict.fromkeys(RECIPE.style_layers, 1 / len(RECIPE.style_layers))
    paintings = [images.load(style, side)]
    texture = style_transfer.texture(
        judge, paintings, [1.0], layers, style_transfer.gram
    )
    crops = photos(side)
    adam = torch.optim.Adam(network.parameters(), RATE)
    for index in range(1, steps + 1):
        photo = next(crops)
        content = style_transfer.reconstruction(judge, photo, {"relu4_2": 1.0})
        objective = content + STYLE_WEIGHT * texture
        with torch.enable_grad():
            losses = objective.losses(network(photo), judge)
            adam.zero_grad()
            sum(losses.values()).backward()
        adam.step()
        values = {name: loss.item() for name, loss in losses.items()}
        with torch.no_grad():
            picture = network(shown)
        yield Step(index, steps, values, picture)


def photos(side: int, seed: int = 0) -> Iterator[Tensor]:
    """Squares of `side` pixels, cut at random from the sample photos, without end."""
    draws = torch.Generator().manual_seed(seed)
    whole = [images.load(name, 2 * side) for name in PHOTOS]
    while True:
        picture = whole[int(torch.randint(len(whole), (), generator=draws))]
        top, left = (
            int(torch.randint(n - side + 1, (), generator=draws))
            for n in picture.shape[2:]
        )
        yield picture[..., top : top + side, left : left + side]
