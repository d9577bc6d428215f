"""The guard that keeps the tests offline works here, in a child and in a grandchild.

Only addresses and names that lead nowhere by definition are tried (RFC 5737, RFC 6761),
and only after the guard answered, so that without a guard nothing is sent either.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import pytest

from stylelab.pictures.samples import cache_folder

NOWHERE = "192.0.2.1"
NO_NAME = "example.invalid"
REFUSED = "the tests are offline, so this was refused"

# What a child process reports: how each attempt to get out ended.
PROBE = """
import json, socket, sys
def end(attempt):
    try:
        return repr(attempt())
    except OSError as error:
        return str(error)
guard = end(lambda: sys.audit("socket.connect", None, ("192.0.2.1", 9)))
ends = [guard]
if guard != "None":
    ends += [
        end(lambda: socket.create_connection(("192.0.2.1", 9), timeout=1)),
        end(lambda: socket.getaddrinfo("example.invalid", 80)),
    ]
print(json.dumps(ends))
"""
GRANDCHILD = """
import subprocess, sys
subprocess.run([sys.executable, "-c", sys.argv[1]], check=True)
"""


def ends_in_child(*argv: str, **env: str) -> list[str]:
    """What PROBE prints when it is run by `python *argv`."""
    run = subprocess.run(
        [sys.executable, *argv],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


@pytest.fixture
def guarded() -> None:
    """Asks the guard before anything is sent: a missing one ends the test here."""
    with pytest.raises(OSError, match=REFUSED):
        sys.audit("socket.connect", None, (NOWHERE, 9))


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize(
    "attempt",
    [
        lambda s: s.connect((NOWHERE, 9)),
        lambda s: s.connect_ex((NOWHERE, 9)),
        lambda s: s.sendto(b"", (NOWHERE, 9)),
        lambda s: s.sendmsg([b""], [], 0, (NOWHERE, 9)),
        lambda s: socket.create_connection((NOWHERE, 9)),
        lambda s: socket.getaddrinfo(NO_NAME, 80),
        lambda s: socket.getaddrinfo(NO_NAME.encode(), 80),
        lambda s: socket.gethostbyname(NO_NAME),
        lambda s: socket.gethostbyname_ex(NO_NAME),
        lambda s: socket.gethostbyaddr(NOWHERE),
        lambda s: urllib.request.urlopen(f"http://{NO_NAME}/"),
    ],
)
def test_every_way_out_is_refused(attempt):
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock,
        pytest.raises(OSError, match=REFUSED),
    ):
        attempt(sock)


@pytest.mark.usefixtures("guarded")
def test_ipv6_is_refused():
    with pytest.raises(OSError, match=REFUSED):
        sys.audit("socket.connect", None, ("2001:db8::1", 9, 0, 0))


def test_a_child_process_is_refused():
    ends = ends_in_child("-c", PROBE)
    assert len(ends) == 3
    assert all(REFUSED in end for end in ends), ends


def test_a_grandchild_process_is_refused():
    ends = ends_in_child("-c", GRANDCHILD, PROBE)
    assert len(ends) == 3
    assert all(REFUSED in end for end in ends), ends


def test_the_probe_sees_a_missing_guard():
    assert ends_in_child("-c", PROBE, PYTHONPATH="") == ["None"]


def test_a_systems_own_sitecustomize_still_runs(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.ran_as_well = True")
    path = os.pathsep.join([os.environ["PYTHONPATH"], str(tmp_path)])
    seen = "import sys, json; print(json.dumps([sys.ran_as_well]))"
    assert ends_in_child("-c", seen, PYTHONPATH=path) == [True]
    assert REFUSED in ends_in_child("-c", PROBE, PYTHONPATH=path)[0]


def test_loopback_works():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for host in ("127.0.0.1", "localhost"):
            socket.create_connection((host, port), timeout=5).close()


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has none")
def test_unix_sockets_work(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a socket's path may have no more than 100 letters
    with (
        socket.socket(socket.AF_UNIX) as server,
        socket.socket(socket.AF_UNIX) as client,
    ):
        server.bind("here")
        server.listen()
        client.connect("here")


@pytest.mark.parametrize("name", ["XDG_CACHE_HOME", "TORCH_HOME", "HF_HOME"])
def test_caches_lie_in_a_temporary_folder(name):
    folder = Path(os.environ[name])
    assert folder.is_dir()
    assert folder.is_relative_to(tempfile.gettempdir())


def test_downloads_would_go_there_too():
    assert cache_folder().is_relative_to(tempfile.gettempdir())
