"""TradeoffLab in a real JupyterLab: the slider in every run, the rest in slow ones."""

from __future__ import annotations

import re

import pytest
from lab_server import Server
from notebook_page import changed, fits, pixels, run_all
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

CELL = "from stylelab.labs import TradeoffLab\nTradeoffLab()"
# A row that takes seconds instead of a minute.
SMALL = (
    "from stylelab.labs import TradeoffLab\n"
    "TradeoffLab('cat', 'brick', size=32, steps={steps})"
)


def handle(page: Page) -> Locator:
    return page.get_by_role("slider", name="Style over content, β/α")


def curve_of(page: Page, count: int | str) -> Locator:
    """The curve with the dots of `count` pictures, as screen readers name it."""
    return page.get_by_role("img", name=re.compile(f"error. {count} pictures"))


def test_the_slider_changes_picture_and_dot(server: Server, page: Page) -> None:
    run_all(page, server.address("tradeoff.ipynb", [CELL]))
    expect(curve_of(page, 7)).to_be_visible()
    picture, curve = page.locator(".sl-shown"), page.locator(".sl-tradeoff")
    expect(handle(page)).to_have_attribute("aria-valuetext", "1.88")
    first, drawn = pixels(picture), pixels(curve)
    handle(page).press("ArrowRight")
    expect(page.get_by_role("img", name="Picture 5 of 7")).to_be_visible()
    expect(handle(page)).to_have_attribute("aria-valuetext", "7.5")
    changed(picture, first)
    changed(curve, drawn, by=0.1)
    page.get_by_role("button", name="Picture 2, β/α 0.117").click()
    expect(page.get_by_role("img", name="Picture 2 of 7")).to_be_visible()
    dot = page.get_by_role("button", name="Picture 7, β/α 120")
    dot.press("Enter")
    expect(page.get_by_role("img", name="Picture 7 of 7")).to_be_visible()
    expect(dot).to_have_attribute("aria-pressed", "true")
    expect(handle(page)).to_have_attribute("aria-valuetext", "120")


@pytest.mark.slow
def test_a_missing_row_is_made_while_one_watches(server: Server, page: Page) -> None:
    run_all(page, server.address("missing.ipynb", [SMALL.format(steps=8)]))
    expect(page.get_by_text("7 pictures of this row are missing")).to_be_visible()
    page.set_viewport_size({"width": 1366, "height": 768})
    run = page.get_by_role("button", name="▶ Run", exact=True)
    expect(run).to_be_in_viewport()
    run.press("Enter")
    expect(page.get_by_text(re.compile("Picture 1 of 7, step . of 8"))).to_be_visible()
    for seen in (page.locator(".sl-grown"), curve_of(page, "[1-6]")):
        expect(seen).to_be_in_viewport(ratio=1, timeout=60_000)
    expect(curve_of(page, 7)).to_be_visible(timeout=60_000)
    film = page.get_by_role("slider", name="Step")
    expect(film).to_have_attribute("aria-valuetext", "step 56 of 56")
    expect(page.get_by_role("button", name="■ Stop")).not_to_be_visible()
    for key, number in (("ArrowRight", 2), ("Home", 1)):
        handle(page).press(key)
        picture = page.get_by_role("img", name=f"Picture {number} of 7")
        expect(picture).to_be_visible()


@pytest.mark.slow
def test_stop_keeps_what_is_finished(server: Server, page: Page) -> None:
    run_all(page, server.address("stop.ipynb", [SMALL.format(steps=60)]))
    page.get_by_role("button", name="▶ Run", exact=True).click()
    expect(curve_of(page, "[2-6]")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="■ Stop").click()
    again = page.get_by_role("button", name="▶ Run again")
    expect(again).to_be_enabled()
    told = "[2-6] of 7 pictures are made; press Run for the rest."
    expect(page.get_by_text(re.compile(told))).to_be_visible()
    expect(curve_of(page, "[2-6]")).to_be_visible()
    again.click()
    expect(curve_of(page, 7)).to_be_visible(timeout=120_000)


def choose_style(page: Page, name: str) -> None:
    page.get_by_role("button", name="Style: ").click()
    page.get_by_role("dialog").get_by_role("button", name=name).click()


@pytest.mark.slow
def test_another_style_and_the_same_picture_twice(server: Server, page: Page) -> None:
    run_all(page, server.address("pairs.ipynb", [CELL]))
    choose_style(page, "Summer Palace")
    expect(page.get_by_role("alert")).to_contain_text("one picture")
    choose_style(page, "The Great Wave")
    expect(page.get_by_text("7 pictures of this row are missing")).to_be_visible()
    expect(curve_of(page, 0)).to_be_visible()
    choose_style(page, "The Starry Night")
    expect(curve_of(page, 7)).to_be_visible()
    fits(page, 400, 2000)
