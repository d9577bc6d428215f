"""What a class predicted, as bars and lines of HTML and SVG."""

from __future__ import annotations

import html
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stylelab.teaching.questions import Question

BINS = 10
ELSE = "something else"
WIDE, HIGH, LEFT, TOP = 400, 190, 46, 30  # of a drawing, and of its margins
FLOOR = HIGH - 34


@dataclass(frozen=True)
class Told:
    """What a class said to a question: how many, how many rightly, and what instead."""

    chart: str
    count: int
    right: int | None = None  # None: it has to be seen
    slip: str = ""  # the commonest wrong answer
    slips: int = 0

    @property
    def verdict(self) -> str:
        """One line about the room."""
        if self.right is None:
            return f"{self.count} curves"
        return f"{self.right} of {self.count} right"


def text(words: str) -> str:
    """Words as HTML, whatever is in them."""
    return html.escape(words.encode("utf-8", "backslashreplace").decode())


def told(question: Question, guesses: Sequence[Any]) -> Told | None:
    """The chart of a question; None where nobody said anything that fits it."""
    if question.choices:
        return _choices(question, [str(guess)[:80] for guess in guesses])
    if question.is_curve:
        curves = [curve for guess in guesses if (curve := _curve(guess, question))]
        return Told(_curves(question, curves), len(curves)) if curves else None
    numbers = [float(guess) for guess in guesses if _is_number(guess)]
    return _numbers(question, numbers) if numbers else None


def _is_number(guess: object) -> bool:
    is_real = isinstance(guess, int | float) and not isinstance(guess, bool)
    return is_real and abs(guess) < 1e9 and math.isfinite(guess)


def _curve(guess: object, question: Question) -> list[float]:
    if not isinstance(guess, list) or not 2 <= len(guess) <= 100:
        return []
    if not all(_is_number(value) for value in guess):
        return []
    return [min(max(float(v), question.low), question.high) for v in guess]


def _choices(question: Question, guesses: Sequence[str]) -> Told:
    """A bar for each choice, in the order in which they were offered."""
    known = [guess if guess in question.choices else ELSE for guess in guesses]
    counts = Counter(known)
    names = [*question.choices, *([ELSE] if counts[ELSE] else [])]
    wrong = [(counts[n], n) for n in names if n != question.answer]
    slips, slip = max(wrong, key=lambda pair: pair[0])
    rows = []
    for name in names:
        is_right, share = name == question.answer, 100 * counts[name] / len(known)
        kind = "right" if is_right else "slip" if slips and name == slip else "other"
        sign = "<b>✓ </b>" if is_right else ""
        rows.append(
            f"<div class='{kind}'><dt>{sign}{text(name)}</dt><dd>"
            f"<span class='bar' style='width:{share:.0f}%'></span>"
            f"<span class='n'>{counts[name]}</span></dd></div>"
        )
    bars = f"<dl>{''.join(rows)}</dl>"
    return Told(bars, len(known), counts[question.answer], slip if slips else "", slips)


def _numbers(question: Question, numbers: Sequence[float]) -> Told:
    """A histogram over what could be said, with the measured value."""
    truth = question.measured
    bins = Counter(_bin(question, number) for number in numbers)
    bars, counts = [], []
    each = (WIDE - LEFT - 10) / BINS
    for place, count in sorted(bins.items()):
        tall = (FLOOR - TOP - 14) * count / max(bins.values())
        x, y = _x(place / BINS), FLOOR - tall
        size = f"width='{each - 4:.1f}' height='{tall:.1f}'"
        bars.append(f"<rect class='bin' x='{x + 2:.1f}' y='{y:.1f}' {size}/>")
        middle = f"x='{x + each / 2:.1f}' y='{y - 5:.1f}'"
        counts.append(f"<text class='n' {middle}>{count}</text>")
    axis = _axis(question, [question.low, (question.low + question.high) / 2])
    line = [] if truth is None else [_truth(question, truth)]
    said = f"{len(numbers)} predictions from {min(numbers):.3g} to {max(numbers):.3g}"
    drawing = _drawing([*bars, *axis, *line, *counts], said)
    if truth is None:
        return Told(drawing, len(numbers))
    edges = truth - question.within, truth + question.within
    near = range(_bin(question, edges[0]), _bin(question, edges[1]) + 1)
    far = [(count, place) for place, count in bins.items() if place not in near]
    slips, place = max(far, default=(0, 0))
    right = sum(edges[0] <= number <= edges[1] for number in numbers)
    slip = _span(question, place) if slips else ""
    return Told(drawing, len(numbers), right, slip, slips)


