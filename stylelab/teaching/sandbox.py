"""One answer of one student, checked in a process of its own.

Contained: the process may not open a socket, start a program, end another process, read
the class's folder, or write outside of a folder of its own, which is removed. It has a
bound on memory (on Linux), on the size of a file, and on time; what it prints is lost.

Not contained: Python itself holds this (its audit hooks), and not the operating system.
It stops mistakes and curiosity. Somebody who writes machine code, or knows a library
that opens files without Python, can break out. An answer may read files outside of the
class's folder. And whoever changes the checks from inside an answer can earn a mark
that is not deserved, though only for that answer.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

import torch

from stylelab.runs.limits import bound_memory
from stylelab.teaching import place

MEMORY = 2 << 30  # bytes beside what the process has taken when it starts
LARGEST = 10_000_000  # bytes of a file that an answer writes
LONGEST = 500  # characters of a hint
FORBIDDEN = (
    *("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn"),
    *("os.fork", "os.kill", "os.startfile", "ctypes.dl", "pty."),
    *("webbrowser.", "resource.prlimit", "sqlite3.", "signal.pthread_kill"),
)
CHANGING = (
    *("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "os.chown"),
    *("os.link", "os.symlink", "os.truncate", "os.utime", "shutil."),
)
LISTING = ("os.listdir", "os.scandir", "os.walk")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# What Python has to read also where the class's folder lies around it.
OURS = tuple(
    os.path.realpath(folder)
    for folder in (sys.prefix, sys.base_prefix, Path(__file__).parents[1])
)
# Functions that do without a word to the audit hooks.
SILENT = {
    "_posixsubprocess": ("fork_exec",),
    "signal": ("pidfd_send_signal",),
    "torch": ("from_file",),
    "torch._C": ("PyTorchFileReader", "PyTorchFileWriter"),
}


@dataclass(frozen=True)
class Job:
    """What is to be run, and what is to be checked then."""

    code: tuple[str, ...]
    lesson: str
    check: str
    answer: str
    hidden: str  # a folder that may not be read
    own: str  # a folder that may be written
    most: int  # seconds after which the system ends the process, whoever waits for it


def check_answer(job: Job, to: Connection) -> None:
    """Runs the parts of the code, checks the answer, and sends [right, hint] as JSON.

    Before that it sends a message that it is ready. What the last of the parts raise is
    the hint if there is no answer.
    """
    _stand_alone(job.most)
    torch.set_num_threads(1)
    judge = getattr(place.module(job.lesson, "checks"), job.check)
    os.chdir(job.own)
    _limit()
    to.send_bytes(b"ready")
    for module, functions in SILENT.items():
        if module in sys.modules:
            vars(sys.modules[module]).update(dict.fromkeys(functions, _refuse))
    sys.addaudithook(_guard(os.path.realpath(job.own), os.path.realpath(job.hidden)))
    names: dict[str, Any] = {"__name__": "__main__"}
    failure = ""
    for part in job.code:
        try:
            exec(part, names)
        except Exception as error:
            failure = f"{type(error).__name__}: {error}"
    if job.answer in names:
        found = judge(names[job.answer])
        result = [bool(found), str(found.text)[:LONGEST]]
    else:
        result = [False, failure[:LONGEST] or f"'{job.answer}' was not defined"]
    to.send_bytes(json.dumps(result).encode())


def _stand_alone(most: int) -> None:
    """A group of its own, which can be ended as one, and an end if nobody does."""
    if hasattr(os, "setsid"):
        with suppress(OSError):
            os.setsid()
    if hasattr(signal, "alarm"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(most + 120)  # it has to start, too


def _limit() -> None:
    """No output, little memory, small files, as far as the system can hold it."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        bound_memory(MEMORY)


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise PermissionError("an answer may not do this")


def _guard(own: str, hidden: str) -> Any:
    """The audit hook that lets an answer write into `own`, and not read `hidden`."""

    def inside(path: Any, *folders: str) -> bool:
        if isinstance(path, int):
            return own in folders  # it is open already
        place = os.path.realpath(os.fsdecode(path))
        return any(place == f or place.startswith(f + os.sep) for f in folders)

    def is_hidden(path: Any) -> bool:
        return inside(path, hidden) and not inside(path, *OURS)

    def guard(event: str, arguments: tuple) -> None:
        if event.startswith(FORBIDDEN):
            raise PermissionError(f"an answer may not do this: {event}")
        if event.startswith(CHANGING):
            paths = [a for a in arguments if isinstance(a, str | bytes)]
            if not paths or not all(inside(path, own) for path in paths):
                raise PermissionError("an answer may only change files of its own")
        if event.startswith(LISTING) and is_hidden(arguments[0] or "."):
            raise PermissionError("an answer may not read the class's folder")
        if event == "open" and isinstance(arguments[0], str | bytes | int):
            path, _, flags = arguments
            is_own = inside(path, own) or path == os.devnull
            if (flags or 0) & WRITING and not is_own:
                raise PermissionError("an answer may only write files of its own")
            if is_hidden(path):
                raise PermissionError("an answer may not read the class's folder")

    return guard
