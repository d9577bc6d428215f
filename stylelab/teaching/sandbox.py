"""One answer of one student, checked in a process of its own.

The process may not open a socket, start a program, end another process, read the
class's folder, or write outside of a folder of its own. Python itself holds this (its
audit hooks), not the operating system: it stops mistakes and curiosity. Somebody who
writes machine code can break out, and whoever changes the checks from inside an answer
can earn a mark that is not deserved, though only for that answer.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import torch

from stylelab import lessons

MEMORY = 4 << 30  # bytes beside what torch has taken
LARGEST = 10_000_000  # bytes of a file that an answer writes
LONGEST = 500  # characters of a hint
FORBIDDEN = (
    *("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn"),
    *("os.fork", "os.kill", "os.startfile", "ctypes.dlopen", "pty.", "webbrowser."),
)
CHANGING = (
    *("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "os.chown"),
    *("os.link", "os.symlink", "os.truncate", "os.utime", "shutil."),
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def checks_of(lesson: str) -> Any:
    """The checks of a lesson: "04" has stylelab.lessons.nb04_content.checks."""
    names = [found.name for found in pkgutil.iter_modules(lessons.__path__)]
    (folder,) = (name for name in names if name.startswith(f"nb{lesson}_"))
    return importlib.import_module(f"{lessons.__name__}.{folder}.checks")


def check_answer(
    code: Sequence[str],
    lesson: str,
    check: str,
    answer: str,
    hidden: str,
    to: Connection,
) -> None:
    """Runs the parts of `code`, checks `answer`, and sends [right, hint] as JSON.

    Before that it sends a message that it is ready.

    What the last of the parts raise is the hint if there is no answer. hidden: a folder
    that may not be read.
    """
    torch.set_num_threads(1)
    judge = getattr(checks_of(lesson), check)
    own = tempfile.mkdtemp()
    os.chdir(own)
    _limit()
    to.send_bytes(b"ready")
    sys.addaudithook(_guard(own, os.path.realpath(hidden)))
    names: dict[str, Any] = {"__name__": "__main__"}
    failure = ""
    for part in code:
        try:
            exec(part, names)
        except Exception as error:
            failure = f"{type(error).__name__}: {error}"
    if answer in names:
        found = judge(names[answer])
        result = [bool(found), str(found.text)[:LONGEST]]
    else:
        result = [False, failure[:LONGEST] or f"'{answer}' was not defined"]
    to.send_bytes(json.dumps(result).encode())


def _limit() -> None:
    """No output, little memory, small files, as far as the system can hold it."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    with suppress(ImportError, OSError, ValueError):
        import resource

        size = int(Path("/proc/self/statm").read_text().split()[0])
        taken = size * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _guard(own: str, hidden: str) -> Any:
    """The audit hook that lets an answer write into `own`, and not read `hidden`."""

    def inside(path: Any, folder: str) -> bool:
        if isinstance(path, int):
            return folder == own  # it is open already
        place = os.path.realpath(os.fsdecode(path))
        return place == folder or place.startswith(folder + os.sep)

    def guard(event: str, arguments: tuple) -> None:
        if event.startswith(FORBIDDEN):
            raise PermissionError(f"an answer may not do this: {event}")
        if event.startswith(CHANGING):
            paths = [a for a in arguments if isinstance(a, str | bytes)]
            if not paths or not all(inside(path, own) for path in paths):
                raise PermissionError("an answer may only change files of its own")
        if event == "open" and isinstance(arguments[0], str | bytes | int):
            path, _, flags = arguments
            is_own = inside(path, own) or path == os.devnull
            if (flags or 0) & WRITING and not is_own:
                raise PermissionError("an answer may only write files of its own")
            if inside(path, hidden):
                raise PermissionError("an answer may not read the class's folder")

    return guard
