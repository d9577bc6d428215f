"""Checks of notebook 03: what students really write, and the hint it gets."""

import pytest

from stylelab.core.layers import CONVS
from stylelab.lessons.nb03_fields import checks

NAMES = {f"conv_{i}": name for i, name in enumerate(CONVS[:5], 1)}
MIXED_UP = NAMES | {"conv_2": "conv2_1"}

RIGHT = [
    (checks.next_field, lambda size, t, k, s: (size + (k - 1) * t, t * s)),
    (checks.paper_names, NAMES),
    (checks.convolutions_needed, lambda size: size // 2),
]

# What students really write, and a word that the hint has to contain.
WRONG = [
    (checks.next_field, lambda size, t, k, s: (size + k, t * s), "reaches one"),
    (checks.next_field, lambda size, t, k, s: (size + k - 1, t * s), "apart"),
    (checks.next_field, lambda size, t, k, s: (size + (k - 1) * t, t + s), "multiply"),
    (checks.next_field, lambda size, t, k, s: (size + 2 * t, t * s), "ReLU"),
    (checks.next_field, lambda size, t, k, s: size + (k - 1) * t, "be two numbers"),
    (checks.next_field, lambda size, t, k, s: (size + k // 2 * 2 * t, t * s), "pool1"),
    (checks.paper_names, MIXED_UP, "conv_2 is not conv2_1"),
    (checks.paper_names, NAMES | {"conv_3": ...}, "still missing"),
    (checks.convolutions_needed, lambda size: size // 3, "adds 2"),
    (checks.convolutions_needed, lambda size: (size - 1) / 2, "even size"),
]


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


@pytest.mark.parametrize("check", [check for check, _ in RIGHT])
def test_no_answer_yet_is_no_mistake(check):
    for empty in (None, ...):
        assert "nothing to check" in check(empty).text


@pytest.mark.parametrize("check", [checks.next_field, checks.convolutions_needed])
def test_unfinished_functions_and_errors_are_answered(check):
    assert "nothing" in check(lambda *_: ...).text
    assert "ZeroDivisionError" in check(lambda *_: 1 / 0).text


def test_an_unfinished_dictionary_is_no_mistake():
    answer = checks.paper_names(dict.fromkeys(NAMES, ...))
    assert "nothing" in answer.text
