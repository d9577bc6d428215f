"""Everybody can use the labs: axe-core's rules, and what a screen reader is told."""

from __future__ import annotations

import pytest
from accessible import violations
from lab_server import Server
from notebook_page import run_all
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


def theme(page: Page, name: str) -> None:
    change = "(theme) => commands.execute('apputils:change-theme', {theme})"
    page.evaluate(change.replace("commands", "window.jupyterapp.commands"), name)
    page.wait_for_selector(f"body[data-jp-theme-name='{name}']", state="attached")


def present(page: Page) -> None:
    """Shows the lab on the whole screen and goes back: larger, whole, without code."""
    lab = page.locator(".stylelab")
    page.set_viewport_size({"width": 1366, "height": 768})
    button = lab.get_by_role("button", name="Present")
    small = button.bounding_box()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("document.fullscreenElement?.matches('.stylelab')")
    box = lab.bounding_box()
    assert (box["width"], box["height"]) == (1366, 768)
    assert button.bounding_box()["height"] > 1.15 * small["height"]
    assert lab.evaluate("(lab) => lab.scrollWidth - lab.clientWidth") <= 0
    expect(lab.locator("code")).not_to_be_visible()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert button.bounding_box()["height"] == small["height"]


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
    present(page)
    for fold in page.locator(".stylelab [aria-expanded=false]").all():
        fold.click()
    check()
