"""A class's marks: right and wrong answers, and everything that students hand in."""

from __future__ import annotations

import csv
import gc
import io
import json
import os
import random
import re
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from stylelab.teaching import exercises, marks, page, place, solutions
from stylelab.teaching.grading import (
    MISSING,
    RIGHT,
    WRONG,
    Row,
    files,
    grade,
)

COURSE = place.numbered()
LESSONS = exercises.course()


def rows(folder: Path, seconds: float = 20) -> dict[str, Row]:
    return {row.file: row for row in grade(folder, seconds)}


def hand_in(path: Path, *cells: str) -> None:
    """Writes a notebook of cells of code."""
    path.parent.mkdir(parents=True, exist_ok=True)
    code = [{"cell_type": "code", "source": cell, "metadata": {}} for cell in cells]
    path.write_text(json.dumps({"cells": code, "nbformat": 4, "metadata": {}}), "utf-8")


def test_what_students_do_gets_a_mark_and_a_reason(tmp_path: Path) -> None:
    hand_in(tmp_path / "right" / "a.ipynb", "import torch", PSNR)
    hand_in(tmp_path / "without imports" / "04.ipynb", PSNR)
    hand_in(tmp_path / "twice" / "04.ipynb", "def psnr(picture, true):\n    1/0", PSNR)
    hand_in(tmp_path / "helper" / "x.ipynb", "%time\n!ls\nSCALE = 10", HELPED)
    hand_in(tmp_path / "wrong" / "04.ipynb", "def psnr(picture, true):\n    return 3")
    hand_in(tmp_path / "loop" / "04.ipynb", "def psnr(a, b):\n    while True: 0")
    hand_in(tmp_path / "exit" / "04.ipynb", "def psnr(a, b):\n    exit()")
    hand_in(tmp_path / "os_exit" / "04.ipynb", "import os", EXIT)
    hand_in(tmp_path / "loud" / "04.ipynb", LOUD, "x = (")
    found = rows(tmp_path, seconds=6)
    verdicts = {name.split("/")[0]: row.marks["04.psnr"] for name, row in found.items()}
    for name in ("right", "without imports", "twice", "helper", "loud"):
        assert verdicts[name].verdict == RIGHT, verdicts[name]
    for name, hint in {
        "wrong": "yours is 3",
        "loop": "more than 6 seconds",
        "exit": "ended the process",
        "os_exit": "ended the process",
    }.items():
        assert verdicts[name].verdict == WRONG
        assert hint in verdicts[name].hint
    assert "cell 2 is no Python" in found["loud/04.ipynb"].problem
    assert found["right/a.ipynb"].marks["04.content_loss"].verdict == MISSING


PSNR = """def psnr(picture, true):
    return -10 * torch.log10((picture - true).square().mean())"""
HELPED = """def error(a, b):
    return (a - b).square().mean()
def psnr(picture, true):
    return -SCALE * torch.log10(error(picture, true))"""
EXIT = "def psnr(a, b):\n    os._exit(0)"
LOUD = """def psnr(picture, true):
    print("x" * 100_000_000)
    return -10 * torch.log10((picture - true).square().mean())"""


def test_no_answer_reaches_the_class_the_machine_or_the_network(tmp_path: Path) -> None:
    folder, outside = tmp_path / "class", tmp_path / "outside"
    secret = folder / "ada" / "04.ipynb"
    hand_in(secret, "def psnr(a, b):\n    return 'the secret'")
    attempts = {
        "read": f"open({str(secret)!r}).read()",
        "write": f"open({str(outside)!r}, 'w').write('x')",
        "remove": f"__import__('os').remove({str(secret)!r})",
        "program": f"__import__('os').system('touch {outside}')",
        "spawn": f"__import__('subprocess').run(['touch', {str(outside)!r}])",
        "socket": "__import__('socket').create_connection(('127.0.0.1', 9))",
        "kill": "__import__('os').kill(__import__('os').getppid(), 9)",
    }
    for name, attempt in attempts.items():
        hand_in(folder / name / "04.ipynb", f"def psnr(a, b):\n    return {attempt}")
    found = rows(folder, seconds=20)
    for name in attempts:
        mark = found[f"{name}/04.ipynb"].marks["04.psnr"]
        assert mark.verdict == WRONG
        assert "an answer may" in mark.hint, (name, mark)
    assert secret.is_file()
    assert not outside.exists()


