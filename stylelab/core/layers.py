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
        *(
            f"{kind}{block}_{c}"
            for c in range(1, convs + 1)
            for kind in ("conv", "relu")
        ),
        f"pool{block}",
    )
)
CONVS = tuple(name for name in LAYERS if name.startswith("conv"))
CHANNELS = {name: BLOCKS[int(name[4]) - 1][1] for name in CONVS}


def check_layers(names: Iterable[str]) -> tuple[str, ...]:
    """`names` as a tuple, each once; a wrong name is answered with the nearest ones."""
    names = (names,) if isinstance(names, str) else tuple(names)
    if not names:
        raise ValueError("no layer was named: name at least one, such as relu4_2")
    for name in names:
        if name not in LAYERS:
            raise ValueError(
                f"VGG-19 has no layer '{name}'; nearest: {', '.join(_nearest(name))} "
                "(conv1_1, relu1_1 ... pool5)"
            )
    return tuple(dict.fromkeys(names))


def _nearest(name: str) -> list[str]:
    """Layers spelt like `name`, first those of the same block."""
    guess = str(name).lower()
    near = difflib.get_close_matches(guess, LAYERS, len(LAYERS), 0.5)
    near.sort(key=lambda layer: layer[:5] != guess[:5])
    return near[:3] or ["relu4_2"]


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
    """Channels, height and width of `layer`'s maps for a picture `height` x `width`."""
    return channels(layer), height // stride(layer), width // stride(layer)


def check_side(side: int, layers: Iterable[str], what: str) -> None:
    """A ValueError if a shorter side of `side` pixels leaves one of `layers` no map."""
    deepest = max(layers, key=LAYERS.index)
    if side < stride(deepest):
        raise ValueError(
            f"{what} is {side} px, but {deepest} needs at least "
            f"{stride(deepest)} px, because pooling halves it at every step"
        )
