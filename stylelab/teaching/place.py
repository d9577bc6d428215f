"""Where the notebooks of the course are, and the code of their lessons."""

import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

from stylelab import lessons

PACKAGE = Path(__file__).parents[1]


def notebooks() -> Path:
    """In the package where a wheel was installed, else beside it in the project."""
    inside = PACKAGE / "notebooks"
    return inside if inside.is_dir() else PACKAGE.parent / "notebooks"


def is_project(folder: Path) -> bool:
    """Whether a `folder` of notebooks lies in a project, not in what pip installed."""
    return folder.parent != PACKAGE


def numbered() -> dict[str, Path]:
    """The notebooks with numbers, "01" and so on, without the glossary."""
    return {path.name[:2]: path for path in sorted(notebooks().glob("[0-9]*.ipynb"))}


def module(number: str, part: str) -> ModuleType:
    """A part of a lesson's code: of "04", "checks" is lessons.nb04_content.checks."""
    names = [found.name for found in pkgutil.iter_modules(lessons.__path__)]
    (folder,) = (name for name in names if name.startswith(f"nb{number}_"))
    return importlib.import_module(f"{lessons.__name__}.{folder}.{part}")
