"""The questions that the notebooks ask before an experiment, and what came out of it.

A question's words stand in the text above its cell, and its answer in the captions. The
choices, the range of a number, and what was measured are read from the outputs that the
notebooks are stored with.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from stylelab.teaching import place
from stylelab.teaching.exercises import read

ASKED = re.compile(r'lesson\.predict\(\s*"(\w+)"')
SHOWN = re.compile(r'lesson\.reveal\(\s*"(\w+)"')
RANGE = re.compile(r"a (number|curve) from (\S+) to (\S+) ?(.*)")


@dataclass(frozen=True)
class Question:
    """A prediction that a notebook asks for: a choice, a number, or a curve."""

    lesson: str  # "04"
    name: str
    text: str
    claim: str = ""  # what the experiment showed
    choices: tuple[str, ...] = ()
    answer: str = ""  # the right choice
    places: tuple[str, ...] = ()  # of a curve, where they are known
    is_curve: bool = False
    low: float = 0.0
    high: float = 1.0
    unit: str = ""
    measured: float | None = None
    within: float = 0.0


@cache
def questions() -> dict[str, list[Question]]:
    """Those of every notebook, by its number, in their order."""
    found = {}
    for number, path in place.numbered().items():
        found[number] = [*_questions(read(path)["cells"], number)]
    return found


@cache
def titles() -> dict[str, str]:
    """The notebooks' titles by their numbers."""
    found = {}
    for number, path in place.numbered().items():
        first = "".join(read(path)["cells"][0]["source"]).partition("\n")[0]
        found[number] = first.partition("· ")[2] or first.lstrip("# ")
    return found


def _questions(cells: list[dict[str, Any]], number: str) -> Iterator[Question]:
    captions = place.module(number, "captions").lesson.captions
    measured = {}
    for cell in cells:
        if one := SHOWN.search("".join(cell["source"])):
            told = re.search(r"It is (-?[\d.e+-]+)(?: .*)?\.$", _shown(cell), re.M)
            measured[one[1]] = float(told[1].rstrip(".")) if told else None
    before = ""
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            before = source
        elif (asked := ASKED.search(source)) and asked[1] in captions:
            name = asked[1]
            caption = captions[name]
            said = {"claim": caption.claim, "within": caption.within}
            said |= {"answer": caption.answer, "measured": measured.get(name)}
            said |= _form(_shown(cell), source)
            yield Question(number, name, _words(before) or caption.claim, **said)


def _shown(cell: dict[str, Any]) -> str:
    shown = [output.get("data", {}) for output in cell.get("outputs", [])]
    return "\n".join("".join(data.get("text/plain", "")) for data in shown)


def _form(shown: str, source: str) -> dict[str, Any]:
    """How the question is to be answered, from what its widget says of itself."""
    _, _, offered = shown.partition("Your prediction: ")
    if not (parts := RANGE.fullmatch(offered.strip())):
        return {"choices": tuple(offered.strip().split(" / ")) if offered else ()}
    form = {"low": float(parts[2]), "high": float(parts[3]), "unit": parts[4]}
    if parts[1] == "number":
        return form
    label = re.search(r'label="([^"]+)"', source)
    form |= {"is_curve": True, "unit": label[1] if label else ""}
    with suppress(ValueError, SyntaxError, AttributeError):
        for statement in ast.parse(source).body:
            if isinstance(statement, ast.Assign):
                form["places"] = tuple(map(str, ast.literal_eval(statement.value)))
    return form


def _words(markdown: str) -> str:
    """What a text asks last: all that follows **Predict:** in its paragraph."""
    _, mark, asked = markdown.rpartition("**Predict")
    if not mark:
        return ""
    text = re.split(r"\n\n|\n#|\n\$\$", asked)[0]
    text = text.lstrip(": *") if text.startswith(":") else f"Predict{text}"
    plain = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", " ".join(text.split()))
    plain = re.sub(r"[*`$]|(?<!\w)_|_(?!\w)", "", plain)
    plain = re.sub(r"(?<=[.?:]) \(.*\)\.?$", "", plain)  # how, but not what
    return plain[:1].upper() + plain[1:]
