"""What each notebook has: objectives, minutes, predictions, an answer, sources."""

from __future__ import annotations

import calendar
import importlib
import re
import tomllib
from pathlib import Path

import nbformat
import pytest

from stylelab.lessons.lesson import Lesson

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
LESSONS = {
    folder.name[2:4]: f"stylelab.lessons.{folder.name}.captions"
    for folder in (ROOT / "stylelab" / "lessons").glob("nb*")
}
MOST_MINUTES = 45
MOST_LINES = 12  # of a cell of code
# No student's notebook has "solution": `python -m stylelab solutions` adds it.
TAGS = {"exercise", "predict", "slide", "slow"}

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def texts(path: Path, kind: str) -> list[str]:
    return [c.source for c in nbformat.read(path, 4).cells if c.cell_type == kind]


def lesson_of(path: Path) -> Lesson:
    return importlib.import_module(LESSONS[path.name[:2]]).lesson


@every_notebook
def test_it_begins_with_a_question_objectives_and_minutes(path: Path) -> None:
    first = texts(path, "markdown")[0]
    assert re.match(rf"# {path.name[:2]} · .+", first)
    assert "**You will**" in first
    assert "**Before this:**" in first
    total = int(re.search(r"\*\*Time:\*\* (\d+) minutes, (\d+) of", first)[1])
    computing = int(re.search(r"\*\*Time:\*\* (\d+) minutes, (\d+) of", first)[2])
    contents = re.findall(r"(?m)^- \[.+?\]\((#[^ ]+)\) · (\d+) min$", first)
    assert sum(int(minutes) for _, minutes in contents) == total <= MOST_MINUTES
    assert computing <= 4
    headings = re.findall(r"(?m)^## (.+)$", "\n".join(texts(path, "markdown")))
    anchors = ["#" + heading.replace(" ", "-") for heading in headings]
    linked = [anchor for anchor, _ in contents]
    assert set(linked) <= set(anchors)
    assert linked == [anchor for anchor in anchors if anchor in linked]  # in order


@every_notebook
def test_it_says_whose_it_is_and_under_which_licence(path: Path) -> None:
    byline = texts(path, "markdown")[0].splitlines()[2]
    months = "|".join(calendar.month_name[1:])
    licence = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"]
    pattern = rf"\*By the stylelab developers, (?:{months}) 20\d\d\. (\w+) licence\.\*"
    assert re.fullmatch(pattern, byline)[1] == licence


@every_notebook
def test_its_tags_agree_with_its_cells(path: Path) -> None:
    """But for `slow`, which is measured: see tools/freeze.py."""
    cells = nbformat.read(path, 4).cells
    for cell in cells:
        tags, code = set(cell.metadata.get("tags", [])), cell.cell_type == "code"
        assert tags <= TAGS, cell.source
        asks = code and re.search(r"(?m)^checks\.", cell.source)
        assert ("exercise" in tags) == bool(asks), cell.source
        predicts = code and "lesson.predict(" in cell.source
        assert ("predict" in tags) == predicts, cell.source
        assert not predicts or "slide" in tags, cell.source
        assert code or tags <= {"slide"}, cell.source
    slides = [cell for cell in cells if "slide" in cell.metadata.get("tags", [])]
    assert slides[0] is cells[0]
    assert "## The answer" in slides[-1].source
    with_figure = [cell for cell in slides if pictures(cell)]
    assert len(slides) >= 12
    assert len(with_figure) >= 5


def pictures(cell: nbformat.NotebookNode) -> list[str]:
    data = [output.get("data", {}) for output in cell.get("outputs", [])]
    return [mime for one in data for mime in one if mime.startswith("image/")]


@every_notebook
def test_its_links_lead_somewhere(path: Path) -> None:
    for text in texts(path, "markdown"):
        for alt, target in re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", text):
            assert len(alt) > 20, target  # what is seen in the picture
            assert (path.parent / target).is_file(), target
        for target in re.findall(r"(?<!!)\[[^\]]+\]\(([^)#\s]+)", text):
            if not target.startswith(("https://", "http://")):
                assert (path.parent / target).exists(), target


@every_notebook
def test_cells_are_short_and_define_nothing_but_answers(path: Path) -> None:
    for source in texts(path, "code"):
        assert len(source.splitlines()) <= MOST_LINES, source
        assert not re.search(r"(?m)^class ", source)


@every_notebook
def test_no_cell_says_the_answer(path: Path) -> None:
    """Neither as a figure's claim nor as its description, nor beside a prediction."""
    code = "\n".join(texts(path, "code"))
    joined = re.sub(r'"\s*\n\s*f?"', "", code)
    for name, caption in lesson_of(path).captions.items():
        for said in filter(None, (caption.claim, caption.alt)):
            assert said not in joined, name


@every_notebook
def test_every_prediction_is_asked_before_it_is_shown(path: Path) -> None:
    code = "\n".join(texts(path, "code"))
    captions = lesson_of(path).captions
    questions = [name for name, c in captions.items() if c.answer or c.within]
    assert 4 <= len(questions) <= 10
    for name in captions:
        shown = re.search(rf'lesson\.(?:caption|reveal|drawn)\(\s*"{name}"', code)
        assert shown, f"'{name}' is shown nowhere"
        if name in questions:
            asked = re.search(rf'lesson\.predict\(\s*"{name}"', code)
            assert asked, f"'{name}' is asked nowhere"
            assert asked.start() < shown.start(), name
    assert code.rstrip().endswith("lesson.score()")


@every_notebook
def test_it_answers_its_question_and_gives_formulas_and_sources(path: Path) -> None:
    text = "\n".join(texts(path, "markdown"))
    assert "\n## The answer\n" in text
    assert re.search(r"\$[^$]+\$", text)
    reading = text.partition("## What to read next")[2]
    assert re.search(r"https://(?:doi\.org|arxiv\.org)/", reading)
