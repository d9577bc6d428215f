"""VGG-19 (Simonyan & Zisserman 2014) as named layers.

The network takes RGB pictures [B, 3, H, W] in 0..1 and gives feature maps
[B, C, H', W'] by the papers' names: conv1_1, relu1_1, ..., pool5. The three dense
layers, 124 of VGG-19's 144 million parameters, are never built.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.core import weights
from stylelab.core.layers import LAYERS, check_layers, check_side

# The mean colour of the training set, in 0..255. The original network took blue first;
# weights.py flips its first kernel once, so that pictures stay RGB.
MEAN = torch.tensor([123.68, 116.779, 103.939]).view(1, 3, 1, 1)


@dataclass(frozen=True, eq=False)
class Network:
    """VGG-19's convolutions. `kernels["conv1_1"]` has shape [64, 3, 3, 3]."""

    kernels: Mapping[str, Tensor]
    biases: Mapping[str, Tensor]
    source: str
    sha256: str
    pooling: str = "max"
    padding: str = "zero"

    @property
    def device(self) -> torch.device:
        return self.kernels["conv1_1"].device

    @property
    def dtype(self) -> torch.dtype:
        return self.kernels["conv1_1"].dtype

    def to(self, target: torch.device | torch.dtype | str) -> Network:
        """The same network on another device or in another precision."""
        both = self.kernels, self.biases
        kernels, biases = ({name: t.to(target) for name, t in d.items()} for d in both)
        return replace(self, kernels=kernels, biases=biases)

    def features(self, picture: Tensor, layers: Iterable[str]) -> dict[str, Tensor]:
        """Feature maps of `picture` [B, 3, H, W] (RGB, 0..1) at `layers`, by name.

        Computes no layer deeper than the deepest asked for, changes nothing in place
        and never mixes the pictures of a batch. Maps come in the network's precision.
        """
        if picture.ndim != 4 or picture.shape[1] != 3:
            shape = [*picture.shape]
            raise ValueError(f"a picture here has the shape [B, 3, H, W], not {shape}")
        layers = check_layers(layers) if layers else ()
        if layers:
            check_side(min(picture.shape[2:]), layers, "the picture's shorter side")
        maps: dict[str, Tensor] = {}
        h = 255 * picture.to(self.device) - MEAN.to(self.device)  # [B, 3, H, W]
        h = h.to(self.dtype).contiguous(memory_format=torch.channels_last)
        for name in LAYERS[: max((1 + LAYERS.index(l) for l in layers), default=0)]:
            if name.startswith("conv"):  # [B, C, H', W'] from here on
                h = self._convolve(h, name)
            elif name.startswith("relu"):
                h = F.relu(h)
            else:
                h = self._pool(h)  # [B, C, H' / 2, W' / 2]
            if name in layers:
                maps[name] = h
        return {layer: maps[layer] for layer in layers}

    def _convolve(self, h: Tensor, name: str) -> Tensor:
        kernel, bias = self.kernels[name], self.biases[name]
        if self.padding == "zero":
            return F.conv2d(h, kernel, bias, padding=1)
        return F.conv2d(F.pad(h, (1, 1, 1, 1), mode="replicate"), kernel, bias)

    def _pool(self, h: Tensor) -> Tensor:
        if self.pooling == "max":
            return F.max_pool2d(h, 2)
        # Averages are smaller than maxima, but the biases after them do not change.
        # Without a factor, pool5 has 10 to 30 % of the norm that max pooling gives it
        # (samples at 224 px); with 1.5 all layers have 70 to 150 %. The papers give no
        # factor.
        return 1.5 * F.avg_pool2d(h, 2)


def load(
    source: str = "original",
    pooling: str = "max",
    seed: int = 0,
    device: str = "cpu",
    dtype: torch.dtype = torch.float32,
    padding: str = "zero",
) -> Network:
    """VGG-19 with weights from `source`, as weights.find takes it.

    pooling: "max", as the network was trained, or "average", as Gatys did. padding:
    "zero", as it was trained, or "replicate", because zeros draw a frame around a
    picture that is made. seed: of random weights. Whoever asks for published weights
    gets the same tensors: 80 MB.
    """
    if pooling not in ("max", "average"):
        raise ValueError(f"pooling '{pooling}' is unknown: choose max or average")
    if padding not in ("zero", "replicate"):
        raise ValueError(f"padding '{padding}' is unknown: choose zero or replicate")
    seed = seed if source == "random" else 0
    read = _kept if source in weights.SHA256 else _recent
    return replace(read(source, seed, device, dtype), pooling=pooling, padding=padding)


def _load(source: str, seed: int, device: str, dtype: torch.dtype) -> Network:
    if dtype != torch.float32:
        return load(source, "max", seed, device).to(dtype)
    (kernels, biases), digest = weights.find(source, seed)
    rows = {"memory_format": torch.channels_last}
    kernels = {name: kernel.contiguous(**rows) for name, kernel in kernels.items()}
    return Network(kernels, biases, source, digest).to(device)


# Published weights are never pushed out, however many random ones or files are loaded.
_kept = functools.cache(_load)
_recent = functools.lru_cache(maxsize=4)(_load)
