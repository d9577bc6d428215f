"""The notebooks for teachers: those of the students, with the answers in their places.

The answers stand in `answers/`, a file of Python for each notebook. A line `# %%`
begins a cell of code there, and `# %% [markdown]` a cell of text, as editors know it.
A text belongs to the answer below it; a task without a check has a text alone.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ANSWERS = Path(__file__).parent / "answers"
CELL = re.compile(r"(?m)^# %%( \[markdown\])?\n")
CHECK = re.compile(r"(?m)^checks\.\w+\((\w+)\)$")
OPEN = "## Solutions of the open tasks\n\n"


@dataclass(frozen=True)
class Solution:
    """What is said about a task, and its answer's code; "" where nothing is checked."""

    text: str  # Markdown
    code: str = ""

    @property
    def answer(self) -> str:
        """The name that the code defines last."""
        return _defined(self.code)[-1] if self.code else ""


def solutions(number: str) -> list[Solution]:
    """Those of a notebook such as "04", in the order of its tasks."""
    page = (ANSWERS / f"nb{number}.py").read_text("utf-8")
    pieces = CELL.split(page)[1:]  # without the file's docstring
    found: list[Solution] = []
    for is_text, piece in zip(pieces[::2], pieces[1::2], strict=True):
        if is_text:
            lines = re.sub(r"(?m)^# ?", "", piece.strip())
            found.append(Solution(lines))
        elif found:  # what stands before the first text is what the notebook gives
            found[-1] = Solution(found[-1].text, piece.strip())
    return found


def _defined(code: str) -> list[str]:
    names = []
    for statement in ast.parse(code).body:
        match statement:
            case ast.FunctionDef(name):
                names.append(name)
            case ast.Assign([ast.Name(name)]):
                names.append(name)
    return names


def solved(notebook: dict[str, Any], number: str) -> dict[str, Any]:
    """The notebook with each answer in its cell and a text below it, not yet run."""
    known = solutions(number)
    by_name = {solution.answer: solution for solution in known if solution.code}
    cells = []
    for cell in notebook["cells"]:
        cells.append(cell := dict(cell))
        if cell["cell_type"] != "code":
            continue
        cell |= {"outputs": [], "execution_count": None}
        call = CHECK.search("".join(cell["source"]))
        if call and call[1] in by_name:
            solution = by_name[call[1]]
            source = f"{solution.code}\n\n\n{call[0]}"
            cells[-1] = _marked(cell | {"source": source.splitlines(keepends=True)})
            cells.append(_text(solution.text, f"solution-{call[1]}"))
    if opened := [solution.text for solution in known if not solution.code]:
        cells.insert(-1, _text(OPEN + "\n\n".join(opened), "solution-open"))
    metadata = {k: v for k, v in notebook["metadata"].items() if k != "stylelab"}
    return notebook | {"cells": cells, "metadata": metadata}


def _marked(cell: dict[str, Any]) -> dict[str, Any]:
    metadata = cell["metadata"]
    tags = [*metadata.get("tags", []), "solution"]
    return cell | {"metadata": metadata | {"tags": tags}}


def _text(text: str, name: str) -> dict[str, Any]:
    lines = text.splitlines(keepends=True)
    cell = {"cell_type": "markdown", "id": name.replace("_", "-"), "source": lines}
    return _marked(cell | {"metadata": {}})
