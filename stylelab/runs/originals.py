"""The pictures that a record names: told apart by their pixels, and found again.

A picture that came as an image, such as a visitor's, was often made smaller on its way.
So its record also holds its size and a tiny copy, its look, by which its original is
known. A mask that came as an image has no file at all: the record holds it whole.
"""

import base64
import functools
import io
import os
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
from PIL.Image import Dither, Resampling

from stylelab.core.digest import sha256_of
from stylelab.core.words import shown
from stylelab.pictures.files import PictureError, decode
from stylelab.pictures.images import (
    Source,
    as_tuple,
    base_name,
    fingerprint,
    open_picture,
)
from stylelab.pictures.samples import samples
from stylelab.runs.job import Sources

LOOK = 8  # pixels of each side of a look
# Levels of 255 by which two looks of the same picture may differ. Measured: at most 2
# with other programs (JPEG 92); 5 % brighter 6 or more, another picture 19 or more.
ALIKE = 4
MOST = 64  # pictures of one role; records come from strangers
# Of a mask in a record. Painted ones take 1 to 3 KB; a JPEG's comment holds 64 KB.
MASK_BYTES, MASK_PIXELS = 12_000, 4096 * 4096
# Measured: with 2 threads instead of 1, transfers of 96 px differ on average by 6.2 and
# 6.1 of 255 (at most 52 and 72) after 60 steps; in bfloat16, one of 48 px by 8.1 (66)
# after 30; with a photo that Chromium made smaller, one of 64 px by 5.5 (54) after 20.
# Small differences grow from step to step.
USUAL = "5 to 10"


def broken(problem: str) -> PictureError:
    """The error for a record that cannot be read, or not by this version."""
    return PictureError(f"the record holds no complete recipe: {problem}")


def about(role: str, source: Source) -> dict[str, Any]:
    """What a record says of a picture."""
    name, sha256 = base_name(source), _digest_of(role)(source)
    found: dict[str, Any] = {"name": name, "sha256": sha256}
    if role == "masks" and not isinstance(source, str | os.PathLike):
        found |= _whole(open_picture(source, opaque=False), sha256)
    elif role != "start" and _may_be_smaller(source):
        image = open_picture(source)
        found |= {"size": [*image.size], "look": _text(_look(image).tobytes())}
    return found


def find_all(role: str, folder: Path, named: Any) -> Sources:
    """The picture `named` by what `about` said of it, or a list for several."""
    several = _several(named)
    if not several:
        raise broken(f"no {role} is named")
    if len(several) > MOST:
        raise broken(f"{len(several)} pictures are named as {role}")
    found = [_find_one(role, folder, one) for one in several]
    return found if found[1:] else found[0]


def as_then(given: Sources, named: Any) -> Sources:
    """`given`, each made as small as the picture `named` where it is the same one."""
    several = _several(named)
    if len(several) != len(as_tuple(given)):
        return given
    pairs = zip(as_tuple(given), several, strict=True)
    found = [_smaller(source, one) or source for source, one in pairs]
    return found if isinstance(given, list | tuple) else found[0]


def name_of(role: str, named: Any) -> tuple[str, str]:
    """The name and the hash of one picture in a record."""
    about = named if isinstance(named, dict) else {}
    name, sha256 = about.get("name"), about.get("sha256")
    if not isinstance(name, str) or not isinstance(sha256, str):
        raise broken(f"{shown(role)} is {shown(named)}, not a name and a sha256")
    return name, sha256


def find(
    what: str, folder: Path, name: str, sha256: str, digest: Callable[[str], str]
) -> str:
    """The sample or file called `name` whose `digest` is `sha256`."""
    places = [name] if name in samples() and digest is not sha256_of else []
    places += _files(folder, name)
    for place in places:
        if digest(place) == sha256:
            return place
    problem = "has changed" if places else "was not found"
    advice = "put the original beside the recipe's file, or name another yourself"
    raise PictureError(
        f"this recipe needs {shown(name)} ({what}), which {problem}: {advice}"
    )


def digests(record: Mapping) -> dict[str, list[Any]]:
    """The hashes of the pictures of `record`, by role."""
    return {
        role: [
            one.get("sha256") if isinstance(one, dict) else one for one in _several(of)
        ]
        for role, of in record["pictures"].items()
    }


