"""What an answer leaves behind: no process, no file; and what an interrupt leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from test_grading import PSNR, hand_in, rows

from stylelab.teaching.grading import RIGHT, WRONG

ROOT = Path(__file__).parents[2]
THREADS = """import threading, time
def psnr(a, b):
    for _ in range(20):
        threading.Thread(target=time.sleep, args=(3600,)).start()
    return 3"""
CHILD = """import multiprocessing, time
def psnr(a, b):
    multiprocessing.get_context("spawn").Process(target=time.sleep, args=(9,)).start()
    return 3"""
SILENTLY = """from multiprocessing import util
def psnr(a, b):
    return util.spawnv_passfds(b"/bin/sleep", ["sleep", "4321"], [])"""
MUCH = "def psnr(a, b):\n    return bytearray(10**11)"
MANY = "def psnr(a, b):\n    return torch.zeros(10**11)"
PILE = "def psnr(a, b):\n    x = []\n    while True: x.append('x' * 10**7)"
FILE = """def psnr(a, b):
    with open("big", "wb") as file:
        while True: file.write(b"x" * 10**6)"""
SAVE = "import torch\ndef psnr(a, b):\n    torch.save(a, {!r})"


def running() -> set[int]:
    """The processes that this one began, however far below it."""
    return {process.pid for process in psutil.Process().children(recursive=True)}


def until(holds: Callable[[], object], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


def test_forks_and_threads_leave_nothing_running(tmp_path: Path) -> None:
    rows(tmp_path)  # what Python keeps to fork from may stay
    hand_in(tmp_path / "first.ipynb", PSNR)
    assert rows(tmp_path)["first.ipynb"].marks["04.psnr"].verdict == RIGHT
    before = running()
    for name, code in (
        ("threads", THREADS),
        ("child", CHILD),
        ("silently", SILENTLY),
        ("fork", "import os\ndef psnr(a, b):\n    os.fork()\n    while True: 0"),
    ):
        hand_in(tmp_path / name / "04.ipynb", code)
    found = rows(tmp_path, seconds=5)
    for name in ("threads", "child", "silently", "fork"):
        assert found[f"{name}/04.ipynb"].marks["04.psnr"].verdict == WRONG
    assert until(lambda: running() <= before), running() - before
    everything = [p.info["cmdline"] for p in psutil.process_iter(["cmdline"])]
    assert ["sleep", "4321"] not in everything


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds memory")
def test_memory_and_files_are_bounded_and_nothing_stays(tmp_path: Path) -> None:
    outside = str(tmp_path / "outside.pt")
    for name, code in (("much", MUCH), ("many", MANY), ("pile", PILE), ("file", FILE)):
        hand_in(tmp_path / "class" / name / "04.ipynb", code)
    hand_in(tmp_path / "class" / "save" / "04.ipynb", SAVE.format(outside))
    found = rows(tmp_path / "class")
    for name, hint in {
        "much": "MemoryError",
        "many": "can't allocate memory",
        "pile": "MemoryError",
        "file": "File too large",
        "save": "may not do this",
    }.items():
        mark = found[f"{name}/04.ipynb"].marks["04.psnr"]
        assert mark.verdict == WRONG
        assert hint in mark.hint, mark
    assert not os.path.exists(outside)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "killpg"), reason="Windows has other signals")
def test_an_interrupt_leaves_no_process_and_no_table(tmp_path: Path) -> None:
    for number in range(6):
        loop = "def psnr(a, b):\n    while True: 0"
        hand_in(tmp_path / "class" / f"{number}.ipynb", loop)
    words = ["grade", str(tmp_path / "class"), "-o", str(tmp_path / "marks.csv")]
    command = [sys.executable, "-m", "stylelab", *words, "--seconds", "600"]
    grading = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    us = psutil.Process(grading.pid)
    # An answer's process leads a group of its own.
    assert until(
        lambda: [p for p in us.children(recursive=True) if os.getpgid(p.pid) == p.pid],
        90,
    )
    begun = us.children(recursive=True)
    grading.send_signal(signal.SIGINT)
    _, said = grading.communicate(timeout=60)
    assert grading.returncode == 130
    assert said.rstrip().endswith("interrupted")
    assert "Traceback" not in said
    assert until(lambda: not any(process.is_running() for process in begun))
    assert [path.name for path in tmp_path.iterdir()] == ["class"]
