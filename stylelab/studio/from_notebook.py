"""The studio from a cell of a notebook: it ends with the kernel, however that ends."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
import urllib.error
import urllib.request

from stylelab.studio.server import free_port

SECONDS_TO_START = 60
# Its standard input is a pipe from this kernel: when that closes, the kernel is gone.
CODE = "from stylelab.studio.server import serve_beside; serve_beside({port}, {jobs})"


class Studio:
    """A studio at `url`, on this machine alone, until `stop()` or the kernel's end."""

    def __init__(self, jobs: int = 1) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/"
        self.process = subprocess.Popen(
            [sys.executable, "-c", CODE.format(port=port, jobs=jobs)],
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


def open_studio(jobs: int = 1) -> Studio:
    """Starts the studio beside this kernel; a cell that ends with it shows the link.

    jobs: how many runs are made at the same time. Raises RuntimeError if it does not
    answer within a minute.
    """
    studio = Studio(jobs)
    late = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < late and studio.process.poll() is None:
        try:
            urllib.request.urlopen(studio.url + "favicon.ico", timeout=2).close()
            return studio
        except urllib.error.HTTPError:
            return studio
        except OSError:
            time.sleep(0.2)
    studio.stop()
    raise RuntimeError("the studio did not start; 'make studio' tells why")
