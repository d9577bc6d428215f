"""Refuses the network in every Python process that has this folder on its path.

Python imports a module of this name as it starts. conftest.py puts the folder first on
PYTHONPATH, so children and their children obey too. Loopback and unix sockets work: a
notebook talks to its kernel over them. (Not reached: programs that are not Python, and
`python -I`, which ignores PYTHONPATH.)
"""

import errno
import importlib.util
import ipaddress
import os
import sys
from importlib.machinery import PathFinder

MESSAGE = "the tests are offline, so this was refused"

# The audit events of every way out, by what they carry.
WITH_NAME = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
WITH_ADDRESS = {"socket.connect", "socket.sendto", "socket.sendmsg"}


def destination(event: str, args: tuple) -> object:
    """The host that an audit event wants to reach or look up, if it names one."""
    if event in WITH_NAME:
        return args[0]
    if event in WITH_ADDRESS and isinstance(args[1], tuple):
        return args[1][0]
    return None  # a unix socket's path, a socket that is connected, another event


def is_local(host: object) -> bool:
    """Whether nothing leaves this machine on the way to `host`."""
    if isinstance(host, bytes | bytearray):
        host = host.decode(errors="replace")
    if not isinstance(host, str) or host in ("", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False  # a name: to find out where it leads would be to ask outside
    return address.is_loopback or address.is_unspecified


def guard(event: str, args: tuple) -> None:
    host = destination(event, args)
    if not is_local(host):
        raise OSError(errno.ENETUNREACH, f"{MESSAGE}: {event} to {host!r}")


def install() -> None:
    """Guards this process, once. An audit hook also meets code that kept a reference to
    a socket function from before, and nothing can remove it.
    """
    if not hasattr(sys, "_stylelab_is_offline"):
        sys._stylelab_is_offline = True
        sys.addaudithook(guard)


def run_the_one_behind() -> None:
    """Runs the sitecustomize that this one hides, where a system has its own."""
    here = os.path.dirname(os.path.abspath(__file__))
    others = [path for path in sys.path if os.path.abspath(path) != here]
    spec = PathFinder.find_spec("sitecustomize", others)
    if spec and spec.loader:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


install()
if __name__ == "sitecustomize":
    run_the_one_behind()
