"""Visits in a real browser that outlive a page, the network and the server."""

from __future__ import annotations

import contextlib
import re
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import chromium
import numpy as np
import PIL.Image
import psutil
import pytest
from playwright.sync_api import Page, expect, sync_playwright
from studio_server import (
    Studio,
    at_work,
    ended,
    enter,
    paint,
    quick,
    running,
    saved,
    upload,
)
from studio_visits import wait_until

from stylelab.pictures import files
from stylelab.studio import free_port

pytestmark = pytest.mark.browser

PHOTO = "1  Your photo"
# A server whose runs need no network: a step takes 0.12 s. What a visitor is waited for
# can be made shorter.
SERVER = f"""
import sys
sys.path.append({str(Path(__file__).parents[1])!r})
from studio_visits import no_guess, slow_work
from stylelab.studio import run_queue, server, visits
run_queue.work, run_queue.guess = slow_work, no_guess
visits.VANISHED = VANISHED
server.serve(port=int(sys.argv[1]), show=False)
"""


def program(vanished: float = 45) -> tuple[str, str]:
    return "-c", SERVER.replace("= VANISHED", f"= {vanished}")


@pytest.fixture(scope="module")
def studio(
    browser_path: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Studio]:
    with running(tmp_path_factory.mktemp("studio"), *program()) as studio:
        yield studio


