"""VGG-19 (Simonyan & Zisserman 2014) as named layers.

The network takes RGB pictures in 0..1, shape [B, 3, H, W], and gives feature maps
[B, C, H', W'] by the papers' names: conv1_1, relu1_1, ..., pool5. Only the
convolutions exist here; the three dense layers, 124 of VGG-19's 144 million parameters,
are never built.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.core import weights
from stylelab.core.layers import LAYERS, check_layers, check_side

# The original network was trained on BGR pictures in 0..255 minus the training set's
# mean colour. The channel order is folded into the first kernel; this is RGB.
MEAN = torch.tensor([123.68, 116.779, 103.939]).view(1, 3, 1, 1)


@dataclass(frozen=True, eq=False)
class Network:
    """VGG-19's convolutions. `kernels["conv1_1"]` has shape [64, 3, 3, 3]."""

    kernels: Mapping[str, Tensor]
    biases: Mapping[str, Tensor]
    source: str
    sha256: str
    pooling: str = "max"

    @property
    def device(self) -> torch.device:
        return self.kernels["conv1_1"].device

    @property
    def dtype(self) -> torch.dtype:
        return self.kernels["conv1_1"].dtype

    def to(self, target: torch.device | torch.dtype | str) -> Network:
        """The same network on another device or in another precision."""
        return replace(
            self,
            kernels={name: kernel.to(target) for name, kernel in self.kernels.items()},
            biases={name: bias.to(target) for name, bias in self.biases.items()},
        )

    def features(self, picture: Tensor, layers: Iterable[str]) -> dict[str, Tensor]:
        """Feature maps of `picture` [B, 3, H, W] (RGB, 0..1) at `layers`, by name.

        Computes no layer deeper than the deepest asked for, changes nothing in place
        and never mixes the pictures of a batch. Maps come in the network's precision.
        """
        layers = check_layers(layers)
        _check_picture(picture, layers)
        wanted, found = set(layers), {}
        h = 255 * picture.to(self.device) - MEAN.to(self.device)
        h = h.to(self.dtype).contiguous(memory_format=torch.channels_last)
        for name in LAYERS[: 1 + max(LAYERS.index(layer) for layer in layers)]:
            if name.startswith("conv"):
                h = F.conv2d(h, self.kernels[name], self.biases[name], padding=1)
            elif name.startswith("relu"):
                h = F.relu(h)
            else:
                h = self._pool(h)
            if name in wanted:
                found[name] = h
        return {layer: found[layer] for layer in layers}

    def _pool(self, h: Tensor) -> Tensor:
        if self.pooling == "max":
            return F.max_pool2d(h, 2)
        # Averages are smaller than maxima, and the biases behind them stay what they
        # were: unscaled, pool5 of a sample keeps 10-30 % of the norm that max pooling
        # gives it at 224 px. Times 1.5, it and all others keep 70-150 %. (Gatys et al.
        # do not say.)
        return 1.5 * F.avg_pool2d(h, 2)


def load(
    source: str = "original", pooling: str = "max", seed: int = 0, device: str = "cpu"
) -> Network:
    """VGG-19 with weights from `source`, as weights.find takes it.

    `pooling` is "max", as the network was trained, or "average", as Gatys did.
    """
    if pooling not in ("max", "average"):
        raise ValueError(f"pooling '{pooling}' is unknown: choose max or average")
    (kernels, biases), digest = weights.find(source, seed)
    kernels = {
        name: kernel.contiguous(memory_format=torch.channels_last)
        for name, kernel in kernels.items()
    }
    return Network(kernels, biases, source, digest, pooling).to(device)


def default_device() -> str:
    """The fastest device of this machine: "cuda", "mps" or "cpu"."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def default_precision(device: str = "cpu") -> str:
    """ "bfloat16" where the hardware computes it (twice as fast), otherwise "float32".

    Asked of the hardware, not timed: a busy machine must not change a picture.
    """
    if device == "cuda":
        native = torch.cuda.is_bf16_supported(including_emulation=False)
        return "bfloat16" if native else "float32"
    if device != "cpu" or not hasattr(torch.cpu, "get_capabilities"):
        return "float32"
    has = torch.cpu.get_capabilities()
    native = has.get("avx512_bf16") or has.get("amx_bf16")
    return "bfloat16" if native else "float32"


def _check_picture(picture: Tensor, layers: tuple[str, ...]) -> None:
    if picture.ndim != 4 or picture.shape[1] != 3:
        raise ValueError(
            f"a picture for the network has shape [B, 3, H, W], not {[*picture.shape]}"
        )
    check_side(min(picture.shape[-2:]), layers, "the picture's shorter side")
