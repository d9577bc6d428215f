"""The studio in a real browser: one path in every run, further ones in slow runs."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import PIL.Image
import psutil
import pytest
from notebook_page import changed, pixels, shot
from playwright.sync_api import Page, Route, expect
from studio_server import (
    IMPATIENT,
    SMALL,
    Studio,
    at_work,
    ended,
    enter,
    paint,
    paint_a_mask,
    picture,
    quick,
    running,
    saved,
    upload,
)
from studio_visits import huge_png, wait_until

from stylelab.cli import options
from stylelab.pictures import files, images
from stylelab.studio import open_studio, server

pytestmark = pytest.mark.browser

PHOTO, STYLE = "1  Your photo", "2  The style"


@pytest.fixture(scope="module")
def studio(
    browser_path: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Studio]:
    with running(tmp_path_factory.mktemp("studio")) as running_studio:
        yield running_studio


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A visitor's photo: a fan of colours, 300 x 200."""
    across, down = np.meshgrid(np.linspace(0, 255, 300), np.linspace(0, 255, 200))
    fan = np.stack([across, down, 255 - across], axis=2).astype(np.uint8)
    path = tmp_path / "my holiday.png"
    PIL.Image.fromarray(fan).save(path)
    return path


def drag_the_line(page: Page) -> None:
    """By its handle, and by a click anywhere; it stays under the pointer."""
    stage = page.locator(".sl-before-after")
    box, line = stage.bounding_box(), page.locator(".sl-divider")
    height = box["y"] + box["height"] / 2

    def is_at(share: float) -> None:
        line_box = line.bounding_box()
        at = line_box["x"] + line_box["width"] / 2 - box["x"]
        assert at == pytest.approx(share * box["width"], abs=2)

    is_at(0.15)
    before = pixels(stage)
    page.mouse.move(box["x"] + 0.15 * box["width"], height)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], height, steps=9)
    is_at(0.7)
    page.mouse.move(box["x"] + 2 * box["width"], height, steps=9)
    is_at(1)
    page.mouse.up()
    changed(stage, before)
    page.mouse.click(box["x"] + 0.4 * box["width"], box["y"] + 20)
    is_at(0.4)


def test_a_visitor_paints_a_photo_and_takes_it_home(
    studio: Studio, page: Page, photo: Path, tmp_path: Path
) -> None:
    enter(page, studio)
    upload(page, PHOTO, photo)
    expect(page.locator(".sl-credit").first).to_have_text("my holiday.png")
    expect(page.get_by_text("Looking at the picture")).not_to_be_visible()
    page.get_by_role("button", name="The Great Wave").click()
    quick(page, steps=14)
    before = pixels(picture(page))
    paint(page)
    at_work(page)
    growing = changed(picture(page), before)
    if page.get_by_text("Done").count() == 0:
        changed(picture(page), growing, by=0.2)
    ended(page)
    drag_the_line(page)
    path = saved(page, tmp_path / "my holiday-great_wave.png")
    with PIL.Image.open(path) as image:
        assert image.size == (384, 256)
    record = files.read_record(path)
    assert (record["finished"], record["steps_run"]) == (True, 14)
    assert record["pictures"]["photo"]["name"] == "my holiday.png"
    assert record["pictures"]["photo"]["sha256"] == images.fingerprint(photo)
    # The recipe makes it again, from the photo that lies beside it.
    again = tmp_path / "again.png"
    assert options.main(["transfer", "--recipe", str(path), "-o", str(again)]) == 0
    assert images.fingerprint(again) == images.fingerprint(path)


@pytest.mark.slow
def test_a_run_is_stopped_and_another_made(studio: Studio, page: Page) -> None:
    enter(page, studio)
    quick(page, steps=100)
    paint(page)
    at_work(page)
    page.get_by_role("button", name="■ Stop").click()
    ended(page, "Stopped after")
    quick(page, steps=8)
    page.get_by_role("button", name="less style").click()
    ended(page, "Done: 8 steps")
    page.get_by_role("button", name="the next style").click()
    expect(page.locator(".sl-credit").nth(1)).to_contain_text("Hokusai")
    ended(page, "Done: 8 steps")


@pytest.mark.slow
def test_two_styles_go_where_a_visitor_paints(
    studio: Studio, page: Page, tmp_path: Path
) -> None:
    enter(page, studio)
    page.get_by_text("Mix up to 3").click()
    page.get_by_role("button", name="The Great Wave").click()
    quick(page, steps=8)
    paint_a_mask(page)
    expect(page.get_by_text("This takes about")).to_be_visible(timeout=60_000)
    paint(page)
    ended(page)
    path = saved(page, tmp_path / "astronaut-starry_night-great_wave.png")
    assert len(files.read_record(path)["pictures"]["masks"]) == 2


