"""The plans of docs/teaching add up, and name what the notebooks have."""

from __future__ import annotations

import json
import re
import symtable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLANS = ROOT / "docs" / "teaching" / "plans.md"
EXERCISE = 6  # minutes that a notebook's first cell counts for each
PARTS = re.split(r"(?m)^##+ ", PLANS.read_text("utf-8"))
PLAN = {part.splitlines()[0]: part for part in PARTS if "| from |" in part}
every_plan = pytest.mark.parametrize("title", PLAN)


@dataclass(frozen=True)
class Block:
    start: int  # minutes after midnight, or after the beginning
    minutes: int
    what: str
    ask: str

    @property
    def number(self) -> str:
        return self.what.partition("](")[0][-2:]

    def sections(self) -> dict[str, list[str]]:
        """Each section that the block names, and the exercises it does without."""
        found = re.findall(r"\*(.+?)\*(?: \(without (.+?)\))?", self.what)
        return {name: re.findall(r"`(\w+)`", without) for name, without in found}


def blocks(title: str) -> list[Block]:
    row = r"(?m)^\| (\d+:\d\d) \| (\d+) \| (.+?) \| (.*?) ?\|"
    found = re.findall(row, PLAN[title])
    assert len(found) == len(re.findall(r"(?m)^\| ", PLAN[title])) - 1
    return [Block(_minutes(clock), int(n), *rest) for clock, n, *rest in found]


@cache
def notebook(number: str) -> tuple[dict[str, int], dict[str, str]]:
    """The minutes of each section, and its code; "" is what comes before them."""
    (path,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
    cells = json.loads(path.read_bytes())["cells"]
    first = "".join(cells[0]["source"])
    minutes = re.findall(r"(?m)^- \[(.+?)\]\(#.+\) · (\d+) min$", first)
    code, section = {"": ""}, ""
    for cell in cells[1:]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            code[section] += source + "\n"
        for section in re.findall(r"(?m)^## (.+)$", source):
            code[section] = ""
    return {name: int(n) for name, n in minutes}, code


def test_there_are_three_plans_of_ten_days() -> None:
    assert len(PLAN) == 1 + 1 + 8
    assert all("**When late:**" in plan for plan in PLAN.values())


@every_plan
def test_the_blocks_follow_each_other_and_fill_the_time(title: str) -> None:
    begin, end = re.findall(r"\d+:\d\d", title) or ("0:00", None)
    clock = start = _minutes(begin)
    for block in blocks(title):
        assert block.start == clock, block.what
        clock += block.minutes
    assert clock - start == int(re.search(r"(\d+) minutes", title)[1])
    assert end is None or clock == _minutes(end)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


@every_plan
def test_a_block_names_sections_and_has_time_for_them(title: str) -> None:
    for block in blocks(title):
        needed = 0
        for section, without in block.sections().items():
            minutes, code = notebook(block.number)
            assert section in minutes, block.what
            for name in without:
                assert re.search(rf"checks\.\w+\({name}\)", code[section]), name
            needed += minutes[section] - EXERCISE * len(without)
        assert block.minutes >= needed, (block.what, needed)


@every_plan
def test_a_prediction_is_one_of_the_block(title: str) -> None:
    for block in blocks(title):
        code = "".join(notebook(block.number)[1][s] for s in block.sections())
        for name in re.findall(r"`(\w+)`", block.ask):
            assert re.search(rf'predict\(\s*"{name}"', code), (block.what, name)


@every_plan
def test_no_block_needs_a_cell_that_its_plan_leaves_out(title: str) -> None:
    """Each name that a section reads was made in a section that the plan has."""
    chosen: dict[str, list[str]] = {}
    for block in blocks(title):
        for section in block.sections():
            chosen.setdefault(block.number, [""]).append(section)
    for number, sections in chosen.items():
        code = notebook(number)[1]
        made = {name: _made(code[name]) for name in code}
        have = set().union(*(made[name] for name in sections))
        missing = set().union(*made.values()) - have
        for section in sections:
            assert not _read(_scope(code[section])) & missing, (number, section)


def _scope(code: str) -> symtable.SymbolTable:
    return symtable.symtable(code, "a cell", "exec")


def _made(code: str) -> set[str]:
    symbols = _scope(code).get_symbols()
    return {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}


def _read(scope: symtable.SymbolTable) -> set[str]:
    """The names that code reads of a notebook's own, also inside its functions."""
    names = {s.get_name() for s in scope.get_symbols() if s.is_global()}
    return names.union(*map(_read, scope.get_children()))


@every_plan
def test_what_is_cut_and_which_lab_is_shown_are_of_the_plan(title: str) -> None:
    named = {section for block in blocks(title) for section in block.sections()}
    _, late = PLAN[title].split("**When late:**")
    late = " ".join(late.split("**Homework")[0].split())
    assert set(re.findall(r"(?<!\*)\*(\w[^*]+)\*(?!\*)", late)) <= named
    code = "".join(
        notebook(b.number)[1][s] for b in blocks(title) for s in b.sections()
    )
    for lab in re.findall(r"\w+Lab\b", PLAN[title]):
        assert f"{lab}(" in code, lab


def test_every_link_leads_somewhere() -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", PLANS.read_text("utf-8"))
    assert len(targets) > 50
    for target in targets:
        assert (PLANS.parent / target).exists(), target
