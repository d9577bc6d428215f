"""What all widgets share: their code in the browser, and its style."""

from pathlib import Path

import anywidget

HERE = Path(__file__).parent


def page_code(file: str, folder: Path = HERE) -> str:
    """The code of a widget in the browser: dom.js, and `file` after it.

    As text: anywidget watches a file that is given as a Path, and the watcher keeps
    every instance of the widget alive.
    """
    files = HERE / "dom.js", folder / file
    return "\n".join(path.read_text("utf-8") for path in files)


class Style(anywidget.AnyWidget):
    """The style sheet of all widgets on a page. One instance per lab sends it.

    Its code keeps the notebook's shortcuts away from the lab, and names the sliders.
    """

    _esm = page_code("style.js")
    _css = (HERE / "labs.css").read_text("utf-8")

    def __init__(self) -> None:
        super().__init__(layout={"display": "none"})