def broken(folder: Path) -> dict[str, str]:
    """Files that cannot be graded, with words of the reason."""
    (folder / "empty.ipynb").write_bytes(b"")
    (folder / "latin.ipynb").write_bytes('{"cells": "ä"}'.encode("latin-1"))
    (folder / "list.ipynb").write_text("[1, 2]")
    (folder / "old.ipynb").write_text('{"worksheets": [], "nbformat": 3}')
    (folder / "deep.ipynb").write_text("[" * 100_000)
    (folder / "odd.ipynb").write_text('{"cells": [1, {"cell_type": "code"}, null]}')
    (folder / "page.html").write_text("<html>")
    (folder / "gone.ipynb").symlink_to(folder / "nowhere.ipynb")
    with zipfile.ZipFile(folder / "all.zip", "w") as pack:
        pack.writestr("04.ipynb", "{}")
    no_json = dict.fromkeys(("empty.ipynb", "latin.ipynb", "deep.ipynb"), "no JSON")
    return {
        **no_json,
        "list.ipynb": "no list of cells",
        "old.ipynb": "no answer",
        "odd.ipynb": "no answer",
        "page.html": "hand in the notebook",
        "all.zip": "unpack it here",
        "gone.ipynb": "cannot be read",
    }


def test_a_file_that_cannot_be_graded_is_a_row_with_a_reason(tmp_path: Path) -> None:
    reasons = broken(tmp_path)
    (tmp_path / ".ipynb_checkpoints").mkdir()
    hand_in(tmp_path / ".ipynb_checkpoints" / "04.ipynb", PSNR)
    found = rows(tmp_path)
    assert found.keys() == reasons.keys()
    for name, reason in reasons.items():
        assert reason in found[name].problem, name
    assert list(grade(tmp_path / ".ipynb_checkpoints" / "nothing")) == []


@pytest.mark.slow
def test_a_heavy_file_and_an_old_one_are_graded(tmp_path: Path) -> None:
    hand_in(tmp_path / "loud.ipynb", PSNR)
    content = json.loads((tmp_path / "loud.ipynb").read_text())
    content["cells"][0]["outputs"] = [{"text": "x" * 100_000_000}]
    (tmp_path / "loud.ipynb").write_text(json.dumps(content), "utf-8")
    (tmp_path / "wide.ipynb").write_text(json.dumps(content | {"x": "ä"}), "utf-16")
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": PSNR}]}]}
    (tmp_path / "old.ipynb").write_text(json.dumps(old | {"nbformat": 3}), "utf-8")
    content["cells"][0]["outputs"] *= 3
    (tmp_path / "more.ipynb").write_text(json.dumps(content), "utf-8")
    found = rows(tmp_path)
    for name in ("loud", "old"):
        assert found[f"{name}.ipynb"].marks["04.psnr"].verdict == RIGHT
    for name in ("wide", "more"):
        assert "MB, and 200 may be" in found[f"{name}.ipynb"].problem


def test_notebooks_are_read_side_by_side() -> None:
    """Python 3.11 raised SystemError where a thread came while another made a tree."""
    deep = "def psnr(a, b):\n    return " + "[" * 60 + "a" + "]" * 60
    content = {"cells": [{"cell_type": "code", "source": deep}] * 20}
    often, changing = gc.get_threshold(), lambda phase, facts: time.sleep(0)
    try:
        gc.set_threshold(10)
        gc.callbacks.append(changing)  # threads change places while trees are made
        with ThreadPoolExecutor(4) as pool:
            found = [*pool.map(exercises.parse, [content] * 8)]
    finally:
        gc.callbacks.remove(changing)
        gc.set_threshold(*often)
    assert {len(notebook.statements) for notebook in found} == {20}


