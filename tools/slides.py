"""Slides from a notebook's tagged cells: `python tools/slides.py notebooks/0*.ipynb`.

Each cell tagged `slide` becomes a slide: the title, a question with its choices, a
figure under its claim, the answer. The other texts become the speaker's notes: press S.
A page needs the folder `reveal` beside it and nothing else.
"""

from __future__ import annotations

import argparse
import base64
import html
import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import jinja2
import latex2mathml.converter
import nbformat
import numpy as np
import PIL.Image
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from stylelab.lessons.lesson import Caption
from stylelab.teaching import place

TOOLS = Path(__file__).parent
ASSETS = TOOLS / "slides"
ASKED = "Your prediction: "  # before the choices, in the place of the widget
CLAIM_ROWS = 60  # px of a figure in which its claim stands
TALL = 0.63  # height over width, from which a figure has its title beside it


@dataclass
class Slide:
    """One slide: `kind` is its class in slides.css, the rest is Markdown or HTML."""

    kind: str
    title: str
    section: str = ""  # a line above the title
    body: str = ""  # HTML
    facts: list[str] = field(default_factory=list)  # numbers, measured; Markdown
    notes: list[str] = field(default_factory=list)  # Markdown


class Formulas(IPythonRenderer):
    """Formulas as MathML, which browsers draw without a script."""

    def inline_math(self, body: str) -> str:
        return latex2mathml.converter.convert(body)

    def block_math(self, body: str) -> str:
        return latex2mathml.converter.convert(body, display="block")

    multiline_math = block_math


def as_html(text: str) -> str:
    """Markdown as HTML; links and pictures stay words: a slide is no page to leave."""
    text = re.sub(r"!?\[([^\]]+)\]\([^)]*\)", r"\1", text)
    return MarkdownWithMath(
        renderer=Formulas(escape=False, exclude_anchor_links=True)
    ).render(text)


def line_html(text: str) -> str:
    """One paragraph of Markdown as HTML, without its <p>."""
    return re.sub(r"^<p>(.*)</p>\s*$", r"\1", as_html(text), flags=re.DOTALL)


def slides(notebook: NotebookNode, captions: dict[str, Caption]) -> list[Slide]:
    """The slides of a notebook, whose figures say what `captions` has."""
    first, *cells = notebook.cells
    found, ahead, section, asked = [opening(first.source)], [], "", ""
    for cell in cells:
        if cell.cell_type == "markdown":
            said, heading, rest = re.split(r"(?m)(^## |\Z)", cell.source, maxsplit=1)
            (ahead or found[-1].notes).append(said)
            if heading:
                section = re.findall(r"(?m)^## (.+)$", cell.source)[-1]
                ahead.append(heading + rest)
            if question := re.search(r"(?s)\*\*Predict:?\*\*.*", cell.source):
                asked = re.sub(r"\*\*Predict:\*\*\s|\*\*", "", question[0])
            if is_slide(cell):
                return [*found, answer(found[0].title, cell.source, ahead)]
        elif is_slide(cell):
            slide = code_slide(cell, asked, captions)
            slide.section = slide.section or section
            if slide.kind == "fact" and slide.title == found[-1].title:
                found[-1].facts += slide.facts  # measured in the figure above
            else:
                slide.notes, ahead = ahead, []
                found.append(slide)
    return found


def is_slide(cell: NotebookNode) -> bool:
    return "slide" in cell.metadata.get("tags", [])


def opening(source: str) -> Slide:
    """The notebook's question, and what one learns to do."""
    number, title = re.match(r"# (\d+) · (.+)", source).groups()
    aims = re.search(r"(?s)\*\*You will\*\*\n\n(.+?)\n\n", source)[1]
    byline = re.search(r"(?m)^\*(By .+)\*$", source)[1]
    body = f"<p>You will</p>{as_html(aims)}<p class='byline'>{html.escape(byline)}</p>"
    summary = source.partition("\n**You will**")[0].partition("*\n")[2]
    return Slide("opening", title, f"stylelab · {number}", body, notes=[summary])


def answer(question: str, source: str, notes: list[str]) -> Slide:
    """The notebook's answer to its question, with the notes from before it."""
    text = re.search(r"(?s)## The answer\n(.+?)(?=\n## |\Z)", source)[1]
    return Slide("answer", question, "The answer", as_html(text), notes=notes)


