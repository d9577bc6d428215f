"""A few numbers in five minutes, beside those that the same machine had before.

python -m benchmarks.quick [--save]

Each number is measured ROUNDS times; the table has the medians. Speeds are ratios whose
two sides are measured in turn: a busy machine slows both. --save keeps the numbers for
this machine; the README quotes them, and a test holds it to them.
"""

from __future__ import annotations

import argparse
import functools
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import stylelab as sl
from benchmarks.bare import machine, precisions
from benchmarks.evaluation import loop_and_bare, timed
from benchmarks.from_noise import LOUD, races
from stylelab.runs.guess import guess

BASELINES = Path(__file__).parent / "baselines.json"
ROUNDS = 3
WORSE = 1.15  # times the saved number: more than the spread of a quiet machine
FASTER = "times faster than the usual loop"  # the more of them, the better
Numbers = dict[str, float]  # by what was measured; but for FASTER, less is better


def loops() -> Numbers:
    found = {}
    for precision in precisions():
        loop, bare = loop_and_bare(256, precision, 8)
        found[f"a step, 256 px, {precision}: seconds"] = loop
        found[f"a step, 256 px, {precision}: times a bare pass of VGG-19"] = loop / bare
    return found


def walks() -> Numbers:
    """How much sooner than the plain loop it has that one's loss after 100 steps."""
    pair = functools.partial(sl.transfer, "cat", "starry_night", size=128, **LOUD)
    gravel = functools.partial(sl.texture, "gravel", size=128)
    found = {}
    for name, make, starts, losses in (
        ("transfer", pair, ("photo",), "absolute"),
        ("texture", gravel, ("noise", "phases"), "relative"),
    ):
        for (start, precision), (faster, _) in races(make, starts, losses):
            what = f"{name}, 128 px, from {start}, {precision}"
            found[f"{what}: {FASTER}"] = faster
    return found


def guesses() -> Numbers:
    def from_the_prompt() -> None:
        words = ("guess", "palace", "starry_night", "--size", "256", "-o", "guess.png")
        command = [sys.executable, "-m", "stylelab", *words]
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(command, cwd=folder, check=True, capture_output=True)

    guess("palace", "starry_night", 256)  # loads the networks
    return {
        "a guess, 256 px: seconds": timed(lambda: guess("palace", "starry_night", 256)),
        "a guess, 256 px, from the prompt: seconds": timed(from_the_prompt),
    }


def medians(rounds: list[Numbers]) -> Numbers:
    return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}


def table(now: Numbers, saved: Numbers) -> str:
    """Markdown: what was measured, and what it was, by which factor it has changed."""
    lines = ["| | now | saved | change |", "|---|---|---|---|"]
    for name, value in now.items():
        if not (before := saved.get(name)):
            lines.append(f"| {name} | {value:.3g} | | new |")
            continue
        change = value / before
        worse = change < 1 / WORSE if name.endswith(FASTER) else change > WORSE
        mark = " **worse**" if worse else ""
        lines.append(f"| {name} | {value:.3g} | {before:.3g} | {change:.2f}{mark} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--save", action="store_true", help="keep these numbers")
    save = parser.parse_args().save
    rounds = [loops() | walks() | guesses() for _ in range(ROUNDS)]
    known = json.loads(BASELINES.read_text("utf-8")) if BASELINES.exists() else {}
    now = medians(rounds)
    print(f"{machine()}\n\n{table(now, known.get(machine(), {}))}")
    if save:
        known[machine()] = {name: round(value, 4) for name, value in now.items()}
        BASELINES.write_text(json.dumps(known, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
