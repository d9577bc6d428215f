"""The sample pictures: their credits, and the one that has to be downloaded."""

import functools
import http.client
import io
import os
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from stylelab.pictures.files import PictureError, decode
from stylelab.pictures.writing import write_whole

FOLDER = Path(__file__).parent / "data"
TIMEOUT = 20  # seconds without an answer
MAX_BYTES = 20_000_000
# Wikimedia refuses programs that do not say what they are.
AGENT = "stylelab (an educational package for neural style transfer)"


@dataclass(frozen=True)
class Sample:
    """A sample picture, credited as in data/SOURCES.md."""

    name: str
    title: str
    author: str
    rights: str
    origin: str
    file: str


@functools.cache
def samples() -> dict[str, Sample]:
    """Every sample picture by its name, in the order of data/SOURCES.md."""
    text = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if "|" in line]
    pictures = (Sample(Path(file).stem, *credits, file) for file, *credits in rows[2:])
    return {sample.name: sample for sample in pictures}


def sample_path(sample: Sample) -> Path:
    """The path of a sample's file, downloaded first if needed; else a PictureError."""
    if not sample.origin.startswith("http"):
        return FOLDER / sample.file
    path = cache_folder() / sample.file
    if not path.is_file():
        data = _download(sample)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, data)
        except OSError as error:
            why = f"'{path.parent}' ({error.strerror}); use another, such as 'palace'."
            problem = f"the sample '{path.stem}' cannot be kept in {why}"
            raise PictureError(problem) from None
    return path


def cache_folder() -> Path:
    """The folder for downloads and kept results, which may not exist yet."""
    variable, default = "XDG_CACHE_HOME", "~/.cache"
    if sys.platform == "win32":
        variable, default = "LOCALAPPDATA", "~/AppData/Local"
    return Path(os.path.expanduser(os.environ.get(variable) or default)) / "stylelab"


def _download(sample: Sample) -> bytes:
    request = urllib.request.Request(sample.origin, headers={"User-Agent": AGENT})
    name = f"the sample '{sample.name}'"
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
            data = response.read(MAX_BYTES + 1)
    except (OSError, http.client.HTTPException) as error:
        raise PictureError(
            f"{name} needs the network when it is first used, and its download failed "
            f"({getattr(error, 'reason', error)}); all the others, 'palace' for one, "
            "work without."
        ) from None
    if len(data) > MAX_BYTES:
        limit = f"{MAX_BYTES // 1_000_000} MB; use another, such as 'palace'."
        raise PictureError(f"the download of {name} is larger than {limit}")
    # A sign-in page of a hotel's network must not be kept as the picture.
    decode(io.BytesIO(data), f"the download of {name}")
    return data
