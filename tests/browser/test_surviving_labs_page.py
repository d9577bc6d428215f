"""What is left of a lab: when it was saved, its kernel restarted, its tab closed."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from lab_server import Server
from nbconvert import HTMLExporter
from notebook_page import COMMAND, READY, SCREENSHOTS, pixels, run_all
from playwright.sync_api import Page, expect
from test_runlabs_page import grown, run_cell

pytestmark = pytest.mark.browser

# JupyterLab's own, for a widget whose kernel is gone.
EXPECTED = ("widget model not found",)
LONG = 100_000  # steps: longer than any test
CELLS = "window.jupyterapp.shell.currentWidget.content.widgets"
RUNS = """
from stylelab.labs import TransferLab
TransferLab("cat", "brick", size=48, steps=3)"""
NO_RUNS = """
from stylelab.labs import LayerLab
lab = LayerLab()
display(lab)"""
STILL = f"""([cell, words]) => {CELLS}[cell].model.outputs.toJSON()
  .some(({{ data }}) => data?.["text/html"]?.includes(words))"""


def has_still(page: Page, cell: int, words: str) -> None:
    """Waits until the still of a cell's lab, as it would be saved, says `words`."""
    page.wait_for_function(STILL, arg=[cell, words])


def start(page: Page) -> None:
    """Presses Run, once the forecast and perhaps a guess are there."""
    expect(page.get_by_text("This takes about")).to_be_visible()
    page.locator(".stylelab .sl-main").click()


def looks_painted(page: Page, nth: int) -> None:
    still = page.locator(".sl-still").nth(nth)
    still.scroll_into_view_if_needed()
    expect(still).to_be_visible()
    picture = pixels(still)
    assert min(picture.shape[:2]) > 150
    assert np.std(picture) > 30


def test_a_saved_lab_is_there_without_its_kernel_and_in_an_export(
    server: Server, page: Page
) -> None:
    address = server.address("kept.ipynb", [RUNS, NO_RUNS])
    run_all(page, address)
    start(page)
    expect(page.get_by_text("Done: 3 steps")).to_be_visible()
    has_still(page, 0, "after 3 steps")
    page.get_by_label("Layer", exact=True).press("End")
    has_still(page, 1, "Layer pool5 of VGG-19")
    expect(page.locator(".sl-still")).to_have_count(2)
    for still in page.locator(".sl-still").all():
        expect(still).to_be_hidden()
    page.evaluate(COMMAND, "docmanager:save")
    page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty")
    server.end_kernels()

    page.goto("about:blank")
    page.goto(address)
    page.wait_for_function(READY)
    page.screenshot(path=SCREENSHOTS / "reopened.png")
    for nth in range(2):
        looks_painted(page, nth)
    expect(page.locator(".stylelab")).to_have_count(0)
    for line in page.get_by_text("Error displaying widget").all():
        expect(line).to_be_hidden()

    html, _ = HTMLExporter().from_filename(server.folder / "kept.ipynb")
    # As on paper: without scripts, some of which would come from the network.
    exported = page.context.browser.new_context(java_script_enabled=False).new_page()
    exported.set_content(html)
    for nth in range(2):
        looks_painted(exported, nth)
    exported.screenshot(path=SCREENSHOTS / "exported.png", full_page=True)


@pytest.mark.slow
def test_a_restarted_kernel_is_said_once_and_nothing_can_be_pressed(
    server: Server, page: Page
) -> None:
    lab = f"from stylelab.labs import TextureLab\nTextureLab(size=48, steps={LONG})"
    run_all(page, server.address("restarted.ipynb", [lab]))
    start(page)
    grown(page)
    context = "window.jupyterapp.shell.currentWidget.sessionContext"
    page.evaluate(f"void {context}.session.kernel.restart()")
    words = "The kernel was restarted: run this cell again (Shift+Enter)."
    expect(page.get_by_role("alert").get_by_text(words)).to_be_visible()
    page.wait_for_function(READY)
    page.screenshot(path=SCREENSHOTS / "restarted.png")
    lost = page.locator(".stylelab.jupyter-widgets-disconnected")
    expect(lost).to_have_count(1)
    icons = """(lab) => [lab, ...lab.querySelectorAll(".jupyter-widgets-disconnected")]
      .map((part) => getComputedStyle(part, "::before").content)"""
    assert {*lost.evaluate(icons)} == {"none"}
    # Neither by a click nor by Tab.
    stop = page.locator(".stylelab button", has_text="Stop")
    assert stop.evaluate("(stop) => !!stop.closest('[inert]')")
    page.evaluate(COMMAND, "notebook:run-all-cells")
    expect(page.get_by_text(words)).to_have_count(0)
    start(page)
    grown(page)


# Seconds that the kernel waits for a page, and a file that says how the run stands.
WATCHED = f"""
import threading, time
from pathlib import Path
from stylelab.labs import TextureLab
from stylelab.labs.widgets import base
base.PATIENCE = 8
lab = TextureLab(size=48, steps={LONG})
def tell():
    while True:
        Path("next").write_text(lab.panel.live.state)
        Path("next").replace("state")  # never half written
        time.sleep(0.2)
threading.Thread(target=tell, daemon=True).start()
lab"""


def becomes(state: Path, wanted: str) -> None:
    late = time.monotonic() + 90
    while state.read_text() != wanted:
        assert time.monotonic() < late, f"the run is {state.read_text()}"
        time.sleep(0.2)


@pytest.mark.slow
def test_a_run_ends_with_its_tab_and_not_while_it_is_out_of_sight(
    server: Server, page: Page
) -> None:
    cells = [WATCHED, *["1"] * 40, "time.sleep(10)"]
    address, state = server.address("left.ipynb", cells), server.folder / "state"
    run_all(page, address)
    start(page)
    grown(page)
    # Out of sight, beside a cell that runs, and with timers that sleep, as those of a
    # tab behind another one do.
    run_cell(page, 41)
    page.evaluate("window.awake = [setTimeout, setInterval]")
    page.evaluate("window.setTimeout = window.setInterval = () => 0")
    time.sleep(25)
    assert state.read_text() == "running"
    page.evaluate("[window.setTimeout, window.setInterval] = window.awake")
    page.evaluate(COMMAND, "docmanager:save")
    page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty")
    page.evaluate(COMMAND, "application:close")
    becomes(state, "stopped")
    page.goto("about:blank")
    second = page.context.browser.new_context().new_page()
    second.goto(address)
    second.wait_for_function(READY)
    expect(second.get_by_text("no page showed this lab any more")).to_be_visible()
    expect(second.get_by_text("the picture is kept")).to_be_visible()
    second.screenshot(path=SCREENSHOTS / "left.png")
    # A browser that is closed says nothing.
    second.locator(".stylelab .sl-main").click()
    becomes(state, "running")
    second.context.close()
    becomes(state, "stopped")
