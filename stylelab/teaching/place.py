"""Where the notebooks of the course are."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def notebooks() -> Path:
    """In the package where a wheel was installed, else beside it in the project."""
    inside = PACKAGE / "notebooks"
    return inside if inside.is_dir() else PACKAGE.parent / "notebooks"


def is_project(folder: Path) -> bool:
    """Whether a `folder` of notebooks lies in a project, not in what pip installed."""
    return folder.parent != PACKAGE
