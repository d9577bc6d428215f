"""The labs with runs in a real JupyterLab: one path each; further ones in slow runs."""

from __future__ import annotations

import re
import time

import numpy as np
import pytest
from lab_server import Server
from notebook_page import (
    COMMAND,
    READY,
    changed,
    one_screen,
    pixels,
    run_all,
    shot,
)
from playwright.sync_api import Locator, Page, expect

from stylelab.pictures.files import read_record

pytestmark = pytest.mark.browser

LONG = 100_000  # steps: longer than any test
expect.set_options(timeout=60_000)  # a run may take a while on a busy machine


def cell(lab: str, picture: str = "", **options: object) -> str:
    words = [picture] * bool(picture) + [f"{k}={v!r}" for k, v in options.items()]
    return f"from stylelab.labs import {lab}\nlab = {lab}({', '.join(words)})\nlab"


def press(page: Page, name: str, nth: int = 0) -> None:
    page.get_by_role("button", name=name).nth(nth).click()


def run_cell(page: Page, index: int) -> None:
    # In one go: what gets the focus in between would be the active cell.
    page.evaluate(
        """(index) => {
          window.jupyterapp.shell.currentWidget.content.activeCellIndex = index;
          void window.jupyterapp.commands.execute("notebook:run-cell");
        }""",
        index,
    )


def grown(page: Page, nth: int = 0) -> Locator:
    """The picture, once there is one."""
    picture = page.locator(".sl-grown").nth(nth)
    expect(picture).to_be_visible()
    return picture


def content(picture: Locator) -> np.ndarray:
    """What a picture shows, at 32 px, wherever it is on the page."""
    look = """async (image) => {
      await image.decode();
      const pen = new OffscreenCanvas(32, 32).getContext("2d");
      pen.drawImage(image, 0, 0, 32, 32);
      return [...pen.getImageData(0, 0, 32, 32).data];
    }"""
    return np.array(picture.evaluate(look))


def test_a_photo_is_painted_and_saved(server: Server, page: Page) -> None:
    run_all(page, server.address("transfer.ipynb", [cell("TransferLab", size=64)]))
    expect(page.get_by_text("This takes about")).to_be_visible()
    ratio = page.get_by_label("Style over content")
    ratio.press("ArrowRight")
    expect(page.locator(".sl-slider .widget-readout")).to_have_text("35")
    expect(ratio).to_have_attribute("aria-valuetext", "35")
    steps = page.get_by_label("Steps")
    steps.fill("20")
    steps.press("Enter")
    expect(page.locator("code")).to_contain_text("steps=20, style_weight=35")
    press(page, "Run")
    first = pixels(grown(page))
    changed(page.locator(".sl-grown"), first)
    expect(page.get_by_text("Done: 20 steps")).to_be_visible()
    press(page, "Save")
    name = "transfer-palace-starry_night.png"
    expect(page.get_by_role("status")).to_contain_text(name)
    record = read_record(server.folder / name)
    assert record["recipe"]["style_weight"] == 35
    assert record["finished"]


def test_a_texture_grows_from_chosen_layers(server: Server, page: Page) -> None:
    lab = cell("TextureLab", '"gravel"', size=64, steps=30)
    run_all(page, server.address("texture.ipynb", [lab]))
    button = page.get_by_role("button", name="relu5_1")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "false")
    page.get_by_label("Statistic").select_option("mean_std")
    press(page, "Run")
    grown(page)
    expect(page.get_by_text("Done: 30 steps")).to_be_visible()
    expect(page.locator(".sl-losses")).to_contain_text("of that")


