"""The book: complete, without a network, for every reader, at every width, on paper."""

from __future__ import annotations

import functools
import http.server
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from accessible import violations
from bs4 import BeautifulSoup
from playwright.sync_api import Page, expect

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("0*.ipynb"))
CITED = re.compile(r"https://(?:doi\.org|arxiv\.org|distill\.pub)/[^)\s]+")
EXERCISE = re.compile(r"^\*\*(?:Exercise )?(\d+)(?: · ([^*]*))?\.\*\*", re.MULTILINE)
# From a file, Chromium finds but shows no words around what it found. And axe looks for
# a style sheet of the theme in the wrong folder.
EXPECTED = ("Access to fetch at 'file:", "ERR_FAILED", "Failed to fetch", "404")
KINDS = (
    "docs/book/index.html",
    "notebooks/04_what_is_left_of_a_photo.html",
    "notebooks/glossary.html",
    "docs/book/references.html",
    "docs/book/core.html",
    "docs/teaching/README.html",
    "docs/teaching/exercises.html",
    "docs/gallery.html",
    "docs/reliability.html",
    "search.html?q=gram",
)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built once, and a warning is a failure."""
    site = tmp_path_factory.mktemp("book")
    options = ["-q", "-W", "--keep-going", "-c", "docs/book", "-d", f"{site}/cache"]
    command = [sys.executable, "-m", "sphinx", *options, ".", str(site / "html")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return site / "html"


@pytest.fixture
def address(book: Path) -> Iterator[str]:
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": _no})
    handler = functools.partial(quiet, directory=str(book))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def _no(*_: object) -> None:
    """Nothing is logged."""


def _text(notebook: Path) -> str:
    cells = nbformat.read(notebook, 4).cells
    return "\n".join(c.source for c in cells if c.cell_type == "markdown")


def _pages(book: Path) -> list[Path]:
    """All but the theme's own files, and the first page, which leads on at once."""
    pages = sorted(book.rglob("*.html"))
    first = book / "index.html"
    return [p for p in pages if "_static" not in p.parts and p != first]


def test_every_figure_says_what_it_shows(book: Path) -> None:
    for notebook in NOTEBOOKS:
        outputs = [
            output
            for cell in nbformat.read(notebook, 4).cells
            for output in cell.get("outputs", [])
        ]
        said = [
            known["alt"]
            for output in outputs
            for mime, known in output.get("metadata", {}).items()
            if mime.startswith("image/") and "alt" in known
        ]
        html = (book / f"notebooks/{notebook.stem}.html").read_text(encoding="utf-8")
        images = BeautifulSoup(html, "html.parser").select(".cell_output img")
        assert [image["alt"] for image in images] == said
        assert len(said) >= 4


def test_every_link_leads_to_a_page_and_a_heading_that_are_there(book: Path) -> None:
    soups = {
        path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in _pages(book)
    }
    named = {path: {tag["id"] for tag in s.select("[id]")} for path, s in soups.items()}
    for path, soup in soups.items():
        for link in soup.select("article a[href]"):
            target, _, anchor = link["href"].partition("#")
            if ":" in target:
                continue
            assert not target.endswith(".ipynb"), (path, target)
            other = (path.parent / target).resolve() if target else path
            assert other.exists(), (path, target)
            assert not anchor or anchor in named[other], (path, link["href"])


def test_formulas_are_drawn_in_every_notebook(book: Path) -> None:
    for notebook in NOTEBOOKS:
        html = (book / f"notebooks/{notebook.stem}.html").read_text(encoding="utf-8")
        drawn = len(BeautifulSoup(html, "html.parser").select("div.math svg path"))
        assert bool(drawn) == ("$$" in _text(notebook)), notebook.stem


def test_references_are_those_of_the_notebooks_and_say_where() -> None:
    text = (ROOT / "docs/book/references.md").read_text(encoding="utf-8")
    cited = {n: set(CITED.findall(_text(n))) for n in NOTEBOOKS}
    entries = text.split("\n- ")[1:]
    listed = {url for entry in entries for url in CITED.findall(entry)}
    assert listed == set().union(*cited.values())
    for entry in entries:
        for url in CITED.findall(entry):
            where = {n.name for n in NOTEBOOKS if url in cited[n]}
            assert set(re.findall(r"notebooks/([^)]+)", entry)) == where, url


def test_the_exercises_are_those_of_the_notebooks() -> None:
    text = (ROOT / "docs/teaching/exercises.md").read_text(encoding="utf-8")
    expected = []
    for notebook in NOTEBOOKS:
        for cell in nbformat.read(notebook, 4).cells:
            is_solution = re.search(r"^<details|^## Solutions", cell.source, re.M)
            if cell.cell_type == "markdown" and not is_solution:
                for number, name in EXERCISE.findall(cell.source):
                    label = f"exercise-{notebook.name[:2]}-{number}"
                    expected.append((f"{number} · {name}" if name else number, label))
    assert re.findall(r"\{exercise\} (.*)\n:label: (.*)", text) == expected
    assert len(expected) >= 18


