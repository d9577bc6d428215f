"""The exercises of a notebook, and the code that a student's answer needs."""

from __future__ import annotations

import ast
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from symtable import SymbolTable, symtable
from typing import Any

from stylelab.teaching import place

LARGEST = 200_000_000  # bytes of a student's file, which may hold what it printed
# Lines that only IPython understands.
MAGIC = re.compile(r"(?m)^\s*[%!?].*$")
READING = threading.Lock()  # one large file in memory at a time
PARSING = threading.Lock()  # Python 3.11 counts the depths of all threads' trees as one
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Exercise:
    """A check of a lesson, and the name of the answer that it checks."""

    lesson: str  # "04"
    check: str
    answer: str

    @property
    def name(self) -> str:
        """Its column in the marks: 04.psnr."""
        return f"{self.lesson}.{self.answer}"


@dataclass(frozen=True)
class Notebook:
    """What a notebook's cells of code define, in their order."""

    statements: tuple[ast.stmt, ...]
    broken: str = ""  # why cells were left out

    def imports(self) -> list[str]:
        """Its lines of import."""
        kinds = ast.Import | ast.ImportFrom
        return [ast.unparse(s) for s in self.statements if isinstance(s, kinds)]

    def definitions(self, name: str) -> list[ast.stmt]:
        """What gives `name` its value, or a part of it: verdict["deep"] = ..."""
        return [s for s in self.statements if name in _names_given(s)]

    def needs(self, name: str) -> list[str]:
        """The code that defines `name`, with all that this code names in turn."""
        wanted, needed = [name], set()
        while wanted:
            if (one := wanted.pop()) in needed:
                continue
            needed.add(one)
            for statement in self.definitions(one):
                wanted += _names_used(symtable(ast.unparse(statement), "", "exec"))
        return [ast.unparse(s) for s in self.statements if _names_given(s) & needed]


def _names_used(table: SymbolTable) -> list[str]:
    """What a statement takes from around it: not what its functions have within."""
    is_outermost = table.get_type() == "module"
    used = [s.get_name() for s in table.get_symbols() if is_outermost or s.is_global()]
    return used + [name for t in table.get_children() for name in _names_used(t)]


def _names_given(statement: ast.stmt) -> set[str]:
    if isinstance(statement, Definition):
        return {statement.name}
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
        targets = [statement.target]
    else:
        return set()
    nodes = [node for target in targets for node in ast.walk(target)]
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def read(path: Path) -> dict[str, Any]:
    """A notebook as its file has it; ValueError says what is wrong with the file."""
    try:
        if (size := path.stat().st_size) > LARGEST:
            raise ValueError(
                f"has {size / 1e6:,.0f} MB, and {LARGEST / 1e6:.0f} may be"
            )
        with READING:
            content = json.loads(path.read_bytes())
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise ValueError("is no notebook: it is no JSON in UTF-8") from None
    if isinstance(content, dict) and "worksheets" in content:
        content = _flat(content)
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise ValueError("is no notebook: it has no list of cells")
    return content


def _flat(content: dict[str, Any]) -> dict[str, Any]:
    """A notebook of version 2 or 3: its cells lie in sheets."""
    sheets = content["worksheets"] if isinstance(content["worksheets"], list) else []
    found = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    cells = [cell for part in found if isinstance(part, list) for cell in part]
    return content | {"cells": cells}


def parse(content: dict[str, Any]) -> Notebook:
    """The statements of all cells of code that are Python."""
    statements: list[ast.stmt] = []
    broken = ""
    for number, source in enumerate(_sources(content), 1):
        try:
            with PARSING:
                statements += ast.parse(MAGIC.sub("", source)).body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            broken = broken or f"cell {number} is no Python: {error}"
    return Notebook(tuple(statements), broken)


def _sources(content: dict[str, Any]) -> Iterator[str]:
    for cell in content["cells"]:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))  # version 3: input
            lines = source if isinstance(source, list) else [source]
            yield "".join(line for line in lines if isinstance(line, str))


def exercises(lesson: str, notebook: Notebook) -> list[Exercise]:
    """What a notebook asks: its statements `checks.NAME(ANSWER)`."""
    found = []
    for statement in notebook.statements:
        match statement:
            case ast.Expr(
                ast.Call(ast.Attribute(ast.Name("checks"), check), [ast.Name(answer)])
            ):
                found.append(Exercise(lesson, check, answer))
    return found


@dataclass(frozen=True)
class Lesson:
    """A notebook of the course as it is handed out, and what it asks."""

    number: str
    notebook: Notebook
    exercises: tuple[Exercise, ...]


def course() -> dict[str, Lesson]:
    """The lessons by their numbers."""
    lessons = {}
    for number, path in place.numbered().items():
        notebook = parse(read(path))
        asked = exercises(number, notebook)
        lessons[number] = Lesson(number, notebook, tuple(asked))
    return lessons
