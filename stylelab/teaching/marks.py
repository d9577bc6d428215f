"""A class's marks as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from stylelab.teaching.grading import Row


def columns(rows: Sequence[Row]) -> list[str]:
    """The exercises that anybody's notebook asks, in the course's order."""
    seen = dict.fromkeys(name for row in rows for name in row.marks)
    return sorted(seen, key=lambda name: name.partition(".")[0])  # else as they stand


def as_csv(rows: Sequence[Row]) -> str:
    """One line per file: marks, hints, and why there are none."""
    asked = columns(rows)
    table = csv.writer(text := io.StringIO(), lineterminator="\n")
    table.writerow(["student", "file", "notebook", "right", "of", "problem", *asked])
    for row in rows:
        marks = [row.marks.get(name) for name in asked]
        cells = [f"{m.verdict}: {m.hint}".rstrip(": ") if m else "" for m in marks]
        who = [row.student, row.file, row.lesson, row.right, len(row.marks)]
        table.writerow(map(_harmless, [*who, row.problem, *cells]))
    return text.getvalue()


def _harmless(cell: str | int) -> str | int:
    """A spreadsheet would run a text that begins like a formula."""
    if isinstance(cell, int):
        return cell
    clean = cell.encode("utf-8", "backslashreplace").decode()
    return f"'{clean}" if clean.startswith(tuple("=+-@\t\r")) else clean
