"""A JupyterLab of its own for the browser tests, on loopback, with fresh settings."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

TOKEN = "browser-tests"
FOLDERS = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
}
# Nothing may cover the notebook, and the news would come from the network.
NEWS = "@jupyterlab/apputils-extension/notification.jupyterlab-settings"
SECONDS_TO_START = 90
# Without it JupyterLab would ask for a kernel.
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}


@dataclass(frozen=True)
class Server:
    """A running JupyterLab and the folder whose notebooks it opens."""

    folder: Path
    port: int

    def address(self, notebook: str, cells: Sequence[str]) -> str:
        """Writes a notebook of `cells`, and returns where it opens."""
        content = nbformat.v4.new_notebook(metadata=KERNEL)
        content.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
        nbformat.write(content, self.folder / notebook)
        return f"{self._host}/doc/tree/{notebook}?token={TOKEN}&reset"

    def end_kernels(self) -> None:
        """Ends every notebook's kernel, as its page is gone."""
        for kernel in json.loads(self._ask("GET", "kernels")):
            self._ask("DELETE", f"kernels/{kernel['id']}")

    def _ask(self, method: str, path: str) -> bytes:
        request = urllib.request.Request(
            f"{self._host}/api/{path}",
            headers={"Authorization": f"token {TOKEN}"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    @property
    def _host(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def running(home: Path) -> Iterator[Server]:
    """A JupyterLab whose settings, notebooks and log lie in `home`."""
    server = Server(home / "notebooks", _free_port())
    server.folder.mkdir()
    news = home / "settings" / NEWS
    news.parent.mkdir(parents=True)
    news.write_text('{"fetchNews": "false", "checkForUpdates": false}')
    places = {name: str(home / folder) for name, folder in FOLDERS.items()}
    with open(home / "log", "w") as log:
        process = subprocess.Popen(
            _command(server),
            env=os.environ | places,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait(server, process, home / "log")
        yield server
    finally:
        stop(process)


def _command(server: Server) -> list[str]:
    return [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ip=127.0.0.1", f"--port={server.port}", "--ServerApp.port_retries=0"),
        *(f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={server.folder}"),
        "--expose-app-in-browser",
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(server: Server, process: subprocess.Popen, log: Path) -> None:
    address = f"http://127.0.0.1:{server.port}/api/status?token={TOKEN}"
    late = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < late and process.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=2).close()
            return
        time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start: {log.read_text()[-3000:]}")


def stop(process: subprocess.Popen) -> None:
    """Ends the server and its kernels, which are in its process group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
