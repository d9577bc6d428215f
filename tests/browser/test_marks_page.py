"""The page of a class in Chromium: axe, a phone, paper, and no request."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from accessible import violations
from playwright.sync_api import Page

from stylelab.teaching import exercises
from stylelab.teaching.grading import MISSING, RIGHT, UNCHANGED, WRONG, Mark, Row
from stylelab.teaching.page import as_page
from stylelab.teaching.questions import Question, questions

pytestmark = pytest.mark.browser


def guess(question: Question, chance: random.Random) -> object:
    if question.choices:
        return chance.choice(question.choices)
    values = [chance.uniform(question.low, question.high) for _ in range(5)]
    return values if question.is_curve else values[0]


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    chance, asked = random.Random(0), questions()
    rows = [Row("late.zip", problem="is a .zip file: unpack it here, and grade again")]
    for name in [f"{'A very long name ' * 4}{i}" for i in range(12)]:
        for lesson in exercises.course().values():
            found = {}
            for exercise in lesson.exercises:
                verdict = chance.choice([RIGHT, WRONG, UNCHANGED, MISSING])
                found[exercise.name] = Mark(verdict, f"hint {chance.randrange(4)}")
            said = {q.name: guess(q, chance) for q in asked[lesson.number]}
            rows.append(Row(f"{name}/x.ipynb", lesson.number, found, guesses=said))
    path = tmp_path / "marks.html"
    path.write_text(as_page(rows, "10b"), "utf-8")
    return path


def test_a_page_of_marks_is_for_everybody(marks: Path, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(marks.as_uri())
        page.locator("details").evaluate_all("all => all.forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page) == []
        least = page.evaluate(
            "Math.min(...[...document.querySelectorAll('h4, dt, .no, .yes')]"
            ".map(e => parseFloat(getComputedStyle(e).fontSize)))"
        )
        assert least >= (20 if width == 1440 else 17)
    assert {url.partition(":")[0] for url in asked} == {"file"}


def test_names_are_folded_but_not_on_paper(marks: Path, page: Page) -> None:
    page.goto(marks.as_uri())
    name = page.get_by_role("rowheader").first
    assert not name.is_visible()
    page.emulate_media(media="print")
    assert page.locator("tbody th").first.bounding_box()["height"] > 5
