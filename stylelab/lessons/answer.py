"""What a check of a student's answer says, and how it comes to say it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Answer:
    """What a check has to say; true where all properties hold."""

    right: bool
    text: str

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return f"{'✓' if self.right else '…'} {self.text}"

    def _repr_markdown_(self) -> str:
        return (
            f"**✓ Right.** {self.text}" if self.right else f"**Not yet.** {self.text}"
        )


# What is found wrong, one hint after the other; none where all is right.
Hints = Iterator[str]


def judge(student: object, hints: Callable[[], Hints], praise: str) -> Answer:
    """The first hint as an answer, or the praise; a student's error is a hint too."""
    if student is None or student is ...:
        return Answer(False, "There is nothing to check so far: write your answer.")
    try:
        hint = next(iter(hints()), None)
    except Unfinished:
        hint = "There is nothing to check so far: your function returns nothing yet."
    except Exception as error:  # whatever students' code may raise
        hint = f"Your code stopped with {type(error).__name__}: {error}."
    return Answer(hint is None, hint or praise)


class Unfinished(Exception):
    """A function that still returns None or Ellipsis."""


def call(function: Callable, *arguments: object) -> object:
    """What a student's function returns, if it returns anything.

    It gets copies: `pixels **= 2.2` must not change what the answer is compared with.
    """
    found = function(*(copy.deepcopy(argument) for argument in arguments))
    if found is None or found is ...:
        raise Unfinished
    return found


def numbers(function: Callable, *arguments: object) -> Tensor:
    """The same as a float32 tensor: a list, or numpy's array, may be right as well."""
    return torch.as_tensor(call(function, *arguments), dtype=torch.float32)
