"""Everybody can use the labs: axe-core's rules, and what a screen reader is told."""

from __future__ import annotations

import pytest
from accessible import violations
from lab_server import Server
from notebook_page import SCREENSHOTS, run_all
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LABS = {
    "LayerLab": "",
    "FieldLab": "",
    "ReconstructionLab": "size=48, steps=3",
    "TextureLab": "size=48, steps=3",
    "TransferLab": "style=['starry_night', 'great_wave'], size=48, steps=3",
    "TradeoffLab": "",
}
# Each text that a live region gets, in the order in which a screen reader says them.
LISTEN = """() => {
  window.said = [];
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const node = target.nodeType === 1 ? target : target.parentElement;
      const region = node?.closest("[aria-live], [role=status], [role=alert]");
      const isSaid = region && region.ariaLive !== "off";
      const text = region?.textContent.trim();
      if (isSaid && text && window.said.at(-1) !== text) window.said.push(text);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
}"""


# As where a page may not do it: in a frame without the right, or in VS Code.
FORBID = "(lab) => { lab.requestFullscreen = () => Promise.reject(new TypeError()); }"
ALLOW = "(lab) => { delete lab.requestFullscreen; }"


def theme(page: Page, name: str) -> None:
    change = "(theme) => commands.execute('apputils:change-theme', {theme})"
    page.evaluate(change.replace("commands", "window.jupyterapp.commands"), name)
    page.wait_for_selector(f"body[data-jp-theme-name='{name}']", state="attached")


# All that has letters of its own: the smallest size, and whether a picture is cut off.
PROJECTED = """() => {
  const lab = document.querySelector(".stylelab");
  const isSeen = (part) => part.getClientRects().length > 0;
  const hasWords = (part) => [...part.childNodes].some(
    (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
  const words = [...lab.querySelectorAll("*")].filter((p) => hasWords(p) && isSeen(p));
  const pictures = [...lab.querySelectorAll("img, canvas")].filter(isSeen);
  return {
    smallest: Math.min(...words.map((p) => parseFloat(getComputedStyle(p).fontSize))),
    lowest: Math.max(...pictures.map((p) => p.getBoundingClientRect().bottom)),
    widest: Math.max(...pictures.map((p) => p.getBoundingClientRect().right)),
    beyond: lab.scrollWidth - lab.clientWidth,
    background: getComputedStyle(lab).backgroundColor,
  };
}"""


def present(page: Page) -> None:
    """The projector mode and back: large, whole, black on white, without code."""
    lab = page.locator(".stylelab")
    page.set_viewport_size({"width": 1280, "height": 720})
    button = lab.get_by_role("button", name="Present")
    code = page.locator(".jp-CodeCell .jp-Cell-inputWrapper").first
    small = button.bounding_box()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(code).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("document.fullscreenElement?.matches('.stylelab')")
    box = lab.bounding_box()
    assert (box["width"], box["height"]) == (1280, 720)
    is_projected(page)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    name = page.evaluate("document.title.split('.')[0]")
    page.screenshot(path=SCREENSHOTS / f"projector-{name}.png")
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(code).to_be_visible()
    page.wait_for_function("!document.fullscreenElement")
    page.wait_for_timeout(300)
    assert button.bounding_box()["height"] == small["height"]
    lab.evaluate(FORBID)
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(code).not_to_be_visible()
    assert page.evaluate(PROJECTED)["smallest"] >= 24
    page.keyboard.press("Enter")
    expect(code).to_be_visible()
    lab.evaluate(ALLOW)


def is_projected(page: Page) -> None:
    """Looks at the lab in the projector mode, on a screen of 1280 x 720."""
    seen = page.evaluate(PROJECTED)
    assert seen["smallest"] >= 24
    assert seen["lowest"] <= 720
    assert seen["widest"] <= 1280
    assert seen["beyond"] <= 0
    assert seen["background"] == "rgb(255, 255, 255)"
    code = page.locator(".stylelab code, .jp-CodeCell .jp-Cell-inputWrapper")
    assert not any(part.is_visible() for part in code.all())
    assert violations(page, ".stylelab", rules=["color-contrast-enhanced"]) == []


@pytest.mark.parametrize("lab", LABS)
def test_no_state_of_a_lab_violates_a_rule(
    server: Server, page: Page, lab: str
) -> None:
    code = f"from stylelab.labs import {lab}\nlab = {lab}({LABS[lab]})\nlab"
    run_all(page, server.address(f"axe_{lab}.ipynb", [code]))
    states = [("JupyterLab Light", (1440, 900)), ("JupyterLab Dark", (960, 600))]

    def check() -> None:
        for name, (width, height) in states:  # the second: a page at 150 %
            theme(page, name)
            page.set_viewport_size({"width": width, "height": height})
            assert violations(page, ".stylelab") == []
        page.emulate_media(forced_colors="active")
        assert violations(page, ".stylelab") == []
        page.emulate_media(forced_colors="none")

    check()
    run = page.locator(".stylelab").get_by_role("button", name="▶ Run")
    if run.count() and run.first.is_visible():
        page.evaluate(LISTEN)
        run.first.click()
        expect(page.get_by_text("Done: ").first).to_be_visible()
        said = page.evaluate("window.said")
        assert not any(text.startswith("Step ") for text in said), said
        assert any(text.startswith("Done: ") for text in said), said
    theme(page, "JupyterLab Dark")
    present(page)
    theme(page, "JupyterLab Light")
    present(page)
    for fold in page.locator(".stylelab [aria-expanded=false]").all():
        fold.click()
    check()
