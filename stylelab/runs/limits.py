"""What the container of this process allows: processors and memory.

Linux keeps such limits in the files of control groups, in two versions. A group has no
more than the groups around it, so that all of them are asked. `root` is the folder that
the files lie in; on other systems there are none, and no limits.
"""

import ctypes
import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil

ROOT = Path("/")


def processors(root: Path = ROOT) -> float:
    """How many processors this process may use at once; infinite without a limit."""
    allowed = [math.inf]
    for group in _groups(root, "cpu"):
        files = group / "cpu.cfs_quota_us", group / "cpu.cfs_period_us"
        old = [number for file in files for number in _numbers(file)]
        for numbers in (_numbers(group / "cpu.max"), old):
            if len(numbers) == 2 and min(numbers) > 0:
                allowed.append(numbers[0] / numbers[1])
    return min(allowed)


def threads(chosen: int, root: Path = ROOT) -> int:
    """As many threads as were `chosen`, but no more than there are processors.

    A quarter of a processor is worth a thread more: with 1.5 processors two threads
    are 1.2 to 1.4 times as fast as one, with 1.25 as fast or a little faster.
    """
    return max(1, int(min(chosen, processors(root) + 0.75)))


def free_memory(root: Path = ROOT) -> int:
    """Bytes that this process can still take: of the machine, and of its groups."""
    free = [psutil.virtual_memory().available]
    for group in _groups(root, "memory"):
        for limit, usage in (
            ("memory.max", "memory.current"),
            ("memory.limit_in_bytes", "memory.usage_in_bytes"),
        ):
            most, used = _numbers(group / limit)[:1], _numbers(group / usage)[:1]
            if most and used:
                free.append(max(0, most[0] - used[0] + _given_back(group)))
    return min(free)


def bound_memory(most: float) -> None:
    """Lets this process take `most` bytes more: beyond them it gets a MemoryError.

    Else Linux ends a process when memory runs out, and perhaps not this one. What
    counts is what a process may write to: torch maps three times as much as it uses.
    Other systems have no such limit.
    """
    if sys.platform == "linux":
        import resource

        limit = int(psutil.Process().memory_info().data + most)
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def undo_trimming() -> None:
    """Lets a Dask worker keep the memory that it needs again in the next step.

    Dask sets a variable for its workers by which the C library gives back all it can:
    torch then takes up to twice as long. This is what the library would come to itself.
    """
    if sys.platform == "linux" and "MALLOC_TRIM_THRESHOLD_" in os.environ:
        library = ctypes.CDLL(None)
        if hasattr(library, "mallopt"):  # glibc
            library.mallopt(-1, 2**26)  # M_TRIM_THRESHOLD
            library.mallopt(-3, 2**25)  # M_MMAP_THRESHOLD: the most that is allowed


def _groups(root: Path, controller: str) -> Iterator[Path]:
    """The folders of this process's groups for a controller, and of those around."""
    mounted = root / "sys/fs/cgroup"
    for line in [f"0:{controller}:/", "0::/", *_text(root / "proc/self/cgroup")]:
        names, _, path = line.partition(":")[2].partition(":")
        if names and controller not in names.split(","):
            continue
        # Version 2 has one tree, and version 1 a tree for each controller.
        for tree in (controller, names) if names else ("", "unified"):
            inner = (mounted / tree).joinpath(*path.replace("..", "").split("/")[1:])
            yield inner
            while inner != mounted / tree:
                yield (inner := inner.parent)


def _given_back(group: Path) -> int:
    """Bytes of files that were read: the kernel counts them, and gives them back."""
    found = dict(
        line.split()[:2] for line in _text(group / "memory.stat") if " " in line
    )
    old = found.get("total_inactive_file", "0")
    return int(found.get("inactive_file", "0") if old == "0" else old)


def _numbers(file: Path) -> list[int]:
    """The whole numbers in `file`; none where there is no limit, or no such file."""
    try:
        return [int(word) for line in _text(file) for word in line.split()]
    except ValueError:  # "max"
        return []


def _text(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except (OSError, UnicodeError):
        return []