@pytest.mark.slow
def test_two_visitors_take_turns(studio: Studio, page: Page) -> None:
    enter(page, studio)
    other = page.context.browser.new_page()
    enter(other, studio)
    quick(page, steps=100)
    quick(other, steps=6)
    paint(page)
    at_work(page)
    paint(other)
    waiting = other.get_by_text("Waiting: one run is before this one")
    expect(waiting).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="■ Stop").click()
    ended(page, "Stopped after")
    ended(other)
    # Who leaves frees place and kernel.
    assert len(studio.pages) >= 2
    before = len(studio.pages)
    other.close(run_before_unload=True)
    wait_until(lambda: len(studio.pages) == before - 1, 30)


@pytest.mark.slow
def test_what_is_no_picture_is_refused_in_words(
    studio: Studio, page: Page, tmp_path: Path
) -> None:
    enter(page, studio)
    text, huge, heavy = (tmp_path / name for name in ("a.jpg", "b.png", "c.bmp"))
    text.write_bytes(b"Dear diary,")
    huge.write_bytes(huge_png(20_000, 10_000))
    heavy.write_bytes(bytes(40_000_000))
    alert = page.get_by_label(PHOTO, exact=True).get_by_role("alert")
    upload(page, PHOTO, text)
    expect(alert).to_contain_text("'a.jpg' holds no picture that can be read")
    upload(page, PHOTO, huge)
    expect(alert).to_contain_text("'b.png' is too large; accepted are up to 50 million")
    upload(page, PHOTO, heavy)
    expect(alert).to_contain_text("'c.bmp' is a file of 40 MB")
    page.get_by_role("button", name="Summer Palace").click()
    expect(alert).to_have_count(0)
    expect(page.locator(".sl-credit").first).to_contain_text("Summer Palace")
    quick(page, steps=4)
    paint(page)
    ended(page)


@pytest.mark.slow
def test_a_picture_is_dropped_and_styles_are_mixed(studio: Studio, page: Page) -> None:
    enter(page, studio)
    picker = page.get_by_label(STYLE, exact=True)
    picker.get_by_label("Mix up to 3").check()
    picker.get_by_role("button", name="Great Wave").click()
    expect(picker.locator(".sl-picked img")).to_have_count(2)
    drop = """async (section) => {
      const canvas = new OffscreenCanvas(90, 60);
      const pen = canvas.getContext("2d");
      pen.fillStyle = "tomato";
      pen.fillRect(0, 0, 60, 60);
      const data = new DataTransfer();
      data.items.add(new File([await canvas.convertToBlob()], "dropped.png"));
      section.dispatchEvent(new DragEvent("drop", { dataTransfer: data }));
    }"""
    picker.evaluate(drop)
    expect(picker.locator(".sl-picked img")).to_have_count(3)
    expect(picker.locator(".sl-credit")).to_contain_text("dropped.png")
    quick(page, steps=4)
    paint(page)
    ended(page)


@pytest.mark.slow
def test_keys_alone_are_enough(studio: Studio, page: Page) -> None:
    enter(page, studio)
    page.get_by_role("button", name="a cup of coffee").press("Enter")
    expect(page.get_by_text("Rachel Michetti")).to_be_visible()
    strength = page.get_by_role("slider", name="Style strength")
    value = strength.get_attribute("aria-valuetext")
    strength.press("ArrowRight")
    assert strength.get_attribute("aria-valuetext") != value
    page.get_by_role("button", name="the photo's").press("Enter")
    quick(page, steps=4)
    page.get_by_role("button", name="▶ Paint it").press("Enter")
    ended(page)
    divider = page.get_by_role("slider", name="How much of the photo")
    before = pixels(divider)
    for _ in range(9):
        divider.press("ArrowRight")
    assert divider.input_value() == "24"
    assert divider.evaluate("(input) => input.ariaValueText") == "24 %"
    changed(divider, before)
    divider.press("End")
    assert divider.input_value() == "100"


@pytest.mark.slow
def test_a_killed_worker_is_said_in_words_and_the_next_run_works(
    studio: Studio, page: Page
) -> None:
    enter(page, studio)
    quick(page, steps=100)
    paint(page)
    at_work(page)
    # The other one guesses.
    max(studio.workers, key=lambda worker: worker.cpu_times().user).kill()
    alert = page.locator(".st-panel").get_by_role("alert").first
    expect(alert).to_contain_text("was ended from outside")
    expect(alert).not_to_contain_text("Traceback")
    quick(page, steps=4)
    paint(page)
    ended(page)


@pytest.mark.slow
def test_a_lost_studio_is_noticed(page: Page, tmp_path: Path) -> None:
    with running(tmp_path) as studio:
        enter(page, studio)
        for process in studio.pages:
            process.suspend()
        lost = page.get_by_text("The studio does not answer")
        expect(lost).to_be_visible(timeout=30_000)
        for process in studio.pages:
            process.resume()
        expect(lost).not_to_be_visible(timeout=30_000)
        page.goto("about:blank")  # before the server goes


