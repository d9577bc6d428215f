"""The names and shapes of VGG-19's layers. Plain arithmetic: this loads no torch."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

# How many convolutions stand in each block, and how many channels each of them has.
BLOCKS = ((2, 64), (2, 128), (4, 256), (4, 512), (4, 512))

LAYERS = tuple(
    name
    for block, (convs, _) in enumerate(BLOCKS, 1)
    for name in (
        *(f"{kind}{block}_{c}" for c in range(1, convs + 1) for kind in ("conv", "relu")),
        f"pool{block}",
    )
)
CONVS = tuple(name for name in LAYERS if name.startswith("conv"))
CHANNELS = {name: BLOCKS[int(name[4]) - 1][1] for name in CONVS}


def check_layers(names: Iterable[str]) -> tuple[str, ...]:
    """`names` as a tuple, each once; a wrong name is answered with the nearest ones."""
    names = (names,) if isinstance(names, str) else tuple(dict.fromkeys(names))
    if not names:
        raise ValueError("no layer was named: name at least one, such as relu4_2")
    for name in names:
        if name not in LAYERS:
            near = difflib.get_close_matches(name, LAYERS, 3, 0.5) or ["relu4_2"]
            raise ValueError(
                f"VGG-19 has no layer '{name}'; nearest: {', '.join(near)} "
                "(conv1_1, relu1_1 ... pool5)"
            )
    return names


def channels(layer: str) -> int:
    """How many feature maps `layer` has: 64 in block 1 to 512 in blocks 4 and 5."""
    return BLOCKS[block(layer) - 1][1]


def block(layer: str) -> int:
    """The block, 1 to 5, that `layer` stands in."""
    return int(layer[4])


def stride(layer: str) -> int:
    """How many pixels of the picture lie between two neighbours of `layer`'s maps."""
    return 2 ** (block(layer) if layer.startswith("pool") else block(layer) - 1)


def map_shape(layer: str, height: int, width: int) -> tuple[int, int, int]:
    """(channels, height, width) of `layer`'s maps for a picture of `height` x `width`."""
    return channels(layer), height // stride(layer), width // stride(layer)


def minimum_side(layers: Iterable[str]) -> int:
    """The shortest side, in pixels, that leaves every one of `layers` a map at all."""
    return max(stride(layer) for layer in layers)
