"""A wheel that somebody installs holds the whole course."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COURSE = sorted(path for path in (ROOT / "notebooks").glob("*.ipynb"))

# Starts the lab with a JupyterLab that only says what it was asked for.
LAB = """
import sys
import jupyterlab.labapp
jupyterlab.labapp.main = lambda words: print(*words, sep="\\n")
from stylelab.cli import course
print(course.NOTEBOOKS)
sys.exit(course.lab())
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the project's wheel unpacked, as pip would."""
    home = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    pip += ["--no-build-isolation", "--wheel-dir", str(home), str(_copy(home))]
    subprocess.run(pip, check=True, capture_output=True)
    (wheel,) = home.glob("stylelab-*.whl")
    with zipfile.ZipFile(wheel) as content:
        content.extractall(home / "site")
    return home / "site"


def _copy(home: Path) -> Path:
    """What a wheel is built from, where the build may leave its own folders."""
    copy = home / "project"
    copy.mkdir()
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", "LICENSES.md"):
        (copy / name).write_bytes((ROOT / name).read_bytes())
    for name in ("stylelab", "notebooks"):
        for path in (ROOT / name).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                target = copy / path.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                os.link(path, target)
    return copy


def run(site: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Python with the unpacked wheel before all else, in another folder."""
    paths = [str(site), *os.environ["PYTHONPATH"].split(os.pathsep)]
    paths = [path for path in paths if path != str(ROOT)]
    places = {"HOME": str(home), "PYTHONPATH": os.pathsep.join(paths)}
    return subprocess.run(
        [sys.executable, *words],
        cwd=home,
        env=os.environ | places,
        capture_output=True,
        text=True,
    )


def test_a_wheel_has_every_file_of_the_notebooks(installed: Path) -> None:
    ours = [path for path in (ROOT / "notebooks").rglob("*.[ij]p*") if path.is_file()]
    assert len(ours) >= 18
    for path in ours:
        packed = installed / "stylelab" / path.relative_to(ROOT)
        assert packed.read_bytes() == path.read_bytes()
    assert not (installed / "notebooks").exists()


def test_an_installed_lab_opens_copies_at_home(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-c", LAB)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == str(installed / "stylelab" / "notebooks")
    mine = tmp_path / "my-notebooks"
    assert f"--ServerApp.root_dir\n{mine}\n" in done.stdout
    assert f"your notebooks are in '{mine}'" in done.stderr
    assert [path.name for path in sorted(mine.glob("*.ipynb"))] == [
        path.name for path in COURSE
    ]
    assert (mine / "pictures" / "05_night.jpg").is_file()
    assert not (installed / "stylelab" / "my-notebooks").exists()


def test_installed_solutions_are_those_of_the_course(
    installed: Path, tmp_path: Path
) -> None:
    words = ("-m", "stylelab", "solutions", "-o", str(tmp_path / "solved"))
    done = run(installed, tmp_path, *words)
    assert done.returncode == 0, done.stderr
    solved = {path.name for path in (tmp_path / "solved").glob("*.ipynb")}
    assert solved == {path.name for path in COURSE if path.stem != "glossary"}
