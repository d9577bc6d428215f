"""A picture from anywhere: a file, a sample, a PIL image, a mask or a tensor.

Inside stylelab a picture is a float32 tensor [1, 3, H, W], RGB, in 0..1; outside it is
an upright sRGB image of 8 bits. Only `load` needs torch.
"""

from __future__ import annotations

import difflib
import hashlib
import io
import numbers
import os
import sys
from collections.abc import Sequence
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Union

import numpy as np
import PIL.Image

from stylelab.pictures import files, writing
from stylelab.pictures.files import PictureError
from stylelab.pictures.samples import sample_path, samples

if TYPE_CHECKING:
    from torch import Tensor

# An array is a mask: bools [H, W], white where they are true.
Source = Union[str, os.PathLike, PIL.Image.Image, np.ndarray, "Tensor"]
MAX_SIDE = 16384


def open_picture(source: Source, opaque: bool = True) -> PIL.Image.Image:
    """`source` as an upright RGB picture of 8 bits; else a PictureError.

    `source` is a sample's name, a file (a sample's name comes first: write './cat' for
    a file of that name), a PIL image, a tensor [3, H, W] or [1, 3, H, W] in 0..1, or a
    mask. A colour profile is applied. Transparency is laid over white, with a warning;
    or, if not `opaque`, what is transparent in places comes as RGBA. An animation gives
    its first frame.
    """
    if _is_tensor(source):
        image, low, high = to_image(source), source.min().item(), source.max().item()
        if low < -1e-4 or high > 1 + 1e-4:  # more than a rounding error
            values = f"values {low:.4g}..{high:.4g}; accepted are 0..1."
            raise PictureError(f"a tensor holds {values}")
        return image
    if isinstance(source, np.ndarray) and source.dtype == bool and source.ndim == 2:
        source = PIL.Image.fromarray(source)
    if isinstance(source, PIL.Image.Image):
        return files.upright(source, f"'{base_name(source)}'", opaque=opaque)
    if isinstance(source, str) and source in samples():
        return files.read_picture(sample_path(samples()[source]))
    if not isinstance(source, str | os.PathLike):
        kinds = "a file, a sample's name, a PIL image or a tensor [1,3,H,W]"
        name = f"an object of type {type(source).__name__}"
        raise PictureError(f"{name} is no picture; accepted are {kinds}.")
    path = Path(os.path.expanduser(source))
    if os.path.lexists(path):
        return files.read_picture(path, opaque)
    near = difflib.get_close_matches(path.stem.lower(), samples(), n=1)
    names = f"perhaps '{near[0]}'" if near else ", ".join(samples())
    accepted = f"accepted are a picture file or the name of a sample: {names}."
    raise PictureError(f"there is no file '{source}'; {accepted}")


def size_at(
    image: PIL.Image.Image, size: int, name: str = "picture"
) -> tuple[int, int]:
    """Width and height of `image` with a shorter side of `size` pixels.

    A PictureError, which calls it `name`, if it would be too long.
    """
    if not isinstance(size, numbers.Integral) or size < 1:
        problem = f"cannot have the size {size}; accepted are whole pixels from 1."
        raise PictureError(f"'{name}' {problem}")
    width, height = (round(side * size / min(image.size)) for side in image.size)
    if max(width, height) > MAX_SIDE:
        accepted = f"sizes that keep the longer side at or below {MAX_SIDE}."
        problem = f"would become {width} x {height} pixels at size {size}"
        raise PictureError(f"'{name}' {problem}; accepted are {accepted}")
    return width, height


def resized(
    image: PIL.Image.Image, size: int, name: str = "picture"
) -> PIL.Image.Image:
    """`image` with a shorter side of `size` pixels; PictureErrors call it `name`."""
    # Bicubic instead of bilinear would move the style loss tenfold.
    return image.resize(size_at(image, size, name), PIL.Image.Resampling.BILINEAR)


