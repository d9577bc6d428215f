"""Links within the notebooks lead somewhere: to a file, or to a heading."""

import re
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_links_lead_to_a_file_or_a_heading(path):
    cells = [c for c in nbformat.read(path, 4).cells if c.cell_type == "markdown"]
    text = "\n".join(cell.source for cell in cells)
    headings = re.findall(r"(?m)^#+ (.*)$", text)
    anchors = {f"#{heading.replace(' ', '-')}" for heading in headings}
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("#"):
            assert target in anchors
        elif not re.match(r"https?:", target):
            assert (NOTEBOOKS / target).is_file(), target
