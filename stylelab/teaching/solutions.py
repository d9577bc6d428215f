"""The notebooks for students, without solutions, and those for teachers, solved.

Both are made from the notebooks of the project, whose last cells hold the solutions
behind a fold.
"""

from __future__ import annotations

import re
from typing import Any

FOLD = re.compile(r"<details>.*?</details>\n*", re.DOTALL)
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
CHECK = re.compile(r"(?m)^checks\.\w+\(\w+\)$")
INSTEAD = (
    "Your teacher has the solutions; `python -m stylelab solutions` writes them.\n\n"
)


def without(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook without its solutions."""
    cells = [dict(cell) for cell in notebook["cells"]]
    for cell in cells:
        if cell["cell_type"] == "markdown":
            text = FOLD.sub(INSTEAD, "".join(cell["source"]))
            cell["source"] = text.splitlines(keepends=True)
    return notebook | {"cells": cells}


def solved(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook with each exercise's cell replaced by its solution, not yet run."""
    answers = solutions(notebook)
    cells = [dict(cell) for cell in without(notebook)["cells"]]
    for cell in cells:
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            call = CHECK.search(source)
            if call and call[0] in answers:
                source = answers[call[0]]
            cell |= {
                "source": source.splitlines(keepends=True),
                "outputs": [],
                "execution_count": None,
            }
    return notebook | {"cells": cells}


def solutions(notebook: dict[str, Any]) -> dict[str, str]:
    """The code behind the folds, by the check that it ends with."""
    found = {}
    for cell in notebook["cells"]:
        for fold in FOLD.findall("".join(cell["source"])):
            for block in BLOCK.findall(fold):
                if call := CHECK.search(block):
                    found[call[0]] = block.rstrip("\n")
    return found
