"""Translations: complete, current, and with nothing lost from the English texts."""

import ast
import gettext
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import answers_nb03 as answers
import freeze
import nbformat
import pytest
import words
from matplotlib.text import Text

from stylelab import labs
from stylelab.cli import course
from stylelab.core import language
from stylelab.figures.plots import Plate
from stylelab.labs.lab import Lab, descendants
from stylelab.lessons.translated import translated

ROOT = Path(__file__).parents[1]
PILOT = ROOT / "notebooks" / "03_how_far_does_a_neuron_see.ipynb"


CATALOGUES = sorted(language.LOCALE.glob("*/LC_MESSAGES/stylelab.po"))
every_language = pytest.mark.parametrize(
    "path", CATALOGUES, ids=lambda path: path.parts[-3]
)


@pytest.fixture
def german(monkeypatch):
    monkeypatch.setenv(language.VARIABLE, "de")


def messages(path: Path) -> list:
    return [message for message in words.read(path) if message.id]


@every_language
def test_the_catalogue_has_the_texts_of_today(path):
    """Where it has not: `make words`."""
    today = {message.id for message in words.template() if message.id}
    assert {message.id for message in messages(path)} == today


@every_language
def test_what_is_compiled_is_what_was_translated(path):
    files = path.with_suffix(".mo").read_bytes(), words.compiled(words.read(path))
    shipped, fresh = (gettext.GNUTranslations(io.BytesIO(f))._catalog for f in files)
    del shipped[""], fresh[""]  # about the file itself
    assert shipped == fresh


def test_german_is_complete():
    (path,) = (path for path in CATALOGUES if path.parts[-3] == "de")
    lacking = [m.id for m in messages(path) if m.fuzzy or not m.string]
    assert lacking == []


# What is no language: {}, code, formulas, links to other places, numbers of layers.
KEPT = r"\{\}|`[^`]*`|\$[^$]+\$|\]\((?!#)[^)]*\)|</?\w+>|px\b"


@every_language
def test_a_translation_keeps_what_is_no_language(path):
    for message in messages(path):
        if message.string and not message.fuzzy:
            kept = [Counter(re.findall(KEPT, t)) for t in (message.id, message.string)]
            assert kept[0] == kept[1], message.id


@pytest.mark.parametrize("wanted", ["de", "de_AT.UTF-8", "de-CH", "DE"])
def test_a_region_speaks_its_language(wanted, monkeypatch):
    monkeypatch.setenv(language.VARIABLE, wanted)
    assert language._("The studio") == "Das Studio"


@pytest.mark.parametrize("wanted", ["", "en", "tlh", "../../de", "\0"[:0], "de/../en"])
def test_english_shows_where_there_is_no_translation(wanted, monkeypatch):
    monkeypatch.setenv(language.VARIABLE, wanted)
    assert language._("The studio") == "The studio"
    assert language._("") == ""


def test_a_text_that_nobody_translated_is_english(german):
    assert language._("A text of tomorrow") == "A text of tomorrow"
    assert language._("") == ""


def test_a_damaged_catalogue_leaves_english(tmp_path, monkeypatch, german):
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "stylelab.mo").write_bytes(b"\xde\x12\x04\x95 cut short")
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    language._catalogue.cache_clear()
    assert language._("The studio") == "The studio"
    monkeypatch.undo()
    language._catalogue.cache_clear()


def test_code_for_browsers_is_translated(german):
    code = 'say(_("Copied"), _("a \\"new\\" text"), no_("Copied"), model._("Copied"))'
    said = 'say("Kopiert", "a \\"new\\" text", no_("Copied"), model._("Copied"))'
    assert language.page_language(code) == said


def test_every_text_in_code_for_browsers_is_one_literal():
    """Else it would reach the browser as a call of a function that does not exist."""
    texts = {message.id for message in words.template()}
    for path in (ROOT / "stylelab").rglob("*.js"):
        code = re.sub(r"(?m)//.*$", "", path.read_text("utf-8"))
        assert {json.loads(text) for text in language.IN_CODE.findall(code)} <= texts
        code = language.page_language(code)
        assert not re.findall(r"(?<![\w.])_\(", code), path.name


@pytest.fixture
def pilot(german) -> dict:
    return translated(json.loads(PILOT.read_text("utf-8")))


def markdown(notebook: dict) -> str:
    cells = [c for c in notebook["cells"] if c["cell_type"] == "markdown"]
    return "\n\n".join("".join(cell["source"]) for cell in cells)


def test_the_german_notebook_keeps_all_but_its_words(pilot):
    english = json.loads(PILOT.read_text("utf-8"))
    assert len(pilot["cells"]) == len(english["cells"])
    for ours, theirs in zip(pilot["cells"], english["cells"], strict=True):
        if ours["cell_type"] == "code":
            assert ours == theirs
    fences = [re.findall("```.*?```", markdown(n), re.S) for n in (pilot, english)]
    assert fences[0] == fences[1]


def test_no_paragraph_of_the_german_notebook_is_english(pilot):
    text = markdown(pilot).replace("**", "")
    text = re.sub(r"```.*?```|\*[^*]+\*|`[^`]*`", "", text, flags=re.S)
    assert re.findall(r"\b(?:the|and|which|with|what)\b", text) == []


def test_its_contents_lead_to_its_headings(pilot):
    text = markdown(pilot)
    anchors = set(re.findall(r"\]\(#([^)]+)\)", text))
    headings = re.findall(r"(?m)^## (.+)$", text)
    assert anchors <= {heading.replace(" ", "-") for heading in headings}
    assert len(anchors) == 10


