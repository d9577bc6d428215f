"""What docstrings and the README show is run as it stands, with small pictures."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import stylelab

ROOT = Path(__file__).parents[1]
MODULES = sorted(m.name for m in pkgutil.walk_packages(stylelab.__path__, "stylelab."))
WITH_EXAMPLES = [
    name
    for name in ["stylelab", *MODULES]
    if ">>>" in Path(importlib.util.find_spec(name).origin).read_text("utf-8")
]
README = (ROOT / "README.md").read_text("utf-8")
RELIABILITY = (ROOT / "docs" / "reliability.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_there_are_examples():
    assert {"stylelab", "stylelab.runs.tasks"} <= {*WITH_EXAMPLES}
    assert len(BLOCKS) >= 2


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_of_docstrings(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # they save pictures
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0
    assert found.failed == 0


def test_examples_of_the_readme(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("PIL.Image.Image.show", lambda image: None)
    names = {}
    for block in BLOCKS:
        small = re.sub(r"size=\d+", "size=32", re.sub(r"steps=\d+", "steps=3", block))
        exec(small, names)
    assert Path("out.png").is_file()


def test_the_tests_that_hold_a_promise_exist():
    tests = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    defined = {*re.findall(r"def (test_\w+)", "\n".join(tests))}
    named = {*re.findall(r"`(test_\w+)`", RELIABILITY)}
    assert len(named) > 30
    assert named <= defined
    for file in re.findall(r"\]\(\.\./([\w/.]+)\)", RELIABILITY):
        assert (ROOT / file).exists(), file
