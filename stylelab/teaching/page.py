"""The page of a class: what was in the room, and, folded, who answered what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stylelab.teaching.charts import Told, text, told
from stylelab.teaching.grading import MISSING, RIGHT, UNCHANGED, WRONG, Row
from stylelab.teaching.marks import columns
from stylelab.teaching.questions import Question, questions, titles

SIGNS = {RIGHT: "✓", WRONG: "✗", UNCHANGED: "–", MISSING: "·"}
STYLE = (Path(__file__).parent / "page.css").read_text("utf-8")
MOST_HINTS = 8  # of one exercise
MOST_SLIPS = 6


def as_page(rows: Sequence[Row], title: str) -> str:
    """One HTML file, without any request: predictions, hints, and then the marks."""
    graded = [row for row in rows if row.lesson]
    lessons = sorted({row.lesson for row in graded})
    names, asked = titles(), questions()
    answers = {n: _answers(graded, n, asked.get(n, [])) for n in lessons}
    parts = [
        "<!doctype html>",
        "<html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width, initial-scale=1'>",
        f"<title>{text(title)}</title><style>{STYLE}</style></head><body>",
        *_head(rows, title, [(n, names.get(n, "")) for n in lessons]),
        "<main>",
        *([] if rows else ["<p>No file of a student lies in this folder.</p>"]),
        *_slips(answers),
    ]
    for lesson in lessons:
        parts.append(f"<section id='n{lesson}'><h2><span>{lesson}</span> ")
        parts.append(f"{text(names.get(lesson, ''))}</h2>")
        parts += _predictions(answers[lesson])
        parts += [*_exercises([row for row in graded if row.lesson == lesson])]
        parts.append("</section>")
    parts += [*_who(graded), *_failed(rows)]
    return "\n".join([*parts, "</main></body></html>\n"])


def _head(
    rows: Sequence[Row], title: str, lessons: Sequence[tuple[str, str]]
) -> list[str]:
    students = {row.student for row in rows if row.lesson}
    failed = sum(not row.lesson for row in rows)
    facts = [_count(len(students), "student"), _count(len(rows) - failed, "notebook")]
    if failed:
        facts.append(f"<a href='#failed'>{failed} not graded</a>")
    links = [f"<a href='#n{n}' title='{text(name)}'>{n}</a>" for n, name in lessons]
    links += ["<a href='#who'>marks</a>"] if students else []
    return [
        f"<header><h1>{text(title)}</h1><p>{' · '.join(facts)}</p>",
        f"<nav aria-label='Notebooks'>{''.join(links)}</nav></header>",
    ]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _answers(
    rows: Sequence[Row], lesson: str, asked: Sequence[Question]
) -> list[tuple[Question, Told]]:
    """What the class said to each question of a notebook; each student once."""
    guesses: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        if row.lesson == lesson:
            guesses[row.student] = row.guesses
    found = []
    for question in asked:
        said = [own[question.name] for own in guesses.values() if question.name in own]
        if said and (chart := told(question, said)):
            found.append((question, chart))
    return found


def _slips(answers: Mapping[str, Sequence[tuple[Question, Told]]]) -> list[str]:
    """The expectations that most of the room had, and that were wrong."""
    every = [pair for pairs in answers.values() for pair in pairs]
    wrong = [(q, t) for q, t in every if 3 * t.slips >= t.count and t.slips > 1]
    wrong.sort(key=lambda pair: pair[1].slips / pair[1].count, reverse=True)
    if not wrong:
        return []
    parts = ["<section class='room'><h2>In the room</h2><ol>"]
    for question, chart in wrong[:MOST_SLIPS]:
        right = question.answer
        if question.measured is not None:
            right = f"{question.measured:.3g} {question.unit}".rstrip()
        parts.append(
            f"<li><a href='#q{question.lesson}-{question.name}'>"
            f"<b>{question.lesson}</b> {text(question.text)}</a>"
            f"<span class='no'><strong>✗ {chart.slips} of {chart.count}</strong> "
            f"{text(chart.slip)}</span>"
            f"<span class='yes'>✓ {text(right)}</span></li>"
        )
    return [*parts, "</ol></section>"]


def _predictions(answers: Sequence[tuple[Question, Told]]) -> list[str]:
    parts = ["<h3>Predictions</h3><div class='cards'>"] if answers else []
    for question, chart in answers:
        shown = f"<p class='seen'>It came out: {text(question.claim)}.</p>"
        parts.append(
            f"<article id='q{question.lesson}-{question.name}'>"
            f"<h4>{text(question.text)}</h4><p class='count'>{chart.verdict}</p>"
            f"{chart.chart}{shown if question.claim else ''}</article>"
        )
    return [*parts, "</div>"] if answers else []


def _exercises(rows: Sequence[Row]) -> list[str]:
    """How many answered what; the commonest hints first."""
    parts = ["<h3>Exercises</h3><div class='cards'>"]
    for name in columns(rows):
        marks = [row.marks[name] for row in rows]
        counts = Counter(mark.verdict for mark in marks)
        hints = Counter(mark.hint for mark in marks if mark.verdict == WRONG)
        bar = "".join(
            f"<span class='{verdict}' style='flex:{counts[verdict]}'>"
            f"{SIGNS[verdict]} {counts[verdict]}</span>"
            for verdict in SIGNS
            if counts[verdict]
        )
        parts.append(f"<article><h4><code>{text(name.partition('.')[2])}</code></h4>")
        parts.append(f"<p class='marks'>{bar}</p>")
        if hints:
            told = [
                f"<li><b>{count} ×</b> {text(hint)}</li>"
                for hint, count in hints.most_common(MOST_HINTS)
            ]
            parts.append(f"<ul>{''.join(told)}</ul>")
            if (rest := len(hints) - len(told)) > 0:
                parts.append(f"<p>and {_count(rest, 'other hint')}, in the table</p>")
        parts.append("</article>")
    return [*parts, "</div>"]


def _who(rows: Sequence[Row]) -> list[str]:
    """A row for each student, a column for each exercise; folded, as it has names."""
    if not rows:
        return []
    asked = columns(rows)
    lessons = Counter(name.partition(".")[0] for name in asked)
    tops = [f"<th colspan='{n}' scope='colgroup'>{k}</th>" for k, n in lessons.items()]
    heads = [f"<th scope='col'>{text(n.partition('.')[2])}</th>" for n in asked]
    key = "✓ right · ✗ not yet · – unchanged · “·” missing · empty: no notebook"
    parts = [
        "<section id='who'><h2>Who answered what</h2><details><summary>Show the names "
        f"and marks</summary><p>{key}</p><div class='wide' tabindex='0' role='region' "
        "aria-label='Marks'><table><thead>",
        f"<tr><td></td><td></td>{''.join(tops)}</tr>",
        "<tr><th scope='col'>student</th><th scope='col'>right</th>",
        f"{''.join(heads)}</tr>",
        "</thead><tbody>",
    ]
    for student, marks in _by_student(rows):
        right = sum(mark.verdict == RIGHT for mark in marks.values())
        cells = [
            f"<td class='{m.verdict}' title='{text(m.hint)}'>{SIGNS[m.verdict]}</td>"
            if (m := marks.get(name))
            else "<td></td>"
            for name in asked
        ]
        name = f"<th scope='row'>{text(student)}</th><td class='sum'>{right}</td>"
        parts.append(f"<tr>{name}{''.join(cells)}</tr>")
    return [*parts, "</tbody></table></div></details></section>"]


def _by_student(rows: Sequence[Row]) -> list[tuple[str, dict[str, Any]]]:
    """All marks of a student in one line; a second copy of a notebook has its own."""
    lines: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        taken = lines[row.student].keys() & row.marks.keys()
        lines[row.file if taken else row.student] |= row.marks
    return [*lines.items()]


def _failed(rows: Sequence[Row]) -> list[str]:
    failed = [row for row in rows if row.problem]
    if not failed:
        return []
    parts = ["<section id='failed'><h2>Not graded, or not in full</h2><details>"]
    parts.append(f"<summary>Show {_count(len(failed), 'file')}</summary><ul>")
    parts += [f"<li><b>{text(r.file)}</b> {text(r.problem)}</li>" for r in failed]
    return [*parts, "</ul></details></section>"]
