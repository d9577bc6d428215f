"""A picture that is made is saved: where it should be, or else somewhere."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

from stylelab.cli.streams import say
from stylelab.pictures.files import PictureError


def save(write: Callable[[Path], object], output: Path) -> Path:
    """Calls `write` with `output`, and returns where the picture is.

    If that fails (the disk is full, the folder is gone, another program holds the
    file), the picture goes beside it, or into the home folder, or into the folder for
    temporary files, and stderr says where and why. Raises the error if all fail.
    """
    try:
        write(output)
        return output
    except (PictureError, OSError) as error:
        problem = error
    why = str(problem).removesuffix(".")
    if not os.path.isdir(output.parent):
        why = f"'{output}' cannot be written: its folder is gone"
    for folder in (output.parent, os.path.expanduser("~"), tempfile.gettempdir()):
        with suppress(PictureError, OSError):
            write(place := _free(Path(folder), output))
            say(f"stylelab: {why}; the picture is saved as '{place}' instead.")
            return place
    raise problem


def _free(folder: Path, output: Path) -> Path:
    """A file in `folder` that does not exist, named after `output`."""
    names = (f"{output.stem}-{number}{output.suffix}" for number in count(1))
    return next(folder / name for name in names if not os.path.lexists(folder / name))
