"""The marks of a class: every notebook in a folder, every answer in its own process."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stylelab.runs.limits import threads
from stylelab.teaching import exercises as course_exercises
from stylelab.teaching.exercises import Exercise, Lesson, Notebook
from stylelab.teaching.running import Runner

SECONDS = 20.0  # for one answer
RIGHT, WRONG, UNCHANGED, MISSING = "right", "wrong", "unchanged", "missing"
GUESSES = "predictions.json"
PACKED = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz")
OTHERS = (".py", ".html", ".htm", ".pdf", ".txt", ".docx", ".json")


@dataclass(frozen=True)
class Mark:
    """What became of an answer, and the hint that the student would have read."""

    verdict: str  # RIGHT, WRONG, UNCHANGED from what was handed out, or MISSING
    hint: str = ""


@dataclass(frozen=True)
class Row:
    """A student's file: its marks by their exercises' names, or why there are none."""

    file: str  # relative to the folder
    lesson: str = ""
    marks: dict[str, Mark] = field(default_factory=dict)
    problem: str = ""
    guesses: dict[str, Any] = field(default_factory=dict)

    @property
    def student(self) -> str:
        """The folder's name, where students have folders; else the file's."""
        folder, slash, _ = self.file.partition("/")
        return folder if slash else Path(self.file).stem

    @property
    def right(self) -> int:
        """How many answers are right."""
        return sum(mark.verdict == RIGHT for mark in self.marks.values())


def grade(folder: Path, seconds: float = SECONDS) -> Iterator[Row]:
    """A row for every file below `folder`, as soon as it and those before are done.

    A file that cannot be graded says why. `seconds`: for one answer. Whoever closes the
    iterator ends all answers that still run.
    """
    lessons = course_exercises.course()
    runner = Runner(folder, seconds, _modules(lessons))
    grader = _Grader(folder, lessons, runner)
    pool = ThreadPoolExecutor(threads(8))
    try:
        yield from pool.map(grader.row, sorted(files(folder)))
    finally:
        runner.stop()
        pool.shutdown(cancel_futures=True)


def files(folder: Path) -> list[Path]:
    """What students may have handed in: no checkpoints, no hidden files."""
    return [
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in (".ipynb", *PACKED, *OTHERS)
        and path.name != GUESSES
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and not path.is_dir()
    ]


@dataclass(frozen=True)
class _Grader:
    folder: Path
    lessons: dict[str, Lesson]
    runner: Runner

    def row(self, path: Path) -> Row:
        name = path.relative_to(self.folder).as_posix()
        try:
            return self._graded(path, name)
        except ValueError as error:
            return Row(name, problem=str(error))
        except Exception as error:  # a row for every file, whatever is in it
            return Row(name, problem=f"{type(error).__name__}: {error}"[:200])

    def _graded(self, path: Path, name: str) -> Row:
        kind = path.suffix.lower()
        if kind in PACKED:
            raise ValueError(f"is a {kind} file: unpack it here, and grade again")
        if kind != ".ipynb":
            raise ValueError(f"is a {kind} file: hand in the notebook itself")
        notebook = course_exercises.parse(course_exercises.read(path))
        lesson = self._lesson(path.name, notebook)
        marks = {e.name: self._mark(e, lesson, notebook) for e in lesson.exercises}
        # In a folder of many students nobody knows whose predictions these are.
        is_own = path.parent != self.folder
        guesses = _guesses(path.parent / GUESSES, lesson.number) if is_own else {}
        return Row(name, lesson.number, marks, notebook.broken, guesses)

    def _lesson(self, name: str, notebook: Notebook) -> Lesson:
        """The lesson most of whose answers are there; the file's name breaks a tie."""
        number = re.search(r"(?<!\d)\d\d(?!\d)", name)

        def fits(lesson: Lesson) -> tuple[int, bool]:
            answers = {exercise.answer for exercise in lesson.exercises}
            known = sum(bool(notebook.definitions(answer)) for answer in answers)
            return known, bool(number) and number[0] == lesson.number

        best = max(self.lessons.values(), key=fits)
        if fits(best) == (0, False):
            raise ValueError("has no answer to any exercise of the course")
        return best

    def _mark(self, exercise: Exercise, lesson: Lesson, notebook: Notebook) -> Mark:
        ours = lesson.notebook.definitions(exercise.answer)
        theirs = notebook.definitions(exercise.answer)
        if not theirs:
            return Mark(MISSING, notebook.broken)
        if [*map(ast.dump, theirs)] == [*map(ast.dump, ours)]:
            return Mark(UNCHANGED)
        code = [*lesson.notebook.imports(), *notebook.imports()]
        code += notebook.needs(exercise.answer)
        is_right, hint = self.runner.check(code, exercise)
        return Mark(RIGHT if is_right else WRONG, hint)


def _modules(lessons: dict[str, Lesson]) -> list[str]:
    """What the notebooks import, to be loaded once for all answers."""
    found: dict[str, None] = {}
    for lesson in lessons.values():
        for statement in lesson.notebook.statements:
            if isinstance(statement, ast.ImportFrom):
                found[str(statement.module)] = None
                names = [alias.name for alias in statement.names]
                found |= dict.fromkeys(f"{statement.module}.{name}" for name in names)
            elif isinstance(statement, ast.Import):
                found |= dict.fromkeys(alias.name for alias in statement.names)
    return [*found]


def _guesses(path: Path, lesson: str) -> dict[str, Any]:
    """The predictions beside a notebook; none where the file is missing or damaged."""
    try:
        found = json.loads(path.read_text("utf-8"))[lesson]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