def load(source: Source, size: int | None = None) -> Tensor:
    """`source` (see open_picture) as a float32 tensor [1, 3, H, W], RGB in 0..1.

    `size`: of the shorter side, in pixels. A tensor is taken through 8 bits as well, so
    that a picture is the same wherever it comes from. Raises PictureError.
    """
    import torch

    image = open_picture(source)
    image = image if size is None else resized(image, size, base_name(source))
    pixels = torch.from_numpy(np.array(image))
    return pixels.permute(2, 0, 1)[None].contiguous().float().div_(255)


def to_image(picture: Tensor) -> PIL.Image.Image:
    """A tensor [1, 3, H, W] or [3, H, W], clipped to 0..1 and rounded to 8 bits.

    Raises PictureError for another shape, no pixels, NaN or infinity.
    """
    shape = list(picture.shape)
    if shape[-3:-2] != [3] or shape[:-3] not in ([], [1]) or 0 in shape:
        accepted = "accepted are [3,H,W] and [1,3,H,W]."
        raise PictureError(f"a tensor of shape {shape} is no picture; {accepted}")
    if not picture.is_floating_point():
        problem = f"{picture.dtype} values; accepted are floating point ones."
        raise PictureError(f"a tensor holds {problem}")
    values = picture.detach().reshape(shape[-3:]).float().cpu().numpy()
    if not np.isfinite(values).all():
        raise PictureError("a tensor holds NaN or infinity; accepted are values 0..1.")
    pixels = np.rint(values.clip(0, 1) * 255).astype(np.uint8)  # [3, H, W]
    return PIL.Image.fromarray(np.ascontiguousarray(pixels.transpose(1, 2, 0)))


def jpeg(image: PIL.Image.Image) -> bytes:
    """A JPEG, for pictures that change: 5 ms at 512 px, a tenth of PNG's time."""
    image.save(file := io.BytesIO(), "JPEG", quality=88)
    return file.getvalue()


def png(image: PIL.Image.Image) -> bytes:
    """A PNG, for pictures and maps whose every pixel counts; quick, not small."""
    image.save(file := io.BytesIO(), "PNG", compress_level=1)
    return file.getvalue()


def fingerprint(source: Source, opaque: bool = True) -> str:
    """The SHA-256 of the picture's size and pixels; its format does not count."""
    image = open_picture(source, opaque)
    size = f"{image.width}x{image.height} {image.mode}\n"
    return hashlib.sha256(size.encode() + image.tobytes()).hexdigest()


def as_tuple(source: Source | Sequence[Source]) -> tuple[Source, ...]:
    """One picture, or a list or tuple of pictures, as a tuple."""
    return tuple(source) if isinstance(source, list | tuple) else (source,)


def base_name(source: Source) -> str:
    """A sample's name, or a file's name without its folder; else "picture"."""
    if isinstance(source, PIL.Image.Image):
        source = getattr(source, "filename", "")
    if _is_tensor(source) or isinstance(source, np.ndarray):
        return "picture"
    name = os.fsdecode(source)
    # The Windows kind splits at both kinds of slash: no folder may ever remain. But on
    # Linux a file may be called a\b.jpg.
    here = os.path.exists(os.path.expanduser(name))
    return (Path if here else PureWindowsPath)(name).name or "picture"


def save(
    picture: Tensor | PIL.Image.Image,
    path: str | os.PathLike,
    record: dict | None = None,
) -> Path:
    """Writes a .png, .jpg or .jpeg, whole or not at all, and returns where it is.

    `record` goes as JSON into the text chunk "stylelab" of a PNG, or into the comment
    of a JPEG, for `read_record`. Raises PictureError, also for a full disk.
    """
    target = writing.check_writable(path)
    image = to_image(picture) if _is_tensor(picture) else open_picture(picture)
    writing.write_picture(image, target, record)
    return target


def _is_tensor(source: object) -> bool:
    """Whether `source` is a tensor, without loading torch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(source, torch.Tensor)