def code_slide(cell: NotebookNode, asked: str, captions: dict[str, Caption]) -> Slide:
    """A question that waits for predictions, a figure, or a measured number."""
    if "predict" in cell.metadata.tags:
        choices = cell.outputs[0].data["text/plain"].removeprefix(ASKED).split(" / ")
        items = "".join(f"<li>{line_html(choice)}</li>" for choice in choices)
        kind = "choices" if len(choices) > 1 else "open"
        title, *more = re.split(r"(?<=\?)\s", asked[0].upper() + asked[1:], maxsplit=1)
        body = "".join(map(as_html, more)) + f"<ul class='{kind}'>{items}</ul>"
        return Slide("question", title, "Predict", body)
    body = "".join(figure(output) for output in cell.outputs)
    claim = next((c.claim for c in captions_of(cell, captions) if c.claim), "")
    facts = [o.data["text/markdown"] for o in cell.outputs if is_fact(o)]
    return Slide(kind_of(body), claim or facts[0], "", body, facts)


def kind_of(body: str) -> str:
    """A figure, a tall one, or no figure but a fact."""
    size = re.search(r'width="(\d+)" height="(\d+)"', body)
    if not size:
        return "fact"
    return "figure tall" if int(size[2]) / int(size[1]) > TALL else "figure"


def captions_of(cell: NotebookNode, captions: dict[str, Caption]) -> Iterator[Caption]:
    """What the cell's figure or number says: by its description, else by its name."""
    for output in cell.outputs:
        for about in output.get("metadata", {}).values():
            for caption in captions.values():
                if caption.alt and about.get("alt", "").startswith(caption.alt):
                    yield caption
    for name in re.findall(r'lesson\.(?:caption|reveal)\(\s*"(\w+)"', cell.source):
        yield captions[name]


def is_fact(output: NotebookNode) -> bool:
    return "text/markdown" in output.get("data", {})


def figure(output: NotebookNode) -> str:
    """An output's picture as <img>, without its claim, which is the slide's title."""
    for mime, data in output.get("data", {}).items():
        if mime.startswith("image/"):
            alt = html.escape(output.metadata[mime]["alt"])
            picture = without_claim(base64.b64decode(data))
            source = base64.b64encode(picture).decode()
            size = 'width="{}" height="{}"'.format(*opened(picture).size)
            return f'<img alt="{alt}" {size} src="data:{mime};base64,{source}">'
    return ""


def opened(encoded: bytes) -> PIL.Image.Image:
    return PIL.Image.open(io.BytesIO(encoded))


def without_claim(encoded: bytes) -> bytes:
    """A figure without the lines above its first gap, if there is one."""
    found = opened(encoded)
    image = found.convert("RGB")
    ink = (np.asarray(image.convert("L")) < 200).any(axis=1)
    ((begin, *_),) = np.nonzero(ink)
    gaps = [row for row in range(begin, CLAIM_ROWS) if not ink[row : row + 3].any()]
    if not gaps:
        return encoded
    image = image.crop((0, gaps[0] + 3, image.width, image.height))
    image.save(file := io.BytesIO(), found.format, quality=90, optimize=True)
    return file.getvalue()


def page(path: Path) -> str:
    """The slides of the notebook at `path` as a page."""
    number = path.name[:2]
    captions = place.module(number, "captions").lesson.captions
    found = slides(nbformat.read(path, 4), captions)
    template = jinja2.Template((ASSETS / "page.html.j2").read_text(encoding="utf-8"))
    return template.render(slides=found, line=line_html, block=as_html)


def main() -> None:
    """Writes a page for each notebook named, and the files that all of them share."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("-o", "--out", type=Path, default=Path("build/slides"))
    options = parser.parse_args()
    shutil.copytree(
        ASSETS,
        options.out / "reveal",
        ignore=shutil.ignore_patterns("*.j2"),
        dirs_exist_ok=True,
    )
    for path in options.notebooks:
        (options.out / f"{path.name[:2]}.html").write_text(page(path), "utf-8")


if __name__ == "__main__":
    main()
