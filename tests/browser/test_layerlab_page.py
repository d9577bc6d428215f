"""LayerLab in a real JupyterLab: one path in every run, further ones in slow runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab_server import Server
from notebook_page import changed, fits, pixels, run_all
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

CELL = "from stylelab.labs import LayerLab\nlab = LayerLab()\nlab"


def upload(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Picture: ").click()
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(path)


def test_a_layer_a_channel_and_a_point_are_chosen(server: Server, page: Page) -> None:
    run_all(page, server.address("layerlab.ipynb", [CELL]))
    photo, tiles = page.locator(".sl-stage"), page.locator(".sl-tiles")
    expect(page.locator(".sl-tile")).to_have_count(20)
    first, maps = pixels(photo), pixels(tiles)

    page.get_by_label("Layer", exact=True).select_option("relu4_1")
    expect(page.get_by_text("68 × 68 px")).to_be_visible()
    changed(tiles, maps)
    deep = changed(photo, first)

    page.locator(".sl-tile").nth(7).click()
    channel = changed(photo, deep)

    photo.click(position={"x": 60, "y": 60})
    changed(photo, channel, by=0.2)


@pytest.mark.slow
def test_keys_do_as_the_mouse_and_it_fits(server: Server, page: Page) -> None:
    run_all(page, server.address("keys.ipynb", [CELL]))
    photo, chosen = (
        page.locator(".sl-stage"),
        page.locator(".sl-tile[aria-selected=true]"),
    )
    name = chosen.inner_text()
    chosen.press("ArrowRight")
    expect(chosen).not_to_have_text(name)
    before = pixels(photo)
    for _ in range(4):
        photo.press("ArrowLeft")
    changed(photo, before, by=0.2)
    page.get_by_role("button", name="Next ▶").press("Enter")
    expect(page.get_by_text("21–40 of 256")).to_be_visible()
    page.get_by_role("button", name="By index").press("Enter")
    expect(chosen).to_have_text("0")
    expect(page.locator(".sl-tile")).to_have_count(20)
    fits(page, 400, 1800)


@pytest.mark.slow
def test_an_upload_is_shown_or_refused_in_words(
    server: Server, page: Page, tmp_path: Path
) -> None:
    run_all(page, server.address("upload.ipynb", [CELL]))
    broken = tmp_path / "holiday.jpg"
    broken.write_bytes(b"no picture at all")
    upload(page, broken)
    expect(page.get_by_role("alert")).to_contain_text("'holiday.jpg'")
    expect(page.get_by_role("alert")).not_to_contain_text("Traceback")
    expect(page.get_by_text("56 × 84")).to_be_visible()

    samples = Path(__file__).parents[2] / "stylelab" / "pictures" / "data"
    upload(page, samples / "gravel.jpg")
    expect(page.get_by_text("56 × 56")).to_be_visible()
    expect(page.get_by_role("button", name="Picture: gravel.jpg")).to_be_visible()
    expect(page.locator(".sl-alert, .sl-status").first).to_be_empty()


@pytest.mark.slow
def test_a_saved_notebook_keeps_the_still(server: Server, page: Page) -> None:
    run_all(page, server.address("saved.ipynb", [CELL]))
    page.locator(".sl-stage").wait_for()
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    text = (server.folder / "saved.ipynb").read_text()
    assert '"image/jpeg"' in text
    assert "Layer relu3_1 of VGG-19" in text