@pytest.fixture
def page(browser_path: str) -> Iterator[Page]:
    """A page that may meet a network that is gone: such errors are allowed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=[*chromium.FLAGS]
        )
        size = {"width": 1440, "height": 900}
        context = browser.new_context(viewport=size)
        context.set_default_timeout(60_000)
        page = context.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        browser.close()
    assert errors == []


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "my holiday.png"
    fan = np.linspace(0, 255, 300 * 200 * 3).astype(np.uint8).reshape(200, 300, 3)
    PIL.Image.fromarray(fan).save(path)
    return path


def visit(page: Page, studio: Studio, photo: Path, steps: int) -> None:
    """Comes with a photo and settings, and begins a run."""
    enter(page, studio)
    upload(page, PHOTO, photo)
    expect(page.locator(".sl-credit").get_by_text("my holiday.png")).to_be_visible()
    page.get_by_role("button", name="The Great Wave").click()
    page.get_by_role("button", name="the photo's").click()
    quick(page, steps)
    paint(page)
    at_work(page)


def step(page: Page) -> int:
    at_work(page)
    standing = page.locator(".sl-standing").inner_text()
    return int(re.search(r"Step (\d+) of", standing)[1])


def is_restored(page: Page, steps: int) -> None:
    expect(page.locator(".sl-credit").get_by_text("my holiday.png")).to_be_visible(
        timeout=90_000
    )
    wave = page.get_by_role("button", name="The Great Wave")
    expect(wave).to_have_attribute("aria-pressed", "true")
    colors = page.get_by_role("button", name="the photo's")
    expect(colors).to_have_class(re.compile("mod-active"))
    assert page.get_by_label("Steps", exact=True).input_value() == str(steps)


def test_a_reload_in_a_run_changes_nothing(
    studio: Studio, page: Page, photo: Path, tmp_path: Path
) -> None:
    visit(page, studio, photo, steps=300)
    kernels = {process.pid for process in studio.pages}
    wait_until(lambda: step(page) > 9, 30)
    before = step(page)
    page.reload()
    is_restored(page, 300)
    assert step(page) > before
    ended(page, "Done: 300 steps")
    wait_until(lambda: not kernels & {process.pid for process in studio.pages}, 30)
    page.reload()
    is_restored(page, 300)
    ended(page, "Done: 300 steps")
    before_after = page.locator(".sl-before-after img")
    expect(before_after).to_have_count(2)
    path = saved(page, tmp_path / "my holiday-great_wave.png")
    assert files.read_record(path)["recipe"]["colors"] == "luminance"


def test_who_starts_anew_leaves_nothing(
    studio: Studio, page: Page, photo: Path
) -> None:
    visit(page, studio, photo, steps=300)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Start anew").click()
    expect(page.locator(".sl-credit").get_by_text("my holiday.png")).to_have_count(0)
    expect(page.get_by_text("This takes about")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("One run comes")).to_have_count(0)
    count = """async () => {
      const request = indexedDB.open("stylelab studio", 1);
      await new Promise((resolve) => (request.onsuccess = resolve));
      const store = request.result.transaction("kept").objectStore("kept");
      const keys = store.getAllKeys();
      await new Promise((resolve) => (keys.onsuccess = resolve));
      return keys.result.filter((key) => !key.endsWith(" settings"));
    }"""
    assert page.evaluate(count) == []


@pytest.mark.slow
def test_a_tab_that_was_duplicated_has_a_visit_of_its_own(
    studio: Studio, page: Page, photo: Path
) -> None:
    visit(page, studio, photo, steps=300)
    secret = page.evaluate("sessionStorage['stylelab studio']")
    other = page.context.new_page()
    copy = f"sessionStorage['stylelab studio'] ??= '{secret}'"
    other.add_init_script(copy)
    enter(other, studio)
    assert other.evaluate("sessionStorage['stylelab studio']") != secret
    expect(other.get_by_text("my holiday.png")).to_have_count(0)
    before = step(page)
    wait_until(lambda: step(page) > before, 10)


class Network:
    """A way from a browser to a studio that can be cut, and mended."""

    def __init__(self, to: int, port: int = 0) -> None:
        self.to, self.is_cut = to, False
        self.server = socket.create_server(("127.0.0.1", port))
        self.port = self.server.getsockname()[1]
        self.ways: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self.server.accept()
                try:
                    if self.is_cut:
                        raise OSError
                    there = socket.create_connection(("127.0.0.1", self.to))
                except OSError:  # or the studio has ended
                    here.close()
                    continue
                self.ways |= {here, there}
                for ends in ((here, there), (there, here)):
                    threading.Thread(target=self._pass, args=ends, daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while part := source.recv(65_536):
                target.sendall(part)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def cut(self) -> None:
        self.is_cut = True
        for way in [*self.ways]:
            with contextlib.suppress(OSError):
                way.shutdown(socket.SHUT_RDWR)
        self.ways.clear()

    def mend(self) -> None:
        self.is_cut = False

    def close(self) -> None:
        self.cut()
        self.server.close()


@pytest.fixture
def network(studio: Studio) -> Iterator[Network]:
    network = Network(int(studio.url.rstrip("/").rpartition(":")[2]))
    yield network
    network.close()


def through(network: Network, studio: Studio) -> Studio:
    return Studio(f"http://127.0.0.1:{network.port}/", studio.process, studio.log)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [25, 300])
def test_a_network_that_was_away_costs_nothing(
    studio: Studio, network: Network, page: Page, photo: Path, seconds: int
) -> None:
    steps = 300
    visit(page, through(network, studio), photo, steps)
    before = step(page)
    network.cut()
    lost = page.get_by_text("The studio does not answer")
    expect(lost).to_be_visible(timeout=30_000)
    page.wait_for_timeout(1000 * (seconds - 12))
    network.mend()
    expect(lost).not_to_be_visible(timeout=90_000)
    is_restored(page, steps)
    if seconds < 30:
        assert step(page) > before + 50
    ended(page, f"Done: {steps} steps")


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_that_is_started_again_goes_on(
    page: Page, photo: Path, tmp_path: Path, how: signal.Signals
) -> None:
    port = free_port()
    with running(tmp_path, *program(), port=port) as studio:
        visit(page, studio, photo, steps=200)
        children = studio.process.children(recursive=True)
        studio.process.send_signal(how)
        psutil.wait_procs(children, timeout=40)
    lost = page.get_by_text("The studio does not answer")
    expect(lost).to_be_visible(timeout=40_000)
    page.wait_for_timeout(5000)
    with running(tmp_path, *program(), port=port):
        expect(lost).not_to_be_visible(timeout=90_000)
        is_restored(page, 200)
        ended(page, "Done: 200 steps")
        page.goto("about:blank")


@pytest.mark.slow
def test_a_phone_that_vanishes_frees_the_queue(
    page: Page, photo: Path, tmp_path: Path
) -> None:
    """Its kernel lives on; the queue is told that nobody looks at the page."""
    with running(tmp_path, *program(vanished=3)) as studio:
        port = int(studio.url.rstrip("/").rpartition(":")[2])
        network = Network(port)
        visit(page, through(network, studio), photo, steps=300)
        other = page.context.new_page()
        enter(other, studio)
        quick(other, steps=5)
        network.cut()
        paint(other)
        waiting = other.get_by_text("Waiting: one run is before this one")
        expect(waiting).to_be_visible()
        ended(other, "Done: 5 steps")
        network.mend()
        ended(page, "Stopped after")  # the picture so far is kept
        network.close()
        page.goto("about:blank")
        other.goto("about:blank")
