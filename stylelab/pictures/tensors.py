"""Where pictures enter and leave: a file, a sample, a PIL image or a tensor.

Inside stylelab a picture is a float32 tensor [1,3,H,W], RGB, in 0..1.
"""

import difflib
import hashlib
import io
import numbers
import os
from collections.abc import Sequence
from pathlib import Path, PureWindowsPath

import numpy as np
import PIL.Image
import torch

from stylelab.pictures.files import (
    PictureError,
    check_writable,
    read_picture,
    read_record,
    upright_rgb,
    write_picture,
)
from stylelab.pictures.samples import Sample, sample_path, samples

__all__ = [
    "PictureError",
    "Sample",
    "Source",
    "base_name",
    "check_writable",
    "fingerprint",
    "jpeg",
    "load",
    "open_picture",
    "read_record",
    "resized",
    "samples",
    "save",
    "several",
    "to_image",
]

# An array is a mask: bools [H, W], white where they are true.
Source = str | os.PathLike | PIL.Image.Image | torch.Tensor | np.ndarray
MAX_SIDE = 8192


def open_picture(source: Source) -> PIL.Image.Image:
    """Return `source` as an upright RGB picture of 8 bits.

    `source` is a sample's name, a file (a sample's name comes first: write './cat' for
    a file of that name), a PIL image, a tensor [3,H,W] or [1,3,H,W] in 0..1, or an
    array of bools [H,W], which gives a mask: white where it is true.
    Transparency is laid over white; of an animation the first frame is taken. Raises
    PictureError for anything else.
    """
    if isinstance(source, torch.Tensor):
        return _checked_image(source)
    if isinstance(source, np.ndarray) and source.dtype == bool and source.ndim == 2:
        source = PIL.Image.fromarray(source)
    if isinstance(source, PIL.Image.Image):
        return upright_rgb(source, f"'{base_name(source)}'")
    return read_picture(_path(source))


def load(source: Source, size: int | None = None) -> torch.Tensor:
    """Return `source` as a float32 tensor [1,3,H,W], RGB in 0..1.

    `size` is the length of the shorter side in pixels. A tensor is taken through 8 bits
    as well, so that a picture is the same wherever it comes from. Raises PictureError.
    """
    image = open_picture(source)
    if size is not None:
        image = resized(image, size, base_name(source))
    pixels = torch.from_numpy(np.array(image))
    return pixels.permute(2, 0, 1)[None].contiguous().float() / 255


def resized(
    image: PIL.Image.Image, size: int, name: str = "picture"
) -> PIL.Image.Image:
    """Return `image` with a shorter side of `size` pixels, its aspect kept.

    Raises PictureError, which calls the picture `name`, if `size` is no whole number
    above 0 or would make the longer side longer than MAX_SIDE pixels.
    """
    if not isinstance(size, numbers.Integral) or size < 1:
        raise PictureError(
            f"'{name}' cannot have the size {size}; accepted are whole pixels from 1."
        )
    shorter = min(image.size)
    width, height = (round(side * size / shorter) for side in image.size)
    if max(width, height) > MAX_SIDE:
        raise PictureError(
            f"'{name}' would become {width} x {height} pixels at size {size}; accepted "
            f"are sizes that keep the longer side at or below {MAX_SIDE}."
        )
    # Bicubic instead of bilinear would move the style loss tenfold.
    return image.resize((width, height), PIL.Image.Resampling.BILINEAR)


def to_image(picture: torch.Tensor) -> PIL.Image.Image:
    """Return a tensor [1,3,H,W] or [3,H,W], clipped to 0..1 and rounded to 8 bits.

    Raises PictureError for another shape, no pixels, NaN or infinity.
    """
    shape = list(picture.shape)
    if shape[-3:-2] != [3] or shape[:-3] not in ([], [1]) or 0 in shape:
        raise PictureError(
            f"a tensor of shape {shape} is no picture; accepted are [3,H,W] and "
            "[1,3,H,W]."
        )
    if not picture.is_floating_point():
        raise PictureError(
            f"a tensor holds {picture.dtype} values; accepted are floating point ones."
        )
    values = picture.detach().reshape(shape[-3:]).float()
    if not values.isfinite().all():
        raise PictureError("a tensor holds NaN or infinity; accepted are values 0..1.")
    pixels = (values.clamp(0, 1) * 255).round().to(torch.uint8)
    return PIL.Image.fromarray(pixels.permute(1, 2, 0).contiguous().cpu().numpy())


def jpeg(image: PIL.Image.Image) -> bytes:
    """Encode for a picture that changes: 5 ms at 512 px, a tenth of PNG's time."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=88)
    return file.getvalue()


def fingerprint(source: Source) -> str:
    """Return the SHA-256, 64 hexadecimal digits, of the picture's size and pixels.

    Name and format of the file don't matter. Raises PictureError as open_picture does.
    """
    image = open_picture(source)
    size = f"{image.width}x{image.height} RGB\n"
    return hashlib.sha256(size.encode() + image.tobytes()).hexdigest()


def several(source: Source | Sequence[Source]) -> tuple[Source, ...]:
    """Return one picture, or a list or tuple of pictures, as a tuple."""
    return tuple(source) if isinstance(source, list | tuple) else (source,)


def base_name(source: Source) -> str:
    """Return a sample's name or a file's name without its folder.

    'picture' stands for tensors and arrays, and for PIL images that come from no file.
    """
    if isinstance(source, PIL.Image.Image):
        source = getattr(source, "filename", "")
    if isinstance(source, torch.Tensor | np.ndarray):
        return "picture"
    # The Windows kind splits at both kinds of slash: no folder may ever remain.
    return PureWindowsPath(os.fsdecode(source)).name or "picture"


def save(
    picture: torch.Tensor | PIL.Image.Image,
    path: str | os.PathLike,
    record: dict | None = None,
) -> Path:
    """Write `picture` whole or not at all, and return where it is.

    `picture` is a PIL image or a tensor as in `to_image`; the suffix of `path` is .png,
    .jpg or .jpeg. `record` goes as JSON into the text chunk "stylelab" of a PNG, for
    `read_record`; a JPEG stays without. Raises PictureError, also for a full disk.
    """
    target = check_writable(path)
    if isinstance(picture, torch.Tensor):
        picture = to_image(picture)
    write_picture(open_picture(picture), target, record)
    return target


def _checked_image(picture: torch.Tensor) -> PIL.Image.Image:
    """Return a tensor as an image, without clipping anything but rounding errors."""
    image = to_image(picture)
    low, high = picture.min().item(), picture.max().item()
    if low < -1e-4 or high > 1 + 1e-4:
        raise PictureError(
            f"a tensor holds values {low:.4g}..{high:.4g}; accepted are 0..1."
        )
    return image


def _path(source: str | os.PathLike) -> Path:
    if isinstance(source, str) and source in samples():
        return sample_path(samples()[source])
    if not isinstance(source, str | os.PathLike):
        raise PictureError(
            f"an object of type {type(source).__name__} is no picture; accepted are a "
            "file, a sample's name, a PIL image or a tensor [1,3,H,W]."
        )
    path = Path(os.path.expanduser(source))
    if os.path.lexists(path):
        return path
    near = difflib.get_close_matches(path.stem.lower(), samples(), n=1)
    names = f"perhaps '{near[0]}'" if near else ", ".join(samples())
    raise PictureError(
        f"there is no file '{source}'; accepted are a picture file or the name of a "
        f"sample: {names}."
    )
