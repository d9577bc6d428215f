"""The names and shapes of VGG-19's layers. Plain arithmetic: this loads no torch."""

import difflib
from collections.abc import Iterable

from stylelab.core.words import shown

LAYERS = (
    *("conv1_1", "relu1_1", "conv1_2", "relu1_2", "pool1"),
    *("conv2_1", "relu2_1", "conv2_2", "relu2_2", "pool2"),
    *("conv3_1", "relu3_1", "conv3_2", "relu3_2"),
    *("conv3_3", "relu3_3", "conv3_4", "relu3_4", "pool3"),
    *("conv4_1", "relu4_1", "conv4_2", "relu4_2"),
    *("conv4_3", "relu4_3", "conv4_4", "relu4_4", "pool4"),
    *("conv5_1", "relu5_1", "conv5_2", "relu5_2"),
    *("conv5_3", "relu5_3", "conv5_4", "relu5_4", "pool5"),
)
CONVS = tuple(name for name in LAYERS if name.startswith("conv"))
ALIGNED = 32  # pixels: every pooling layer's cells begin anew at its multiples


def check_layers(names: Iterable[str]) -> tuple[str, ...]:
    """`names` as a tuple, each once; a wrong name is answered with the nearest ones."""
    names = (names,) if isinstance(names, str) else tuple(names)
    if not names:
        raise ValueError("no layer was named: name at least one, such as relu4_2")
    for name in names:
        if not isinstance(name, str) or name not in LAYERS:
            guess = shown(name).strip("'").lower()
            near = difflib.get_close_matches(guess, LAYERS, len(LAYERS), 0.5)
            near.sort(key=lambda layer: layer[:5] != guess[:5])  # its block first
            raise ValueError(
                f"VGG-19 has no layer {shown(name)}; nearest: "
                f"{', '.join(near[:3] or ['relu4_2'])} (conv1_1, relu1_1 ... pool5)"
            )
    return tuple(dict.fromkeys(names))


def block(layer: str) -> int:
    """The block, 1 to 5, that `layer` stands in."""
    return int(layer[4])


def channels(layer: str) -> int:
    """How many feature maps `layer` has: 64 in block 1 to 512 in blocks 4 and 5."""
    return min(512, 32 * 2 ** block(layer))


def stride(layer: str) -> int:
    """How many pixels of the picture lie between two neighbours of `layer`'s maps."""
    return 2 ** (block(layer) if layer.startswith("pool") else block(layer) - 1)


def map_shape(layer: str, height: int, width: int) -> tuple[int, int, int]:
    """Channels, height and width of `layer`'s maps for a picture `height` x `width`."""
    return channels(layer), height // stride(layer), width // stride(layer)


def margin(layers: Iterable[str]) -> int:
    """How far the deepest of `layers` sees beyond its own cell, in pixels."""
    deepest = max(map(LAYERS.index, layers))
    seen = [n for n in LAYERS[: deepest + 1] if n in CONVS or n.startswith("pool")]
    reach = sum(stride(n) if n in CONVS else stride(n) // 2 for n in seen)
    return -(-reach // ALIGNED) * ALIGNED


def check_tile(tile: int, layers: Iterable[str]) -> None:
    """A ValueError if tiles of `tile` pixels do not suit `layers`; 0 is no tile."""
    deepest = max(layers, key=LAYERS.index)
    least = margin([deepest])
    if tile and (tile % ALIGNED or tile < least):
        accepted = f"multiples of {ALIGNED} from {least} on"
        problem = f"{deepest} sees {least} px around a tile"
        raise ValueError(f"tile is {tile}: accepted are {accepted}, because {problem}")


def check_side(side: int, layers: Iterable[str], what: str) -> None:
    """A ValueError if a shorter side of `side` pixels leaves one of `layers` no map."""
    deepest = max(layers, key=LAYERS.index)
    if side < stride(deepest):
        needed = f"{deepest} needs at least {stride(deepest)} px"
        why = "because pooling halves it at every step"
        raise ValueError(f"{what} is {side} px, but {needed}, {why}")
