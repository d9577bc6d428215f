"""One source of answers, two builds: students' notebooks without, teachers' with."""

from __future__ import annotations

import ast
import importlib
import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from stylelab.teaching import exercises, place, solutions
from stylelab.teaching.grading import RIGHT, UNCHANGED, grade

COURSE = place.numbered()
LESSONS = exercises.course()
every_notebook = pytest.mark.parametrize("number", COURSE)


def sources(notebook: dict) -> list[str]:
    return ["".join(cell["source"]) for cell in notebook["cells"]]


@every_notebook
def test_every_exercise_has_one_answer_that_its_check_praises(number: str) -> None:
    module = importlib.import_module(f"stylelab.teaching.answers.nb{number}")
    asked = {e.answer: e.check for e in LESSONS[number].exercises}
    known = [s.answer for s in solutions.solutions(number) if s.code]
    assert sorted(known) == sorted(asked)
    assert len(known) >= 2
    checks = place.module(number, "checks")
    for answer, check in asked.items():
        found = getattr(checks, check)(getattr(module, answer))
        assert found, found


@every_notebook
def test_a_student_s_notebook_holds_no_solution(number: str) -> None:
    text = "\n".join(sources(exercises.read(COURSE[number])))
    assert "<details>" not in text
    assert "python -m stylelab solutions" in text
    for solution in solutions.solutions(number):
        assert len(solution.text) > 20
        assert solution.text not in text
        if solution.code:
            assert solution.code not in text


@every_notebook
def test_both_builds_agree(number: str) -> None:
    """The teacher's is the student's, but for the answers, which say so."""
    student = exercises.read(COURSE[number])
    teacher = solutions.solved(student, number)
    nbformat.validate(nbformat.reads(json.dumps(teacher), 4))
    asked = [exercise.answer for exercise in LESSONS[number].exercises]
    added = [c for c in teacher["cells"] if c["id"].startswith("solution-")]
    rest = [c for c in teacher["cells"] if not c["id"].startswith("solution-")]
    assert all("solution" in cell["metadata"]["tags"] for cell in added)
    changed = []
    for ours, theirs in zip(student["cells"], rest, strict=True):
        assert ours["id"] == theirs["id"]
        if "".join(ours["source"]) != "".join(theirs["source"]):
            changed.append("".join(theirs["source"]))
            assert "solution" in theirs["metadata"]["tags"]
    names = [ast.parse(code).body[-1].value.args[0].id for code in changed]
    assert sorted(names) == sorted(asked)
    told = "\n".join("".join(cell["source"]) for cell in added)
    for solution in solutions.solutions(number):
        assert solution.text in told
    assert "outputs" not in json.dumps(student["metadata"])
    assert not any(cell.get("outputs") for cell in teacher["cells"])


def test_the_command_writes_all_of_them(ask: Callable, tmp_path: Path) -> None:
    assert ask("solutions", "-o", tmp_path / "for me")[0] == 0
    written = sorted(path.name for path in (tmp_path / "for me").iterdir())
    assert written == [path.name for path in COURSE.values()]
    for number, path in COURSE.items():
        page = json.loads((tmp_path / "for me" / path.name).read_text("utf-8"))
        assert page == solutions.solved(exercises.read(path), number)


@pytest.mark.slow
def test_solved_notebooks_are_right_and_fresh_ones_unchanged(tmp_path: Path) -> None:
    for number, path in COURSE.items():
        fresh = exercises.read(path)
        for who, build in (("ada", solutions.solved(fresh, number)), ("bo", fresh)):
            (tmp_path / who).mkdir(exist_ok=True)
            (tmp_path / who / path.name).write_text(json.dumps(build), "utf-8")
    found = {row.file: row for row in grade(tmp_path)}
    assert len(found) == 2 * len(COURSE)
    for name, row in found.items():
        assert [*row.marks] == [e.name for e in LESSONS[row.lesson].exercises]
        verdict = RIGHT if name.startswith("ada") else UNCHANGED
        assert {mark.verdict for mark in row.marks.values()} == {verdict}, name
