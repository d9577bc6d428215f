"""A value in a sentence is short, on one line, and never an error of its own."""

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from stylelab.core.words import LONGEST, shown


class Broken:
    def __repr__(self) -> str:
        raise RuntimeError("no words")


deep: list = []
for _ in range(100_000):
    deep = [deep]


LONG = {
    "number": 10**5000,
    "list": deep,
    "tensor": torch.rand(40, 40),
    "text": "x" * 9999,
    "object": Broken(),
    "lines": {"a": "\n" * 99},
}


@pytest.mark.parametrize("value", LONG.values(), ids=LONG)
def test_every_value_is_short_and_on_one_line(value):
    text = shown(value)
    assert 0 < len(text) <= LONGEST
    assert text.isprintable()


@given(
    st.integers()
    | st.text("abc '\n\x00é", max_size=15)
    | st.lists(st.booleans(), max_size=8)
)
def test_a_short_value_is_shown_as_python_writes_it(value):
    text = " ".join(repr(value).split())
    assume(len(text) <= LONGEST)
    assert shown(value) == text


def test_of_a_long_value_both_ends_are_shown():
    text = shown("begin" + "x" * 200 + "end")
    assert (text[:6], text[-4:], len(text)) == ("'begin", "end'", LONGEST)
    assert "x...x" in text
