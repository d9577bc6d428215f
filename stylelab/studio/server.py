"""The studio's server: Voila, which serves the page and nothing else."""

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

import nbformat.v4
import psutil
import tornado.ioloop
import tornado.web
from ipykernel.kernelspec import write_kernel_spec
from jupyter_server.services.kernels.kernelmanager import ServerKernelManager
from traitlets.config import Config
from voila.app import Voila
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from stylelab.studio.messages import QUEUE
from stylelab.studio.run_queue import RunQueue

HERE = Path(__file__).parent
MOST = 5 * 2**28  # bytes more that a page may take: decoding an upload takes 0.9 GB
CODE = f"""from stylelab.runs.limits import bound_memory
bound_memory({MOST})
from stylelab.studio.page import Page
Page()"""
LOOPBACK = "127.0.0.1"
PAGE = 100 * 2**20  # bytes that a visitor's page takes: 70 without uploads
RUN = 3 * 2**30  # bytes that stay free for each run and for the machine
AWAY = 180  # seconds after which the kernel of a page that has gone is ended
PROTOCOL = "v1.kernel.websocket.jupyter.org"  # of a page's messages
MESSAGE = 32 * 10**6  # bytes that a browser may send at once: an upload and a little


def room(jobs: int) -> int:
    """How many visitors fit into the memory that is free now: at least one."""
    free = psutil.virtual_memory().available - jobs * RUN
    return max(1, free // PAGE)


class _Socket(VoilaKernelWebsocketHandler):
    """A page's connection to its kernel, in the one protocol that Voila understands.

    It would read a message of the older one as 10^18 offsets, and nobody else would
    get an answer any more.
    """

    async def get(self, kernel_id: str) -> None:
        if PROTOCOL not in self.request.headers.get("Sec-WebSocket-Protocol", ""):
            raise tornado.web.HTTPError(400)
        await super().get(kernel_id)


class Kernel(ServerKernelManager):
    """A page's kernel, with the words for an error instead of its traceback.

    jupyter_server 2.21 asks for them and does not define them: the page fell silent.
    """

    traceback_replacement_message = "Something went wrong on this page."


class _Voila(Voila):
    """Voila with the studio's own page around the notebook, and its own errors."""

    def setup_template_dirs(self) -> None:
        super().setup_template_dirs()
        self.template_paths.insert(0, str(HERE / "template"))

    def init_handlers(self) -> list:
        swapped = {VoilaKernelWebsocketHandler: _Socket}
        return [
            (path, swapped.get(kind, kind), *more)
            for path, kind, *more in super().init_handlers()
        ]


def serve(
    ip: str = LOOPBACK,
    port: int = 8866,
    jobs: int = 1,
    show: bool = True,
    scheduler: str | None = None,
) -> int:
    """Opens the studio until Ctrl-C. `show`: also in the browser of this machine.

    On loopback anybody may come in; for any other `ip` the address holds a token.
    Raises ValueError for an unusable address or port, or for more jobs than cores.
    """
    _check(ip, port, jobs)
    token = "" if ip in (LOOPBACK, "localhost", "::1") else secrets.token_urlsafe(9)
    loop, failed = tornado.ioloop.IOLoop.current(), []

    def give_up(words: str) -> None:
        failed.append(words)
        loop.add_callback(loop.stop)

    queue, visitors = RunQueue(jobs, scheduler, give_up), room(jobs)
    os.environ[QUEUE] = queue.address  # the pages are started from here, and inherit it
    # Tornado would warn of Jupyter's own settings at every start.
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    with _notebook() as notebook:
        config = _config(ip, port, token, show)
        config.VoilaConfiguration.prelaunch_hook = lambda handler, *_, **__: _admit(
            handler, app, visitors
        )
        app = _Voila(config=config, config_file_paths=[])
        app.initialize([str(notebook)])
        loop.add_callback(lambda: print(_welcome(app, token, visitors), flush=True))
        try:
            app.start()
        finally:
            queue.close()
    if failed:
        raise RuntimeError(failed[0])
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
    """Opens the studio until standard input ends: it is a pipe from a kernel."""

    def wait() -> None:
        sys.stdin.buffer.read()
        loop.add_callback(loop.stop)

    loop = tornado.ioloop.IOLoop.current()
    threading.Thread(target=wait, daemon=True).start()
    serve(port=port, jobs=jobs, show=False)


@contextmanager
def _notebook() -> Iterator[Path]:
    """The page's notebook in an empty folder: Voila may serve the files beside it."""
    with tempfile.TemporaryDirectory(prefix="stylelab-studio-") as folder:
        os.environ["JUPYTER_PATH"] = str(Path(folder, "jupyter"))
        os.environ["JUPYTER_RUNTIME_DIR"] = str(Path(folder, "runtime"))
        kernel = Path(folder, "jupyter", "kernels", "stylelab")
        write_kernel_spec(kernel, extra_arguments=["--log-level=ERROR"])
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)])
        notebook.metadata.kernelspec = {"name": "stylelab", "display_name": "stylelab"}
        notebook.metadata.title = "stylelab studio"
        path = Path(folder, "page", "studio.ipynb")
        path.parent.mkdir()
        path.write_text(nbformat.v4.writes(notebook))
        yield path


def _config(ip: str, port: int, token: str, show: bool) -> Config:
    config = Config()
    config.Voila.update(ip=ip, port=port, token=token, open_browser=show)
    config.Voila.log_level = "ERROR"
    config.Voila.tornado_settings = {
        # A page that is left ends its kernel, and a browser then sends nothing but the
        # kernel's name. Nobody else knows that name.
        "disable_check_xsrf": True,
        "websocket_max_message_size": MESSAGE,
        # Without a token the page opens under the names of this machine alone.
        "allow_remote_access": bool(token),
    }
    config.VoilaConfiguration.update(file_allowlist=[], file_denylist=[".*"])
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.MappingKernelManager.update(cull_idle_timeout=AWAY, cull_interval=AWAY // 6)
    config.MappingKernelManager.allow_tracebacks = False  # they hold paths
    config.MappingKernelManager.kernel_manager_class = f"{__name__}.Kernel"
    return config


def _admit(handler: tornado.web.RequestHandler, app: Voila, visitors: int) -> None:
    """Called before a page is made. Raises HTTPError if nobody will see the page, as
    where another site names it as a picture, or if there is no room for it.
    """
    headers, kernels = handler.request.headers, app.kernel_manager
    seen = headers.get("Sec-Fetch-Dest", "document") in ("document", "iframe")
    if not seen or headers.get("Sec-Purpose", headers.get("Purpose")):
        raise tornado.web.HTTPError(403)
    # A kernel that is still starting counts, one that failed to start does not.
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
    """The address of this machine in its network. Nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(("192.0.2.1", 9))  # an address that nobody has
            return sock.getsockname()[0]
        except OSError:
            return socket.gethostname()
