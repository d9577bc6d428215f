"""ReconstructionLab in a real JupyterLab: its lanes, and what the browser does."""

from __future__ import annotations

import re

import pytest
from accessible import violations
from lab_server import Server
from notebook_page import changed, one_screen, pixels, run_all, shot
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

CELL = "from stylelab.labs import ReconstructionLab\nlab = ReconstructionLab({})\nlab"
LAYERS = ["relu1_2", "relu4_2", "relu5_2"]
SMALL = f"'mona_lisa', size=64, steps=25, content_layers={LAYERS}"
expect.set_options(timeout=60_000)  # a run may take a while on a busy machine


def lane(page: Page, start: str) -> Locator:
    """The lane whose name, as screen readers hear it, begins so."""
    return page.get_by_role("button", name=re.compile(f"^{start}"))


def test_the_shipped_row_is_enlarged_and_covered_by_keys(
    server: Server, page: Page
) -> None:
    run_all(page, server.address("lanes.ipynb", [CELL.format("")]))
    expect(page.locator("button.sl-lane")).to_have_count(5)
    assert violations(page, ".stylelab") == []
    one_screen(page)
    # Another network: at once, because its row is shipped, too.
    deep = lane(page, "relu5_2, sees 188 px, PSNR 14.3 dB, loss 0.03: enlarge")
    trained = pixels(deep)
    page.get_by_label("random").check()
    changed(lane(page, "relu5_2, sees 188 px, PSNR 14.7 dB"), trained)
    page.get_by_label("trained").check()
    # Enlarged beside the photo; Escape puts the focus back.
    deep.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("relu5_2, sees 188 px: 14.3 dB")
    line = dialog.get_by_label("How much of the photo is shown")
    before = pixels(dialog)
    line.press("End")
    changed(dialog, before)
    assert violations(page, ".stylelab") == []
    shot(page, "lanes-enlarged")
    line.press("Escape")
    expect(dialog).to_be_hidden()
    expect(deep).to_be_focused()
    # Pictures are covered, and each is uncovered by itself.
    covers = page.get_by_label("Predict first")
    covers.select_option("what will come back?")
    numbers = page.locator(".sl-lane-psnr", has_text="dB")
    expect(numbers).to_have_count(0)
    covered = lane(page, "relu5_2, sees 188 px, its picture is covered")
    grey = pixels(covered)
    covered.press("Enter")
    changed(deep, grey)
    expect(numbers).to_have_count(1)
    # Names are covered, in another order; nothing gives them away.
    covers.select_option("which layer is it?")
    riddles = lane(page, "A layer whose name is covered")
    expect(riddles).to_have_count(5)
    for clue in ("relu", "sees", "dB", "loss"):
        expect(page.locator(".sl-lanes")).not_to_contain_text(clue)
    riddles.first.press("Enter")
    expect(riddles).to_have_count(4)
    expect(page.locator(".sl-lanes")).to_contain_text("relu")
    assert violations(page, ".stylelab") == []


def test_lanes_grow_together_and_a_slider_goes_back_to_noise(
    server: Server, page: Page
) -> None:
    run_all(page, server.address("growing.ipynb", [CELL.format(SMALL)]))
    shallow, deep = lane(page, "relu1_2"), lane(page, "relu5_2")
    expect(deep).to_have_accessible_name("relu5_2, sees 188 px: no picture yet")
    time = page.locator(".sl-lanes-below").get_by_label("Step of the run")
    expect(time).to_be_hidden()
    page.get_by_role("button", name="▶ Run").press("Enter")
    expect(page.get_by_text("Done: 25 steps")).to_be_visible()
    expect(page.locator(".sl-standing")).to_have_attribute("aria-live", "polite")
    one_screen(page)
    ends = [pixels(shallow), pixels(deep)]
    name = deep.get_attribute("aria-label")
    time.press("Home")
    expect(page.get_by_text("1 of 25", exact=True)).to_be_visible()
    for one, end in zip((shallow, deep), ends, strict=True):
        changed(one, end, by=3)
    assert deep.get_attribute("aria-label") != name
    time.press("End")
    expect(page.get_by_text("25 of 25", exact=True)).to_be_visible()
    expect(deep).to_have_accessible_name(name)
    # The other network is made at once; switched back, the first row has its slider.
    page.get_by_label("random").check()
    expect(page.get_by_text("25 steps · random weights")).to_be_visible()
    expect(page.get_by_label("trained")).to_be_enabled()
    expect(deep).not_to_have_accessible_name(name)
    page.get_by_label("trained").check()
    expect(deep).to_have_accessible_name(name)
    time.press("Home")
    expect(page.get_by_text("1 of 25", exact=True)).to_be_visible()
    name = "reconstruct-mona_lisa-relu4_2.png"
    page.get_by_role("button", name="↓ Save").click()
    expect(page.get_by_role("status")).to_contain_text(name)
    assert (server.folder / name).is_file()


@pytest.mark.slow
def test_stop_keeps_every_lane(server: Server, page: Page) -> None:
    run_all(page, server.address("stopped.ipynb", [CELL.format("steps=100_000")]))
    page.get_by_role("button", name="▶ Run").click()
    expect(page.get_by_text("of 100000, about")).to_be_visible()
    expect(page.locator(".sl-standing")).to_have_attribute("aria-live", "off")
    page.get_by_role("button", name="■ Stop").click()
    expect(page.get_by_text("the pictures are kept")).to_be_visible()
    for layer in ("relu1_2", "relu2_2", "relu3_2", "relu4_2", "relu5_2"):
        expect(lane(page, f"{layer}, sees .* enlarge")).to_be_visible()
