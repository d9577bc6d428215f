"""The studio in German, in a real browser: each word is German, none is cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Page, expect
from studio_server import COMMAND, Studio, running

from stylelab.core.language import LOCALE
from stylelab.pictures.samples import samples

pytestmark = pytest.mark.browser

*START, LAST = COMMAND
SIZES = [(1440, 900), (390, 844)]
PAINTERS = "|".join(re.escape(sample.author) for sample in samples().values())
# What is no word: numbers, layers and methods as in a recipe, signs, and painters.
METHODS = "gram|mean_std|sliced_wasserstein|lbfgs|adam|float32|bfloat16"
NAMES = rf"[\d.,:% ]+|(?:relu|pool)\d(?:_\d)?|{METHODS}|[⇆▾▴+ ]+|{PAINTERS}"
# Every text that can be seen, a line each: of elements that are open, and of choices.
TEXTS = """() => [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility() && !["SCRIPT", "STYLE"].includes(e.tagName))
  .flatMap((e) => [...e.childNodes].filter((n) => n.nodeType === 3)
    .map((n) => n.textContent.trim()).concat(e.title, e.ariaLabel, e.alt))
  .filter((text) => text)"""
# Buttons and labels whose words do not fit, and whether the page does not.
CUT = """() => [...document.querySelectorAll("button, label, .widget-label, h1, h2, p")]
  .filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1 &&
    getComputedStyle(e).display !== "inline")
  .map((e) => e.textContent.trim()).filter((text) => text)
  .concat(document.documentElement.scrollWidth > innerWidth ? ["the page"] : [])"""


@pytest.fixture(scope="module")
def studio(
    browser_path: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Studio]:
    command = *START, "--language", "de", LAST
    with running(tmp_path_factory.mktemp("studio"), *command) as running_studio:
        yield running_studio


def patterns() -> list[re.Pattern]:
    """What German texts look like, with anything in the place of each {}."""
    with open(LOCALE / "de" / "LC_MESSAGES" / "stylelab.po", "rb") as file:
        texts = [message.string for message in read_po(file) if message.id]
    # Those that begin with a sign follow another one; a title's part is a name, too.
    texts += [text.partition(",")[0] for text in texts if "," in text]
    texts = [text for text in texts if text.replace("{}", "")]  # not only a place
    found = [re.escape(text.strip()).replace(r"\{\}", ".+") for text in texts]
    return [re.compile(text, re.IGNORECASE) for text in (*found, NAMES)]


GERMAN = patterns()


def foreign(texts: list[str]) -> list[str]:
    """What no German text is like: not whole, and not in its sentences either."""
    return [text for text in dict.fromkeys(texts) if not is_german(text)]


def is_german(text: str) -> bool:
    text = " ".join(text.split()) if "  " not in text else text
    if any(pattern.fullmatch(text) for pattern in GERMAN):
        return True
    ends = [i for i in range(1, len(text)) if text[i - 1] in ".:,+▾▴ "]
    pairs = [(text[:i].strip(), text[i:].strip()) for i in ends]
    halves = [(a, b) for a, b in pairs if a and b and is_whole(a)]
    return any(is_german(b) for _, b in halves)


def is_whole(text: str) -> bool:
    return any(p.fullmatch(t) for p in GERMAN for t in (text, text[:-1]) if t)


def check(page: Page) -> None:
    assert foreign(page.evaluate(TEXTS)) == []
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_word_is_german(page: Page, studio: Studio, width: int, height: int):
    page.set_viewport_size({"width": width, "height": height})
    page.goto(studio.url)
    expect(page.get_by_text("Das dauert etwa")).to_be_visible(timeout=90_000)
    assert page.evaluate("document.documentElement.lang") == "de"
    expect(page.get_by_text("Das ist eine schnelle Schätzung.")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Klein", exact=True).click()
    page.get_by_role("button", name="Mehr ▾").click()
    page.get_by_label("Schritte", exact=True).fill("12")
    page.get_by_label("Schritte", exact=True).press("Tab")
    style = page.get_by_label("2  Der Stil", exact=True)
    style.get_by_role("checkbox").check()
    style.get_by_role("button", name="Mohnblumen").click()
    page.get_by_role("button", name="der zweite, wo ich male").click()
    expect(page.get_by_text("Nichts ist ausgemalt")).to_be_visible()
    check(page)
    page.get_by_role("button", name="gemischt").click()
    page.get_by_role("button", name="▶ Malen").click()
    expect(page.locator(".sl-standing")).to_contain_text("Schritt ", timeout=90_000)
    check(page)
    expect(page.locator(".sl-standing")).to_contain_text("Fertig", timeout=90_000)
    check(page)


def test_errors_and_the_door_are_german(page: Page, studio: Studio, tmp_path: Path):
    page.goto(studio.url)
    expect(page.get_by_text("Das dauert etwa")).to_be_visible(timeout=90_000)
    broken = tmp_path / "x.png"
    broken.write_bytes(b"no picture")
    with page.expect_file_chooser() as chooser:
        page.get_by_label("1  Das Foto").get_by_text("Datei wählen").click()
    chooser.value.set_files(broken)
    expect(page.get_by_text("'x.png' enthält kein lesbares Bild")).to_be_visible()
    answer = page.request.get(studio.url + "nowhere")
    assert "Hier ist nichts" in answer.text()
    assert '<html lang="de">' in answer.text()


def test_what_is_english_is_found():
    english = ["This takes about 5 s.", "▶ Paint it", "Step 3 of 12", "Close", "Detail"]
    assert foreign(english) == english
    assert foreign(["Das dauert etwa 5 s.", "Schritt 3 von 12, noch etwa 9 s"]) == []
