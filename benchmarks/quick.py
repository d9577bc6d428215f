"""A few numbers in five minutes, beside those that the same machine had before.

python -m benchmarks.quick [--save]

Each number is measured ROUNDS times; the table has the medians. Speeds are ratios whose
two sides are measured in turn: a busy machine slows both. --save keeps them.
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
from stylelab.runs.recipe import STYLE_LAYERS

BASELINES = Path(__file__).parent / "baselines.json"
ROUNDS = 3
WORSE = 1.15  # times the saved number: more than a quiet machine's spread
Numbers = dict[str, float]  # by what was measured; less is better


def loops() -> Numbers:
    found = {}
    for precision in precisions():
        loop, bare = loop_and_bare(256, precision, 8)
        found[f"a step over a bare pass, 256 px, {precision}"] = loop / bare
    return found


def walks() -> Numbers:
    """Shares of the plain loop's time to its own loss after 100 steps."""
    small, three = {"size": 128, **LOUD}, {"style_layers": STYLE_LAYERS[:3]}
    pair = functools.partial(sl.transfer, "cat", "starry_night", **small)
    gravel = functools.partial(sl.texture, "gravel", **small, **three)
    found = {}
    for name, make, starts in (
        ("transfer", pair, ("photo",)),
        ("texture, 3 layers", gravel, ("noise", "phases")),
    ):
        for (start, precision), (faster, _) in races(make, starts, "absolute"):
            share = 1 / faster if faster else float("inf")
            found[f"{name}, 128 px, from {start}, {precision}"] = share
    return found


def guesses() -> Numbers:
    def from_the_prompt() -> None:
        words = ("guess", "palace", "starry_night", "--size", "256", "-o", "guess.png")
        command = [sys.executable, "-m", "stylelab", *words]
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(command, cwd=folder, check=True, capture_output=True)

    guess("palace", "starry_night", 256)  # loads the networks
    return {
        "a guess, 256 px, s": timed(lambda: guess("palace", "starry_night", 256)),
        "a guess from the prompt, s": timed(from_the_prompt),
    }


def medians(rounds: list[Numbers]) -> Numbers:
    return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}


def table(now: Numbers, saved: Numbers) -> str:
    """Markdown: what was measured, and what it was, by which factor it has changed."""
    lines = ["| less is better | now | saved | |", "|---|---|---|---|"]
    for name, value in now.items():
        before = saved.get(name)
        change = f"{value / before:.2f} times" if before else "new"
        worse = " **worse**" if before and value > WORSE * before else ""
        was = f"{before:.3g}" if before else ""
        lines.append(f"| {name} | {value:.3g} | {was} | {change}{worse} |")
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
