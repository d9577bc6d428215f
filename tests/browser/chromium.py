"""Finds a Chromium for the browser tests, and says how to get one."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO = (
    "No Chromium was found, so nothing was tried in a real JupyterLab. On Debian and "
    "Ubuntu: apt install chromium fonts-dejavu-core. Anywhere: python -m playwright "
    "install chromium."
)
# No sandbox: containers run as root. The rest keeps Chromium from calling home.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find(playwright: Playwright) -> str | None:
    """The path of the system's Chromium, else of Playwright's own, else None."""
    paths = filter(None, map(shutil.which, NAMES))
    own = playwright.chromium.executable_path
    return next(paths, own if Path(own).is_file() else None)
