"""The studio's server: Voila, which serves the page and nothing else."""

import contextlib
import logging
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat.v4
import psutil
import segno
import tornado.ioloop
from ipykernel.kernelspec import write_kernel_spec
from traitlets.config import Config
from voila.app import Voila

from stylelab.studio import doors, words
from stylelab.studio.address import Address, open_address
from stylelab.studio.messages import QUEUE
from stylelab.studio.own_folder import own_folder
from stylelab.studio.run_queue import RunQueue

HERE = Path(__file__).parent
MOST = 5 * 2**28  # bytes more that a page may take: decoding an upload takes 0.9 GB
CODE = f"""from stylelab.runs.limits import bound_memory
bound_memory({MOST})
from stylelab.studio.page import open_page
open_page()"""
PAGE = 100 * 2**20  # bytes that a visitor's page takes: 70 without uploads
RUN = 3 * 2**30  # bytes that stay free for each run and for the machine
AWAY = 180  # seconds after which the kernel of a page that has gone is ended
EXTENSIONS = (  # of JupyterLab, which widgets need
    *("@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager"),
    "anywidget",
)
FILES = 65_536  # that are opened at most: a page takes about twenty


def room(jobs: int) -> int:
    """How many visitors fit into the memory that is free now: at least one."""
    free = psutil.virtual_memory().available - jobs * RUN
    return max(1, free // PAGE)


class _Voila(Voila):
    """Voila with the studio's own page around the notebook, and its own doors."""

    address: Address

    def setup_template_dirs(self) -> None:
        super().setup_template_dirs()
        self.template_paths.insert(0, str(HERE / "template"))

    def init_settings(self) -> dict:
        settings = super().init_settings()
        # Jupyter's own pages speak of tokens and servers.
        settings["jinja2_env"] = settings["voila_jinja2_env"]
        return settings | doors.settings(self.address)

    def init_handlers(self) -> list:
        return doors.narrowed(super().init_handlers(), self.address)

    def listen(self) -> None:
        """Voila's own knows neither https nor a port that must be the one."""
        doors.front(self.app, self.address).add_sockets([self.address.listener])
        self.ioloop = tornado.ioloop.IOLoop.current()
        _on_end(self._handle_signal_stop)
        try:
            self.ioloop.start()
        finally:
            self.stop()


def serve(
    jobs: int = 1, show: bool = True, scheduler: str | None = None, **where: Any
) -> int:
    """Opens the studio until Ctrl-C. `show`: also in the browser of this machine.

    where: as in open_address(), which says who may come in. Raises ValueError for what
    cannot be, as for more jobs than cores, and RuntimeError if no worker comes up.
    """
    if not 1 <= jobs <= (os.cpu_count() or 1):
        raise ValueError(
            f"jobs is {jobs}: accepted is a whole number from 1 to {os.cpu_count()}, "
            "the cores of this machine"
        )
    address, visitors = open_address(**where), room(jobs)
    _open_more_files()
    # Of Jupyter's own settings at every start, and of each wrong word.
    for name in ("tornado.general", "tornado.access"):
        logging.getLogger(name).setLevel(logging.ERROR)
    _on_end(signal.default_int_handler)
    folder = own_folder()
    loop, failed = tornado.ioloop.IOLoop.current(), []

    def give_up(reason: str) -> None:
        failed.append(reason)
        loop.add_callback(loop.stop)

    with contextlib.closing(RunQueue(jobs, scheduler, give_up)) as queue:
        os.environ[QUEUE] = queue.address  # the pages inherit it from here
        config = _config(address)
        config.VoilaConfiguration.prelaunch_hook = lambda handler, *_, **__: (
            doors.admit(handler, app.kernel_manager, visitors)
        )
        app = _Voila(config=config, config_file_paths=[])
        app.address = address
        app.initialize([str(_notebook(folder))])
        loop.add_callback(_welcome, address, visitors, show)
        app.start()
    if failed:
        raise RuntimeError(failed[0])
    return 0


def _on_end(handler: Callable) -> None:
    """For Ctrl-C, `kill`, and a terminal that is closed; not where one is ignored."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def _open_more_files() -> None:
    """As many as are allowed: a terminal's first limit is enough for few visitors."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        if most > soft != resource.RLIM_INFINITY:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def serve_beside(port: int, jobs: int) -> None:
    """Opens the studio until standard input ends: it is a pipe from a kernel."""

    def wait() -> None:
        sys.stdin.buffer.read()
        loop.add_callback(loop.stop)

    loop = tornado.ioloop.IOLoop.current()
    threading.Thread(target=wait, daemon=True).start()
    serve(jobs, show=False, port=port)


def _notebook(folder: Path) -> Path:
    """The page's notebook, in a folder of its own."""
    os.environ["JUPYTER_PATH"] = str(folder / "jupyter")
    os.environ["JUPYTER_RUNTIME_DIR"] = str(folder / "runtime")
    kernel = folder / "jupyter" / "kernels" / "stylelab"
    write_kernel_spec(kernel, extra_arguments=["--log-level=ERROR"])
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)])
    notebook.metadata.kernelspec = {"name": "stylelab", "display_name": "stylelab"}
    notebook.metadata.title = "stylelab studio"
    opening = {"opening": words.OPENING, "javascript": words.JAVASCRIPT}
    notebook.metadata.words = opening
    path = folder / "page" / "studio.ipynb"
    path.parent.mkdir()
    path.write_text(nbformat.v4.writes(notebook))
    return path


def _config(address: Address) -> Config:
    config = Config()
    config.Voila.update(base_url=address.base_url, token=address.word)
    config.Voila.identity_provider_class = doors.Visitors
    config.Voila.log_level = "ERROR"
    config.IdentityProvider.cookie_options = {"samesite": "Lax"}
    config.VoilaConfiguration.update(file_allowlist=[], file_denylist=[".*"])
    # Another that this machine has may fail without JupyterLab around it.
    config.VoilaConfiguration.extension_allowlist = [*EXTENSIONS]
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.multi_kernel_manager_class = doors.Kernels
    config.HTMLExporter.language_code = words.LANGUAGE
    config.MappingKernelManager.update(cull_idle_timeout=AWAY, cull_interval=AWAY // 6)
    config.MappingKernelManager.allow_tracebacks = False  # they hold paths
    config.MappingKernelManager.kernel_manager_class = f"{doors.__name__}.Kernel"
    return config


def _welcome(address: Address, visitors: int, show: bool) -> None:
    """Says where the studio is, with a code for phones on a terminal."""
    code = address.link != address.here and sys.stdout.isatty()
    if code and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb":
        segno.make(address.full_link, error="l").terminal(compact=True, border=2)
    print(f"The studio is open at {address.full_link}")
    if address.word:
        print(f"The word is {address.word}. A poster to print: {address.link}poster")
    print(f"There is room for {visitors} visitors at a time. Ctrl-C closes it.")
    sys.stdout.flush()
    if show:
        here = address.here + address.full_link.removeprefix(address.link)
        threading.Thread(target=webbrowser.open, args=[here], daemon=True).start()
