"""What is left of a lab without its page or its kernel, and its code in a cell."""

from __future__ import annotations

import ast
import html
import re
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from stylelab.labs import TextureLab, TradeoffLab, lab, saved_still
from stylelab.labs.style_controls import PAINTED
from stylelab.labs.widgets import base
from stylelab.labs.widgets.base import EVERY, PATIENCE, PageLink

LONG = 100_000  # steps: longer than any test
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


# --- Whether a page shows a lab -------------------------------------------------------


class Pages:
    """The pages of a lab on a clock of their own: `open` of them show it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now, self.open, self.asked = 1000.0, 0, 0
        patch.setattr(base, "time", SimpleNamespace(monotonic=lambda: self.now))
        self.link = PageLink()
        self.link.send = self.hear

    def say(self, here: bool) -> None:
        self.link._handle_custom_msg({"here": here}, [])

    def show(self) -> None:
        self.open += 1
        self.say(True)

    def hear(self, _: object) -> None:
        self.asked += 1
        for _ in range(self.open):
            self.say(True)

    def seconds_until_left(self, most: float) -> float:
        """For how long a run that has news five times a second goes on."""
        began = self.now
        while not self.link.is_left() and self.now - began < most:
            self.now += 0.2
        return self.now - began


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(monkeypatch)


def test_a_run_that_no_page_has_ever_shown_goes_on(pages: Pages) -> None:
    assert pages.seconds_until_left(600) >= 600


def test_a_run_goes_on_as_long_as_a_page_answers(pages: Pages) -> None:
    pages.show()
    assert pages.seconds_until_left(600) >= 600
    assert pages.asked <= 600 / EVERY + 1  # few messages


def test_a_page_that_is_silent_ends_the_run_within_forty_seconds(pages: Pages) -> None:
    pages.show()
    pages.seconds_until_left(60)
    pages.open = 0
    assert PATIENCE <= pages.seconds_until_left(600) < 40
    pages.show()  # the notebook is opened again
    assert pages.seconds_until_left(600) >= 600


def test_a_page_that_says_goodbye_ends_the_run_at_once(pages: Pages) -> None:
    pages.show()
    pages.seconds_until_left(60)
    pages.open = 0
    pages.say(False)
    assert pages.seconds_until_left(600) < 3 * EVERY


def test_a_page_that_goes_does_not_end_what_another_one_shows(pages: Pages) -> None:
    pages.show()
    pages.show()
    pages.seconds_until_left(60)
    pages.open = 1
    pages.say(False)
    assert pages.seconds_until_left(600) >= 600


def test_a_laptop_that_slept_is_no_page_that_went(pages: Pages) -> None:
    pages.show()
    pages.seconds_until_left(60)
    pages.open, pages.now = 0, pages.now + 10_000
    assert pages.seconds_until_left(600) > 20


def test_a_cell_that_runs_holds_up_the_answers_and_ends_no_run(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.show()
    pages.seconds_until_left(60)
    pages.open = 0
    base.cells.begin()
    assert pages.seconds_until_left(600) >= 600
    base.cells.end()
    assert pages.seconds_until_left(600) < 40


def test_a_run_that_is_left_is_stopped_with_its_picture_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(base, "EVERY", 0.05)
    monkeypatch.setattr(base, "PATIENCE", 0.3)
    new = TextureLab(size=48, steps=LONG)
    new.link._handle_custom_msg({"here": True}, [])
    new.panel.run.click()
    assert new.panel.live.join(300) == "stopped"
    assert "no page showed this lab any more" in new.panel.message.value
    assert "the picture is kept" in new.panel.growing.status
    assert new.result is not None
    # The next run, in sight, ends as ever.
    new.link.send = lambda _: new.link._handle_custom_msg({"here": True}, [])
    new.controls["steps"].value = 2
    new.panel.run.click()
    assert new.panel.live.join(300) == "done"
    assert new.panel.message.value == ""


# --- The still beside a lab -----------------------------------------------------------


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """What was displayed in a cell, and what has replaced the last of it since."""
    outputs: list[dict] = []

    def display(data: dict, **options: object) -> object:
        outputs.append(data)
        return SimpleNamespace(update=lambda data, **_: outputs.append(data))

    monkeypatch.setattr(lab, "display", display)
    monkeypatch.setattr(saved_still, "display", display)
    monkeypatch.setattr(saved_still, "IDLE", 0.3)
    return outputs


def waits(until: Callable[[], bool]) -> None:
    late = time.monotonic() + 120
    while not until():
        assert time.monotonic() < late
        time.sleep(0.02)


def test_a_lab_is_displayed_as_a_widget_and_a_still_beside_it(shown: list) -> None:
    new = TextureLab(size=48, steps=3)
    new._ipython_display_()
    view, still = shown
    assert view == {lab.VIEW: view[lab.VIEW], "text/html": ""}
    assert "before a run" in still["text/plain"]
    assert f'alt="{html.escape(still["text/plain"])}"' in still["text/html"]
    assert new.link.still in still["text/html"]
    assert still["image/jpeg"] in still["text/html"]
    new.panel.ahead.join(300)


def test_the_still_has_the_picture_of_a_run_once_it_ends(shown: list) -> None:
    new = TextureLab(size=48, steps=3)
    new._ipython_display_()
    new.panel.run.click()
    new.panel.live.join(300)
    waits(lambda: "after 3 steps" in shown[-1]["text/plain"])
    # What is chosen for the next run is not what made this result.
    new.controls["steps"].value = 4
    new.panel.ahead.join(300)
    time.sleep(2 * saved_still.IDLE)
    new.saved_still.drawing.join(300)
    assert "steps=3" in shown[-1]["text/plain"]


def test_the_still_of_a_lab_without_runs_follows_when_the_hand_rests(
    shown: list,
) -> None:
    new = TradeoffLab()
    new._ipython_display_()
    before = len(shown)
    for place in (1, 5, 2, 6, 0):
        new.slider.value = place
    assert len(shown) == before  # nothing was drawn meanwhile
    waits(lambda: new.words() == shown[-1]["text/plain"])
    new.saved_still.drawing.join(60)
    assert len(shown) == before + 1


def test_the_still_of_a_closed_lab_stays(shown: list) -> None:
    new = TradeoffLab()
    new._ipython_display_()
    sheet, count = new.saved_still, len(shown)
    new.slider.value = 0
    new.close()
    sheet.changed()
    sheet.renew()
    sheet.drawing.join(300)
    time.sleep(2 * saved_still.IDLE)
    assert len(shown) == count


# --- "The same in a cell" -------------------------------------------------------------


def run_labs() -> list:
    """The cells of the notebooks that make a lab with runs, by notebook."""
    found = []
    for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")):
        code = [c.source for c in nbformat.read(path, 4).cells if c.cell_type == "code"]
        for cell in code:
            if re.search(r"\b(Transfer|Texture|Reconstruction)Lab\(", cell):
                found.append(pytest.param(code[0], cell, id=path.name[:2]))
    return found


def made(imports: str, cell: str) -> dict:
    """The names of a notebook after its first cell and a small lab, called _."""
    names: dict = {}
    exec(imports, names)
    others = {"styles": ["starry_night", "great_wave"], "size": 48}
    tree = ast.parse(cell)
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and call.func.id.endswith("Lab"):
            small = [ast.keyword(k, ast.Constant(v)) for k, v in SMALL.items()]
            call.keywords = [k for k in call.keywords if k.arg not in SMALL] + small
    last = ast.Expression(tree.body.pop().value)
    added = {name: value for name, value in others.items() if name in cell}
    exec(compile(ast.fix_missing_locations(tree), "cell", "exec"), names | added, names)
    scope = names | added
    names["_"] = eval(compile(ast.fix_missing_locations(last), "cell", "eval"), scope)
    return names


SMALL = {"size": 48, "steps": 2}


@pytest.mark.parametrize(("imports", "cell"), run_labs())
def test_the_same_in_a_cell_runs_in_the_notebook_that_it_stands_in(
    imports: str, cell: str
) -> None:
    names = made(imports, cell)
    new = names["_"]
    if "styles" in cell:
        new.mixture.how.value = PAINTED
        painter = new.mixture.mask.painter
        width, height = painter.size
        painter.mask = np.arange(height)[:, None].repeat(width, 1) < height // 3
        new.changed()
    (code,) = re.findall(r"<code>(.*?)</code>", new.code.value, re.DOTALL)
    *lines, last = html.unescape(code).splitlines()
    exec("\n".join(lines), names)
    results = eval(last, names)
    for result in results if isinstance(results, list) else [results]:
        assert len(result.history) == SMALL["steps"]
        assert max(result.image().size) >= SMALL["size"]
