"""A class of thirty with right answers, slips, late nights and predictions.

`python tests/teaching/a_class.py FOLDER` writes it, to look at its page.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

from stylelab.teaching import exercises, place, solutions
from stylelab.teaching.questions import Question, questions

NAMES = (
    *("Ada", "Ben", "Chiara", "Dário", "Elif", "Farid", "Grace", "Hana", "Ivo", "Jun"),
    *("Kofi", "Léa", "Mehmet", "Noor", "Ole", "Priya", "Quentin", "Rosa", "Søren"),
    *("Tomás", "Uma", "Václav", "Wanjiru", "Xin", "Yusuf", "Zoë", "Ánna-María"),
    *("Björk", "O'Neill", "Łukasz"),
)
# What students write instead: a part of the answer, and what stands in its place.
SLIPS = {
    "output_size": [("stride + 1", "stride"), ("2 * padding", "padding")],
    "sharpen": [("+= 2", "+= 1")],
    "edge_strength": [(".abs()", ".clamp(0, 1)")],
    "step_down": [("x - rate", "x + rate")],
    "record": [("torch.relu(", "torch.relu_(")],
    "next_field": [("* stride, stride", ", stride"), ("size + (", "size * (")],
    "convolutions_needed": [("size // 2", "size // 3")],
    "content_loss": [(" / goal.square().sum()", ""), (".square().sum() /", ".sum() /")],
    "rebuild": [("        x.grad = None\n", ""), ("x -= rate", "x += rate")],
    "psnr": [("-10 *", "10 *"), ("-10 *", "-20 *"), (".square()", ".abs()")],
    "gram": [(" / rows.shape[1]", ""), ("rows @ rows.T", "rows.T @ rows")],
    "batch_grams": [("flatten(2)", "flatten(1)")],
    "gram_loss": [("4 * n**2", "4 * n")],
    "total_loss": [(" / len(misses)", "")],
    "discrepancy": [("- 2 * mean", "- mean")],
    "verdict": [('"hypothesis"', '"measured"')],
    "guided_gram": [("mask.sum()", "mask.numel()")],
    "conditional_normalisation": [("(2, 3)", "(1, 2, 3)")],
    "between": [("(1 - share) * one + share", "share * one + (1 - share)")],
}
CURVES = {"control": 1.0, "growth": 0.7, "pooling": 0.3, "curve": -0.8, "light": -0.7}


def write(folder: Path, students: int = 30, seed: int = 0) -> None:
    """Writes a folder for each student, with some of the nine notebooks in it."""
    chance = random.Random(seed)
    course = {path.name: exercises.read(path) for path in place.numbered().values()}
    asked = questions()
    for number in range(students):
        name = NAMES[number % len(NAMES)] + str(number // len(NAMES) or "")
        own, skill = folder / name, 0.35 + 0.6 * chance.random()
        own.mkdir(parents=True)
        guesses = {}
        for file, notebook in course.items():
            if chance.random() > 0.95 - 0.06 * int(file[:2]) * (1 - skill):
                continue
            answered = _answered(notebook, file[:2], skill, chance)
            (own / file).write_text(json.dumps(answered, ensure_ascii=False), "utf-8")
            guesses[file[:2]] = {
                question.name: _guess(question, skill, chance)
                for question in asked[file[:2]]
                if chance.random() < 0.9
            }
        (own / "predictions.json").write_text(json.dumps(guesses), "utf-8")


def _answered(
    notebook: dict[str, Any], number: str, skill: float, chance: random.Random
) -> dict[str, Any]:
    done = {s.answer: s.code for s in solutions.solutions(number) if s.code}
    cells = [dict(cell) for cell in notebook["cells"]]
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        cell |= {"outputs": [], "execution_count": None}
        call = solutions.CHECK.search("".join(cell["source"]))
        if not call or chance.random() > 0.5 + 0.5 * skill:
            continue
        code = done[call[1]]
        if chance.random() > skill and call[1] in SLIPS:
            slip, instead = chance.choice(SLIPS[call[1]])
            assert slip in code, call[1]
            code = code.replace(slip, instead)
        cell["source"] = f"{code}\n\n\n{call[0]}"
    return notebook | {"cells": cells}


def _guess(question: Question, skill: float, chance: random.Random) -> Any:
    if question.choices:
        if chance.random() < 0.6 * skill:
            return question.answer
        wrong = [c for c in question.choices if c != question.answer]
        return wrong[0] if chance.random() < 0.7 else chance.choice(wrong)
    span = question.high - question.low
    if question.is_curve:
        rise = CURVES.get(question.name, 0.6) * span
        start = question.low if rise > 0 else question.high
        count = len(question.places) or 5
        return [
            round(start + rise * i / (count - 1) + 0.12 * span * chance.gauss(0, 1), 2)
            for i in range(count)
        ]
    middle = question.measured if question.measured is not None else span / 2
    if chance.random() > skill:
        middle = question.low + 0.7 * span
    guess = chance.gauss(middle, 0.08 * span)
    return round(min(max(guess, question.low), question.high), 1)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
