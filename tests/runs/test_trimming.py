"""What Dask sets for its workers' memory, and how a run undoes it."""

import subprocess
import sys

import pytest

# Takes 24 MB and gives it back, again and again, as the steps of a run do.
CODE = """
import ctypes, os, resource, sys
from stylelab.runs.limits import undo_trimming
sys.argv[1:] and undo_trimming()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
for _ in range(20):
    block = libc.malloc(24 * 2**20)
    ctypes.memset(block, 1, 24 * 2**20)
    libc.free(block)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only its C library trims so")
def test_a_dask_worker_keeps_the_memory_of_its_last_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "65536")  # as Dask's nanny does
    trimmed, kept = (
        int(subprocess.check_output([sys.executable, "-c", CODE, *undo]))
        for undo in ([], ["undo"])
    )
    assert kept < trimmed / 3  # pages that the system had to give
