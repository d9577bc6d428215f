"""What a notebook's figures say, and the student's predictions of it.

Neither claims nor answers stand in the cells: who predicts must not read the answer.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stylelab.core.language import _
from stylelab.lessons.prediction import Prediction

FILE = "predictions.json"  # beside the notebook: the guesses of all notebooks


@dataclass(frozen=True)
class Caption:
    """What a figure shows (`claim`, `alt`), and what is right about it.

    `answer`: the right choice of a prediction. `within`: how far a predicted number, or
    a drawn curve on average, may be from what is measured. Neither: nothing is asked.
    """

    claim: str = ""
    alt: str = ""
    answer: str = ""
    within: float = 0.0


class Sentence(str):
    """A text that a notebook shows as Markdown."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)

    def _repr_markdown_(self) -> str:
        return str(self)


class Lesson:
    """A notebook's captions by name, and what the student predicted of them."""

    def __init__(self, number: str, captions: Mapping[str, Caption]) -> None:
        self.number = number
        self.captions = captions
        self._units: dict[str, str] = {}
        self._curves: dict[str, Sequence[Any]] = {}  # their places along x
        self._measured: dict[str, Any] = {}  # what numbers and curves came out as
        self._given: dict[str, Any] = {}  # guesses since the kernel was started

    def predict(
        self,
        name: str,
        *choices: str,
        number: tuple[float, float] | None = None,
        unit: str = "",
        curve: Sequence[Any] = (),
        y: tuple[float, float] = (0.0, 1.0),
        label: str = "",
    ) -> Prediction:
        """Asks for one of `choices`, a `number` between two, or a `curve`.

        A curve has a value in `y`, which `label` names, at each of the places `curve`.
        The guess is kept in predictions.json beside the notebook.
        """
        caption = self._find(name)
        if choices and caption.answer not in choices:
            raise ValueError(f"the choices of '{name}' lack its answer: {choices}")
        self._units[name] = unit
        self._curves[name] = curve
        low, high = number or y
        asked = Prediction(
            choices=[*choices],
            shown=[*map(_, choices)],
            places=[str(place) for place in curve],
            low=float(low),
            high=float(high),
            unit=_(unit),
            label=_(label),
            guess=self._guesses().get(name),
        )
        asked.observe(lambda change: self._keep(name, change.new), "guess")
        return asked

    def caption(self, name: str) -> tuple[str, str]:
        """Claim and alt text of a figure; the claim's second line is the prediction."""
        caption = self._find(name)
        guess = self._guesses().get(name)
        if not caption.answer or guess is None:
            return _(caption.claim), _(caption.alt)
        return f"{_(caption.claim)}\n{self._compare(name, guess)}", _(caption.alt)

    def reveal(self, name: str, measured: float | None = None) -> Sentence:
        """The prediction beside the right choice, or beside the number `measured`."""
        if measured is not None:
            self._measured[name] = float(measured)
        guess = self._guesses().get(name)
        if guess is None:
            return Sentence(_("It is {}.").format(self._seen(name)))
        return Sentence(self._compare(name, guess))

    def drawn(self, name: str, measured: Sequence[float]) -> dict[str, tuple]:
        """The predicted curve as `plots.lines` takes it; {} if none was drawn."""
        self._find(name)
        self._measured[name] = [float(value) for value in measured]
        guess = self._guesses().get(name)
        places = self._curves.get(name, ())
        if not isinstance(guess, list) or len(guess) != len(places):
            return {}
        return {_("your prediction"): (places, guess)}

    def score(self) -> Sentence:
        """How many predictions of this notebook were right, and which."""
        guesses = self._guesses()
        asked = [n for n, c in self.captions.items() if c.answer or c.within]
        right = [name for name in asked if self._is_right(name, guesses.get(name))]
        rows = [_("**You predicted {} of {}.**").format(len(right), len(asked)) + "\n"]
        for name in asked:
            mark = "✓" if name in right else "✗" if name in guesses else "–"
            rows.append(f"- {mark} {_(self.captions[name].claim) or name}")
        if not guesses:
            words = _("You predicted nothing yet: the questions wait above.")
            rows.append(f"\n{words}")
        return Sentence("\n".join(rows))

    def _find(self, name: str) -> Caption:
        if name not in self.captions:
            known = ", ".join(self.captions)
            raise ValueError(f"notebook {self.number} has no '{name}', but {known}")
        return self.captions[name]

    def _seen(self, name: str) -> str:
        if answer := self._find(name).answer:
            return _(answer)
        if name not in self._measured:
            raise ValueError(f"'{name}' is a number: give the one that was measured")
        return self._with_unit(name, self._measured[name])

    def _compare(self, name: str, guess: Any) -> str:
        text = _(str(guess))
        if isinstance(guess, int | float):
            text = self._with_unit(name, guess)
        words = _("✗ You predicted {}, but it is {}.")
        if self._is_right(name, guess):
            words = _("✓ You predicted {}, and it is {}.")
        return words.format(text, self._seen(name))

    def _with_unit(self, name: str, number: float) -> str:
        return f"{number:.3g} {_(self._units.get(name, ''))}".rstrip()

    def _is_right(self, name: str, guess: Any) -> bool:
        caption, seen = self.captions[name], self._measured.get(name)
        if caption.answer:
            return guess == caption.answer
        guessed, measured = (v if isinstance(v, list) else [v] for v in (guess, seen))
        if len(guessed) != len(measured) or not all(
            isinstance(value, int | float) for value in (*guessed, *measured)
        ):
            return False
        gaps = [abs(a - b) for a, b in zip(guessed, measured, strict=True)]
        return sum(gaps) / len(gaps) <= caption.within

    def _guesses(self) -> dict[str, Any]:
        kept = _read().get(self.number)
        return (kept if isinstance(kept, dict) else {}) | self._given

    def _keep(self, name: str, guess: Any) -> None:
        self._given[name] = guess
        every = _read() | {self.number: self._guesses()}
        part = Path(f"{FILE}.part")
        with suppress(OSError):  # in a folder that is read-only it lives until the end
            part.write_text(json.dumps(every, indent=1, ensure_ascii=False), "utf-8")
            os.replace(part, FILE)


def _read() -> dict[str, dict[str, Any]]:
    """The guesses of all notebooks; none where the file is missing or damaged."""
    try:
        every = json.loads(Path(FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return every if isinstance(every, dict) else {}