def test_the_teachers_guide_begins_at_its_beginning(book: Path) -> None:
    html = (book / "docs/book/teaching.html").read_text(encoding="utf-8")
    listed = BeautifulSoup(html, "html.parser").select(".toctree-wrapper a")
    assert [a["href"] for a in listed][:2] == [
        "../teaching/README.html",
        "../teaching/01.html",
    ]
    assert not any("#" in a["href"] for a in listed)
    tasks = (
        (ROOT / "docs/teaching/README.md").read_text(encoding="utf-8").count("- [ ] ")
    )
    html = (book / "docs/teaching/README.html").read_text(encoding="utf-8")
    boxes = BeautifulSoup(html, "html.parser").select("li input[type=checkbox]")
    assert len(boxes) == tasks > 10
    html = (book / "docs/teaching/exercises.html").read_text(encoding="utf-8")
    titles = [
        p.get_text() for p in BeautifulSoup(html, "html.parser").select(".exercise > p")
    ]
    assert titles[0] == "Exercise 1 · Sizes"
    assert not any("(" in title for title in titles)


def test_hints_and_drawings_of_the_guide_are_read_in_the_page(book: Path) -> None:
    for source in sorted((ROOT / "docs/teaching").glob("0*.md")):
        text = source.read_text(encoding="utf-8")
        html = (book / f"docs/teaching/{source.stem}.html").read_text(encoding="utf-8")
        soup = BeautifulSoup(html, "html.parser")
        hints = [" ".join(p.get_text().split()) for p in soup.select("blockquote p")]
        assert len(hints) == len(re.findall("^> ", text, re.MULTILINE)) > 0
        assert all(hint.endswith((".", "?", ")", "…")) for hint in hints)
        drawings = re.findall(r"\[\w+\]\(board/", text)
        assert len(soup.select('a[href^="board.html#"]')) == len(drawings)
        assert not soup.select("a.download")


def test_every_module_of_core_and_runs_has_its_place() -> None:
    for part in ("core", "runs"):
        text = (ROOT / f"docs/book/{part}.md").read_text(encoding="utf-8")
        modules = {p.stem for p in (ROOT / "stylelab" / part).glob("*.py")}
        listed = set(re.findall(rf"automodule:: stylelab\.{part}\.(\w+)", text))
        assert listed == modules - {"__init__"}


def test_the_code_is_explained_from_its_docstrings(book: Path) -> None:
    from stylelab.core.style_transfer import gram
    from stylelab.runs.recipe import Recipe

    for part, thing in (("core", gram), ("runs", Recipe)):
        html = (book / f"docs/book/{part}.html").read_text(encoding="utf-8")
        soup = BeautifulSoup(html, "html.parser")
        name = f"{thing.__module__}.{thing.__qualname__}"
        said = soup.find(id=name).find_next_sibling("dd").get_text()
        first = thing.__doc__.split("\n\n")[0].replace("`", "")
        assert first.split() == said.split()[: len(first.split())]


@pytest.mark.browser
def test_no_page_asks_for_anything_from_elsewhere(book: Path, page: Page) -> None:
    lost: list[str] = []
    aborted = "net::ERR_ABORTED"  # by going on to the next page
    page.on("requestfailed", lambda r: r.failure != aborted and lost.append(r.url))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(re.compile("^(?!file:|data:|blob:)"), lambda route: route.abort())
    for path in _pages(book):
        page.goto(path.as_uri())
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert lost == []
    assert len(asked) > len(_pages(book))


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["file", "http"])
def test_search_finds_a_term(book: Path, page: Page, address: str, kind: str) -> None:
    start = f"{book.as_uri()}/" if kind == "file" else address
    page.goto(start + "docs/book/index.html")
    page.get_by_role("button", name="Search").first.click()
    page.keyboard.type("gram matrix")
    page.keyboard.press("Enter")
    found = page.locator("#search-results ul.search a", has_text="Glossary")
    expect(found.first).to_be_visible()
    found.first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Glossary")


@pytest.mark.browser
def test_the_first_address_leads_to_the_start_page(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_url("**/docs/book/index.html")
    assert page.locator("article img").first.evaluate("i => i.naturalWidth") > 100


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_of_page_violates_a_rule(
    page: Page, address: str, kind: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address + kind)
    assert violations(page) == []


@pytest.mark.browser
def test_no_page_is_wider_than_a_phone(book: Path, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for path in _pages(book):
        page.goto(path.as_uri())
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, path


@pytest.mark.browser
def test_paper_shows_the_article_alone(book: Path, page: Page) -> None:
    page.goto((book / "notebooks/06_content_meets_style.html").as_uri())
    page.emulate_media(media="print")
    for part in (".bd-sidebar-primary", ".bd-sidebar-secondary", ".bd-header-article"):
        expect(page.locator(part)).to_be_hidden()
    cut = """Array.from(document.querySelectorAll('article pre'))
        .filter(code => code.scrollWidth > code.clientWidth + 1).length"""
    page.set_viewport_size({"width": 700, "height": 1000})  # A4 between its margins
    assert page.evaluate(cut) == 0