def _several(named: Any) -> list[Any]:
    """What a record holds of a role: one picture, or a list of several."""
    return named if isinstance(named, list) else [named]


def _files(folder: Path, name: str) -> list[str]:
    """The files called `name` in `folder` and here."""
    return [path for path in (str(folder / name), name) if os.path.isfile(path)]


def _find_one(role: str, folder: Path, named: Any) -> Source:
    name, sha256 = name_of(role, named)
    if role == "masks" and "png" in named:
        return _mask(name, sha256, named["png"])
    try:
        return find(role, folder, name, sha256, _digest_of(role))
    except PictureError:
        for place in _files(folder, name):
            if (image := _smaller(place, named)) is not None:
                return image
        raise


def _digest_of(role: str) -> Callable[[Source], str]:
    """What tells one picture of a role from another; masks may be all transparency."""
    masks = functools.partial(fingerprint, opaque=False)
    return masks if role == "masks" else fingerprint


def _smaller(source: Source, named: Any) -> PIL.Image.Image | None:
    """`source` in the size in which it was used; None if it is no such picture.

    Warns if the pixels may be others than then.
    """
    about = named if isinstance(named, dict) else {}
    width, height = _size_in(about)
    look = _bytes(about.get("look"), 3 * LOOK**2)
    if not width or len(look) != 3 * LOOK**2 or not isinstance(source, str):
        return None
    image = open_picture(source)
    image.thumbnail((max(width, height),) * 2)  # as the studio does
    if max(abs(image.width - width), abs(image.height - height)) > 1:
        return None
    if image.size != (width, height):
        image = image.resize((width, height), Resampling.BICUBIC)
    then = np.frombuffer(look, np.uint8).reshape(LOOK, LOOK, 3)
    if np.abs(_look(image).astype(int) - then).max() > ALIKE:
        return None
    if fingerprint(image) != about.get("sha256"):
        _note(
            f"the picture may come out different, by some {USUAL} of 255 on average: "
            f"the pixels of '{source}', at {width} x {height}, are not quite as then"
        )
    image.filename = source  # type: ignore[attr-defined] # for the next record
    return image


@functools.cache
def _note(text: str) -> None:
    """Warns of `text` once: the runs of a chain have the same pictures."""
    warnings.warn(text, stacklevel=1)


def _size_in(about: Mapping) -> tuple[int, int]:
    """The width and the height in a record; 0 and 0 where they are missing or wrong."""
    match about.get("size"):
        case [int(width), int(height)] if min(width, height) > 0:
            return width, height
    return 0, 0


def _may_be_smaller(source: Source) -> bool:
    """Whether `source` is an image that was made of a file, which is no sample."""
    if not isinstance(source, PIL.Image.Image):
        return False
    return bool(getattr(source, "filename", "")) and base_name(source) not in samples()


def _look(image: PIL.Image.Image) -> np.ndarray:
    """A picture as uint8 [LOOK, LOOK, 3]: the mean colour of each part."""
    return np.asarray(image.resize((LOOK, LOOK), Resampling.BOX))


def _whole(mask: PIL.Image.Image, sha256: str) -> dict[str, str]:
    """A mask of pure black and white as a PNG in base64; nothing for another."""
    if mask.width * mask.height > MASK_PIXELS:
        return {}
    bits, file = mask.convert("1", dither=Dither.NONE), io.BytesIO()
    bits.save(file, "PNG", optimize=True)
    fits = len(file.getvalue()) <= MASK_BYTES and fingerprint(bits) == sha256
    return {"png": _text(file.getvalue())} if fits else {}


def _mask(name: str, sha256: str, text: object) -> PIL.Image.Image:
    """The mask that a record holds whole."""
    with suppress(PictureError):
        file = io.BytesIO(_bytes(text, MASK_BYTES))
        bits = decode(file, "a mask", MASK_PIXELS).convert("1", dither=Dither.NONE)
        if fingerprint(bits) == sha256:
            bits.filename = name  # type: ignore[attr-defined] # for the next record
            return bits
    raise broken(f"its mask {shown(name)} is damaged or too large")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: object, most: int) -> bytes:
    """What `text` is in base64; nothing if it is none, or is more than `most`."""
    with suppress(ValueError):
        if isinstance(text, str) and len(text) <= 4 * (most // 3 + 1):
            return base64.b64decode(text, validate=True)
    return b""
