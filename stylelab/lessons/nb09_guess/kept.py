"""What a picture keeps of a style, layer by layer."""

import torch

from stylelab.core import style_transfer, vgg
from stylelab.pictures import images
from stylelab.pictures.images import Source
from stylelab.runs.recipe import STYLE_LAYERS


def style_losses(picture: Source, style: Source, size: int) -> list[float]:
    """The relative style loss at each style layer; 0: equal, 1: as wrong as black."""
    network = vgg.load(padding="replicate")
    layers = dict.fromkeys(STYLE_LAYERS, 1.0)
    painting = images.load(style, size)
    gram = style_transfer.gram
    goal = style_transfer.texture(network, [painting], [1.0], layers, gram)
    with torch.no_grad():
        losses = goal.losses(images.load(picture, size), network)
    return [loss.item() for loss in losses.values()]