def test_the_german_notebook_runs_from_top_to_bottom(tmp_path, pilot):
    notebook = nbformat.reads(json.dumps(pilot), 4)
    for cell in notebook.cells:
        cell.pop("outputs", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    spoken = {**freeze.ENVIRONMENT, "STYLELAB_QUICK": "1", "STYLELAB_LANGUAGE": "de"}
    freeze.run(notebook, tmp_path, spoken)
    outputs = [cell.get("outputs", []) for cell in notebook.cells]
    shown = json.dumps(outputs, ensure_ascii=False)
    assert "Deine Vorhersage: eine Zahl von 0 bis 100 Neuronen" in shown
    assert "Deine Vorhersage: wie berechnet / kleiner / größer" in shown
    assert "Es ist: 25 Neuronen." in shown
    assert "Du hast 0 von" in shown
    assert "You predicted" not in shown


# What is the same in every language: layers, networks, numbers with their units.
NAMES = r"\b(?:(?:conv|relu)\d_\d|pool\d|VGG-19|px)\b|[^a-zA-Z]"
SEEN = ("description", "tooltip", "label", "caption", "alt", "facts", "value", "title")


def texts_of(shown: object) -> Iterator[str]:
    """All that a reader, or a screen reader, finds in a figure or a lab."""
    if isinstance(shown, Plate):
        yield shown.alt
        yield from (text.get_text() for text in shown.findobj(Text))
    elif isinstance(shown, Lab):
        if slow := getattr(shown, "slow", None):
            slow.join(60)
        yield from texts_of(shown.still())
        for widget in descendants(shown):
            for name in (*SEEN, "cards"):
                yield from texts_of(getattr(widget, name, None))
    elif isinstance(shown, dict):
        for name in (*SEEN, "figures"):
            yield from texts_of(shown.get(name))
    elif isinstance(shown, list | tuple):
        for part in shown:
            yield from texts_of(part)
    elif isinstance(shown, str):
        yield shown


def results(code_cells: list[str]) -> Iterator[tuple[str, object]]:
    """Each cell that ends with a figure or a lab, and that."""
    names = {}
    for code in code_cells:
        *lines, last = ast.parse(code).body
        exec(compile(ast.Module(lines, []), "a cell", "exec"), names)
        if isinstance(last, ast.Expr):
            result = eval(compile(ast.Expression(last.value), "a cell", "eval"), names)
            if isinstance(result, Plate | Lab):
                yield code, result
        else:
            exec(compile(ast.Module([last], []), "a cell", "exec"), names)


def test_no_figure_of_the_german_notebook_is_english(tmp_path, monkeypatch):
    """Else mark the text with _("..."), run `make words`, and translate it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STYLELAB_QUICK", "1")
    cells = json.loads(PILOT.read_text("utf-8"))["cells"]
    code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    said = {}
    for spoken in ("en", "de"):
        monkeypatch.setenv(language.VARIABLE, spoken)
        found = []
        for cell, shown in results(code):
            found += [(cell, text) for text in texts_of(shown)]
            if isinstance(shown, Lab):
                shown.close()
        said[spoken] = found
    same = {
        text
        for (cell, text), (_, english) in zip(said["de"], said["en"], strict=True)
        if text == english and re.sub(NAMES, "", text)
    }
    assert same == set()
    assert len(said["de"]) > 200


@pytest.mark.parametrize("name", [name for name in labs.__all__ if name != "FieldLab"])
def test_no_word_in_the_still_of_a_german_lab_is_english(name, monkeypatch):
    said = []
    for spoken in ("en", "de"):
        monkeypatch.setenv(language.VARIABLE, spoken)
        lab = getattr(labs, name)()
        said.append([*texts_of(lab.still())])
        lab.close()
    same = {text for text, other in zip(*said, strict=True) if text == other}
    is_code = re.compile(r"\s*sl\.")
    assert {t for t in same if re.sub(NAMES, "", t) and not is_code.match(t)} == set()


def test_every_hint_and_praise_of_the_german_notebook_is_german(monkeypatch):
    given = [*answers.RIGHT, *(wrong[:2] for wrong in answers.WRONG)]
    given += [(answers.checks.paper_names, dict.fromkeys(answers.NAMES))]
    for check, answer in given:
        said = []
        for spoken in ("en", "de"):
            monkeypatch.setenv(language.VARIABLE, spoken)
            said.append(check(answer)._repr_markdown_())
        english, german = ({*re.split(r"[.:;][* ]+", text)} for text in said)
        assert len(english) > 1
        assert {part for part in english & german if len(part) > 5} == set()


def test_a_german_course_lies_in_a_folder_of_its_own(tmp_path, monkeypatch, german):
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    (notebooks / PILOT.name).write_bytes(PILOT.read_bytes())
    monkeypatch.setattr(course, "NOTEBOOKS", notebooks)
    monkeypatch.setattr("jupyterlab.labapp.main", lambda arguments: 0)
    assert course.lab() == 0
    mine = tmp_path / "my-notebooks-de" / PILOT.name
    assert "Wie weit sieht ein Neuron?" in mine.read_text("utf-8")
    assert course.lab() == 0  # nothing is said of a copy that nobody changed


def test_no_babel_is_needed_to_speak():
    code = "import sys\nfrom stylelab.studio import page, words\nprint(words.TITLE)\n"
    code += "print(sorted({'babel', 'torch', 'matplotlib'} & sys.modules.keys()))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, language.VARIABLE: "de"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split("\n")[:2] == ["Das Studio", "[]"]
