"""One temporary folder for a studio and all its processes, and what is left of others.

A studio that was killed cannot remove its folder: the next one does.
"""

import contextlib
import os
import shutil
import tempfile
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TextIO

PREFIX = "stylelab-studio-"
LOCK = "in-use"  # a file that is locked as long as its studio lives


def own_folder() -> Path:
    """Where this process and its children keep everything until it ends."""
    remove_abandoned(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    file = open(folder / "lock", "w")
    if _lock(file):
        os.rename(file.name, folder / LOCK)  # it appears when it is locked
    # Last of all: multiprocessing has a folder in it, and wants to remove that itself.
    Finalize(None, _remove, args=(folder, file), exitpriority=-1000)
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    return folder


def remove_abandoned(folder: Path) -> None:
    """Removes this user's folders of studios that live no more. Follows no link."""
    for left in folder.glob(f"{PREFIX}*/{LOCK}"):
        with contextlib.suppress(OSError):
            owned = left.parent.lstat().st_uid == os.getuid() == left.lstat().st_uid
            if not owned or left.parent.is_symlink() or left.is_symlink():
                continue
            with open(left, "r+") as file:
                if _lock(file):
                    _remove(left.parent, file)


def _remove(folder: Path, file: TextIO) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    file.close()


def _lock(file: TextIO) -> bool:
    """Whether nobody else holds it. False, too, where a system has no such locks."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True
