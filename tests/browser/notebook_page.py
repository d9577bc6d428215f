"""What the browser tests do with a notebook on a page, and how they look at it."""

from __future__ import annotations

import io
import time
from pathlib import Path

import numpy as np
import PIL.Image
from playwright.sync_api import Locator, Page

# Without this gate, Run All was silently ignored in about half of all runs.
READY = """() => {
  const context = window.jupyterapp?.shell?.currentWidget?.sessionContext;
  const kernel = context?.session?.kernel;
  return !!context?.isReady && !context.hasNoKernel
    && kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
}"""
DONE = """() => {
  const notebook = window.jupyterapp.shell.currentWidget;
  const cells = [...notebook.content.widgets].filter((cell) =>
    cell.model.type === 'code' && cell.model.sharedModel.getSource().trim());
  return notebook.sessionContext.session.kernel.status === 'idle'
    && cells.every((cell) => cell.model.executionCount);
}"""
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
# 'void': what a command promises would be awaited without a time limit.
COMMAND = "(name) => void window.jupyterapp.commands.execute(name)"


def run_all(page: Page, address: str) -> None:
    """Opens a notebook and runs its cells to the end."""
    page.goto(address)
    page.wait_for_function(READY)
    page.evaluate("window.jupyterapp.shell.collapseLeft()")
    page.evaluate(COMMAND, "notebook:run-all-cells")
    page.wait_for_function(DONE, timeout=120_000)


def fits(page: Page, width: int, height: int) -> None:
    """Gives the page another size, and checks that its lab is not too wide for it."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("window.jupyterapp.shell.collapseRight()")
    # JupyterLab follows a little later. Its margins take less than 200 px.
    follows = """(width) => {
      const left = width - document.querySelector(".stylelab").clientWidth;
      return 0 < left && left < 200;
    }"""
    page.wait_for_function(follows, arg=width)
    lab = page.locator(".stylelab").first
    assert lab.evaluate("(lab) => lab.scrollWidth - lab.clientWidth") <= 0


# Width and height of the page, and whether JupyterLab's side bar is open. The last is
# 1440 x 900 at 150 %.
SCREENS = [(1440, 900, False), (1366, 768, True), (1024, 768, False), (960, 600, False)]
ROOM = """() => {
  const lab = document.querySelector(".stylelab");
  const panel = lab.closest(".jp-WindowedPanel-outer");
  return [lab.offsetHeight, panel.clientHeight - 9, lab.scrollWidth - lab.clientWidth];
}"""


def one_screen(page: Page, when: str = "") -> None:
    """Checks that the lab is seen whole on all SCREENS, and is usable at 400 px."""
    page.evaluate("window.jupyterapp.shell.collapseRight()")
    for width, height, bar in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        move = "expandLeft" if bar else "collapseLeft"
        page.evaluate(f"window.jupyterapp.shell.{move}()")
        page.wait_for_timeout(700)  # JupyterLab follows a little later
        lab, room, beyond = page.evaluate(ROOM)
        assert lab <= room, f"{lab} px of {room} at {width} x {height}, {when}"
        assert beyond <= 0, when
    page.evaluate("window.jupyterapp.shell.collapseLeft()")
    fits(page, 400, 1800)
    fits(page, 1440, 900)


def shot(page: Page, name: str) -> None:
    """A screenshot of the whole lab, however long."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.locator(".stylelab").first.screenshot(path=SCREENSHOTS / f"{name}.png")


def pixels(part: Locator) -> np.ndarray:
    """What a part of the page looks like: [H, W, 3], 0..255."""
    image = PIL.Image.open(io.BytesIO(part.screenshot())).convert("RGB")
    return np.asarray(image).astype(float)


def changed(part: Locator, before: np.ndarray, by: float = 1.0) -> np.ndarray:
    """Waits until a part looks different from `before`, and returns how.

    by: mean difference of 255 that counts as different.
    """
    late = time.monotonic() + 30
    while time.monotonic() < late:
        now = pixels(part)
        if now.shape != before.shape or np.abs(now - before).mean() > by:
            return now
        time.sleep(0.05)
    raise AssertionError("the picture did not change within 30 s")
