"""FieldLab in a real JupyterLab: one path in every run, further ones in slow runs."""

from __future__ import annotations

import pytest
from lab_server import Server
from notebook_page import changed, fits, one_screen, pixels, run_all
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

CELL = "from stylelab.labs import FieldLab\nlab = FieldLab()\nlab"


def measured(page: Page, count: int) -> None:
    """Waits for the influence of as many layers."""
    expect(page.get_by_text("90% within")).to_have_count(count)


def test_a_point_and_a_layer_are_chosen(server: Server, page: Page) -> None:
    run_all(page, server.address("fieldlab.ipynb", [CELL]))
    photo, cards = page.locator(".sl-stage"), page.locator(".sl-cards")
    measured(page, 4)
    first, before = pixels(photo), pixels(cards)

    photo.click(position={"x": 100, "y": 100})
    there = changed(photo, first, by=0.5)
    changed(cards, before)

    page.get_by_label("Layer 2").select_option("relu4_4")
    expect(page.locator(".sl-card").nth(1)).to_contain_text("116 × 116")
    changed(photo, there, by=0.2)
    measured(page, 4)

    page.get_by_label("Layer 1").select_option("relu4_4")
    expect(page.get_by_role("alert")).to_have_text(
        "relu4_4 is compared already: choose another layer"
    )
    expect(page.get_by_label("Layer 1")).to_have_value("relu2_1")
    page.get_by_label("Layer 1").select_option("relu1_1")
    expect(page.get_by_role("alert")).to_have_count(0)
    measured(page, 4)
    one_screen(page)
    # Two by two from 360 px on, which the page has at 480 px.
    page.set_viewport_size({"width": 480, "height": 900})
    tops = """() => [...document.querySelectorAll(".sl-card")].map((card) =>
      Math.round(card.getBoundingClientRect().top))"""
    page.wait_for_function("""() => {
      const width = document.querySelector(".stylelab").clientWidth;
      return 360 <= width && width < 440;
    }""")
    first, second, third, fourth = page.evaluate(tops)
    assert first == second < third == fourth


@pytest.mark.slow
def test_drag_and_keys_move_the_point_and_it_fits(server: Server, page: Page) -> None:
    run_all(page, server.address("drag.ipynb", [CELL]))
    photo = page.locator(".sl-stage")
    box = photo.bounding_box()
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.down()
    for step in range(20):
        page.mouse.move(box["x"] + 50 + 10 * step, box["y"] + 50 + 4 * step)
    page.mouse.up()
    measured(page, 4)
    before = pixels(photo)
    photo.press("ArrowRight")
    photo.press("Shift+ArrowDown")
    changed(photo, before, by=0.2)
    measured(page, 4)
    fits(page, 400, 1900)


@pytest.mark.slow
def test_two_layers_are_enough(server: Server, page: Page) -> None:
    run_all(page, server.address("two.ipynb", [CELL]))
    page.get_by_label("Layer 4").select_option("–")
    page.get_by_label("Layer 3").select_option("–")
    expect(page.locator(".sl-card")).to_have_count(2)
    measured(page, 2)
