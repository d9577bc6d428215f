"""Which build of torch make asks for, what it says before, and what laptops get."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from stylelab.cli.options import parser

ROOT = Path(__file__).parents[1]
MAKE = shutil.which("make")
TOOLS = ("cat", "du", "grep", "ls", "mkdir", "rm", "sed", "sh", "sort", "touch")
SMALL = "--torch-backend cpu"
LARGE = "This downloads 3.2 GB"
pytestmark = pytest.mark.skipif(not MAKE, reason="there is no make")

# A Python that only says what it was asked for. It has torch if a file is called so.
PYTHON = """#!/bin/sh
case "$*" in
  *find_spec*) [ -e torch ]; exit;;
  *ensurepip*|*--version*) exit;;
  *"pip compile"*) echo "    # from https://builds.example/cpu" > build/wheelhouse.txt;;
esac
echo "python $*"
"""


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., str]:
    """Runs make in a project without a card, with few programs on its PATH."""
    for name in ("Makefile", "pyproject.toml", "docs/where.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    program(tmp_path / ".venv" / "bin" / "python", PYTHON)
    program(tmp_path / "bin" / "uname", "#!/bin/sh\necho Linux x86_64\n")
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))

    def run(*words: str, **places: str) -> str:
        done = subprocess.run(
            [MAKE, f"NVIDIA={tmp_path / 'card'}", *words],
            cwd=tmp_path,
            env={"PATH": str(tmp_path / "bin"), **places},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    return run


@pytest.mark.parametrize("goal", ["demo", "lab", "studio", "wheelhouse"])
def test_torch_cpu_asks_for_the_small_build(make: Callable, goal: str) -> None:
    said = make(goal, "TORCH=cpu")
    assert LARGE not in said
    (asked,) = [line for line in said.splitlines() if " -m uv pip " in line]
    assert SMALL in asked
    if goal == "wheelhouse":  # uv says from where
        (asked,) = [line for line in said.splitlines() if "-m pip download" in line]
        assert "--extra-index-url https://builds.example/cpu" in asked
    if goal != "wheelhouse":
        assert said.endswith(f"python -m stylelab {goal}\n")
        assert "pip" not in make(goal, "TORCH=cpu")


@pytest.mark.parametrize("goal", ["demo", "wheelhouse"])
def test_how_large_the_default_is_is_said_before_the_download(
    make: Callable, goal: str
) -> None:
    said = make(goal)
    assert f"'make {goal} TORCH=cpu'" in said
    assert 0 <= said.index(LARGE) < said.index("python -m pip")
    assert SMALL not in said
    if goal == "demo":
        assert said.endswith("python -m stylelab demo\n")


@pytest.mark.parametrize("why", ["card", "nvidia-smi", "torch", "a Mac"])
def test_nothing_is_said_where_the_default_is_right(
    make: Callable, tmp_path: Path, why: str
) -> None:
    if why == "nvidia-smi":
        program(tmp_path / "bin" / why, "#!/bin/sh\n")
    elif why == "a Mac":
        program(tmp_path / "bin" / "uname", "#!/bin/sh\necho Darwin arm64\n")
    else:
        (tmp_path / why).touch()
    said = make("demo")
    assert LARGE not in said
    assert "python -m pip" in said


@pytest.mark.parametrize(
    ("platform", "system"), [("win_amd64", "windows"), ("macosx_14_0_arm64", "macos")]
)
def test_wheels_for_another_platform(
    make: Callable, tmp_path: Path, platform: str, system: str
) -> None:
    said = make("wheelhouse", f"PLATFORM={platform}", "PYTHON=3.12").splitlines()
    (asked,) = [line for line in said if "-m uv pip compile" in line]
    assert f"--python-platform {system} --python-version 3.12" in asked
    (asked,) = [line for line in said if "-m pip download" in line]
    assert f"--no-deps --only-binary :all: --platform {platform}" in asked
    assert "--python-version 3.12" in asked


def test_the_wheelhouse_says_how_to_install_from_it(
    make: Callable, tmp_path: Path
) -> None:
    house = tmp_path / "build" / "wheelhouse"
    house.mkdir(parents=True)
    (house / "torch-2.14.1-cp312-cp312-win_amd64.whl").touch()
    make("wheelhouse")
    text = (house / "README.txt").read_text("utf-8")
    assert text.endswith("(cp312 is Python 3.12):\n    cp312 win_amd64\n")
    lines = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    for python in ("stylelab-env/bin/python", r"stylelab-env\Scripts\python"):
        install = f"{python} -m pip install --no-index --find-links wheelhouse stylelab"
        start = lines.index(install)
        assert lines[start - 1].endswith("-m venv stylelab-env")
        for line, verb in zip(lines[start + 1 :], ("doctor", "lab"), strict=False):
            assert line == f"{python} -m stylelab {verb}"
            parser().parse_args(shlex.split(line.partition("stylelab ")[2]))


def test_binder_takes_the_same_build() -> None:
    assert (ROOT / "binder" / "requirements.txt").read_text("utf-8") == "uv\n"
    steps = (ROOT / "binder" / "postBuild").read_text("utf-8")
    assert SMALL in steps
    copying = parser().parse_args(shlex.split(steps.splitlines()[-1])[3:])
    assert copying.copy_only
    assert os.access(ROOT / "binder" / "postBuild", os.X_OK)
