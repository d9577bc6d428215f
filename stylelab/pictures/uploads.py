"""The door for uploads, of the labs and the studio: checked before they are decoded."""

import io

import PIL.Image

from stylelab.core.language import _
from stylelab.pictures.files import PictureError, decode
from stylelab.pictures.images import base_name

MEGABYTES = 25  # of a file, as sent
MEGAPIXELS = 50  # of a picture, before it is decoded
LONGEST = 2048  # pixels of the longer side, as kept
NARROWEST = 4  # the longer side over the shorter: a run costs as much as its pixels


def open_upload(name: str, content: bytes) -> PIL.Image.Image:
    """The picture in an uploaded file: RGB, no metadata, at most LONGEST pixels long.

    `name` is for people and the record alone: no file of that name is opened. Raises
    PictureError, one sentence.
    """
    name = base_name(name)[:60]
    if len(content) > MEGABYTES * 10**6:
        raise PictureError(
            _("'{}' is a file of {} MB; accepted are pictures up to {} MB.").format(
                name, f"{len(content) / 1e6:.0f}", MEGABYTES
            )
        )
    image = decode(io.BytesIO(content), f"'{name}'", MEGAPIXELS * 10**6)
    if max(image.size) > NARROWEST * min(image.size):
        raise PictureError(
            _(
                "'{}' is {} x {} pixels, too narrow; accepted are sides of at most "
                "{} to 1."
            ).format(name, *image.size, NARROWEST)
        )
    image.thumbnail((LONGEST, LONGEST))
    image.filename = name
    return image
