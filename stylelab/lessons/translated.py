"""Notebooks in another language: the English one, with its text from a catalogue."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from stylelab.core.language import _

# Paragraphs, each with what separates it from the next: blank lines outside of code.
PARAGRAPH = re.compile(r"(?:```.*?```|.)+?(?=\n\s*\n|\Z)", re.DOTALL)
# Nothing to translate: code, formulas, tags of folds.
PLAIN = re.compile(r"```.*```|\$\$.*\$\$|(?:\s*</?\w+>)+\s*", re.DOTALL)


def translated(notebook: dict) -> dict:
    """The same notebook, its text in the chosen language; code stays as it is.

    A paragraph that the catalogue lacks stays in English.
    """
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            text = PARAGRAPH.sub(_paragraph, "".join(cell["source"]))
            cell["source"] = text.splitlines(keepends=True)
    return notebook


def _paragraph(found: re.Match) -> str:
    text = found[0]
    inner = text.strip("\n")
    return text.replace(inner, _(inner)) if inner else text


def texts(path: Path) -> Iterator[str]:
    """What can be translated: paragraphs, words of predictions and of figures."""
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            for found in PARAGRAPH.finditer(source):
                text = found[0].strip("\n")
                if text.strip() and not PLAIN.fullmatch(text):
                    yield text
        else:
            yield from _asked(source)
            yield from _drawn(source)


def _asked(code: str) -> Iterator[str]:
    """The choices, units and labels of `lesson.predict(...)`."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "lesson.predict":
            named = [k.value for k in node.keywords if k.arg in ("unit", "label")]
            for value in (*node.args[1:], *named):
                if isinstance(value, ast.Constant):
                    yield value.value


def _drawn(code: str) -> Iterator[str]:
    """The captions and labels in a cell that draws: texts of several words."""
    nodes = [*ast.walk(ast.parse(code))]
    calls = [ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)]
    if not any(re.match(r"plots\.|\w*figures?\.", call) for call in calls):
        return
    formatted = (node.values for node in nodes if isinstance(node, ast.JoinedStr))
    parts = {id(part) for values in formatted for part in values}
    texts = (n for n in nodes if isinstance(n, ast.Constant) and id(n) not in parts)
    for value in (node.value for node in texts):
        if isinstance(value, str) and " " in value:
            yield value
