"""The page of a class: questions in words, predictions with the right answer marked."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stylelab.teaching.charts import ELSE, told
from stylelab.teaching.grading import RIGHT, UNCHANGED, WRONG, Mark, Row
from stylelab.teaching.page import as_page
from stylelab.teaching.questions import Question, questions

EVERY = [question for asked in questions().values() for question in asked]
CHOICE = Question("04", "moments", "First?", choices=("a", "b", "c"), answer="b")
NUMBER = Question("04", "deep", "How near?", low=0, high=100, unit="dB", within=4)
CURVE = Question("07", "light", "Draw.", is_curve=True, places=("x", "y", "z"))


def test_every_prediction_of_the_course_is_a_question_with_an_answer() -> None:
    assert len(EVERY) > 50
    for question in EVERY:
        name = f"{question.lesson}.{question.name}"
        assert question.text.endswith(("?", ".")), name
        assert 12 < len(question.text) < 260, name
        assert not re.search(r"[*`$\\]|Predict\*", question.text), name
        if question.choices:
            assert question.answer in question.choices, name
        else:
            assert question.low < question.high, name
            is_known = question.is_curve or question.measured is not None
            assert is_known, name
            assert question.within > 0, name


def test_choices_stand_in_their_order_with_the_right_one_and_the_slip() -> None:
    found = told(CHOICE, ["a", "b", "a", "c", "nonsense"])
    assert (found.count, found.right, found.slip, found.slips) == (5, 1, "a", 2)
    rows = re.findall(r"<div class='(\w+)'><dt>(.*?)</dt>.*?'n'>(\d+)<", found.chart)
    assert rows == [
        ("slip", "a", "2"),
        ("right", "<b>✓ </b>b", "1"),
        ("other", "c", "1"),
        ("other", ELSE, "1"),
    ]


def test_numbers_are_a_histogram_with_what_was_measured() -> None:
    asked = replace(NUMBER, measured=34.0)
    found = told(asked, [31, 38, 72, 75, 79, 12, "many", None, float("nan"), True])
    assert (found.count, found.right) == (6, 2)
    assert (found.slip, found.slips) == ("70 to 80 dB", 3)
    assert sorted(re.findall(r"class='n'[^>]*>(\d+)<", found.chart)) == list("123")
    assert "✓ 34 dB" in found.chart


def test_a_bin_beside_the_truth_is_no_slip() -> None:
    found = told(replace(NUMBER, measured=39.0), [31, 32, 33, 45, 46, 90])
    assert (found.slip, found.slips) == ("90 to 100 dB", 1)


def test_curves_are_lines_and_the_middle_of_them() -> None:
    found = told(CURVE, [[0, 0.5, 1], [0, 0.1, 0.2], [1, 1, 1], ["a"], 3, []])
    assert found.count == 3
    assert found.chart.count("<polyline class='one'") == 3
    assert "0, 0.5, 1" in found.chart  # the median at each place
    assert ">y</text>" in found.chart


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@settings(deadline=None)
@given(guesses=st.lists(ANYTHING, max_size=6))
def test_any_content_of_a_predictions_file_makes_a_page(guesses: list) -> None:
    marks = {"04.psnr": Mark(WRONG, "<script>"), "04.rebuild": Mark(UNCHANGED)}
    names = ("moments", "deep", "twins")
    rows = [
        Row(f"{i}/04.ipynb", "04", marks, guesses=dict.fromkeys(names, guess))
        for i, guess in enumerate(guesses)
    ]
    html = as_page(rows, "<class>")
    assert "<script" not in html
    assert html.count("<polyline") == 0


def test_a_student_counts_once_and_a_copy_has_a_row_of_its_own() -> None:
    mine = {"moments": "the fur"}
    rows = [
        Row("ada/04.ipynb", "04", {"04.psnr": Mark(RIGHT)}, guesses=mine),
        Row("ada/04-Copy1.ipynb", "04", {"04.psnr": Mark(WRONG, "no")}, guesses=mine),
        Row("ada/05.ipynb", "05", {"05.gram": Mark(RIGHT)}),
        Row("bo/04.ipynb", "04", {"04.psnr": Mark(RIGHT)}),
        Row("bo/x.pdf", problem="is a .pdf file: hand in the notebook itself"),
    ]
    html = as_page(rows, "10b")
    assert "2 students · 4 notebooks · <a href='#failed'>1 not graded</a>" in html
    assert "0 of 1 right" in html
    names = re.findall(r"<th scope='row'>(.*?)</th>", html)
    assert names == ["ada", "ada/04-Copy1.ipynb", "bo"]
    shown, _, folded = html.partition("<section id='who'>")
    assert "ada" not in shown  # what is on the wall names nobody
    assert "bo/x.pdf" in folded


@pytest.mark.slow
def test_a_class_of_thirty_is_graded_in_full(tmp_path: Path) -> None:
    import a_class

    from stylelab.teaching.grading import grade

    a_class.write(tmp_path)
    rows = [*grade(tmp_path)]
    assert len(rows) == len([*tmp_path.rglob("*.ipynb")]) > 200
    assert {row.student for row in rows} == set(a_class.NAMES)
    assert not [row for row in rows if row.problem]
    verdicts = [mark.verdict for row in rows for mark in row.marks.values()]
    for verdict in (RIGHT, WRONG, UNCHANGED):
        assert verdicts.count(verdict) > 50
    html = as_page(rows, "10b")
    asked = set()
    for path in tmp_path.rglob("predictions.json"):
        for lesson, said in json.loads(path.read_text("utf-8")).items():
            asked |= {f"q{lesson}-{name}" for name in said}
    assert asked == set(re.findall(r"<article id='(\w+-\w+)'", html))
