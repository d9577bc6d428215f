"""The glossary: every term once, in order, with the notebook that introduces it."""

import re
from pathlib import Path

import nbformat

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
CELLS = nbformat.read(NOTEBOOKS / "glossary.ipynb", 4).cells
ENTRIES = {cell.source.splitlines()[0]: cell.source for cell in CELLS[1:]}


def test_it_is_text_alone_in_alphabetical_order():
    assert {cell.cell_type for cell in CELLS} == {"markdown"}
    names = [name.lower() for name in ENTRIES]
    assert names == sorted(names)
    assert len(names) == len(CELLS) - 1


def test_every_term_links_to_a_notebook_that_exists():
    for name, text in ENTRIES.items():
        (target,) = re.findall(r"\]\(([^)]+)\)", text)
        assert (NOTEBOOKS / target).is_file(), name


def test_formulas_are_closed():
    for name, text in ENTRIES.items():
        assert text.count("$$") in (0, 2), name
        assert text.replace("$$", "").count("$") % 2 == 0, name
