"""The teacher's guide says what the notebooks say: names, answers, minutes, numbers."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest

from stylelab.lessons.lesson import Lesson
from stylelab.teaching import exercises

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "teaching"
NOTEBOOKS = {p.name[:2]: p for p in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))}
LESSONS = {p.name[2:4]: p for p in (ROOT / "stylelab" / "lessons").glob("nb*")}
HEADINGS = ("Objectives", "Minutes", "Predictions", "Exercises", "Ask the room")
HEADINGS += ("Traps", "What to cut", "Plan B")
MOST_LINES = 180  # of a page: it is read on the tram

every_page = pytest.mark.parametrize("number", NOTEBOOKS)


def page(number: str) -> str:
    return (GUIDE / f"{number}.md").read_text("utf-8")


def sections(number: str) -> dict[str, str]:
    """What stands under each heading of the second level."""
    _, *parts = re.split(r"(?m)^## ", page(number))
    return dict(part.split("\n", 1) for part in parts)


def lesson_of(number: str) -> Lesson:
    name = f"stylelab.lessons.{LESSONS[number].name}.captions"
    return importlib.import_module(name).lesson


def cells(number: str) -> list[dict]:
    return json.loads(NOTEBOOKS[number].read_bytes())["cells"]


def shown(cell: dict) -> str:
    """What a cell printed and what stands in place of its figures."""
    texts = []
    for output in cell.get("outputs", []):
        texts += output.get("text", [])
        texts += output.get("data", {}).get("text/plain", [])
    return "".join(texts)


def asked(number: str) -> dict[str, str]:
    """Each prediction and what its cell shows: "Your prediction: the eyes / ..."."""
    found = {}
    for cell in cells(number):
        source = "".join(cell["source"])
        for name in re.findall(r'lesson\.predict\(\s*"([^"]+)"', source):
            found[name] = shown(cell).removeprefix("Your prediction: ").strip()
    return found


def told(number: str) -> dict[str, str]:
    """Each prediction of the page, and what stands under its heading."""
    _, *parts = re.split(r"(?m)^### `", sections(number)["Predictions"])
    return dict(re.split(r"`.*\n", part, maxsplit=1) for part in parts)


def said_right(text: str) -> str:
    return re.match(r"\s*Right: \*\*(.+?)\*\*", text)[1]


@every_page
def test_a_page_has_every_part_and_is_short(number: str) -> None:
    assert tuple(sections(number)) == HEADINGS
    assert len(page(number).splitlines()) <= MOST_LINES
    title = "".join(cells(number)[0]["source"]).splitlines()[0]
    assert page(number).splitlines()[0] == title


@every_page
def test_the_minutes_are_those_of_the_first_cell(number: str) -> None:
    first = "".join(cells(number)[0]["source"])
    contents = re.findall(r"(?m)^- \[(.+?)\]\(#.+\) · (\d+) min$", first)
    rows = re.findall(r"(?m)^\| ([^|]+?) \| (\d+) \|", sections(number)["Minutes"])
    assert rows == contents
    total, computing = re.search(
        r"\*\*Time:\*\* (\d+) minutes, (\d+) of", first
    ).groups()
    assert f"{total} minutes, {computing} of them computing" in page(number)


@every_page
def test_every_prediction_is_there_in_order(number: str) -> None:
    captions = lesson_of(number).captions
    predicted = {n for n, c in captions.items() if c.answer or c.within}
    assert list(told(number)) == list(asked(number))
    assert set(told(number)) == predicted


@every_page
def test_the_right_choice_is_the_lessons_and_every_wrong_one_has_a_line(
    number: str,
) -> None:
    captions, texts = lesson_of(number).captions, told(number)
    for name, choices in asked(number).items():
        if not captions[name].answer:
            continue
        right, *others = captions[name].answer, *choices.split(" / ")
        assert said_right(texts[name]) == right, name
        lines = re.findall(r"(?m)^- \*(.+?)\*: .{20,}", texts[name])
        assert lines == [choice for choice in others if choice != right], name


@every_page
def test_a_right_number_is_what_the_notebook_showed(number: str) -> None:
    captions, texts = lesson_of(number).captions, told(number)
    curves = [n for n, shape in asked(number).items() if shape.startswith("a curve")]
    numbers = [n for n in asked(number) if captions[n].within and n not in curves]
    for name in numbers:
        source = f'lesson.reveal("{name}"'
        (cell,) = (c for c in cells(number) if source in "".join(c["source"]))
        assert f"It is {said_right(texts[name])}." in shown(cell), name
    for name in numbers + curves:
        assert f"within {captions[name].within:g}" in texts[name], name
    for name in curves:
        assert said_right(texts[name]).startswith("a curve"), name


@every_page
def test_every_exercise_that_is_checked_is_there(number: str) -> None:
    notebook = exercises.parse(exercises.read(NOTEBOOKS[number]))
    names = [one.answer for one in exercises.exercises(number, notebook)]
    headings = re.findall(r"(?m)^### `(\w+)`", sections(number)["Exercises"])
    assert names
    assert headings == names


@every_page
def test_a_hint_that_is_quoted_is_a_hint_of_the_check(number: str) -> None:
    """Quotations of hints: > in the guide; the check's own words, numbers aside."""
    source = (LESSONS[number] / "checks.py").read_text("utf-8")
    autograd = LESSONS[number].parent / "autograd.py"
    source += autograd.read_text("utf-8")
    known = _plain(re.sub(r'"\s*\n\s*f?"', "", source))
    quoted = re.findall(r"(?m)^> (.+)$", sections(number)["Exercises"])
    assert quoted
    for quotation in quoted:
        for part in quotation.split("…"):
            assert _plain(part) in known, part


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@every_page
def test_every_decimal_is_one_of_the_notebook(number: str) -> None:
    """A number of the guide was seen in the notebook: in its words, code or outputs."""
    seen = "".join("".join(cell["source"]) + shown(cell) for cell in cells(number))
    seen += "".join(
        f"{c.claim} {c.alt} {c.within:g} " for c in lesson_of(number).captions.values()
    )
    decimals = re.findall(r"(?<![\d.])\d+\.\d+(?![\d.])", page(number))
    assert decimals
    seen += (LESSONS[number] / "checks.py").read_text("utf-8")
    known = set(re.findall(r"\d+\.\d+", seen))
    missing = [d for d in decimals if d not in known]
    assert not missing


@pytest.mark.parametrize("name", ["README", *NOTEBOOKS])
def test_its_links_lead_somewhere(name: str) -> None:
    text = page(name)
    targets = re.findall(r"\[[^\]]+\]\(([^)\s]+)\)", text)
    assert targets
    for target in targets:
        if target.startswith("https://"):
            continue
        file, _, _ = target.partition("#")
        assert not file or (GUIDE / file).exists(), target


def test_the_index_leads_to_every_page() -> None:
    for number in NOTEBOOKS:
        assert f"({number}.md)" in page("README")
