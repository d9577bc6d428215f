"""What the README says of speed is what was measured; what gets slower is marked."""

import json
import re
from pathlib import Path

from benchmarks import quick

README = Path(__file__).parents[1] / "README.md"


def test_the_readme_quotes_the_saved_numbers() -> None:
    """All of them, and of one machine: others may be saved beside it."""
    rows = re.findall(r"^\| (.+) \| ([\d.]+) \|$", README.read_text("utf-8"), re.M)
    machines = json.loads(quick.BASELINES.read_text("utf-8")).values()
    quoted = [[(what, f"{n:.3g}") for what, n in saved.items()] for saved in machines]
    assert rows in quoted


def test_what_has_become_slower_is_marked() -> None:
    saved = {"a step: seconds": 1.0, f"a walk: {quick.FASTER}": 10.0}
    same = quick.table(saved | {"new: seconds": 2.0}, saved)
    assert "worse" not in same
    assert "| new: seconds | 2 | | new |" in same
    slow = {"a step: seconds": 1.2, f"a walk: {quick.FASTER}": 8.0}
    assert quick.table(slow, saved).count("**worse**") == 2
    fast = {"a step: seconds": 0.5, f"a walk: {quick.FASTER}": 20.0}
    assert "worse" not in quick.table(fast, saved)
    assert "| a step: seconds | 0.5 | 1 | 0.50 |" in quick.table(fast, saved)
