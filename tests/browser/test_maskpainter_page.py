"""The mask painter in a real JupyterLab: one path in every run, others in slow runs."""

from __future__ import annotations

import json

import pytest
from lab_server import Server
from notebook_page import changed, fits, pixels, run_all
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PAINTER = """
import ipywidgets
from stylelab.labs.widgets.base import PageLink
from stylelab.labs.widgets.mask_painter import MaskPainter
from stylelab.pictures import images

painter = MaskPainter()
image = images.resized(images.open_picture("palace"), 100)
painter.show(images.jpeg(image), image.size, "A mask over the palace.")
ipywidgets.VBox([painter, PageLink()]).add_class("stylelab")"""
# Writes what Python got into a file: no cell can be run to ask for it.
REPORT = """
import json
from pathlib import Path

def report(_):
    mask = painter.mask
    facts = [float(mask.mean()), bool(mask[50, 75]), bool(mask[5, 5])]
    Path("mask.json").write_text(json.dumps(facts))

painter.observe(report, "painted")"""


def mask_in_python(server: Server, page: Page) -> tuple[float, bool, bool]:
    """The share that is painted, and whether the middle and the corner are."""
    path = server.folder / "mask.json"
    for _ in range(100):
        if path.exists() and path.stat().st_size:
            facts = json.loads(path.read_text())
            path.unlink()
            return tuple(facts)
        page.wait_for_timeout(100)
    raise AssertionError("Python heard nothing of a stroke")


def test_a_stroke_is_painted_erased_and_inverted(server: Server, page: Page) -> None:
    run_all(page, server.address("painter.ipynb", [PAINTER, REPORT]))
    stage = page.locator(".sl-painter")
    before, box = pixels(stage), stage.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.2 * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], y, steps=8)
    page.mouse.up()
    share, middle, corner = mask_in_python(server, page)
    assert (middle, corner) == (True, False)
    assert 0.1 < share < 0.3
    painted = changed(stage, before)
    expect(page.get_by_text(f"{share:.0%} painted")).to_be_visible()

    page.get_by_role("button", name="Erase").click()
    stage.click()
    less, middle, _ = mask_in_python(server, page)
    assert less < share
    assert not middle
    changed(stage, painted)

    page.get_by_role("button", name="Invert").click()
    rest, middle, corner = mask_in_python(server, page)
    assert rest == pytest.approx(1 - less, abs=0.01)
    assert (middle, corner) == (True, True)

    page.get_by_role("button", name="Undo").click()  # the inversion
    assert mask_in_python(server, page)[0] == less
    stage.press("Control+z")  # what was erased
    assert mask_in_python(server, page) == (share, True, False)
    stage.press("Control+z")
    assert mask_in_python(server, page)[0] == 0


@pytest.mark.slow
def test_keys_paint_too_and_python_can_paint(server: Server, page: Page) -> None:
    cells = [PAINTER, REPORT, "painter.mask = painter.mask | True"]
    run_all(page, server.address("keys_painter.ipynb", cells))
    assert mask_in_python(server, page) == (1.0, True, True)
    expect(page.get_by_text("100% painted")).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    assert mask_in_python(server, page)[0] == 0
    stage = page.locator(".sl-painter")
    stage.press(" ")
    share, middle, _ = mask_in_python(server, page)
    assert middle
    stage.press("ArrowLeft")
    more = mask_in_python(server, page)[0]
    assert more > share
    stage.press(" ")  # the pen is up again: moving it paints nothing
    stage.press("ArrowUp")
    page.wait_for_timeout(500)
    assert not (server.folder / "mask.json").exists()


LAB = """
from stylelab.labs import TransferLab

lab = TransferLab("palace", ["starry_night", "great_wave"], size=64, steps=4)
lab"""


@pytest.mark.slow
def test_a_second_style_goes_where_it_is_painted(server: Server, page: Page) -> None:
    run_all(page, server.address("second.ipynb", [LAB]))
    page.get_by_role("button", name="the second where I paint").click()
    for width in (1440, 400):
        fits(page, width, 2400)
        page.get_by_role("button", name="Clear").click()
        expect(page.get_by_text("0% painted", exact=True)).to_be_visible()
        box = page.locator(".sl-painter").bounding_box()
        page.mouse.move(box["x"] + 9, box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] - 9, box["y"] + 40, steps=9)
        page.mouse.up()
        expect(page.get_by_text("0% painted", exact=True)).not_to_be_visible()
    page.get_by_role("button", name="Run", exact=False).first.click()
    expect(page.get_by_text("Done: 4 steps")).to_be_visible(timeout=60_000)
