"""Notebook 06 shows the algorithm as it stands in the package."""

import inspect
from pathlib import Path

from stylelab.core import style_transfer
from stylelab.lessons.nb06_transfer.algorithm import source_of

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "06_content_meets_style.ipynb"


def test_a_source_is_a_block_of_the_functions_own_lines():
    text = source_of(style_transfer.gram, style_transfer.texture).data
    assert text.startswith("```python\ndef gram(maps: Tensor) -> Tensor:\n")
    assert "\n\n\n@torch.no_grad()\ndef texture(network" in text
    assert text.endswith("    return total\n```")
    file = inspect.getsource(style_transfer)
    for block in text.strip("`").removeprefix("python\n").split("\n\n\n"):
        assert block in file


def test_the_notebook_tells_how_long_the_algorithm_is():
    lines = inspect.getsource(style_transfer).count("\n")
    assert round(lines, -1) == 160
    assert "is the whole algorithm, 160 lines" in NOTEBOOK.read_text("utf-8")
