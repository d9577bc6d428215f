"""`python -m stylelab lab`: what it opens, and which kernels it ends."""

from __future__ import annotations

import asyncio
import json
import os
import platform
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import freeze
import jupyterlab.labapp
import nbformat
import pytest
from ipykernel.ipkernel import IPythonKernel
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.services.config.manager import ConfigManager
from jupyterlab.labapp import LabApp
from nbconvert.exporters import get_exporter

from stylelab.cli import course
from stylelab.cli.kernels import ENDED, Kernels

NOTEBOOKS = sorted(course.NOTEBOOKS.glob("*.ipynb"))


@pytest.fixture
def lab(
    ask: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[list[str], str]]:
    """Starts the lab on notebooks 01 and 02: JupyterLab's arguments, what was said."""
    opened: list[list[str]] = []
    monkeypatch.setattr(jupyterlab.labapp, "main", opened.append)
    monkeypatch.setattr(course, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")  # put back at the end
    course.NOTEBOOKS.mkdir()
    for path in NOTEBOOKS[:2]:
        (course.NOTEBOOKS / path.name).write_bytes(path.read_bytes())

    def start(*words: str) -> tuple[list[str], str]:
        said = ask("lab", *words)[1]
        return opened[-1] if opened else [], said

    return start


def test_the_first_start_opens_the_first_notebook(lab: Callable) -> None:
    first = "--LabApp.default_url=/lab/tree/01_what_is_a_convolution.ipynb"
    assert first in lab()[0]
    assert not any("default_url" in word for word in lab()[0])


def test_jupyterlab_understands_the_settings(lab: Callable) -> None:
    app = LabApp()
    app.parse_command_line(lab()[0])
    defaults = ConfigManager(config_dir_name="labconfig").get(
        "default_setting_overrides"
    )
    news = defaults["@jupyterlab/apputils-extension:notification"]
    assert news == {"fetchNews": "false", "checkForUpdates": False}
    manager = Kernels(config=app.config)
    assert manager.cull_idle_timeout == 3600
    assert not manager.cull_connected
    assert not manager.cull_busy
    exporter = get_exporter("html")(config=app.config)
    pages = exporter.from_filename(str(NOTEBOOKS[1]))[0]
    assert 'alt="' in pages
    assert "No description" not in pages
    pages = exporter.from_filename(str(NOTEBOOKS[4]))[0]
    assert 'src="pictures/' not in pages


def test_a_copy_has_this_python_and_counts_as_the_courses(
    lab: Callable, tmp_path: Path
) -> None:
    lab()
    copy = tmp_path / "my-notebooks" / NOTEBOOKS[0].name
    language = json.loads(copy.read_text("utf-8"))["metadata"]["language_info"]
    assert language == IPythonKernel.language_info | {
        "version": platform.python_version()
    }
    assert "kept your" not in lab()[1]
    copy.write_text(copy.read_text("utf-8").replace("convolution", "question"), "utf-8")
    assert f"kept your {copy.name}" in lab()[1]


def test_a_copy_has_no_outputs_unless_they_are_wanted(
    lab: Callable, tmp_path: Path
) -> None:
    lab()
    copies = sorted((tmp_path / "my-notebooks").glob("*.ipynb"))
    for ours, copy in zip(NOTEBOOKS, copies, strict=False):
        content = nbformat.read(copy, 4)
        nbformat.validate(content)
        assert [c.source for c in content.cells] == [
            c.source for c in nbformat.read(ours, 4).cells
        ]
        code = [cell for cell in content.cells if cell.cell_type == "code"]
        assert code
        assert not any(cell.outputs or cell.execution_count for cell in code)
        written = nbformat.writes(content) + "\n"  # what JupyterLab would save
        assert copy.read_text("utf-8") == written
    copies[0].unlink()
    assert "kept your" not in lab("--with-outputs")[1]
    assert any(cell.get("outputs") for cell in nbformat.read(copies[0], 4).cells)
    assert "kept your" not in lab()[1]


def test_another_jupyter_gets_the_copies_and_none_is_started(
    lab: Callable, tmp_path: Path
) -> None:
    opened, said = lab("--copy-only")
    assert opened == []
    mine = tmp_path / "my-notebooks"
    assert f"your notebooks are in '{mine}'" in said
    assert len(list(mine.glob("*.ipynb"))) == 2


@pytest.fixture
def somebody_elses(lab: Callable, tmp_path: Path, monkeypatch) -> Path:
    """The home folder of a user who did not make the project."""
    if not hasattr(os, "getuid"):
        pytest.skip("nobody can tell here whose a folder is")
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    return home


def test_somebody_elses_project_is_not_written_into(
    ask: Callable, lab: Callable, tmp_path: Path, somebody_elses: Path
) -> None:
    somebody_elses.mkdir()
    mine = somebody_elses / "my-notebooks"
    assert lab()[0][1] == str(mine)
    said = ask("lab")[2]
    assert f"'{tmp_path}' belongs to somebody else: your notebooks are in" in said
    assert len(list(mine.glob("*.ipynb"))) == 2
    assert not (tmp_path / "my-notebooks").exists()
    # Made by the owner meanwhile, it is still not yours.
    (tmp_path / "my-notebooks").mkdir()
    assert lab()[0][1] == str(mine)


def test_a_home_that_cannot_be_written_is_said(
    ask: Callable, lab: Callable, tmp_path: Path, somebody_elses: Path
) -> None:
    status, _, said = ask("lab")  # there is no home
    home = somebody_elses / "my-notebooks"
    assert status == 2
    assert f"'{tmp_path}' belongs to somebody else, and '{home}' cannot be" in said
    assert not (tmp_path / "my-notebooks").exists()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_as_jupyterlab_would_write_it(path: Path) -> None:
    metadata = nbformat.read(path, 4).metadata
    assert {name: metadata[name] for name in freeze.OPENED} == freeze.OPENED
    kernel = KernelSpecManager().get_kernel_spec("python3")
    assert metadata.kernelspec.display_name == kernel.display_name
    version = {"version": platform.python_version()}
    assert metadata.language_info | version == IPythonKernel.language_info


def test_a_kernel_without_page_and_work_is_ended_with_a_word(
    capsys: pytest.CaptureFixture,
) -> None:
    async def end_idle() -> list[bool]:
        kernels = Kernels(cull_idle_timeout=3600)
        seen, closed = [await kernels.start_kernel() for _ in range(2)]
        kernels.notify_connect(seen)
        for name in (seen, closed):
            kernels.get_kernel(name).execution_state = "idle"
            kernels.get_kernel(name).last_activity -= timedelta(minutes=59)
        await kernels.cull_kernels()
        left = [name in kernels for name in (seen, closed)]
        for name in (seen, closed):
            kernels.get_kernel(name).last_activity -= timedelta(minutes=2)
        await kernels.cull_kernels()
        left += [name in kernels for name in (seen, closed)]
        await kernels.shutdown_all(now=True)
        return left

    assert asyncio.run(end_idle()) == [True, True, True, False]
    assert capsys.readouterr().err.count(ENDED) == 1
