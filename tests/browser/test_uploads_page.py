"""Uploads in a real browser: made small there as Python would, or sent as they are."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator

import chromium
import numpy as np
import PIL.Image
import pytest
from color_profiles import DISPLAY_P3, as_srgb
from playwright.sync_api import Page, expect, sync_playwright

from stylelab.labs.widgets.base import page_code
from stylelab.labs.widgets.picture_picker import WORDS
from stylelab.pictures.uploads import LONGEST, open_upload

pytestmark = pytest.mark.browser

# The bytes that the page sends for the bytes of a file.
SEND = """async ([bytes, ...limits]) => {
  const sent = await madeSmall(new File([new Uint8Array(bytes)], "a"), ...limits);
  return [...new Uint8Array(sent)];
}"""


@pytest.fixture
def page(page: Page) -> Page:
    """A page with the code of uploads."""
    page.add_script_tag(content=page_code("upload.js"))
    return page


def sent(page: Page, content: bytes, *limits: int) -> bytes:
    return bytes(page.evaluate(SEND, [[*content], *(limits or [LONGEST])]))


def encoded(image: PIL.Image.Image, kind: str = "PNG", **options: object) -> bytes:
    image.save(file := io.BytesIO(), kind, **options)
    return file.getvalue()


def mean(image: PIL.Image.Image, box: tuple[int, int, int, int]) -> np.ndarray:
    return np.asarray(image.crop(box).convert("RGB")).mean(axis=(0, 1))


def test_a_large_photo_is_made_small_by_the_browser(page: Page) -> None:
    """Turned by its EXIF, its wide colours as sRGB, transparency on white."""
    exif = PIL.Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    photo = PIL.Image.new("RGB", (400, 300), (40, 200, 90))
    photo.paste((200, 60, 60), (0, 0, 200, 300))  # the left half: the upper one
    about = {"exif": exif, "icc_profile": DISPLAY_P3, "quality": 95}
    small = sent(page, encoded(photo, "JPEG", **about), 200, 0)
    image = open_upload("holiday.jpg", small)
    assert image.size == (150, 200)
    for color, box in (
        ((200, 60, 60), (20, 20, 130, 80)),
        ((40, 200, 90), (20, 120, 130, 180)),
    ):
        assert mean(image, box) == pytest.approx(as_srgb(np.array(color)), abs=4)

    clear = PIL.Image.new("RGBA", (300, 300), (255, 0, 0, 0))
    white = open_upload("clear.png", sent(page, encoded(clear), 200, 0))
    assert mean(white, (0, 0, 200, 200)) == pytest.approx([255] * 3, abs=1)


def test_what_is_small_or_cannot_be_read_goes_as_it_is(page: Page) -> None:
    dot = encoded(PIL.Image.new("RGB", (1, 1), "red"))
    strange = b"\0\0\0\x18ftypheic" + bytes(range(200))
    for content in (dot, strange, b"Dear diary,", b""):
        assert sent(page, content) == content


def test_a_photo_of_twenty_megabytes_becomes_one_message(page: Page) -> None:
    """60 million pixels: more than the server would decode."""
    draw = """async (longest) => {
      const canvas = new OffscreenCanvas(10000, 6000);
      const pen = canvas.getContext("2d");
      const noise = new ImageData(1000, 1000);
      for (let i = 0; i < noise.data.length; i += 65536)
        crypto.getRandomValues(noise.data.subarray(i, i + 65536));
      for (let i = 3; i < noise.data.length; i += 4) noise.data[i] = 255;
      for (let i = 0; i < 60; i++)
        pen.putImageData(noise, 1000 * (i % 10), 1000 * Math.floor(i / 10));
      const file = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 });
      const small = await madeSmall(file, longest);
      const image = await createImageBitmap(new Blob([small]));
      return JSON.stringify([file.size, small.byteLength, image.width, image.height]);
    }"""
    before, after, *size = json.loads(page.evaluate(draw, LONGEST))
    assert before > 20e6
    assert after < 4e6
    assert size == [2048, 1229]


@pytest.fixture
def camera(browser_path: str) -> Iterator[Callable[[str], Page]]:
    """A page with a picker on it and a camera that is allowed ("ui") or not."""
    with sync_playwright() as playwright:
        flags = [*chromium.FLAGS, "--use-fake-device-for-media-stream"]
        browsers = []

        def opened(flag: str) -> Page:
            command = {"executable_path": browser_path, "args": [*flags, flag]}
            browsers.append(playwright.chromium.launch(**command))
            page = browsers[-1].new_page()
            # A camera is there only for what comes from this machine or by https.
            page.route("**/*", lambda route: route.fulfill(body="<main></main>"))
            page.goto("http://localhost/")
            page.add_script_tag(content=page_code("upload.js"))
            page.evaluate(TAKE, WORDS)
            return page

        yield opened
        for browser in browsers:
            browser.close()


# Opens the camera; `said` is what went wrong, `size` the picture that was taken.
TAKE = """(words) => {
  const taken = async (video) => {
    const bytes = await madeSmall(video, 2048);
    const image = await createImageBitmap(new Blob([bytes]));
    window.size = [image.width, image.height];
    window.track = video.srcObject.getTracks()[0];
  };
  window.said = "";
  openCamera(document.body, words, (text) => (window.said = text), taken);
}"""


def test_a_photo_is_taken_and_the_camera_let_go(camera: Callable) -> None:
    page = camera("--use-fake-ui-for-media-stream")
    page.get_by_role("dialog", name="Camera").wait_for()
    page.get_by_role("button", name="Take the photo").click()
    page.wait_for_function("window.track?.readyState === 'ended'")
    width, height = page.evaluate("size")
    assert width > height > 100
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_camera_that_is_not_allowed_is_said_in_words(camera: Callable) -> None:
    page = camera("--deny-permission-prompts")
    page.wait_for_function("said")
    assert page.evaluate("said") == WORDS["refused"]
    expect(page.get_by_role("dialog")).to_have_count(0)
