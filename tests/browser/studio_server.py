"""A studio of its own for the browser tests, and what they do on its page."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from lab_server import SECONDS_TO_START, stop
from playwright.sync_api import Locator, Page, expect

from stylelab.studio import free_port


@dataclass(frozen=True)
class Studio:
    """A running studio: its address and its process."""

    url: str
    process: psutil.Process
    log: Path

    def children(self, word: str) -> list[psutil.Process]:
        """Its processes whose command line holds `word`."""
        matching = []
        for child in self.process.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if word in " ".join(child.cmdline()):
                    matching.append(child)
        return matching

    @property
    def pages(self) -> list[psutil.Process]:
        """The kernels of its visitors."""
        return self.children("ipykernel_launcher")

    @property
    def workers(self) -> list[psutil.Process]:
        return self.children("spawn_main")


COMMAND = ("-m", "stylelab", "studio", "--no-browser", "--port")
# For one visitor, who is taken to have left after six seconds.
SMALL = """
import sys
from stylelab.studio import server
server.AWAY, server.room = 6, lambda jobs: 1
server.serve(port=int(sys.argv[1]), show=False)
"""
# It ends the kernel of a page that does not come within two seconds.
IMPATIENT = """
import sys
from stylelab.studio import doors, server
doors.UNSEEN = 2
server.serve(port=int(sys.argv[1]), show=False)
"""


@contextlib.contextmanager
def running(home: Path, *command: str, port: int | None = None) -> Iterator[Studio]:
    """A studio on a free port, or on `port`, with its log in `home`."""
    port, log = port or free_port(), home / "log"
    with open(log, "w") as file:
        process = subprocess.Popen(
            [sys.executable, *(command or COMMAND), str(port)],
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        url = f"http://127.0.0.1:{port}/"
        _wait(url, process, log)
        yield Studio(url, psutil.Process(process.pid), log)
    finally:
        stop(process)


def _wait(url: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url + "favicon.ico", timeout=2).close()
            return
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the studio did not start: {log.read_text()[-3000:]}")


def enter(page: Page, studio: Studio) -> None:
    """Opens the studio and waits until it says what a run will take."""
    page.goto(studio.url)
    expect(page.get_by_text("This takes about")).to_be_visible(timeout=60_000)


def quick(page: Page, steps: int, size: str = "Small") -> None:
    """Makes runs short, partly with what is folded away."""
    page.get_by_role("button", name=size, exact=True).click()
    page.get_by_role("button", name="More ▾", expanded=False).click()
    page.get_by_label("Steps", exact=True).fill(str(steps))
    page.get_by_label("Steps", exact=True).press("Tab")
    page.get_by_role("button", name="More ▴", expanded=True).click()


def upload(page: Page, part: str, *path: Path) -> None:
    """Gives a file to the picker called `part`."""
    with page.expect_file_chooser() as chooser:
        page.get_by_label(part, exact=True).get_by_text("Choose a file").click()
    chooser.value.set_files(*path)


def paint(page: Page) -> None:
    page.get_by_role("button", name="▶ Paint it").click()


def at_work(page: Page) -> None:
    """Waits for the first step of a run, until a worker has loaded its network."""
    step = page.get_by_text(re.compile(r"Step \d+ of"))
    expect(step).to_be_visible(timeout=60_000)


def picture(page: Page) -> Locator:
    """The picture that grows."""
    return page.locator(".sl-growing")


def ended(page: Page, words: str = "Done") -> None:
    """Waits for the end of a run, and its divider."""
    expect(page.locator(".sl-standing")).to_contain_text(words, timeout=90_000)
    expect(page.get_by_role("slider", name="How much of the photo")).to_be_visible()


def saved(page: Page, path: Path) -> Path:
    """Saves the picture, whose file is to be called like `path`."""
    with page.expect_download() as download:
        page.get_by_role("button", name="↓ Save").click()
    download.value.save_as(path)
    assert download.value.suggested_filename == path.name
    return path


def paint_a_mask(page: Page) -> None:
    """Gives the second of two styles a stripe of the photo."""
    page.get_by_role("button", name="the second where I paint").click()
    expect(page.get_by_role("status").get_by_text("Nothing is painted")).to_be_visible()
    canvas = page.locator(".sl-painting canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 9, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 9, box["y"] + 40, steps=20)
    page.mouse.up()
    expect(page.get_by_text("Nothing is painted")).to_have_count(0)
