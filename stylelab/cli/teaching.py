"""What a teacher calls: the solutions, and the marks of a class."""

import json
import os
from contextlib import closing
from pathlib import Path

from tqdm import tqdm

from stylelab.cli.streams import say, tell
from stylelab.teaching import exercises, place, solutions


def write_solutions(output: str) -> int:
    """Writes every notebook with its solutions into a folder."""
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    for number, path in place.numbered().items():
        notebook = solutions.solved(exercises.read(path), number)
        text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / path.name).write_text(f"{text}\n", "utf-8")
    tell(f"solved notebooks: {folder}")
    return 0


def grade(folder: str, output: str, seconds: float) -> int:
    """Grades every notebook below `folder`, and writes the table and the page."""
    from stylelab.teaching import grading, marks, page

    if not Path(folder).is_dir():
        raise ValueError(f"'{folder}' is no folder of notebooks")
    if not 0 < seconds <= 3600:
        raise ValueError(f"seconds is {seconds:g}: give a number above 0, up to 3600")
    table, count = Path(output), len(grading.files(Path(folder)))
    if table.suffix.lower() != ".csv":
        raise ValueError(f"'{output}' is no name for a table: end it with .csv")
    with closing(grading.grade(Path(folder), seconds)) as graded:  # also on Ctrl-C
        rows = [*tqdm(graded, total=count, unit="file")]
    beside = table.with_suffix(".html")
    for path, text in (
        (table, marks.as_csv(rows)),
        (beside, page.as_page(rows, Path(folder).resolve().name)),
    ):
        part = path.with_name(f"{path.name}.part")
        part.write_text(text, "utf-8")
        os.replace(part, path)
    say(f"{len(rows)} files graded: {table}, and {beside} to look at")
    return 0