def test_results_are_remembered_compared_and_gone_through_step_by_step(
    server: Server, page: Page
) -> None:
    lab = cell("TextureLab", '"gravel"', size=64, steps=60)
    run_all(page, server.address("memory.ipynb", [lab]))
    expect(page.get_by_text("This takes about")).to_be_visible()
    page.get_by_role("button", name="▶ Run").press("Enter")
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    expect(page.get_by_text("Done: 60 steps")).to_be_visible()
    expect(page.get_by_role("button", name="Run again")).to_be_focused()

    film, end = page.get_by_role("slider", name="Step"), content(grown(page))
    expect(film).to_have_attribute("aria-valuetext", "step 60 of 60")
    film.press("Home")
    expect(film).to_have_attribute("aria-valuetext", re.compile(r"step \d of 60"))
    expect(page.locator(".sl-grown")).to_have_attribute(
        "alt", re.compile(r"The picture after step \d$")
    )
    assert np.abs(content(grown(page)) - end).mean() > 5
    film.press("End")
    assert np.array_equal(content(grown(page)), end)

    steps = page.get_by_label("Steps")
    steps.fill("3")
    steps.press("Enter")
    press(page, "Run again")
    expect(page.get_by_text("Done: 3 steps")).to_be_visible()
    results = page.get_by_role("region", name="Results so far")
    older = results.get_by_role("button", name="gravel · 64 px · 60 steps")
    newer = results.get_by_role("button", name="gravel · 64 px · 3 steps")
    expect(newer).to_have_attribute("aria-pressed", "true")
    older.click()
    expect(steps).to_have_value("60")
    expect(older).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Done: 60 steps")).to_be_visible()
    assert np.array_equal(content(grown(page)), end)
    expect(film).to_be_hidden()  # its pictures are another run's

    results.get_by_role("button", name="Compare").click()
    newer.click()
    line = page.get_by_role("slider", name="How much of the left picture is shown")
    expect(line).to_have_attribute("aria-valuetext", "50 %")
    both = pixels(page.locator(".sl-before-after"))
    line.press("Home")
    changed(page.locator(".sl-before-after"), both)
    results.get_by_role("button", name="Compare").click()
    expect(line).to_be_hidden()
    expect(grown(page)).to_be_visible()


def test_keys_pressed_in_a_lab_leave_the_notebook_alone(
    server: Server, page: Page
) -> None:
    run_all(page, server.address("keys_of_labs.ipynb", [cell("TextureLab", size=64)]))
    cells = page.locator(".jp-Notebook .jp-Cell")
    expect(cells).to_have_count(1)
    page.get_by_role("button", name="Texture: ").focus()
    page.keyboard.press("b")  # JupyterLab: a new cell below
    page.get_by_role("button", name="relu5_1").focus()
    page.keyboard.press("d")  # JupyterLab: twice, and the cell is deleted
    page.keyboard.press("d")
    page.wait_for_timeout(500)
    expect(cells).to_have_count(1)
    expect(page.get_by_role("button", name="relu5_1")).to_be_visible()


@pytest.mark.slow
def test_stop_keeps_the_picture_and_it_runs_again(server: Server, page: Page) -> None:
    lab = cell("TransferLab", size=128, steps=LONG)
    run_all(page, server.address("stop.ipynb", [lab]))
    press(page, "Run")
    expect(page.get_by_text(f"of {LONG}, about")).to_be_visible()
    shot(page, "running")
    began = time.monotonic()
    press(page, "Stop")
    expect(page.get_by_text("the picture is kept")).to_be_visible()
    print(f"stopped after {time.monotonic() - began:.2f} s")
    kept = pixels(grown(page))
    assert kept.std() > 10
    press(page, "Run again")
    expect(page.get_by_text(f"of {LONG}, about")).to_be_visible()
    press(page, "Stop")
    expect(page.get_by_text("the picture is kept")).to_be_visible()


@pytest.mark.slow
def test_a_cell_beside_a_run_answers_and_a_page_that_goes_ends_it(
    server: Server, page: Page
) -> None:
    lab = cell("TextureLab", size=128, steps=LONG)
    beside = "print('the run is', lab.panel.live.state)"
    run_all(page, server.address("beside.ipynb", [lab, beside]))
    expect(page.get_by_text("the run is ready")).to_be_visible()
    press(page, "Run")
    grown(page)
    run_cell(page, 1)
    expect(page.get_by_text("the run is running")).to_be_visible()
    before = pixels(grown(page))
    changed(grown(page), before, by=0.2)
    page.reload()
    page.wait_for_function(READY)
    for _ in range(30):  # some seconds after the page has gone
        run_cell(page, 1)
        page.wait_for_timeout(1000)
        if page.get_by_text("the run is stopped").is_visible():
            break
    expect(page.get_by_text("the run is stopped")).to_be_visible()


