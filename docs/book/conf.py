"""The book: what is here, the notebooks and the other pages of docs/, as one site.

`make book` builds it. The sources stay where they are: Sphinx starts in the
repository's root and reads only what `include_patterns` names.
"""

import re
from pathlib import Path

import latex2mathml.converter
import nbformat
import ziamath
from docutils import nodes
from myst_parser.mdit_to_docutils.base import github_slugify
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

import stylelab
from stylelab.cli.exports import described

logger = logging.getLogger(__name__)
FOREIGN_NAME = re.compile(r"(?<![\w.])~?(?!stylelab\.)(?:\w+\.)+(?=[A-Z])")
HEADING_LINK = re.compile(r"(?<=\]\()#([^)]+)")
# In the teacher's guide: a check's hint, and links to the drawings of board.md.
HINT = re.compile(r"^> .*$", re.MULTILINE)
DRAWING = re.compile(r"(?<!!)(\[[^]]+\]\()board/(\w+)\.png\)")
BOARD = (Path(__file__).parents[1] / "teaching/board.md").read_text(encoding="utf-8")
DRAWN = re.findall(r"^## ([^\n]+)$[^#]*?\(board/(\w+)\.png\)", BOARD, re.MULTILINE)
HEADINGS = {drawing: github_slugify(heading) for heading, drawing in DRAWN}

project = "stylelab"
author = "the stylelab developers"
copyright = f"{author}. Code: MIT licence"
release = stylelab.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx_exercise"]
include_patterns = [
    "docs/**.md",
    "notebooks/*.ipynb",
    "stylelab/pictures/data/SOURCES.md",
    "benchmarks/NOTES.md",
    "README.md",
    "LICENSES.md",
    "CONTRIBUTING.md",
]
exclude_patterns = [".*", "build", "my-notebooks"]
root_doc = "docs/book/index"

# Notebooks are shown as they were saved. No file comes from a network.
nb_execution_mode = "off"
nb_ipywidgets_js: dict[str, dict[str, str]] = {}
# A lab that was saved with its widget shows the picture beside it instead.
nb_mime_priority_overrides = [
    ("html", "application/vnd.jupyter.widget-view+json", None),
]
myst_enable_extensions = ["dollarmath", "deflist", "tasklist"]
myst_enable_checkboxes = True
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]  # the glossary's terms are small headings

default_role = "code"  # docstrings write code as `code`
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
add_module_names = False

templates_path = ["_templates"]
html_theme = "sphinx_book_theme"
html_title = "stylelab"
html_logo = "_static/logo.svg"
html_favicon = "_static/logo.svg"
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_js_files = ["book.js"]
html_additional_pages = {"index": "to_start.html"}
html_copy_source = False
html_use_index = False
html_domain_indices = False
html_show_sphinx = False
html_context = {"default_mode": "light"}  # the figures are on white paper
html_math_renderer = "drawn"
html_theme_options = {
    "article_header_end": ["search-button", "toggle-secondary-sidebar"],
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_navbar_depth": 1,
    "show_toc_level": 1,
    "home_page_in_toc": True,
    "pygments_light_style": "a11y-high-contrast-light",
    "logo": {"text": "stylelab", "alt_text": ""},
}


def _drawing(latex: str, inline: bool) -> str:
    """The formula as an SVG that needs no script and no font, in the text's size."""
    size = 100
    aloud = " ".join(latex.split())
    # These two ziamath does not know: a norm's bars, an operator's space.
    latex = re.sub(r"(\\[Bb]igg?)?\\[lr]?Vert\b", r"\\|", latex)
    latex = re.sub(r"(\\operatorname{\w+})(?= \w)", r"\1\\,", latex)
    if "\\" in latex2mathml.converter.convert(latex):
        logger.warning("a formula that cannot be drawn: %s", aloud)
    formula = ziamath.Latex(latex, size=size, inline=inline, color="currentColor")
    svg = formula.svgxml()
    below = (formula.getyofst() - formula.margin) / size if inline else 0
    svg.set("style", f"vertical-align:{below:.3f}em")
    svg.set("width", f"{float(svg.get('width')) / size:.3f}em")
    svg.set("height", f"{float(svg.get('height')) / size:.3f}em")
    svg.set("role", "img")
    svg.set("aria-label", aloud)
    return ziamath.zmath.ET.tostring(svg, encoding="unicode")


def _inline(page: HTML5Translator, node: nodes.math) -> None:
    page.body.append(f'<span class="math">{_drawing(node.astext(), True)}</span>')
    raise nodes.SkipNode


def _block(page: HTML5Translator, node: nodes.math_block) -> None:
    drawing = _drawing(node.astext(), False)
    page.body.append(f'<div class="math" tabindex="0">{drawing}</div>')
    raise nodes.SkipNode


def _adapt(app: Sphinx, page: str, source: list[str]) -> None:
    """Hands over what MyST-NB leaves out of a notebook: what its pictures show.

    Links name headings as JupyterLab does; here headings are called as on GitHub. And
    each hint of the teacher's guide is a paragraph, with dots where it goes on; a link
    to a drawing leads to what is said beside it.
    """
    if page.startswith("docs/teaching/"):
        source[0] = HINT.sub(_as_paragraph, source[0])
        source[0] = DRAWING.sub(_on_the_board, source[0])
    if not page.startswith("notebooks/"):
        return
    notebook = nbformat.reads(source[0], 4)
    for cell in notebook.cells:
        for _, _, alt in described(cell):
            cell.metadata["mystnb"] = {"image": {"alt": alt}}
        if cell.cell_type == "markdown":
            cell.source = HEADING_LINK.sub(_as_on_github, cell.source)
    source[0] = nbformat.writes(notebook)


def _as_on_github(link: re.Match[str]) -> str:
    return "#" + github_slugify(link[1])


def _as_paragraph(hint: re.Match[str]) -> str:
    return hint[0] + ("" if hint[0].endswith((".", ")", "?")) else " …") + "\n>"


def _on_the_board(link: re.Match[str]) -> str:
    return f"{link[1]}board.md#{HEADINGS[link[2]]})"


def _title(
    app: Sphinx, page: str, template: str, context: dict[str, object], tree: object
) -> None:
    """An exercise is called "Exercise 1 · Sizes", without brackets."""
    title = re.compile(r'(class="admonition-title">Exercise) \((.*?)\)(?=</p>)')
    context["body"] = title.sub(r"\1 \2", str(context.get("body", "")))


def _shorten(
    app: Sphinx, what: str, name: str, thing: object, options: object, *texts: str
) -> tuple[str, ...] | None:
    """Signatures as one says them: `Callable`, `Tensor.float`."""
    if texts[0] is None:  # a module
        return None
    said = [FOREIGN_NAME.sub("", text or "") for text in texts]
    return tuple(re.sub(r"<method '(\w+)' of [^>]*>", r"Tensor.\1", s) for s in said)


def setup(app: Sphinx) -> None:
    """Formulas are drawn when the book is built, so that no page asks for MathJax."""
    app.add_html_math_renderer("drawn", (_inline, None), (_block, None))
    app.connect("source-read", _adapt)
    app.connect("html-page-context", _title)
    app.connect("autodoc-process-signature", _shorten)
