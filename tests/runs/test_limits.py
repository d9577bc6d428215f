"""Limits of containers, in both versions of Linux's control groups."""

import importlib
import math
from pathlib import Path

import psutil
import pytest
import torch

from stylelab.runs import device, forecast, limits


def layout(root: Path, own: str, files: dict[str, str]) -> Path:
    """A file system with these `files` of groups, for a process in the group `own`."""
    files = {f"sys/fs/cgroup/{name}": text for name, text in files.items()}
    for name, text in {"proc/self/cgroup": own, **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_the_narrowest_group_around_the_process_counts(tmp_path):
    files = {
        "cpu.max": "900000 100000",
        "outer/cpu.max": "250000 100000\n",
        "outer/inner/cpu.max": "max 100000\n",
        "other/cpu.max": "10000 100000\n",
    }
    root = layout(tmp_path, "0::/outer/inner\n", files)
    assert limits.processors(root) == 2.5
    assert [limits.threads(chosen, root) for chosen in (1, 2, 3, 8)] == [1, 2, 3, 3]


@pytest.mark.parametrize("tree", ["cpu", "cpu,cpuacct"])
@pytest.mark.parametrize("where", ["docker/abc/", ""])
def test_version_1_has_a_tree_for_each_controller(tmp_path, tree, where):
    """A container may see its own group as the whole tree, and yet its outer name."""
    files = {"cpu.cfs_quota_us": "350000\n", "cpu.cfs_period_us": "100000\n"}
    files = {f"{tree}/{where}{name}": text for name, text in files.items()}
    own = "5:memory:/m\n4:cpu,cpuacct:/docker/abc\n1:name=systemd:/\n0::/\n"
    root = layout(tmp_path, own, files)
    assert limits.processors(root) == 3.5
    assert limits.threads(8, root) == 4


def test_less_than_one_processor_is_one_thread(tmp_path):
    root = layout(tmp_path, "0::/\n", {"cpu.max": "50000 100000"})
    assert limits.processors(root) == 0.5
    assert limits.threads(8, root) == limits.threads(1, root) == 1


@pytest.mark.parametrize(
    "text", ["max 100000", "-1", "", "odd text", "100000", "0 0", "1.5 2", "\x00\x01"]
)
def test_no_limit_and_odd_text_limit_nothing(tmp_path, text):
    own = f"0::/a\n7:cpu:/../..\n{text}\n:\n"
    names = "cpu.max", "a/cpu.max", "cpu/cpu.cfs_quota_us", "memory.max", "memory.stat"
    root = layout(tmp_path, own, dict.fromkeys(names, text))
    assert limits.processors(root) == math.inf
    assert limits.threads(5, root) == 5
    assert limits.free_memory(root) > 2**20


def test_a_machine_without_such_files_has_its_own_limits(tmp_path, monkeypatch):
    free = psutil.virtual_memory()._replace(available=123)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: free)
    assert limits.processors(tmp_path) == math.inf
    assert limits.free_memory(tmp_path) == 123


@pytest.mark.parametrize(
    ("own", "files"),
    [
        (
            "0::/outer/inner\n",
            {
                "outer/memory.max": "1000\n",
                "outer/memory.current": "700\n",
                "outer/memory.stat": "anon 500\ninactive_file 100\nactive_file 9\n",
                "outer/inner/memory.max": "max\n",
                "outer/inner/memory.current": "600\n",
            },
        ),
        (
            "9:cpu:/\n4:memory:/docker/abc\n",
            {
                "memory/memory.limit_in_bytes": "9223372036854771712\n",
                "memory/memory.usage_in_bytes": "800\n",
                "memory/docker/abc/memory.limit_in_bytes": "1000\n",
                "memory/docker/abc/memory.usage_in_bytes": "700\n",
                "memory/docker/abc/memory.stat": "inactive_file 0\n"
                "total_inactive_file 100\n",
            },
        ),
    ],
    ids=["version 2", "version 1"],
)
def test_free_memory_is_what_the_group_has_left(tmp_path, monkeypatch, own, files):
    """What was read from files counts as used, but is given back."""
    root = layout(tmp_path, own, files)
    assert limits.free_memory(root) == 400
    monkeypatch.setattr(limits, "free_memory", lambda: 400)
    assert forecast._free_memory("cpu") == 400


def test_a_group_that_has_more_than_its_limit_has_nothing_free(tmp_path):
    files = {"memory.max": "1000", "memory.current": "1200"}
    assert limits.free_memory(layout(tmp_path, "0::/\n", files)) == 0


@pytest.mark.parametrize(
    ("quota", "expected"), [(1.2, 1), (1.25, 2), (1.5, 2), (math.inf, 3)]
)
def test_runs_have_no_more_threads_than_the_container_allows(
    monkeypatch, quota, expected
):
    before = torch.get_num_threads()
    monkeypatch.setattr(limits, "processors", lambda root: quota)
    try:
        torch.set_num_threads(3)
        importlib.reload(device)
        assert torch.get_num_threads() == expected
        torch.set_num_threads(3)  # who asks for more later, gets it
        device.default_device()
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)
