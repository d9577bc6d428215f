"""Everybody can use the studio: axe-core's rules in each state, and keys alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import PIL.Image
import pytest
from accessible import violations
from playwright.sync_api import Page, expect
from studio_server import (
    SMALL,
    Studio,
    at_work,
    ended,
    enter,
    paint,
    paint_a_mask,
    quick,
    running,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOCUSED = """() => {
  const focused = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(focused);
  const box = focused.getBoundingClientRect();
  const covering = document.elementFromPoint(box.x + box.width / 2, box.y + 9);
  return [
    focused.ariaLabel || focused.labels?.[0]?.textContent || focused.textContent,
    outlineStyle === "none" ? 0 : parseFloat(outlineWidth),
    Boolean(covering?.closest(".sl-buttons")) && !focused.closest(".sl-buttons"),
  ];
}"""


@pytest.fixture(scope="module")
def studio(
    browser_path: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Studio]:
    with running(tmp_path_factory.mktemp("studio")) as running_studio:
        yield running_studio


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_no_state_violates_a_rule(
    studio: Studio, page: Page, scheme, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    enter(page, studio)
    assert violations(page) == []
    more = page.get_by_role("button", name="More")
    more.click()
    assert violations(page) == []
    more.click()
    page.get_by_role("button", name="Small", exact=True).click()
    page.get_by_label("Mix up to 3").check()
    page.get_by_role("button", name="The Great Wave").click()
    paint_a_mask(page)
    assert violations(page) == []
    paint(page)
    at_work(page)
    assert violations(page) == []
    page.get_by_role("button", name="■ Stop").click()
    ended(page, "Stopped after")
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_other_page_violates_a_rule(page: Page, scheme, tmp_path: Path) -> None:
    with running(tmp_path, "-c", SMALL) as studio:
        enter(page, studio)
        other = page.context.browser.new_page(color_scheme=scheme)
        for path, words in (("", "studio is full"), ("nowhere", "")):
            other.goto(studio.url + path)
            expect(other.get_by_role("heading", level=1)).to_contain_text(words)
            assert violations(other) == []
        page.goto("about:blank")


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Goes on to the control called `name`; each one on the way is seen to have it."""
    for _ in range(150):
        page.keyboard.press(key)
        label, outline, is_covered = page.evaluate(FOCUSED)
        if page.evaluate("document.activeElement !== document.body"):
            assert outline >= 3, label
            assert not is_covered, label
        label = " ".join(label.split())
        if name in label and len(label) < 60:  # else it is an area that scrolls
            return
    raise AssertionError(f"no key leads to {name}")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_keys_alone_lead_from_the_opening_to_the_saved_picture(
    studio: Studio, page: Page, tmp_path: Path, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(reduced_motion="reduce")
    enter(page, studio)
    press = page.keyboard.press
    tab_to(page, "a cup of coffee")
    press("Enter")
    tab_to(page, "Great Wave")
    press("Space")
    tab_to(page, "Style strength")
    press("ArrowRight")
    tab_to(page, "Small")
    press("Enter")
    tab_to(page, "More")
    press("Enter")
    tab_to(page, "Steps")
    press("Control+a")
    page.keyboard.type("6")
    tab_to(page, "More", "Shift+Tab")
    press("Enter")
    tab_to(page, "Paint it")
    press("Enter")
    ended(page, "Done: 6 steps")
    tab_to(page, "Save")
    with page.expect_download() as download:
        press("Enter")
    download.value.save_as(tmp_path / "home.png")
    assert download.value.suggested_filename == "coffee-great_wave.png"
    with PIL.Image.open(tmp_path / "home.png") as image:
        assert min(image.size) == 256


def test_what_begins_a_run_and_what_grows_is_always_in_sight(
    studio: Studio, page: Page
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, studio)
    for name in ("The studio", "1  Your photo", "3  How it is painted"):
        page.get_by_role("heading", name=re.sub(" +", " ", name)).hover()
        expect(page.get_by_role("button", name="▶ Paint it")).to_be_in_viewport()
    quick(page, steps=60)
    paint(page)
    at_work(page)
    expect(page.locator(".sl-grown")).to_be_in_viewport(ratio=0.9)
    for part in (page.get_by_role("progressbar"), page.locator(".sl-standing")):
        expect(part).to_be_in_viewport(ratio=1)
    expect(page.locator(".sl-forecast")).to_have_count(0)
    page.get_by_role("button", name="■ Stop").click()
    ended(page, "Stopped after")
    expect(page.get_by_role("button", name="Larger")).to_be_visible()
    # At a desk the panel goes along with the options.
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="More ▾").click()
    page.get_by_label("Seed").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Paint it again")).to_be_in_viewport()
