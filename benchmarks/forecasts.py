"""Forecasts beside what was seen: time and memory of 27 kinds of run.

Each kind runs in a process of its own, with one thread. Seconds are those of the
processor, so that other work on the machine does not count. Memory is the peak of the
process over its state before the run, as Linux tells both. Whatever is computed,
libraries take some SCRATCH for themselves: it counts as foretold.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import re
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.bare import machine, precisions
from stylelab.core.layers import LAYERS
from stylelab.runs.forecast import forecast
from stylelab.runs.recipe import ROLES, STYLE_LAYERS, recipe_for
from stylelab.runs.tasks import prepare

MIB = 2**20
SCRATCH = 40 * MIB  # of oneDNN and the like: the same for 0.02 and for 0.1 megapixels
ALL = {"size": 160, "steps": 3}
DEEP, SHALLOW = {"size": 160, "steps": 4}, {"size": 256, "steps": 25}
ABSOLUTE = {"losses": "absolute"}
ONE = {"style_layers": "relu1_1"}
THREE = {"style_layers": STYLE_LAYERS[:3]}
NO_STYLE = {"style_weight": 0, "spectrum_weight": 0, "smoothness": 1}

# What is made, and with which options.
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "transfer": ("transfer", DEEP),
    "transfer, bfloat16": ("transfer", DEEP | {"precision": "bfloat16"}),
    "transfer, 25 steps": ("transfer", {"size": 128, "steps": 25}),
    "transfer, absolute": ("transfer", DEEP | ABSOLUTE),
    "transfer, pixels": ("transfer", DEEP | {"space": "pixels"}),
    "transfer, Adam": ("transfer", DEEP | {"optimizer": "adam"}),
    "transfer, mean_std": ("transfer", DEEP | {"statistic": "mean_std"}),
    "transfer, sorted": ("transfer", DEEP | {"statistic": "sliced_wasserstein"}),
    "transfer, luminance": ("transfer", DEEP | {"colors": "luminance"}),
    "transfer, average": ("transfer", DEEP | {"pooling": "average"}),
    "transfer, brush 0.5": ("transfer", DEEP | {"brush": 0.5}),
    "transfer, brush 4": ("transfer", {"size": 112, "steps": 4} | {"brush": 4}),
    "transfer, 3 styles": ("transfer", DEEP),
    "transfer, 3 masks": ("transfer", DEEP),
    "transfer, 2 levels": ("transfer", {"size": 384, "steps": 2}),
    "transfer, tiles": ("transfer", {"size": 192, "steps": 2, "tile": 128}),
    "texture": ("texture", DEEP),
    "texture, relu1_1": ("texture", SHALLOW | ONE),
    "texture, relu1_1, absolute": ("texture", SHALLOW | ONE | ABSOLUTE),
    "texture, three layers sorted": (
        "texture",
        DEEP | THREE | {"statistic": "sliced_wasserstein"},
    ),
    "texture, 37 layers": ("texture", ALL | {"style_layers": LAYERS}),
    "texture, smoothness alone": ("texture", SHALLOW | NO_STYLE),
    "reconstruct": ("reconstruct", DEEP),
    "reconstruct, relu1_1": ("reconstruct", SHALLOW | {"content_layers": "relu1_1"}),
    "reconstruct, relu1_1, Adam": (
        "reconstruct",
        SHALLOW | ABSOLUTE | {"content_layers": "relu1_1", "optimizer": "adam"},
    ),
    "reconstruct, 5 layers": ("reconstruct", DEEP | {"content_layers": STYLE_LAYERS}),
    "reconstruct, 37 layers": ("reconstruct", ALL | {"content_layers": LAYERS}),
}


def measured(kind: str) -> tuple[float, ...]:
    """Of a kind, in this process: seconds foretold and seen, and bytes likewise."""
    torch.set_num_threads(1)
    task, options = KINDS[kind]
    recipe = recipe_for(task, {"precision": "float32"} | options)
    run = prepare(recipe, **pictures(kind))
    told = forecast(run)
    ctypes.CDLL(None).malloc_trim(0)  # what the heap keeps free is in nobody's way
    before = in_memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    began = time.thread_time()
    for _ in run:
        pass
    seconds = time.thread_time() - began
    seen = in_memory("VmHWM") - before
    return told.seconds, seconds, told.bytes + SCRATCH, seen


def pictures(kind: str) -> dict[str, Any]:
    """The pictures of a kind by their role."""
    found: dict[str, Any] = {"photo": "cat", "style": "starry_night"}
    if "3 " in kind:
        found["style"] = ["starry_night", "gravel", "great_wave"]
    if "masks" in kind:
        rows = np.arange(300)[:, None].repeat(451, 1) // 100
        found["masks"] = [rows == 0, rows == 1]
    return {
        role: found[role]
        for role in found
        if role in ROLES[KINDS[kind][0]] + ("masks",)
    }


def in_memory(what: str) -> int:
    """Bytes of this process: "VmRSS", which it has now, or "VmHWM", at its peak."""
    status = Path("/proc/self/status").read_text()
    found = re.search(rf"{what}:\s+(\d+) kB", status)
    assert found, "only Linux tells this"
    return int(found[1]) * 1024


def in_own_process(kind: str) -> tuple[float, ...]:
    """`measured` in a process that does nothing else."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measured, (kind,))


def main() -> None:
    print(machine(), f"\n{'':28}seconds: told, seen, ratio   MiB: told, seen, ratio")
    for kind in sys.argv[1:] or KINDS:
        precision = KINDS[kind][1].get("precision", "float32")
        if precision not in precisions():  # emulated, it takes hours
            print(f"{kind:28}not native here")
            continue
        seconds, took, size, peak = in_own_process(kind)
        times = f"{seconds:13.2f}{took:9.2f}{seconds / took:8.2f}"
        sizes = f"{size / MIB:12.0f}{peak / MIB:8.0f}{size / peak:8.2f}"
        print(f"{kind:28}{times}{sizes}", flush=True)


if __name__ == "__main__":
    main()
