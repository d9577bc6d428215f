"""What excites a channel most: patches of the samples. It knows no widget."""

from collections.abc import Sequence
from dataclasses import dataclass

import PIL.Image
import torch
from torch import Tensor

from stylelab.analysis import receptive_field
from stylelab.analysis.receptive_field import Box
from stylelab.core import vgg
from stylelab.core.language import _
from stylelab.labs.markup import escaped, image_html
from stylelab.labs.picture_maps import LAYERS
from stylelab.labs.small_picture import shrink
from stylelab.pictures.images import jpeg, png
from stylelab.pictures.samples import samples

COUNT = 6  # patches that are shown
GREY = (128, 128, 128)  # beyond the picture


@dataclass(frozen=True, eq=False)
class Patch:
    """What the neuron of a channel sees that responds most in one picture."""

    name: str  # of the sample
    image: PIL.Image.Image  # RGB, as large as the receptive field
    response: float


@dataclass(frozen=True, eq=False)
class Answers:
    """The strongest neuron of every channel in one picture."""

    image: PIL.Image.Image  # RGB
    responses: dict[str, Tensor]  # [C] by layer
    boxes: dict[str, list[Box]]  # by layer and channel: what these neurons see


def album() -> list[str]:
    """The samples that are searched: all that need no internet."""
    return [n for n, s in samples().items() if not s.origin.startswith("http")]


KEPT: dict[str, Answers] = {}  # by sample, for all labs: one megabyte in all


def is_new(name: str) -> bool:
    """Whether nobody has asked for a sample's `answers` yet."""
    return name not in KEPT


def answers(name: str) -> Answers:
    """The strongest neurons of all layers in a sample: half a second, once."""
    if is_new(name):
        KEPT[name] = _answers(name)
    return KEPT[name]


def _answers(name: str) -> Answers:
    picture = shrink(name)
    with torch.no_grad():
        features = vgg.load().features(picture.pixels, LAYERS)
    responses, boxes = {}, {}
    for layer, maps in features.items():
        responses[layer], boxes[layer] = strongest(layer, maps[0], picture.image)
    return Answers(picture.image, responses, boxes)


def strongest(
    layer: str, maps: Tensor, image: PIL.Image.Image
) -> tuple[Tensor, list[Box]]:
    """By channel of `maps` [C, H, W]: the largest response, and what its neuron sees.

    A neuron counts if its receptive field lies inside the picture: the zeros around the
    picture would make an edge where there is none. Where no neuron's does, those in the
    middle third count.
    """
    spans = receptive_field.inside(layer, image.height, image.width)
    rows, columns = (
        span or range(n // 3, n - n // 3)
        for span, n in zip(spans, maps.shape[1:], strict=True)
    )
    inner = maps[:, rows.start : rows.stop, columns.start : columns.stop].flatten(1)
    responses, places = inner.max(dim=1)
    neurons = [divmod(place, len(columns)) for place in places.tolist()]
    return responses, [
        receptive_field.box(layer, rows[row], columns[column])
        for row, column in neurons
    ]


def patches(layer: str, channel: int, names: Sequence[str]) -> list[Patch]:
    """The COUNT strongest answers of a channel, one a picture, strongest first."""
    responses = {n: answers(n).responses[layer][channel].item() for n in names}
    best = sorted(responses, key=lambda name: -responses[name])[:COUNT]
    return [
        Patch(n, cropped(answers(n).image, answers(n).boxes[layer][channel]), response)
        for n in best
        if (response := responses[n]) > 0
    ]


def gallery(patches: Sequence[Patch]) -> str:
    """The patches as HTML, each with its picture and the neuron's response."""
    figures = []
    for patch in patches:
        title = _(samples()[patch.name].title).partition(",")[0]
        side = patch.image.width
        alt = _("{} pixels of '{}', response {}")
        alt = alt.format(side, title, f"{patch.response:,.0f}")
        # Of few pixels, each is to be seen.
        kind, encode = ("png", png) if side < 40 else ("jpeg", jpeg)
        image = image_html(encode(patch.image), alt, "sl-patch", kind)
        caption = f"<b>{patch.response:,.0f}</b> {escaped(title)}"
        figures.append(f"<figure>{image}<figcaption>{caption}</figcaption></figure>")
    return f'<div class="sl-loudest">{"".join(figures)}</div>'


def cropped(image: PIL.Image.Image, box: Box) -> PIL.Image.Image:
    """What lies in `box` of a picture; beyond the picture, grey."""
    canvas = PIL.Image.new("RGB", (box.size, box.size), GREY)
    canvas.paste(image, (-box.left, -box.top))
    return canvas
