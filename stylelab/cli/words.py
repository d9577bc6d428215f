"""The words of a command, before they are used: none is empty, and none is a pipe."""

import argparse
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from stylelab.cli.streams import say

PICTURES = ("photo", "style", "also", "masks", "start", "recipe")
LARGEST = 512  # MiB; a pipe may never end


def refuse_empty(arguments: argparse.Namespace) -> None:
    """A ValueError if a word is empty, as "$PHOTO" is where nothing was set."""
    for name, value in vars(arguments).items():
        if "" in (value if isinstance(value, list) else [value]):
            why = "perhaps it comes from a variable that is not set"
            raise ValueError(f"{name.replace('continued', 'continue')} is empty; {why}")


@contextmanager
def without_pipes(arguments: argparse.Namespace) -> Iterator[None]:
    """Puts a file in the place of each pipe, as in `transfer <(cat photo.jpg) brick`.

    A pipe can be read only once, and a run opens its pictures several times.
    """
    with ExitStack() as stack:
        files: dict[str, str] = {}
        for name in PICTURES:
            value = getattr(arguments, name, None)
            words = value if isinstance(value, list) else [value]
            for word in filter(_is_pipe, words):
                if word not in files:
                    folder = stack.enter_context(tempfile.TemporaryDirectory())
                    files[word] = _copied(word, Path(folder))
            if files and value is not None:
                words = [files.get(word, word) for word in words]
                setattr(arguments, name, words if isinstance(value, list) else words[0])
        yield


def _is_pipe(word: str | None) -> bool:
    """Whether `word` names a pipe; a sample's name comes first."""
    with suppress(OSError, ValueError, TypeError):
        if stat.S_ISFIFO(os.stat(os.path.expanduser(word)).st_mode):
            from stylelab.pictures.samples import samples  # it takes a moment

            return word not in samples()
    return False


def _copied(word: str, folder: Path) -> str:
    """A file in `folder` with all that comes from the pipe `word`."""
    file, left = folder / os.path.basename(word), LARGEST * 2**20
    say(f"reading the pipe '{word}' until its other end is closed ...")
    with open(os.path.expanduser(word), "rb") as pipe, open(file, "wb") as copy:
        while chunk := pipe.read(2**20):
            left -= len(chunk)
            if left < 0:
                raise ValueError(f"'{word}' sends more than {LARGEST} MiB")
            copy.write(chunk)
    return os.fspath(file)