def _bin(question: Question, number: float) -> int:
    share = (number - question.low) / (question.high - question.low)
    return min(BINS - 1, max(0, int(BINS * share)))


def _span(question: Question, place: int) -> str:
    wide = (question.high - question.low) / BINS
    start = question.low + place * wide
    return f"{start:.3g} to {start + wide:.3g} {question.unit}".rstrip()


def _truth(question: Question, truth: float) -> str:
    span = question.high - question.low
    x = _x(min(max((truth - question.low) / span, 0), 1))
    label, side = f"✓ {truth:.3g} {question.unit}".rstrip(), "middle"
    if not LEFT + 60 < x < WIDE - 60:
        side = "start" if x < WIDE / 2 else "end"
    return (
        f"<line class='truth' x1='{x:.1f}' x2='{x:.1f}' y1='{TOP - 8}' y2='{FLOOR}'/>"
        f"<text class='truth' x='{x:.1f}' y='{TOP - 13}' "
        f"text-anchor='{side}'>{text(label)}</text>"
    )


def _curves(question: Question, curves: Sequence[list[float]]) -> str:
    """A thin line for each student, and a thick one through the middle of them."""
    parts = [_line(curve, question, "one") for curve in curves]
    length = Counter(map(len, curves)).most_common(1)[0][0]
    alike = [curve for curve in curves if len(curve) == length]
    same = [sorted(values) for values in zip(*alike, strict=True)]
    middle = [values[len(values) // 2] for values in same]
    parts.append(_line(middle, question, "middle"))
    for value in (question.low, question.high):
        y = _y(value, question)
        parts.append(f"<text x='{LEFT - 6}' y='{y + 5:.1f}' class='y'>{value:g}</text>")
    names = question.places if len(question.places) == length else ()
    for place, name in enumerate(names or map(str, range(1, length + 1))):
        x, side = _x(place / (length - 1), 20), "middle"
        parts.append(
            f"<text x='{x:.1f}' y='{FLOOR + 20}' text-anchor='{side}' "
            f"class='{'small' if length > 5 else ''}'>{text(name)}</text>"
        )
    parts.append(f"<text x='{LEFT}' y='{TOP - 12}'>{text(question.unit)}</text>")
    said = (
        f"{len(curves)} curves; their middle: {', '.join(f'{v:.3g}' for v in middle)}"
    )
    return _drawing(parts, said)


def _line(curve: Sequence[float], question: Question, kind: str) -> str:
    last = len(curve) - 1
    points = [
        f"{_x(i / last, 20):.1f},{_y(v, question):.1f}" for i, v in enumerate(curve)
    ]
    return f"<polyline class='{kind}' points='{' '.join(points)}'/>"


def _axis(question: Question, values: Sequence[float]) -> list[str]:
    """The numbers below a histogram: the last of the range has the unit."""
    parts = []
    for value, side in zip(
        [*values, question.high], ("start", "middle", "end"), strict=True
    ):
        x = _x((value - question.low) / (question.high - question.low))
        unit = f" {text(question.unit)}" if side == "end" else ""
        at = f"x='{x:.1f}' y='{FLOOR + 20}' text-anchor='{side}'"
        parts.append(f"<text {at}>{value:g}{unit}</text>")
    return parts


def _drawing(parts: Sequence[str], said: str) -> str:
    floor = f"x1='{LEFT}' x2='{WIDE - 10}' y1='{FLOOR}' y2='{FLOOR}'"
    return (
        f"<svg viewBox='0 0 {WIDE} {HIGH}' role='img' aria-label='{text(said)}'>"
        f"<line class='axis' {floor}/>{''.join(parts)}</svg>"
    )


def _x(share: float, inset: float = 0) -> float:
    return LEFT + inset + share * (WIDE - LEFT - 10 - 2 * inset)


def _y(value: float, question: Question) -> float:
    share = (value - question.low) / (question.high - question.low)
    return FLOOR - share * (FLOOR - TOP)
