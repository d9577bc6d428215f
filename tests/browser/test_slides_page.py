"""The slides in a real Chromium: whole, legible from far off, without a network."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest
from accessible import violations
from notebook_page import SCREENSHOTS
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# axe-core wants to read the style sheets, which a page that is a file may not.
EXPECTED = ("Access to XMLHttpRequest at 'file:", "net::ERR_FAILED")
ROOT = Path(__file__).parents[2]
# For each slide: what stands out of it, the smallest letters, and the picture's share.
MEASURE = """() => Reveal.getSlides().map((slide, i) => {
  Reveal.slide(i);
  const texts = [...slide.querySelectorAll(":scope :is(h1, h2, p, li)")];
  const shown = texts.filter((text) => text.getClientRects().length && text.innerText);
  const sizes = shown.map((text) => parseFloat(getComputedStyle(text).fontSize));
  const img = slide.querySelector("img");
  return {
    title: slide.querySelector("h1, h2").innerText,
    beyond: Math.max(slide.scrollHeight - 720, slide.scrollWidth - 1280),
    smallest: Math.min(...sizes),
    scale: img ? Math.min(img.clientWidth / img.naturalWidth,
                          img.clientHeight / img.naturalHeight) : 1,
  };
})"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The slides of all notebooks, as `make slides` writes them."""
    folder = tmp_path_factory.mktemp("slides")
    names = map(str, sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")))
    command = [sys.executable, ROOT / "tools" / "slides.py", *names, "-o", folder]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    return folder


def test_slides_are_whole_and_large_and_need_no_network(
    page: Page, folder: Path
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in sorted(folder.glob("*.html")):
        page.goto(path.as_uri())
        page.wait_for_function("Reveal.isReady()")
        for slide in page.evaluate(MEASURE):
            assert slide["beyond"] <= 0, slide
            assert slide["smallest"] >= 24, slide
            assert slide["scale"] > 0.65, slide
    assert asked
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_a_slide_breaks_no_rule_and_has_its_notes(page: Page, folder: Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto((folder / "01.html").as_uri())
    page.wait_for_function("Reveal.isReady()")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for number in (0, 1, 2, 4, 12, 22):
        page.evaluate("(number) => Reveal.slide(number)", number)
        assert violations(page, "section.present") == []
        page.screenshot(path=SCREENSHOTS / f"slide-{number}.png")
    page.evaluate("Reveal.slide(1)")
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value.locator(".speaker-controls-notes .value")
    notes.get_by_text("Leon Gatys").wait_for()


def test_on_a_phone_slides_stand_below_each_other(page: Page, folder: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto((folder / "05.html").as_uri())
    page.wait_for_function("Reveal.isReady()")
    slides = page.locator(".slides section")
    boxes = [slides.nth(i).bounding_box() for i in range(slides.count())]
    assert len(boxes) > 20
    for box, following in itertools.pairwise(boxes):
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 391
        assert 0 <= following["y"] - box["y"] - box["height"] < 120
    for title in page.locator(".slides .words > :is(h1, h2)").all():
        assert title.bounding_box()["x"] > 10  # the slide keeps its margin
    page.screenshot(path=SCREENSHOTS / "slides-on-a-phone.png")
