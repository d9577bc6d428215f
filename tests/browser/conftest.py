"""A JupyterLab for all browser tests, and a fresh Chromium for each."""

from __future__ import annotations

import os
from collections.abc import Iterator

import chromium
import lab_server
import pytest
from notebook_page import SCREENSHOTS
from playwright.sync_api import Page, sync_playwright


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Where Chromium is. Without one the tests are skipped, but never in CI."""
    with sync_playwright() as playwright:
        path = chromium.find(playwright)
    if path is None:
        give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        give_up(chromium.HOW_TO)
    return path


@pytest.fixture(scope="session")
def jupyterlab(
    browser_path: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[lab_server.Server]:
    """A JupyterLab for all tests: it takes ten seconds to start."""
    with lab_server.running(tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@pytest.fixture
def server(jupyterlab: lab_server.Server) -> Iterator[lab_server.Server]:
    """That JupyterLab, where no test pays for the last one's kernel and its runs."""
    yield jupyterlab
    jupyterlab.end_kernels()


# Not for the session: Playwright's event loop would stay in the way of asyncio.run.
@pytest.fixture
def page(browser_path: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that keeps a picture of how the test ended, and allows no error on it.

    A test's module may name parts of EXPECTED errors, which are JupyterLab's own.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=[*chromium.FLAGS]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(60_000)
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: m.type == "error" and errors.append(m.text))
        yield page
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        name = f"{request.path.stem}-{request.node.name}.png"
        page.screenshot(path=SCREENSHOTS / name)
        browser.close()
    expected = getattr(request.module, "EXPECTED", ())
    assert [text for text in errors if not any(part in text for part in expected)] == []
