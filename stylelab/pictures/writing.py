"""Picture files: written whole or not at all, with their record."""

import io
import json
import os
import stat
import tempfile
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from PIL import Image, PngImagePlugin

from stylelab.pictures.files import RECORD_KEY, PictureError, complaint

WRITTEN = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}


def check_writable(path: str | os.PathLike) -> Path:
    """`path`, if a picture can be written there: ask before a long run.

    A PictureError for a wrong suffix, a directory, a missing or read-only folder, and a
    file that cannot be replaced.
    """
    target, text = Path(os.path.expanduser(path)), os.fspath(path)
    if not text:
        raise PictureError("the file name is empty; accepted are names like out.png.")
    if os.path.isdir(target) or text.endswith(("/", os.sep)):
        raise PictureError(f"'{text}' is a directory; give a file name in it.")
    if target.suffix.lower() not in WRITTEN:
        raise PictureError(f"'{target}' has to end in .png, .jpg or .jpeg.")
    try:
        file = _followed(target)
        if not os.path.isdir(file.parent):
            raise PictureError(f"'{target}' needs the folder '{file.parent}' first.")
        with suppress(FileNotFoundError):
            if problem := _irreplaceable(file):
                raise PictureError(f"'{target}' {problem}; give another name.")
        # Try to write: permission bits say nothing of full or read-only disks.
        tempfile.TemporaryFile(dir=file.parent).close()
    except PictureError:
        raise
    except (OSError, ValueError) as error:
        raise complaint(target, "cannot be written", error) from None
    return target


def _followed(path: Path) -> Path:
    """The file to write for `path`: a link stays, and what it names is replaced."""
    return Path(os.path.realpath(path)) if os.path.islink(path) else path


def _irreplaceable(file: Path) -> str:
    """Why `file` cannot be replaced; nothing if it can be."""
    old, folder = os.stat(file), os.stat(file.parent)
    if not stat.S_ISREG(old.st_mode):
        return "is a pipe or a device"
    if not os.access(file, os.W_OK):
        return "is read-only"
    # In a folder like the one for temporary files, only its owner replaces a file.
    owners = (0, old.st_uid, folder.st_uid)
    if folder.st_mode & stat.S_ISVTX and os.geteuid() not in owners:
        return "belongs to another user"
    return ""


def refuse_overwriting(
    target: Path,
    sources: Iterable[object],
    problem: str = "is one of the given pictures; give another name.",
) -> None:
    """Raises PictureError if `target` is the file of one of `sources`."""
    for source in sources:
        if isinstance(source, str | os.PathLike):
            file = Path(os.path.expanduser(source))
            both = os.path.exists(file) and os.path.exists(target)
            if both and os.path.samefile(file, target):
                raise PictureError(f"'{target}' {problem}")


def write_picture(image: Image.Image, path: Path, record: dict | None = None) -> None:
    """Writes a PNG or JPEG with its record; on a PictureError the old file stays."""
    try:
        write_whole(path, encode(image, WRITTEN[path.suffix.lower()], record))
    except OSError as error:
        raise complaint(path, "could not be written", error) from None


def encode(image: Image.Image, format: str, record: dict | None = None) -> bytes:
    """`image` as the content of a file with the record, as JSON, in its comments."""
    texts, encoded, text = PngImagePlugin.PngInfo(), io.BytesIO(), b""
    if record is not None:
        text = json.dumps(record).encode()
        texts.add_text(RECORD_KEY, text)
    # Each format ignores the other's options. A JPEG has no room for more.
    comment = text if len(text) < 2**16 - 2 else b""
    image.save(encoded, format, pnginfo=texts, comment=comment, quality=95)
    return encoded.getvalue()


def write_whole(path: Path, data: bytes) -> None:
    """Writes `data` to the file `path`; on an OSError the file is as it was before.

    A link is followed, and the file keeps its permissions.
    """
    path = _followed(path)
    part = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with open(part, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with suppress(OSError):  # it is new, or the disk knows no permissions
            os.chmod(part, stat.S_IMODE(os.stat(path).st_mode))
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
