"""What a picture keeps of a style, layer by layer."""

from collections.abc import Iterable

import PIL.ImageOps
import torch

import stylelab as sl
from stylelab.core import style_transfer, vgg
from stylelab.figures.plots import Panel
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


def side_by_side(
    pairs: Iterable[tuple[str, str]], size: int, steps: int
) -> list[Panel]:
    """For each pair of photo and style: the style, a guess, and a search."""
    panels: list[Panel] = []
    for photo, style in pairs:
        guess = sl.guess(photo, style, size)
        search = sl.transfer(photo, style, size=size, steps=steps).result(iter)
        painting = PIL.ImageOps.fit(images.open_picture(style), guess.size)
        panels.append((f"the style: {style.replace('_', ' ')}", painting))
        panels += [("the guess", guess), ("the search", search.image())]
    return panels
