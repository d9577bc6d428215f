"""The studio's server: Voila, with a page for everybody and nothing else to be had."""

from __future__ import annotations

import json
import logging
import os
import secrets
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import tornado.ioloop
import tornado.web
from traitlets.config import Config
from voila.app import Voila

from stylelab.studio.messages import DESK
from stylelab.studio.run_queue import RunQueue

HERE = Path(__file__).parent
CELL = "from stylelab.studio.page import Page\nPage()"
LOOPBACK = "127.0.0.1"
PAGE = 400 * 2**20  # bytes that a visitor's page takes, as measured
RUN = 3 * 2**30  # bytes that stay free for each run and for the machine
AWAY = 180  # seconds after which a page that nobody sees any more is closed
MESSAGE = 32 * 10**6  # bytes that a browser may send at once: an upload and a little


def room(jobs: int) -> int:
    """How many visitors fit into the memory that is free now: at least one."""
    free = psutil.virtual_memory().available - jobs * RUN
    return max(1, free // PAGE)


class _Voila(Voila):
    """Voila with the studio's own page around the notebook, and its own errors."""

    def setup_template_dirs(self) -> None:
        super().setup_template_dirs()
        self.template_paths.insert(0, str(HERE / "template"))


def serve(
    ip: str = LOOPBACK, port: int = 8866, jobs: int = 1, show: bool = True
) -> int:
    """Opens the studio until Ctrl-C. `show`: in the browser of this machine, too.

    Anybody may come in on loopback; anywhere else the address holds a token. Raises
    ValueError for an address of no use, a wrong port, or more jobs than cores.
    """
    _check(ip, port, jobs)
    token = "" if ip in (LOOPBACK, "localhost", "::1") else secrets.token_urlsafe(9)
    desk, visitors = RunQueue(jobs), room(jobs)
    os.environ[DESK] = desk.address  # for the pages, which are started from here
    # It warns of Jupyter's own settings at every start.
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    with _folder() as notebook:
        config = _config(ip, port, token, show)
        config.VoilaConfiguration.prelaunch_hook = lambda *_, **__: _let_in(
            app, visitors
        )
        app = _Voila(config=config, config_file_paths=[])
        app.initialize([str(notebook)])
        loop = tornado.ioloop.IOLoop.current()
        loop.add_callback(lambda: print(_welcome(app, token, visitors), flush=True))
        try:
            app.start()
        finally:
            desk.close()
    return 0


def _check(ip: str, port: int, jobs: int) -> None:
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    try:
        socket.create_server((ip, 0), family=family).close()
    except (OSError, UnicodeError):
        raise ValueError(
            f"ip is '{ip}': accepted is an address or a name of this machine, such as "
            "127.0.0.1, or 0.0.0.0 for all of them"
        ) from None
    if not 1 <= port <= 65_535:
        raise ValueError(f"port is {port}: accepted is a whole number from 1 to 65535")
    if not 1 <= jobs <= (os.cpu_count() or 1):
        raise ValueError(
            f"jobs is {jobs}: accepted is a whole number from 1 to {os.cpu_count()}, "
            "the cores of this machine"
        )


def serve_beside(port: int, jobs: int) -> None:
    """Opens the studio until standard input ends, as it does with the kernel before."""

    def wait() -> None:
        sys.stdin.buffer.read()
        loop.add_callback(loop.stop)

    loop = tornado.ioloop.IOLoop.current()
    threading.Thread(target=wait, daemon=True).start()
    serve(port=port, jobs=jobs, show=False)


def free_port() -> int:
    """A port on loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder of its own for the page's notebook: what lies beside one is served."""
    with tempfile.TemporaryDirectory(prefix="stylelab-studio-") as name:
        kernel = Path(name, "jupyter", "kernels", "stylelab", "kernel.json")
        kernel.parent.mkdir(parents=True)
        command = [sys.executable, "-m", "ipykernel_launcher", "--log-level=ERROR"]
        spec = {"argv": [*command, "-f", "{connection_file}"], "language": "python"}
        kernel.write_text(json.dumps(spec | {"display_name": "stylelab"}))
        os.environ["JUPYTER_PATH"] = str(kernel.parents[2])
        os.environ["JUPYTER_RUNTIME_DIR"] = str(Path(name, "runtime"))
        notebook = Path(name, "page", "studio.ipynb")
        notebook.parent.mkdir()
        cell = {"cell_type": "code", "id": "page", "metadata": {}, "source": CELL}
        cell |= {"outputs": [], "execution_count": None}
        named = {"kernelspec": {"name": "stylelab", "display_name": "stylelab"}}
        named |= {"title": "stylelab studio"}
        whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": named}
        notebook.write_text(json.dumps(whole | {"cells": [cell]}))
        yield notebook


def _config(ip: str, port: int, token: str, show: bool) -> Config:
    config = Config()
    config.Voila.update(ip=ip, port=port, token=token, open_browser=show)
    config.Voila.update(log_level="ERROR", tornado_settings=_settings(token))
    config.VoilaConfiguration.update(file_allowlist=[], file_denylist=[".*"])
    config.VoilaConfiguration.update(
        allow_template_override="NO", allow_theme_override="NO"
    )
    config.MappingKernelManager.update(cull_idle_timeout=AWAY, cull_interval=AWAY // 6)
    config.MappingKernelManager.allow_tracebacks = False  # they hold paths
    return config


def _settings(token: str) -> dict:
    # Without a token no name but this machine's may lead here, whoever gave it.
    return {
        # Or a page that is left could not end its kernel: browsers let it say no more
        # than the kernel's name. Who does not know that cannot end it either.
        "disable_check_xsrf": True,
        "websocket_max_message_size": MESSAGE,
        "allow_remote_access": bool(token),
    }


def _let_in(app: Voila, visitors: int) -> None:
    """Called before a page is made for somebody."""
    kernels = app.kernel_manager
    # Those that are just being started count too; who failed to start does not.
    coming = {key for key, task in kernels._pending_kernels.items() if not task.done()}
    if len(coming | {*kernels.list_kernel_ids()}) >= visitors:
        raise tornado.web.HTTPError(503)


def _welcome(app: Voila, token: str, visitors: int) -> str:
    host = _own_address() if app.ip in ("", "0.0.0.0", "::") else app.ip
    address = f"http://{host}:{app.port}/" + (f"?token={token}" if token else "")
    return (
        f"The studio is open at {address}\n"
        f"There is room for {visitors} visitors at a time. Ctrl-C closes it."
    )


def _own_address() -> str:
    """What other machines call this one, as far as it knows; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address that nobody has
            return probe.getsockname()[0]
        except OSError:
            return socket.gethostname()