@pytest.mark.slow
def test_stop_answers_even_beside_a_busy_cell(server: Server, page: Page) -> None:
    lab = cell("TextureLab", size=64, steps=LONG)
    sleep = "import time\nif lab.panel.live.busy:\n    time.sleep(30)"
    run_all(page, server.address("busy.ipynb", [lab, sleep]))
    press(page, "Run")
    grown(page)
    run_cell(page, 1)
    busy = page.locator(".jp-InputPrompt", has_text="*")
    expect(busy).to_be_visible()
    before = pixels(grown(page))
    changed(grown(page), before, by=0.2)
    press(page, "Stop")
    expect(page.get_by_text("the picture is kept")).to_be_visible()
    expect(busy).to_be_visible()


@pytest.mark.slow
def test_a_cell_run_again_ends_the_run_that_nobody_sees_any_more(
    server: Server, page: Page
) -> None:
    lab = cell("TextureLab", size=64, steps=LONG)
    run_all(page, server.address("again.ipynb", [lab]))
    for _ in range(2):
        press(page, "Run")
        expect(page.get_by_text(f"of {LONG}, about")).to_be_visible()
        page.evaluate(COMMAND, "notebook:run-all-cells")
        expect(page.get_by_text("The picture will grow here.")).to_be_visible()


@pytest.mark.slow
def test_two_labs_take_turns(server: Server, page: Page) -> None:
    labs = [
        cell("TextureLab", size=128, steps=LONG),
        cell("ReconstructionLab", size=64, steps=10),
    ]
    run_all(page, server.address("two_labs.ipynb", labs))
    panels = page.locator(".stylelab")
    panels.nth(0).get_by_role("button", name="Run").click()
    grown(page)
    panels.nth(1).get_by_role("button", name="Run").click()
    expect(panels.nth(1)).to_contain_text("Waiting: one run is before this one")
    panels.nth(0).get_by_role("button", name="Stop").click()
    expect(panels.nth(1)).to_contain_text("Done: 10 steps")
    expect(panels.nth(0)).to_contain_text("the picture is kept")


@pytest.mark.slow
def test_what_cannot_be_is_said_and_the_next_run_works(
    server: Server, page: Page
) -> None:
    lab = cell("TextureLab", size=64, steps=10)
    run_all(page, server.address("refused.ipynb", [lab]))
    size = page.get_by_label("Size")
    for number in ("16384", "64"):
        size.fill(number)
        size.press("Enter")
        press(page, "Run")
        if number == "16384":
            expect(page.get_by_role("alert")).to_contain_text("choose a smaller size")
            seen = {"use_inner_text": True}  # what is folded away does not count
            expect(page.get_by_role("alert")).not_to_contain_text("Traceback", **seen)
            shot(page, "refused")
    expect(page.get_by_text("Done: 10 steps")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


TWO = cell("TransferLab", '"palace", ["starry_night", "great_wave"]', size=64, steps=4)
LABS = {
    "texture": cell("TextureLab", size=64, steps=4),
    "transfer": cell("TransferLab", size=64, steps=4),
    "two styles": TWO,
    "trade-off": "from stylelab.labs import TradeoffLab\nTradeoffLab()",
    "missing row": cell("TradeoffLab", '"cat", "brick"', size=32, steps=2),
}


@pytest.mark.slow
@pytest.mark.parametrize("lab", LABS)
def test_a_lab_and_its_result_fit_one_screen(
    server: Server, page: Page, lab: str
) -> None:
    run_all(page, server.address("one_screen.ipynb", [LABS[lab]]))
    if lab != "trade-off":
        expect(page.get_by_text(re.compile("This takes|they take"))).to_be_visible()
        one_screen(page, "before a run")
        press(page, "Run")
        ended = re.compile("Done: 4 steps|All 7 pictures")
        expect(page.get_by_text(ended)).to_be_visible()
    one_screen(page, "after a run")
    if page.get_by_role("button", name="More options").count():
        press(page, "More options")
        expect(page.get_by_text("What is optimised")).to_be_attached()
        one_screen(page, "options are open")
        page.set_viewport_size({"width": 960, "height": 600})
        optimizer = page.get_by_label("Optimizer")
        optimizer.scroll_into_view_if_needed()
        expect(optimizer).to_be_in_viewport()
        expect(grown(page)).to_be_in_viewport(ratio=1)
        press(page, "More options")
