"""What needs no torch: the samples' credits, and your own copy of the notebooks."""

import os
import shutil
import tempfile
from pathlib import Path

from stylelab.cli.streams import say, tell
from stylelab.pictures import samples

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def list_pictures() -> int:
    """The sample pictures with their credits."""
    for name, sample in samples.samples().items():
        tell(f"{name:22}{sample.title}. {sample.author}. {sample.rights}")
    return 0


def lab() -> int:
    """JupyterLab on my-notebooks/, a copy in which nothing of yours is overwritten.

    If the project's folder cannot be written, the copy is in your home folder.
    """
    from jupyterlab.labapp import main

    if not NOTEBOOKS.is_dir():
        advice = "clone the project and run this in its folder"
        raise ValueError(f"the notebooks are not here: {advice}")
    mine = NOTEBOOKS.parent / "my-notebooks"
    if not _writable(mine):
        home = Path(os.path.expanduser("~")) / "stylelab-notebooks"
        say(f"'{mine}' cannot be written: your notebooks are in '{home}'")
        mine = home
    for path in sorted(NOTEBOOKS.rglob("*")):
        target = mine / path.relative_to(NOTEBOOKS)
        if path.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        elif path.is_file() and path.read_bytes() != target.read_bytes():
            tell(f"kept your {target.name}; delete it to get the course's version")
    # Photos from a phone are larger than the messages that a notebook accepts.
    settings = "--ServerApp.tornado_settings={'websocket_max_message_size': 104857600}"
    # In a container everybody is root; elsewhere this changes nothing.
    return main(["--ServerApp.root_dir", str(mine), settings, "--allow-root"])


def _writable(folder: Path) -> bool:
    """Whether files can be written into `folder`, which is made if it is missing."""
    try:
        folder.mkdir(exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True
