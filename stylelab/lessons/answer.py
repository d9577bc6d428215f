"""How the notebooks check a student's answer."""

import copy
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from stylelab.core.language import _


@dataclass(frozen=True)
class Answer:
    """The result of a check, with praise or a hint; true if the student is right."""

    right: bool
    text: str

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return f"{'✓' if self.right else '…'} {self.text}"

    def _repr_markdown_(self) -> str:
        verdict = "✓ " + _("Right") if self.right else _("Not yet")
        return f"**{verdict}.** {self.text}"


Hints = Iterator[str]  # what is wrong, plainest first; empty if nothing is wrong


class Unfinished(Exception):
    """The student's function still returns None or Ellipsis."""


def check(praise: str) -> Callable[[Callable[..., Hints]], Callable[..., Answer]]:
    """Makes a check of a function that yields hints about a student's answer."""

    def decorate(hints: Callable[..., Hints]) -> Callable[..., Answer]:
        @functools.wraps(hints)
        def checked(student: object) -> Answer:
            return judge(student, lambda: hints(student), praise)

        return checked

    return decorate


def judge(student: object, hints: Callable[[], Hints], praise: str) -> Answer:
    """The first hint, or else the praise; an error in the student's code is a hint."""
    if student is None or student is ...:
        return Answer(False, _("There is nothing to check so far: write your answer."))
    try:
        hint = next(iter(hints()), None)
    except Unfinished:
        hint = _("There is nothing to check so far: your function returns nothing yet.")
    except Exception as error:  # a student's code may raise anything
        words = _("Your code stopped with {}: {}.")
        hint = words.format(type(error).__name__, error)
    return Answer(hint is None, hint or _(praise))


def call(function: Callable, *arguments: object) -> Any:
    """What a student's function returns; Unfinished if that is None or Ellipsis.

    The function gets copies: `pixels **= 2.2` must not change the check's own numbers.
    """
    result = function(*(copy.deepcopy(argument) for argument in arguments))
    if result is None or result is ...:
        raise Unfinished
    return result


def numbers(function: Callable, *arguments: object) -> Tensor:
    """`call`, as a float32 tensor: lists and NumPy arrays are good answers, too."""
    return torch.as_tensor(call(function, *arguments), dtype=torch.float32)
