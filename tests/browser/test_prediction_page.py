"""Predictions in a real JupyterLab: by mouse and by keys, and kept."""

from __future__ import annotations

import json

import pytest
from accessible import violations
from lab_server import Server
from notebook_page import run_all
from playwright.sync_api import Page, expect

from stylelab.lessons.lesson import FILE

pytestmark = pytest.mark.browser

CELLS = [
    """from stylelab.lessons.lesson import Caption, Lesson
lesson = Lesson("04", {
    "first": Caption("The eyes come first", "Cats", answer="the eyes"),
    "deep": Caption("Deep layers forget", within=3),
    "light": Caption("Light matters less", "Curves", within=0.1),
})""",
    'lesson.predict("first", "the eyes", "the fur")',
    'lesson.predict("deep", number=(0, 60), unit="dB")',
    'lesson.predict("light", curve=["relu1_1", "relu2_1", "relu3_1"], label="share")',
    "lesson.score()",
]


def test_a_choice_a_number_and_a_curve_are_kept(server: Server, page: Page) -> None:
    address = server.address("predictions.ipynb", CELLS)
    run_all(page, address)
    expect(page.get_by_text("You predicted 0 of 3.")).to_be_visible()
    questions = page.locator(".sl-prediction")
    expect(questions).to_have_count(3)
    assert violations(page, ".sl-prediction") == []

    def kept() -> dict:
        return json.loads((server.folder / FILE).read_text("utf-8"))["04"]

    page.get_by_label("the fur").check()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("the eyes")).to_be_checked()
    number = questions.nth(1)
    number.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect(number.locator("output")).to_have_text("30.6 dB")

    curve = questions.nth(2)
    box = curve.locator("svg").bounding_box()
    scale = box["width"] / 360  # of its drawing: 90 px for the axis and each place
    at = [(box["x"] + scale * (135 + 90 * i), box["y"] + scale * 62) for i in range(3)]
    page.mouse.move(*at[0])
    page.mouse.down()
    for place in at[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()
    curve.get_by_label("relu3_1").focus()
    page.keyboard.press("ArrowDown")
    expect(questions.get_by_text("Kept: now run on.")).to_have_count(3)
    # No key reached JupyterLab, which would have moved to another cell.
    assert page.evaluate("document.activeElement.ariaLabel") == "relu3_1"
    drawn = pytest.approx([0.75, 0.75, 0.74], abs=0.02)
    expect(curve.get_by_label("relu3_1")).to_have_value("0.74")
    assert kept() == {"first": "the eyes", "deep": pytest.approx(30.6), "light": drawn}

    run_all(page, f"{address}&again")
    expect(page.get_by_text("You predicted 1 of 3.")).to_be_visible()
    expect(page.get_by_label("the eyes")).to_be_checked()
