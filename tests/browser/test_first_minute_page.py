"""The first minute with `python -m stylelab lab`, in Chromium."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import lab_server
import pytest
from lab_server import FOLDERS, TOKEN, Server
from notebook_page import READY, SCREENSHOTS
from playwright.sync_api import Page, expect

from stylelab.cli import course

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST = "01_what_is_a_convolution.ipynb"
NOTEBOOK = "window.jupyterapp.shell.currentWidget"
START = """
import sys
from pathlib import Path
from stylelab.cli import course
course.NOTEBOOKS = Path(sys.argv[1])
sys.argv = sys.argv[:1]
course.lab()"""


@pytest.fixture
def address(browser_path: str, tmp_path: Path) -> Iterator[str]:
    """Where the lab answers somebody who starts it for the first time."""
    ours = tmp_path / "notebooks"
    ours.mkdir()
    shutil.copy(course.NOTEBOOKS / FIRST, ours)
    server = Server(tmp_path / "my-notebooks", lab_server._free_port())
    config = {
        "ServerApp": {"open_browser": False, "port": server.port, "port_retries": 0},
        "IdentityProvider": {"token": TOKEN},
        "LabApp": {"open_browser": False, "expose_app_in_browser": True},
    }
    places = {name: str(tmp_path / folder) for name, folder in FOLDERS.items()}
    (tmp_path / "config").mkdir()
    path = tmp_path / "config" / "jupyter_server_config.json"
    path.write_text(json.dumps(config))
    with open(tmp_path / "log", "w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", START, ours],
            env=os.environ | places,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        lab_server._wait(server, process, tmp_path / "log")
        yield f"{server._host}/?token={TOKEN}"
    finally:
        lab_server.stop(process)


def test_notebook_01_is_open_and_nothing_is_asked(address: str, page: Page) -> None:
    page.goto(address)
    page.wait_for_function(READY)
    assert page.evaluate(f"{NOTEBOOK}.context.path") == FIRST
    # The question about news came two seconds after the page; the language's name
    # comes with the kernel's first answer.
    page.wait_for_timeout(5000)
    page.screenshot(path=SCREENSHOTS / "first_minute.png")
    expect(page.locator(".Toastify__toast, .jp-Dialog")).to_have_count(0)
    assert page.evaluate(f"{NOTEBOOK}.context.model.dirty") is False