def test_an_answer_that_sleeps_and_two_of_one_name(tmp_path: Path) -> None:
    sleeps = "import time\ndef psnr(a, b):\n    time.sleep(10**6)"
    hand_in(tmp_path / "ada" / "04.ipynb", sleeps)
    hand_in(tmp_path / "bo" / "04.ipynb", PSNR)
    hand_in(tmp_path / "cem_04.ipynb", "def my_psnr(a, b): 0", PSNR)
    found = rows(tmp_path, seconds=3)
    assert [row.student for row in found.values()] == ["ada", "bo", "cem_04"]
    verdicts = [row.marks["04.psnr"].verdict for row in found.values()]
    assert verdicts == [WRONG, RIGHT, RIGHT]


def test_what_functions_have_within_is_not_run(tmp_path: Path) -> None:
    """The notebook's `x`, which takes an hour, is not the function's own `x`."""
    hour = "import time\nx = time.sleep(3600)\npicture = x"
    hand_in(
        tmp_path / "04.ipynb", hour, "def psnr(picture, true):\n    x = 1\n    return 3"
    )
    found = rows(tmp_path, seconds=3)["04.ipynb"]
    assert "yours is 3" in found.marks["04.psnr"].hint


def test_table_and_page_hold_any_name_and_hint(tmp_path: Path) -> None:
    name = "=1+1 <b> \u2028 ü"
    hand_in(tmp_path / name / "<b> 04.ipynb", "def psnr(a, b):\n    return '<i>'")
    hand_in(tmp_path / os.fsdecode(b"\xff\xfe") / "04.ipynb", PSNR)
    guesses = {"04": {"deep": 20.5, "moments": "<u>", "light": [1, 0.25]}}
    (tmp_path / name / "predictions.json").write_text(json.dumps(guesses))
    everyone = list(grade(tmp_path))
    table = list(csv.DictReader(io.StringIO(marks.as_csv(everyone))))
    assert table[0]["student"] == f"'{name}"
    assert table[0]["file"] == f"'{name}/<b> 04.ipynb"
    assert table[0]["04.psnr"].startswith("wrong: ")
    assert table[1]["04.psnr"].startswith("right")
    html = page.as_page(everyone, "A & B")
    html.encode("utf-8")
    for inside in ("A &amp; B", "=1+1 &lt;b&gt;", "How near will the deepest"):
        assert inside in html
    for tag in ("<b> \u2028", "<b> 04", "<i>", "<u>"):
        assert tag not in html
    assert "http" not in html  # no request leaves it


def test_an_empty_folder_has_a_table_and_a_page(ask: Callable, tmp_path: Path) -> None:
    (tmp_path / "nobody").mkdir()
    output = tmp_path / "marks.csv"
    assert ask("grade", tmp_path / "nobody", "-o", output)[0] == 0
    assert len(output.read_text("utf-8").splitlines()) == 1
    assert "No file of a student" in output.with_suffix(".html").read_text("utf-8")


def test_the_command_writes_both_and_refuses_what_it_cannot(
    ask: Callable, tmp_path: Path
) -> None:
    hand_in(tmp_path / "class" / "04.ipynb", PSNR)
    output = tmp_path / "marks.csv"
    assert ask("grade", tmp_path / "class", "-o", output)[0] == 0
    assert "right" in output.read_text("utf-8")
    assert "psnr" in output.with_suffix(".html").read_text("utf-8")
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "class",
        "marks.csv",
        "marks.html",
    ]
    for words, reason in (
        ([tmp_path / "nobody", "-o", output], "is no folder"),
        ([tmp_path / "class", "-o", "marks.txt"], "end it with .csv"),
        ([tmp_path / "class", "-o", output, "--seconds", "0"], "above 0"),
    ):
        code, _, said = ask("grade", *words)
        assert code == 2
        assert reason in said


