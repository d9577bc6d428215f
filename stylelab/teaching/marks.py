"""A class's marks as a table for a spreadsheet and as a page for the teacher."""

from __future__ import annotations

import csv
import html
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from stylelab.teaching.grading import MISSING, RIGHT, UNCHANGED, WRONG, Row

SIGNS = {RIGHT: "✓", WRONG: "✗", UNCHANGED: "–", MISSING: "·"}
STYLE = (Path(__file__).parent / "marks.css").read_text("utf-8")


def columns(rows: Sequence[Row]) -> list[str]:
    """The exercises that anybody's notebook asks, in the course's order."""
    return sorted({name: None for row in rows for name in row.marks})


def as_csv(rows: Sequence[Row]) -> str:
    """One line per file: marks, hints, and why there are none."""
    asked = columns(rows)
    table = csv.writer(text := io.StringIO(), lineterminator="\n")
    table.writerow(["file", "notebook", "right", "of", "problem", *asked])
    for row in rows:
        marks = [row.marks.get(name) for name in asked]
        cells = [f"{m.verdict}: {m.hint}".rstrip(": ") if m else "" for m in marks]
        counts = [row.right, len(row.marks)]
        table.writerow(
            map(_harmless, [row.file, row.lesson, *counts, row.problem, *cells])
        )
    return text.getvalue()


def _harmless(cell: str | int) -> str | int:
    """A spreadsheet would run a text that begins like a formula."""
    if isinstance(cell, int):
        return cell
    clean = cell.encode("utf-8", "backslashreplace").decode()
    return f"'{clean}" if clean.startswith(tuple("=+-@\t\r")) else clean


def as_page(rows: Sequence[Row], title: str) -> str:
    """An HTML page: who answered what, which hints were given, what was predicted."""
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width'>",
        f"<title>{_text(title)}</title><style>{STYLE}</style>",
        f"<main><h1>{_text(title)}</h1>",
        "<p>✓ right, ✗ not yet (the hint is below), – unchanged, · missing.</p>",
    ]
    for lesson in sorted({row.lesson for row in rows if row.lesson}):
        parts += _lesson([row for row in rows if row.lesson == lesson], lesson)
    if failed := [row for row in rows if not row.lesson]:
        parts.append("<h2>Not graded</h2><ul>")
        parts += [f"<li>{_text(row.file)} {_text(row.problem)}" for row in failed]
        parts.append("</ul>")
    return "\n".join([*parts, "</main></html>\n"])


def _lesson(rows: Sequence[Row], lesson: str) -> list[str]:
    asked = columns(rows)
    heads = "".join(f"<th scope='col'>{_text(n.partition('.')[2])}" for n in asked)
    parts = [
        f"<h2>Notebook {_text(lesson)}</h2><div class='wide' tabindex='0'><table>",
        f"<tr><th scope='col'>file<th scope='col'>right{heads}",
    ]
    for row in rows:
        marks = [row.marks[name] for name in asked]
        cells = "".join(
            f"<td class='{v}'><abbr title='{v}'>{SIGNS[v]}</abbr>"
            for v in (mark.verdict for mark in marks)
        )
        parts.append(f"<tr><th scope='row'>{_text(row.file)}<td>{row.right}{cells}")
    parts.append("</table></div>")
    return [*parts, *_hints(rows, asked), *_predictions(rows)]


def _hints(rows: Sequence[Row], asked: Sequence[str]) -> list[str]:
    """The commonest hints first: what to talk about in the next lesson."""
    found = Counter(
        (name, row.marks[name].hint)
        for row in rows
        for name in asked
        if row.marks[name].verdict == WRONG
    )
    if not found:
        return []
    parts = ["<h3>Hints that were given</h3><ul>"]
    for (name, hint), count in found.most_common():
        parts.append(f"<li><b>{count} × {_text(name)}</b> {_text(hint)}")
    return [*parts, "</ul>"]


def _predictions(rows: Sequence[Row]) -> list[str]:
    """A histogram per question: which expectation is in the room."""
    questions = sorted({name: None for row in rows for name in row.guesses})
    parts = ["<h3>Predictions</h3>"] if questions else []
    for question in questions:
        told = Counter(
            _guess(row.guesses[question]) for row in rows if question in row.guesses
        )
        parts.append(f"<h4>{_text(question)}</h4><dl>")
        for guess, count in told.most_common(12):
            width = 100 * count / told.total()
            parts.append(
                f"<dt>{_text(guess)}<dd><meter max='100' value='{width:.0f}'></meter> "
                f"{count}"
            )
        parts.append("</dl>")
    return parts


def _guess(guess: object) -> str:
    if isinstance(guess, list):
        return ", ".join(_guess(part) for part in guess)[:80]
    return f"{guess:.3g}" if isinstance(guess, int | float) else str(guess)[:80]


def _text(text: str) -> str:
    return html.escape(text.encode("utf-8", "backslashreplace").decode())
