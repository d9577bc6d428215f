"""Notebook 06 shows the algorithm as it stands in the package."""

import inspect
from pathlib import Path

import pytest
import torch

from stylelab.core import style_transfer
from stylelab.lessons.nb06_transfer import algorithm, checks
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


def test_the_loop_goes_down_the_students_loss_once_it_is_right(capsys):
    def right(maps, P, A, alpha, beta):
        content, style = algorithm.parts(maps, P, A)
        return alpha * content + beta * style

    assert algorithm.ours_until_right(right) is right
    assert "your total loss" in capsys.readouterr().out
    for unfinished in (lambda *_: ..., lambda *_: torch.ones(())):
        assert algorithm.ours_until_right(unfinished) is algorithm.total_loss
        assert "the package's total loss" in capsys.readouterr().out
    assert checks.total_loss(algorithm.total_loss)


def test_the_packages_total_loss_is_equation_7():
    maps = {"relu1_1": torch.ones(1, 1, 2, 2), "relu4_2": torch.zeros(1, 3, 1, 1)}
    P, A = torch.ones(1, 3, 1, 1), {"relu1_1": torch.full((1, 1), 2.0)}
    assert algorithm.total_loss(maps, P, A, 10, 100) == pytest.approx(10 + 100 / 4)
    curves = algorithm.by_step([algorithm.parts(maps, P, A)] * 2)
    assert curves["style"][1] == pytest.approx([0.25, 0.25])
    assert [*curves["content"][0]] == [1, 2]
