"""Every notebook runs from top to bottom, with its solutions, and is stored as run."""

import base64
import copy
import json
import re
from pathlib import Path

import freeze
import nbformat
import pytest

from stylelab.teaching import exercises, solutions

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def answers(path: Path) -> list[str]:
    """The teacher's code, as cells that fail where a check finds fault."""
    notebook = nbformat.from_dict(solutions.solved(exercises.read(path), path.name[:2]))
    solved = [
        c.source for c in notebook.cells if "solution" in c.metadata.get("tags", ())
    ]
    texts = "\n".join(["".join(source) for source in solved])
    code = ["".join(s) for s in solved if "\nchecks." in "".join(s)]
    blocks = [*code, *re.findall(r"```python\n(.*?)```", texts, re.DOTALL)]
    return [re.sub(r"(?m)^(checks\.\w+\(.*\))$", r"assert \1, \1", b) for b in blocks]


@every_notebook
def test_runs_from_top_to_bottom(path):
    notebook = nbformat.read(path, 4)
    notebook.cells += [nbformat.v4.new_code_cell(code) for code in answers(path)]
    freeze.run(notebook, path.parent, {**freeze.ENVIRONMENT, "STYLELAB_QUICK": "1"})
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.get("name") != "stderr", f"{cell.source}\n{output.text}"


@pytest.mark.slow
def test_the_teacher_s_notebook_runs_from_top_to_bottom():
    """Notebook 06, the one whose later cells go on with an answer: the total loss."""
    (path,) = (path for path in NOTEBOOKS if path.name.startswith("06"))
    build = solutions.solved(exercises.read(path), "06")
    notebook = nbformat.reads(json.dumps(build), 4)
    freeze.run(notebook, path.parent, {**freeze.ENVIRONMENT, "STYLELAB_QUICK": "1"})
    checked = [c for c in notebook.cells if "\nchecks." in f"\n{c.get('source')}"]
    for cell in checked:
        shown = [o.data["text/plain"] for o in cell.outputs if "data" in o]
        assert shown
        assert shown[-1].startswith("✓"), cell.source


@every_notebook
def test_is_stored_as_its_code_ran(path):
    assert not freeze.complaints(nbformat.read(path, 4))


@every_notebook
def test_every_picture_has_a_description(path):
    for cell in nbformat.read(path, 4).cells:
        for output in cell.get("outputs", []):
            for mime in [m for m in output.get("data", {}) if m.startswith("image/")]:
                assert output.metadata[mime]["alt"], cell.source


@every_notebook
def test_students_can_check_their_answers(path):
    notebook = nbformat.read(path, 4)
    code = "\n".join(c.source for c in notebook.cells if c.cell_type == "code")
    asked = set(re.findall(r"(?m)^checks\.\w+", code))
    solved = set(re.findall(r"checks\.\w+", "\n".join(answers(path))))
    assert asked == solved
    assert len(asked) >= 2


def test_a_notebook_whose_code_changed_is_refused():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
    freeze.normalise(notebook)
    assert not freeze.complaints(notebook)
    changed = copy.deepcopy(notebook)
    changed.cells[0].source = "1 + 2"
    assert "not run again" in freeze.complaints(changed)[0]


def test_freezing_keeps_tags_and_names_a_slow_cell_that_has_none(monkeypatch):
    monkeypatch.setattr(freeze, "SLOW", 0.3)
    sources = ["import time", "time.sleep(0.5)", "time.sleep(0.6)"]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.cells[2].metadata.tags = ["slide", "slow"]
    freeze.run(notebook, ROOT, freeze.ENVIRONMENT)
    (note,) = freeze.untagged(notebook)
    assert note.endswith("time.sleep(0.5)")
    freeze.normalise(notebook)
    assert notebook.cells[1].metadata == {}
    assert notebook.cells[2].metadata == {"tags": ["slide", "slow"]}


def test_text_may_change_without_a_new_run():
    cells = [nbformat.v4.new_code_cell("1"), nbformat.v4.new_markdown_cell("one")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    freeze.normalise(notebook)
    notebook.cells[1].source = "another"
    assert not freeze.complaints(notebook)


def test_a_warning_in_a_stored_notebook_is_refused():
    cell = nbformat.v4.new_code_cell("import old")
    cell.outputs = [nbformat.v4.new_output("stream", name="stderr", text="deprecated")]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    freeze.normalise(notebook)
    assert "import old" in freeze.complaints(notebook)[0]


def test_random_ids_are_counted_from_zero():
    cell = nbformat.v4.new_code_cell("lab")
    ids = ["f" * 32, "0123456789abcdef" * 2, "f" * 32]
    data = {"text/plain": " ".join(ids)}
    cell.outputs = [nbformat.v4.new_output("display_data", data)]
    freeze.normalise(nbformat.v4.new_notebook(cells=[cell]))
    assert cell.outputs[0].data["text/plain"] == " ".join(
        f"{number:032x}" for number in (0, 1, 0)
    )


def test_a_lab_is_stored_as_its_still_once():
    view, still = {freeze.WIDGET: {"model_id": ""}, "text/html": ""}, {"text/plain": ""}
    still |= {"image/jpeg": "", "text/html": '<img class="sl-still" src="data:">'}
    cell = nbformat.v4.new_code_cell("lab")
    cell.outputs = [nbformat.v4.new_output("display_data", d) for d in (view, still)]
    freeze.normalise(nbformat.v4.new_notebook(cells=[cell]))
    assert [sorted(o.data) for o in cell.outputs] == [["image/jpeg", "text/plain"]]


@every_notebook
def test_a_stored_lab_is_its_screenshot(path):
    for cell in nbformat.read(path, 4).cells:
        lab = re.search(r"(?m)^(?:lab = )?(\w+Lab)\(", cell.source)
        if cell.cell_type == "code" and lab:
            photo = freeze.LABS / f"{path.name[:2]}_{lab[1]}.jpg"
            (output,) = cell.outputs
            stored = base64.b64decode(output.data["image/jpeg"])
            assert stored == photo.read_bytes()
            assert lab[1] in output.metadata["image/jpeg"]["alt"]


def test_notebook_06_shows_the_algorithm_as_it_stands_in_the_file():
    page = (ROOT / "stylelab" / "core" / "style_transfer.py").read_text("utf-8")
    (path,) = (path for path in NOTEBOOKS if path.name.startswith("06"))
    parts = [
        output.data["text/markdown"]
        for cell in nbformat.read(path, 4).cells
        if cell.cell_type == "code" and cell.source.startswith("source_of(")
        for output in cell.outputs
    ]
    assert len(parts) == 3
    for part in parts:
        code = part.removeprefix("```python\n").removesuffix("\n```")
        assert all(function.strip() in page for function in code.split("\n\n\n"))
