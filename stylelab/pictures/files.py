"""Picture files: any kind is read as upright 8-bit RGB."""

import functools
import json
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from PIL import ExifTags, Image, ImageOps, features

from stylelab.core.language import _
from stylelab.pictures import greys
from stylelab.pictures.profiles import to_srgb
from stylelab.pictures.transparency import is_clear, over_white

# Pillow would also try EPS, for which it starts a program.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF")
ACCEPTED = _("accepted are JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC and AVIF pictures")
# For a page's upload button: not every browser takes the last ones for pictures.
CHOOSABLE = "image/*,.heic,.heif,.avif"
MAX_PIXELS = 100_000_000
# What HEIC and AVIF files call themselves; the last two of HEIC may be either.
HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
AVIF = (b"avif", b"avis")
# What is a photo in a folder.
PHOTOS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".ppm")
PHOTOS += (".avif", ".heic", ".heif")
RECORD_KEY = "stylelab"
# Warnings are silenced for the whole process: only one thread may do so at a time.
QUIET = threading.Lock()


class PictureError(ValueError):
    """One sentence that names the picture and says what is accepted."""


def read_picture(path: Path, opaque: bool = True) -> Image.Image:
    """The picture in the file `path`, as `decode` gives it; else a PictureError."""
    with _opened(path) as file:
        return decode(file, f"'{path}'", opaque=opaque)


def decode(
    file: BinaryIO, name: str, most: int = MAX_PIXELS, opaque: bool = True
) -> Image.Image:
    """The picture in an open file, as `upright` gives it.

    A PictureError calls it `name`. A picture of more than `most` pixels is refused
    before anything is decoded.
    """
    header = file.read(64)
    file.seek(0)
    if not header:
        raise PictureError(_("{} is an empty file; {}.").format(name, ACCEPTED))
    with _pillow(
        name, _("holds no picture that can be read; {}.").format(ACCEPTED), most
    ):
        image = Image.open(file, formats=_formats(header, name))
    return upright(image, name, most, opaque)


