"""Every check of every lesson: right answers are praised, others get a hint that fits.

A lesson's answers stand in answers_nb0N.py: RIGHT has pairs of a check and an answer,
WRONG has what students really write, each with words that the hint must contain.
"""

import answers_nb01
import answers_nb02
import answers_nb03
import answers_nb04
import answers_nb05
import answers_nb06
import answers_nb07
import answers_nb08
import answers_nb09
import pytest

LESSONS = (
    *(answers_nb01, answers_nb02, answers_nb03, answers_nb04),
    *(answers_nb05, answers_nb06, answers_nb07, answers_nb08),
    answers_nb09,
)
RIGHT = [pair for lesson in LESSONS for pair in lesson.RIGHT]
WRONG = [triple for lesson in LESSONS for triple in lesson.WRONG]
# One answer to each check.
FIRST = [*{check: (check, answer) for check, answer in reversed(RIGHT)}.values()]
FUNCTIONS = [check for check, answer in FIRST if callable(answer)]


@pytest.mark.parametrize(("check", "right"), RIGHT)
def test_a_right_answer_is_praised(check, right):
    answer = check(right)
    assert answer, answer.text
    assert "Right" in answer._repr_markdown_()


@pytest.mark.parametrize(("check", "wrong", "hint"), WRONG)
def test_a_wrong_answer_gets_a_hint_that_fits(check, wrong, hint):
    answer = check(wrong)
    assert not answer
    assert hint in answer.text
    assert "Not yet" in answer._repr_markdown_()


@pytest.mark.parametrize(("check", "right"), FIRST)
def test_no_answer_yet_is_no_mistake(check, right):
    empty = [None, ...]
    if isinstance(right, dict):
        empty.append(dict.fromkeys(right, ...))
    for answer in empty:
        assert "nothing to check" in check(answer).text


@pytest.mark.parametrize("check", FUNCTIONS)
def test_unfinished_functions_and_errors_are_answered(check):
    for unfinished in (lambda *_: None, lambda *_: ...):
        assert "nothing to check" in check(unfinished).text
    assert "ZeroDivisionError" in check(lambda *_: 1 / 0).text
