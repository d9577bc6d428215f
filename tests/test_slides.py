"""The slides: what is on each, and that all of it comes from the notebook."""

import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import PIL.Image
import PIL.ImageDraw
import pytest
import slides

from stylelab.teaching import place

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


class Elements(HTMLParser):
    """The tags of a page with their attributes, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def is_answer(cell: nbformat.NotebookNode) -> bool:
    return cell.cell_type == "markdown" and slides.is_slide(cell)


def captions_of(path: Path) -> dict:
    return place.module(path.name[:2], "captions").lesson.captions


def slides_of(path: Path) -> tuple[nbformat.NotebookNode, list]:
    notebook = nbformat.read(path, 4)
    return notebook, slides.slides(notebook, captions_of(path))


@every_notebook
def test_every_tagged_cell_is_on_a_slide(path: Path) -> None:
    notebook, found = slides_of(path)
    tagged = [cell for cell in notebook.cells if slides.is_slide(cell)]
    asked = [c for c in tagged if "predict" in c.metadata.tags]
    questions = [s for s in found if s.kind == "question"]
    assert len(questions) == len(asked)
    for cell, slide in zip(asked, questions, strict=True):
        for choice in re.findall(r"[a-z]{4,}", cell.outputs[0].data["text/plain"][17:]):
            assert choice in slide.body
    drawn = [o for c in tagged for o in c.get("outputs", []) if slides.figure(o)]
    assert sum(s.body.count("<img") for s in found) == len(drawn)
    facts = [o for c in tagged for o in c.get("outputs", []) if slides.is_fact(o)]
    assert sum(len(s.facts) for s in found) == len(facts)
    assert [found[0].kind, found[-1].kind] == ["opening", "answer"]


@every_notebook
def test_a_figures_title_is_its_claim_and_no_question_is_asked_twice(
    path: Path,
) -> None:
    _, found = slides_of(path)
    claims = {c.claim for c in captions_of(path).values()}
    for slide in found:
        if slide.kind.startswith(("figure", "fact")):
            assert slide.title in claims
    questions = [s.title for s in found if s.kind == "question"]
    assert len(set(questions)) == len(questions)


@every_notebook
def test_the_text_is_in_the_notes_in_its_order(path: Path) -> None:
    notebook, found = slides_of(path)
    notes = "\n".join(note for slide in found for note in slide.notes)
    (last,) = [i for i, cell in enumerate(notebook.cells[1:], 1) if is_answer(cell)]
    texts = [c.source for c in notebook.cells[1:last] if c.cell_type == "markdown"]
    place = 0
    for text in texts:
        place = notes.find(text.strip().splitlines()[-1], place)
        assert place >= 0, text


@every_notebook
def test_a_page_asks_for_nothing_but_its_own_folder(path: Path) -> None:
    page = Elements(slides.page(path))
    for tag, attributes in page.found:
        assert tag not in ("a", "iframe", "object")
        source = attributes.get("src") or attributes.get("href") or "data:"
        assert source.startswith(("data:", "reveal/")), source
        if source.startswith("reveal/"):
            assert (slides.ASSETS / source.removeprefix("reveal/")).is_file()
        assert tag != "img" or len(attributes["alt"]) > 20
    assert ("math" in [tag for tag, _ in page.found]) == (
        "$" in path.read_text("utf-8")
    )
    assert not re.search(
        r"\$[^$\n]+\$|\\\w+\{", page.words
    )  # no formula as it is typed


def test_a_claim_is_cut_off_and_a_figure_without_one_is_kept() -> None:
    figure = PIL.Image.new("RGB", (300, 200), "white")
    draw = PIL.ImageDraw.Draw(figure)
    draw.rectangle((10, 8, 120, 24), fill="black")
    draw.rectangle((10, 40, 290, 190), fill="blue")
    cut = slides.opened(slides.without_claim(encoded(figure)))
    assert cut.size == (300, 172)
    assert cut.getpixel((60, 0)) == (255, 255, 255)
    draw.rectangle((10, 8, 120, 190), fill="black")
    assert slides.without_claim(encoded(figure)) == encoded(figure)


def encoded(image: PIL.Image.Image) -> bytes:
    image.save(file := slides.io.BytesIO(), "PNG")
    return file.getvalue()
