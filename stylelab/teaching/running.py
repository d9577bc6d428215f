"""Answers in processes of their own: started, timed, and ended with all they began."""

from __future__ import annotations

import json
import math
import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from stylelab.teaching.exercises import Exercise

STARTING = 120.0  # seconds until a process is ready
METHODS = multiprocessing.get_all_start_methods()


class Runner:
    """Checks answers; each may take `seconds`, and none may read `hidden`."""

    def __init__(self, hidden: Path, seconds: float, modules: Sequence[str]) -> None:
        """modules: what is loaded once for all answers, where the system can fork."""
        self.hidden, self.seconds = hidden, seconds
        method = "forkserver" if "forkserver" in METHODS else "spawn"
        self._context: Any = multiprocessing.get_context(method)
        if method == "forkserver":
            self._context.set_forkserver_preload(
                ["stylelab.teaching.sandbox", *modules]
            )
        self._lock = threading.Lock()
        self._running: set[Any] = set()
        self._stopped = False

    def check(self, code: Sequence[str], exercise: Exercise) -> tuple[bool, str]:
        """Whether the answer that `code` defines is right, and the praise or hint."""
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as own:
            return self._check(code, exercise, own)

    def stop(self) -> None:
        """Ends what runs; nothing is begun any more."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                _end(process)

    def _check(
        self, code: Sequence[str], exercise: Exercise, own: str
    ) -> tuple[bool, str]:
        receiver, sender = self._context.Pipe(duplex=False)
        process = self._start(code, exercise, own, sender)
        sender.close()
        try:
            receiver.poll(STARTING) and receiver.recv_bytes(10)
            if not receiver.poll(self.seconds):
                return False, f"it ran for more than {self.seconds:g} seconds"
            # As JSON: what a student's process sends is never unpickled here.
            is_right, hint = json.loads(receiver.recv_bytes(10_000))
            return is_right is True, str(hint)
        except (EOFError, OSError, ValueError, TypeError):
            return False, "it ended the process in which it was checked"
        finally:
            receiver.close()
            with self._lock:
                self._running.discard(process)
            _end(process)
            process.join()

    def _start(
        self, code: Sequence[str], exercise: Exercise, own: str, sender: Any
    ) -> Any:
        from stylelab.teaching.sandbox import Job, check_answer  # it loads torch

        place = exercise.lesson, exercise.check, exercise.answer
        most = math.ceil(self.seconds) + 10  # if nobody is left to end it
        job = Job(tuple(code), *place, str(self.hidden), own, most)
        process = self._context.Process(
            target=check_answer, args=(job, sender), daemon=True
        )
        with self._lock:
            if self._stopped:
                raise RuntimeError("grading was interrupted")
            process.start()
            self._running.add(process)
        return process


def _end(process: Any) -> None:
    """Ends an answer's process with those of its group and those below it."""
    started: list[psutil.Process] = []
    with suppress(psutil.Error):
        started = psutil.Process(process.pid).children(recursive=True)
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    for one in started:
        with suppress(psutil.Error):
            one.kill()
