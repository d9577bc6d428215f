"""From click to changed pixels: reported, not asserted.

Goals: 150 ms in LayerLab; half a second for a guess in TransferLab.
"""

from __future__ import annotations

import os
import statistics

import pytest
from lab_server import Server
from notebook_page import run_all
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CELL = "from stylelab.labs import LayerLab\nLayerLab()"
# Clicks a button, or moves a slider by a key; then looks at every frame, and counts the
# frame in which all of it is new.
TIME_OF_CLICK = """async ([button, watched]) => {
  const canvas = new OffscreenCanvas(32, 32);
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  const look = (part) => {
    pen.drawImage(part, 0, 0, 32, 32);
    return pen.getImageData(0, 0, 32, 32).data.join();
  };
  const frame = () => new Promise(requestAnimationFrame);
  const parts = watched.map((name) => document.querySelector(name));
  const before = parts.map(look);
  const isNew = (part, i) => part.complete !== false && look(part) !== before[i];
  const began = performance.now();
  const element = document.querySelector(button);
  const key = new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true });
  if (element.role === 'slider') element.dispatchEvent(key);
  else element.click();
  do await frame(); while (!parts.every(isNew));
  await frame();
  return performance.now() - began;
}"""
# Moves the slider by a key, and waits until another picture is shown.
TIME_OF_GUESS = """async (key) => {
  const frame = () => new Promise(requestAnimationFrame);
  const picture = document.querySelector('.sl-grown');
  const slider = document.querySelector('.sl-slider .noUi-handle');
  const before = picture.src;
  const began = performance.now();
  slider.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  do await frame(); while (picture.src === before || !picture.complete);
  await frame();
  return performance.now() - began;
}"""
PHOTO, MAP = ".sl-photo", ".sl-tile:last-child canvas"


def report(what: str, times: list[float]) -> str:
    """The median and the slowest of all clicks, in milliseconds."""
    median, slowest = statistics.median(times), max(times)
    count, load = len(times), os.getloadavg()[0]
    return (
        f"\n{what}: median of {count} {median:.0f} ms, slowest {slowest:.0f} ms "
        f"(load {load:.1f} on {os.cpu_count()} cores)"
    )


def test_report_how_fast_the_lab_answers(
    server: Server, page: Page, capsys: pytest.CaptureFixture
) -> None:
    run_all(page, server.address("latency.ipynb", [CELL]))
    page.get_by_role("slider", name="Layer").press("Home")
    page.get_by_text("1–20 of 64").wait_for()
    deeper = ".sl-network-slider"
    layers = [page.evaluate(TIME_OF_CLICK, [deeper, [PHOTO, MAP]]) for _ in range(20)]
    tiles = [f".sl-tile:nth-child({i})" for i in (*range(2, 21), 1)]
    channels = [page.evaluate(TIME_OF_CLICK, [tile, [PHOTO]]) for tile in tiles]
    with capsys.disabled():
        print(report("another layer", layers), report("another channel", channels))


def test_report_how_fast_a_guess_follows_the_slider(
    server: Server, page: Page, capsys: pytest.CaptureFixture
) -> None:
    cell = "from stylelab.labs import TransferLab\nTransferLab()"
    run_all(page, server.address("guesses.ipynb", [cell]))
    page.get_by_text("A guess, by a network that learnt to guess").wait_for()
    page.get_by_text("This takes about").wait_for()
    times = []
    for key in ["ArrowRight"] * 10 + ["ArrowLeft"] * 10:
        times.append(page.evaluate(TIME_OF_GUESS, key))
        page.wait_for_timeout(1000)
    with capsys.disabled():
        print(report("another guess", times))