def mangled(source: dict, chance: random.Random) -> tuple[str, bytes]:
    """The ending and content of what a student may hand in after a bad evening."""
    content = json.loads(json.dumps(source))
    cells = content["cells"]
    for _ in range(chance.randint(1, 6)):
        one = chance.randrange(len(cells))
        text = "".join(cells[one].get("source", ""))
        match chance.randrange(9):
            case 0:
                del cells[one]
            case 1:
                cells.insert(one, cells[chance.randrange(len(cells))])
            case 2:
                cells[one]["cell_type"] = chance.choice(["raw", "code", "markdown"])
            case 3:
                cells[one]["source"] = text.replace("def ", "def my_")
            case 4:
                _spoil_an_answer(cells, chance)
            case 5:
                cells[one]["source"] = text.replace("import", "# import")
            case 6:
                cells[one]["source"] = text[: len(text) // 2]
            case 7:
                cells[one] = chance.choice([None, 3, {}, {"cell_type": "code"}, []])
            case 8:
                cells[one]["outputs"] = [{"text": "x" * 1_000_000}]
        cells = content["cells"] = [c for c in cells if isinstance(c, dict)] or [{}]
    return _as_file(json.dumps(content, ensure_ascii=False), chance)


def _spoil_an_answer(cells: list[dict], chance: random.Random) -> None:
    """An endless loop, an exit or a flood in the first lines of an answer."""
    answers = [c for c in cells if "\n\nchecks." in "".join(c.get("source", ""))]
    if answers:
        cell = chance.choice(answers)
        evil = ["while True: pass", "exit()", "__import__('os')._exit(1)"]
        evil += ["print('x' * 10**8)", "__import__('time').sleep(10**6)"]
        first = rf"\g<0>    {chance.choice(evil)}\n"
        source = "".join(cell["source"])
        cell["source"] = re.sub(r"(?m)^def .*:\n", first, source)


def _as_file(text: str, chance: random.Random) -> tuple[str, bytes]:
    raw = text.encode()
    match chance.randrange(16):
        case 0:
            return ".ipynb", raw[: chance.randrange(len(raw))]
        case 1:
            return ".ipynb", text.encode("latin-1", "replace")
        case 2:
            return ".ipynb", text.encode("utf-16")
        case 3:
            pack = io.BytesIO()
            zipfile.ZipFile(pack, "w").writestr("04.ipynb", raw)
            return chance.choice([".ipynb", ".zip"]), pack.getvalue()
    return ".ipynb", raw


@pytest.mark.slow
def test_two_hundred_mangled_notebooks_are_two_hundred_rows(tmp_path: Path) -> None:
    chance = random.Random(0)
    sources = [
        solutions.solved(exercises.read(path), number)
        for number, path in COURSE.items()
    ]
    for number in range(200):
        ending, raw = mangled(chance.choice(sources), chance)
        (tmp_path / f"{number}{ending}").write_bytes(raw)
    found = rows(tmp_path, seconds=5)
    assert len(found) == 200 == len(files(tmp_path))
    for row in found.values():
        assert row.problem or row.marks
    said = [mark for row in found.values() for mark in row.marks.values()]
    assert {mark.verdict for mark in said} >= {RIGHT, WRONG, MISSING}
    hints = "\n".join(mark.hint for mark in said)
    assert "ran for more than" in hints
    assert "ended the process" in hints
    problems = "\n".join(row.problem for row in found.values())
    for reason in ("no JSON in UTF-8", "unpack it here", "is no Python"):
        assert reason in problems
    table = csv.DictReader(io.StringIO(marks.as_csv([*found.values()])))
    assert len(list(table)) == 200
    assert page.as_page([*found.values()], "mangled").endswith("</html>\n")
