"""LayerLab in a real JupyterLab: one path in every run, further ones in slow runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab_server import Server
from notebook_page import changed, fits, one_screen, pixels, run_all
from playwright.sync_api import Page, expect

from stylelab.core import layers

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

    layer = page.get_by_role("slider", name="Layer")
    expect(layer).to_have_attribute("aria-valuetext", "relu3_1")
    for _ in range(5):  # relu3_2, relu3_3, relu3_4, pool3, relu4_1
        layer.press("ArrowRight")
    expect(layer).to_have_attribute("aria-valuetext", "relu4_1")
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
    page.get_by_role("button", name="Strongest first").press("Enter")
    expect(chosen).to_have_text("0")
    expect(page.locator(".sl-tile")).to_have_count(20)
    fits(page, 400, 1800)


def test_the_map_of_the_network_and_what_stands_beside_the_photo(
    server: Server, page: Page
) -> None:
    run_all(page, server.address("map.ipynb", [CELL]))
    layer = page.get_by_role("slider", name="Layer")
    name = page.locator(".sl-layer-name")
    expect(page.locator(".sl-block")).to_have_count(37)
    one_screen(page)
    page.set_viewport_size({"width": 1440, "height": 900})

    # A convolution stands for its relu; a drag goes through the layers in between.
    conv = page.locator(".sl-block").nth(layers.LAYERS.index("conv2_1")).bounding_box()
    y = conv["y"] + conv["height"] / 2
    page.mouse.move(conv["x"] + conv["width"] / 2, y)
    page.mouse.down()
    expect(name).to_have_text("relu2_1")
    deep = page.locator(".sl-block").nth(layers.LAYERS.index("relu5_1")).bounding_box()
    page.mouse.move(deep["x"] + deep["width"] / 2, y)
    page.mouse.up()
    expect(name).to_have_text("relu5_1")
    expect(page.get_by_text("sees 156 px")).to_be_visible()
    layer.press("Home")
    expect(name).to_have_text("relu1_1")
    expect(page.get_by_text("< 0.1%")).to_be_visible()

    # Play grows the square in the photo, stops when asked, and ends at relu5_4.
    square = page.locator(".sl-line").nth(1)
    side = "(rect) => parseFloat(getComputedStyle(rect).width)"
    expect(square).to_have_css("width", "3px")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(
        "document.querySelector('.sl-layer-name').textContent >= 'relu2_1'"
    )
    page.get_by_role("button", name="Stop").click()
    stopped = name.inner_text()
    page.wait_for_timeout(700)
    expect(name).to_have_text(stopped)
    assert 3 < square.evaluate(side) < 252
    page.get_by_role("button", name="Play").click()
    expect(square).not_to_have_css("transition-duration", "0s")
    page.emulate_media(reduced_motion="reduce")
    expect(square).to_have_css("transition-duration", "0s")
    expect(name).to_have_text("relu5_4", timeout=30_000)  # five seconds after relu1_1
    expect(square).to_have_css("width", "252px")
    expect(page.get_by_role("button", name="Play")).to_be_visible()

    photo = page.locator(".sl-stage").first
    covered = pixels(photo)
    cover = page.get_by_role("button", name="Map over the photo")
    cover.press("Enter")
    expect(cover).to_have_attribute("aria-pressed", "false")
    changed(photo, covered, by=10)

    page.get_by_role("button", name="Compare with").click()
    expect(page.get_by_role("button", name="Second picture: ")).to_be_visible()
    expect(page.locator(".sl-stage:visible")).to_have_count(2)
    layer.press("Home")
    page.get_by_role("button", name="How it is made").click()
    expect(page.get_by_role("img", name="the nine products")).to_be_visible()
    expect(page.locator(".sl-tiles")).to_be_hidden()
    one_screen(page)


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