def upright(
    image: Image.Image, name: str, most: int = MAX_PIXELS, opaque: bool = True
) -> Image.Image:
    """A copy of `image`: upright, sRGB, 8 bit, without metadata, in the mode RGB.

    Transparency is laid over white, with a warning; or, if not `opaque`, a picture that
    is transparent in places comes as RGBA. Warns also if its colour profile cannot be
    used or its white is a guess. Raises PictureError if it has no pixels, more than
    `most`, or cannot be decoded.
    """
    width, height = image.size
    if not 1 <= width * height <= most:
        words = _("{} measures {} x {} pixels; accepted are 1 to {} million pixels.")
        raise PictureError(words.format(name, width, height, most // 1_000_000))
    with _pillow(name, _("is damaged or cut short; {}.").format(ACCEPTED)):
        image.load()
    problem = _("has colours of mode {}; accepted are grey and RGB.")
    with _pillow(name, problem.format(image.mode)):
        turned = image
        with suppress(Exception):  # a damaged EXIF block spoils only the orientation
            # Asked first: without an orientation, too, Pillow makes a copy.
            if image.getexif().get(ExifTags.Base.Orientation, 1) != 1:
                turned = ImageOps.exif_transpose(image)
        shown, notes = _in_srgb(turned, image, name)
        if not is_clear(shown):
            result = shown.convert("RGB")
        elif opaque:
            notes.append(f"{name} is transparent in places: white is put behind it")
            result = over_white(shown)
        else:
            result = shown.convert("RGBA")
    result.info = {}
    for note in notes:
        _note(note)
    return result


def pictures_in(folder: Path) -> list[Path]:
    """The picture files in `folder` by name, without hidden ones and sub-folders."""
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise complaint(folder, "cannot be read", error) from None
    found = [folder / name for name in names if not name.startswith(".")]
    found = [f for f in found if f.suffix.lower() in PHOTOS and f.is_file()]
    if not found:
        raise PictureError(f"'{folder}' holds no picture file; {ACCEPTED}.")
    return found


def read_record(path: str | os.PathLike) -> dict:
    """The record that `write_picture` put into `path`; else a PictureError."""
    target = Path(os.path.expanduser(path))
    accepted = "accepted are PNG and JPEG pictures saved by stylelab with their recipe."
    complaint = f"is not a PNG or JPEG picture; {accepted}"
    with _opened(target, accepted) as file, _pillow(f"'{target}'", complaint):
        info = Image.open(file, formats=("PNG", "JPEG")).info
    text = info.get(RECORD_KEY)
    comment = info.get("comment")  # bytes in a JPEG
    if text is None and isinstance(comment, bytes) and comment.startswith(b"{"):
        text = comment  # not a camera's
    if text is None:
        raise PictureError(f"'{target}' holds no recipe; {accepted}")
    with suppress(ValueError, TypeError, RecursionError):
        record = json.loads(text)
        if isinstance(record, dict):
            return record
    raise PictureError(f"'{target}' holds a damaged recipe; {accepted}")


@contextmanager
def _opened(path: Path, accepted: str = f"{ACCEPTED}.") -> Iterator[BinaryIO]:
    """A regular file, open to read; anything else is a PictureError."""
    if not os.path.isfile(path):
        what = "a directory" if os.path.isdir(path) else "no file"
        raise PictureError(f"'{path}' is {what}; {accepted}")
    try:
        with open(path, "rb") as file:
            yield file
    except OSError as error:
        raise complaint(path, "cannot be read", error) from None


@functools.cache
def _note(text: str) -> None:
    """Warns of `text` once: a run opens the same picture several times."""
    with QUIET:  # else the silence for another thread's picture would swallow it
        warnings.warn(text, stacklevel=1)


def _formats(header: bytes, name: str) -> tuple[str, ...]:
    """The formats that a file may have, from its first bytes.

    A PictureError if it is HEIC or AVIF and what reads that is not installed.
    """
    brands = [header[start : start + 4] for start in (8, *range(16, len(header), 4))]
    if header[4:8] != b"ftyp" or brands[0] not in HEIC + AVIF:
        return FORMATS
    kind = "HEIC" if set(brands).isdisjoint(AVIF) else "AVIF"
    if kind == "AVIF" and features.check("avif"):
        return FORMATS
    if kind == "HEIC":
        # Imported late: few pictures need it.
        with suppress(ImportError):
            import pillow_heif

            pillow_heif.register_heif_opener()
            return ("HEIF",)
    raise PictureError(
        _(
            "{} is a {} picture, which cannot be read here; export it as JPEG on the "
            "phone or computer it comes from, and give that file."
        ).format(name, kind)
    )


@contextmanager
def _pillow(name: str, complaint: str, most: int = MAX_PIXELS) -> Iterator[None]:
    """Turns whatever Pillow raises into a PictureError, and silences its warnings."""
    with QUIET, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except PictureError:
            raise
        except (Image.DecompressionBombError, MemoryError):
            words = _("{} is too large; accepted are up to {} million pixels.")
            raise PictureError(words.format(name, most // 1_000_000)) from None
        # On damaged files Pillow raises anything from SyntaxError to struct.error.
        except Exception:
            raise PictureError(f"{name} {complaint}") from None


def complaint(path: Path, what: str, error: Exception) -> PictureError:
    """The PictureError for an `error` of the operating system."""
    reason = getattr(error, "strerror", None) or error
    return PictureError(f"'{path}' {what}: {reason}.")


def _in_srgb(
    image: Image.Image, file: Image.Image, name: str
) -> tuple[Image.Image, list[str]]:
    """`image` in sRGB and 8 bits, and what has to be said of that.

    file: the image as it was opened.
    """
    notes, profile = [], image.info.get("icc_profile")
    if greys.is_deep(image):
        try:
            image, guess = greys.to_8_bits(image, file)
        except ValueError as error:
            raise PictureError(f"{name} {error}") from None
        if guess:
            notes.append(f"{name} does not say which number is white: {guess}")
    if profile:
        try:
            image = to_srgb(image, profile)
        except Exception:  # as with the orientation: the picture can still be shown
            problem = "is damaged or for other pictures: it is ignored"
            notes.append(f"the colour profile of {name} {problem}")
    return image, notes
