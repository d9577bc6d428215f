"""The studio: a page in the browser that makes pictures, for a class or an open day.

A visitor's page has a process of its own, which holds the visitor's pictures and
widgets. Runs are made elsewhere: one queue for all visitors hands them to workers.
"""

import contextlib
import socket
import subprocess
import sys
import time

__all__ = ["open_studio"]

SECONDS_TO_START = 60
# Its standard input is a pipe from this kernel, and closes when the kernel ends.
CODE = "from stylelab.studio.server import serve_beside; serve_beside({port}, {jobs})"


class Studio:
    """A studio at `url`, on this machine alone, until `stop()` or the kernel's end."""

    def __init__(self, jobs: int = 1) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.process = subprocess.Popen(
            [sys.executable, "-c", CODE.format(port=self.port, jobs=jobs)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        """Closes the page of every visitor."""
        self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        self.process.kill()

    def _repr_html_(self) -> str:
        link = f'<a href="{self.url}" target="_blank">{self.url}</a>'
        return f"<p>The studio is open: {link}</p>"

    def __repr__(self) -> str:
        return f"The studio is open: {self.url}"


def free_port() -> int:
    """A port on loopback that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def open_studio(jobs: int = 1) -> Studio:
    """Starts the studio beside this kernel. The last line of a cell shows its link.

    jobs: how many runs are made at the same time. Raises RuntimeError if the studio
    does not answer within a minute.
    """
    studio = Studio(jobs)
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and studio.process.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", studio.port), timeout=2).close()
            return studio
        time.sleep(0.2)
    studio.stop()
    raise RuntimeError("the studio did not start; 'make studio' shows the reason")