@pytest.mark.slow
def test_a_slow_network_opens_the_page_all_the_same(page: Page, tmp_path: Path) -> None:
    """The scripts come when the server no longer waits for their page."""
    with running(tmp_path, "-c", IMPATIENT) as studio:
        kernels: set[int] = set()

        def answer(route: Route) -> None:
            if not kernels:
                kernels.update(process.pid for process in studio.pages)
                wait_until(lambda: not studio.pages, 60)
            route.continue_()

        late = page.context.browser.new_page()  # whose console may complain
        late.route("**/voila/static/voila.js*", answer)
        late.goto(studio.url)
        expect(late.get_by_text("This takes about")).to_be_visible(timeout=90_000)
        assert kernels
        assert kernels.isdisjoint(process.pid for process in studio.pages)


@pytest.mark.slow
def test_a_full_studio_says_so_and_who_vanishes_makes_room(
    page: Page, browser_path: str, tmp_path: Path
) -> None:
    with running(tmp_path, "-c", SMALL) as studio:
        vanishing = page.context.browser.new_context()
        enter(vanishing.new_page(), studio)
        status, text = got(studio.url)
        assert status == 503
        assert "As soon as somebody leaves there is room" in text
        (kernel,) = studio.pages
        vanishing.close()  # without a word
        wait_until(lambda: not studio.pages, 60)
        page.wait_for_timeout(3000)  # until the server has noticed, too
        enter(page, studio)
        (another,) = studio.pages
        assert another.pid != kernel.pid
        page.goto("about:blank")


@pytest.mark.slow
def test_of_several_who_come_at_once_as_many_get_in_as_there_is_room(
    tmp_path: Path,
) -> None:
    with running(tmp_path, "-c", SMALL) as studio, ThreadPoolExecutor() as visitors:
        answers = [*visitors.map(got, [studio.url] * 3)]
        assert sorted(status for status, _ in answers) == [200, 503, 503]
        assert len(studio.pages) == 1


def got(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")


@pytest.mark.slow
def test_a_full_disk_is_said_in_words_and_the_next_visitor_comes_in(
    page: Page, tmp_path: Path
) -> None:
    resource = pytest.importorskip("resource")
    with running(tmp_path) as studio:
        limit = resource.RLIMIT_FSIZE
        before = resource.prlimit(studio.process.pid, limit, (0, -1))
        status, text = got(studio.url)
        assert status == 500
        assert "The page could not be made. Reload it in a minute" in text
        assert str(tmp_path.parents[-2]) not in text
        resource.prlimit(studio.process.pid, limit, before)
        enter(page, studio)
        page.goto("about:blank")


@pytest.mark.slow
def test_a_page_is_light(studio: Studio) -> None:
    before = {page.pid for page in studio.pages}
    assert got(studio.url)[0] == 200
    (page,) = (page for page in studio.pages if page.pid not in before)
    loaded = " ".join(part.path for part in page.memory_maps())
    for library in ("libtorch", "matplotlib", "onnxruntime"):
        assert library not in loaded
    assert page.memory_full_info().uss < server.PAGE


# As a kernel does it that is killed once the studio is open.
KILLED = """
import os, signal
from stylelab.studio import open_studio
studio = open_studio()
print(studio.process.pid, studio, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
def test_the_studio_of_a_cell_ends_with_its_kernel() -> None:
    run = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True)
    pid, words = run.stdout.split(" ", 1)
    assert re.match(r"The studio is open: http://127.0.0.1:\d+/", words)
    wait_until(lambda: not psutil.pid_exists(int(pid)), 30)


@pytest.mark.slow
def test_a_cell_stops_it_again() -> None:
    studio = open_studio()
    children = psutil.Process(studio.process.pid).children(recursive=True)
    assert studio.url in studio._repr_html_()
    studio.stop()
    assert studio.process.poll() is not None
    _, left = psutil.wait_procs(children, timeout=20)
    assert left == []


@pytest.mark.slow
def test_it_fits(studio: Studio, page: Page) -> None:
    enter(page, studio)
    quick(page, steps=30)
    paint(page)
    ended(page)
    whole = page.locator(".st-page")
    for width, height in ((1440, 900), (820, 1180), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert whole.evaluate("(e) => e.scrollWidth - e.clientWidth") <= 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width > 1000:  # the whole studio is seen at once
            again = page.get_by_role("button", name="the next style").bounding_box()
            assert again["y"] + again["height"] <= height
        tall = whole.evaluate("(e) => e.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, tall + 30)})
        shot(page, f"studio-{width}")
