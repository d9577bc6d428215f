"""A picture as the labs take it: a sample, an upload or any source, at 224 pixels.

224 is what VGG-19 was trained on; all layers of a photo take about a second.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import PIL.Image

from stylelab.core.language import _
from stylelab.pictures import images, samples
from stylelab.pictures.files import PictureError
from stylelab.pictures.images import Source

if TYPE_CHECKING:
    from torch import Tensor

SIZE = 224  # of the shorter side, in pixels
LONGEST = 448  # of the longer side: a panorama must not take a minute
SHORTEST = 32  # of the shorter side: below, the deepest layers have no map


@dataclass(frozen=True, eq=False)
class SmallPicture:
    """A picture small enough to be looked at layer by layer."""

    name: str
    image: PIL.Image.Image  # RGB
    source: Source = field(repr=False)  # in full size, as a run takes it

    @functools.cached_property
    def pixels(self) -> Tensor:
        """The picture [1, 3, H, W], RGB in 0..1. Loads torch."""
        return images.load(self.image)

    @property
    def title(self) -> str:
        return title_of(self.name)


def title_of(name: str) -> str:
    """What to call a picture in a sentence: a sample's title, or the file's name."""
    sample = samples.samples().get(name)
    return _(sample.title) if sample else name


def shrink(source: Source) -> SmallPicture:
    """`source` at the size of the labs. Raises PictureError, one sentence."""
    name, image = images.base_name(source), images.open_picture(source)
    size = min(SIZE, LONGEST * min(image.size) // max(image.size))
    if size < SHORTEST:
        raise PictureError(
            f"'{name}' is {image.width} x {image.height} pixels, too narrow for the "
            f"deep layers; accepted are sides of at most {LONGEST // SHORTEST} to 1."
        )
    image = images.resized(image, size, name)
    return SmallPicture(name, image, source)
