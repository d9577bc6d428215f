"""What needs no torch: the samples' credits, and your own copy of the notebooks."""

import json
import os
import platform
import re
import tempfile
from pathlib import Path

from stylelab.cli.streams import say, tell
from stylelab.core.language import chosen
from stylelab.lessons.translated import translated
from stylelab.pictures import samples
from stylelab.teaching import place

NOTEBOOKS = place.notebooks()
LEXER = b'"pygments_lexer": "ipython3"'  # the last line on the language in a notebook
DEFAULTS = Path(__file__).parent / "jupyter"
SETTINGS = (
    # Photos from a phone are larger than the messages that a notebook accepts.
    "--ServerApp.tornado_settings={'websocket_max_message_size': 104857600}",
    # In a container everybody is root; elsewhere this changes nothing.
    "--allow-root",
    # A kernel with torch takes 600 MB and more. One that a page shows is never ended.
    "--ServerApp.kernel_manager_class=stylelab.cli.kernels.Kernels",
    "--MappingKernelManager.cull_idle_timeout=3600",
    # "Save and Export as HTML" keeps the pictures, and their descriptions.
    "--HTMLExporter.embed_images=True",
    "--HTMLExporter.preprocessors=stylelab.cli.exports.DescribedPictures",
)


def list_pictures() -> int:
    """The sample pictures with their credits."""
    for name, sample in samples.samples().items():
        tell(f"{name:22}{sample.title}. {sample.author}. {sample.rights}")
    return 0


def lab(with_outputs: bool = False, copy_only: bool = False) -> int:
    """JupyterLab on my-notebooks/, a copy in which nothing of yours is overwritten.

    It has no outputs, else you would read the answers before you predict, but for
    `with_outputs`. It is in the project's folder if that is yours, else in your home
    folder. `copy_only` leaves it to another Jupyter to open it.
    """
    if not NOTEBOOKS.is_dir():
        advice = "clone the project and run this in its folder"
        raise ValueError(f"the notebooks are not here: {advice}")
    mine = _own_folder()
    first = sorted(NOTEBOOKS.glob("*.ipynb"))[:1]
    is_new = not any((mine / path.name).exists() for path in first)
    for path in sorted(NOTEBOOKS.rglob("*")):
        target = mine / path.relative_to(NOTEBOOKS)
        if path.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_for_this_python(_copy(path, with_outputs)))
        elif path.is_file() and _for_any_python(target) not in (
            _copy(path, with_outputs=True),
            _copy(path, with_outputs=False),
        ):
            tell(f"kept your {target.name}; delete it to get the course's version")
    if copy_only:
        tell(f"your notebooks are in '{mine}'")
        return 0
    from jupyterlab.labapp import main

    # No question about news lies over the first lab; your own settings count more.
    paths = str(DEFAULTS), os.environ.get("JUPYTER_CONFIG_PATH", "")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))
    start = [f"--LabApp.default_url=/lab/tree/{path.name}" for path in first if is_new]
    return main(["--ServerApp.root_dir", str(mine), *SETTINGS, *start])


def _copy(path: Path, with_outputs: bool) -> bytes:
    """What a file of the course contains; a notebook also as it was before any run.

    A notebook's text is in the chosen language.
    """
    content, is_english = path.read_bytes(), chosen() == "en"
    if path.suffix != ".ipynb" or (with_outputs and is_english):
        return content
    notebook = translated(json.loads(content))
    for cell in () if with_outputs else notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()  # as nbformat writes it


def _for_this_python(notebook: bytes) -> bytes:
    """A notebook with the version of Python that JupyterLab would write into it.

    Else JupyterLab would ask whether to save it as soon as it was opened.
    """
    version = f',\n   "version": "{platform.python_version()}"'.encode()
    return notebook.replace(LEXER, LEXER + version)


def _for_any_python(path: Path) -> bytes:
    """The same notebook without that version."""
    return re.sub(
        re.escape(LEXER) + rb',\s*"version": "[^"]*"', LEXER, path.read_bytes()
    )


def _own_folder() -> Path:
    """my-notebooks/ in the project, or at home where others share the project."""
    suffix = "" if chosen() == "en" else f"-{chosen()}"
    home = Path(os.path.expanduser("~")) / f"my-notebooks{suffix}"
    mine = NOTEBOOKS.parent / home.name
    if not place.is_project(NOTEBOOKS):
        why = "stylelab is installed"
    elif not _belongs_to_you(mine if mine.exists() else NOTEBOOKS.parent):
        why = f"'{NOTEBOOKS.parent}' belongs to somebody else"
    elif not _writable(mine):
        why = f"'{mine}' cannot be written"
    else:
        return mine
    if not _writable(home):
        raise ValueError(f"{why}, and '{home}' cannot be written either")
    say(f"{why}: your notebooks are in '{home}'")
    return home


def _belongs_to_you(folder: Path) -> bool:
    """Whether you made `folder`. Where nobody can tell, as on Windows, you did."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    return user in (0, folder.stat().st_uid)


def _writable(folder: Path) -> bool:
    """Whether files can be written into `folder`, which is made if it is missing."""
    try:
        folder.mkdir(exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True
