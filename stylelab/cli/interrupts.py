"""Ctrl-C, `kill` and a closed terminal: the picture of a run is saved before the end.

The first signal raises KeyboardInterrupt. All others wait until the picture is saved,
and so does one that comes after the last step.
"""

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
# Windows has no SIGHUP.
ENDING = [s for s in signal.Signals if s.name in ("SIGINT", "SIGTERM", "SIGHUP")]


@dataclass
class State:
    """What signals have done so far; there is one for the process, as of signals."""

    number: int = signal.SIGINT  # of the first signal that came
    asked: bool = False  # whether one came
    waiting: bool = False  # whether those that come now have to wait


STATE = State()


def status() -> int:
    """The exit status after a signal: 130 for Ctrl-C, 143 for SIGTERM, 129 for SIGHUP.

    By convention it is 128 and the number of the signal.
    """
    return 128 + STATE.number


@contextmanager
def listening() -> Iterator[None]:
    """Signals end the command as this module says."""
    STATE.number, STATE.asked, STATE.waiting = signal.SIGINT, False, False
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may handle signals
        return
    before = {number: signal.getsignal(number) for number in ENDING}
    for number, handler in before.items():
        # nohup, and "&" in a script, let a program ignore a signal: it stays so.
        if handler not in (signal.SIG_IGN, None):
            signal.signal(number, _handle)
    try:
        yield
    finally:
        for number, handler in before.items():
            if handler is not None:
                signal.signal(number, handler)


def _handle(number: int, _: object) -> None:
    if not STATE.asked:
        STATE.number, STATE.asked = number, True
    if not STATE.waiting:
        STATE.waiting = True
        raise KeyboardInterrupt


def ignore() -> None:
    """Ignores signals while Python ends: all is saved, and the status is known."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


def until_asked(steps: Iterable[T]) -> Iterator[T]:
    """Hands on `steps`, until a signal comes; at their end, signals begin to wait."""
    try:
        for step in steps:
            yield step
            if STATE.asked:  # Python loses an exception that a destructor raises
                raise KeyboardInterrupt
    finally:
        STATE.waiting = True


@contextmanager
def saving() -> Iterator[None]:
    """Around a run and its save: after them, signals need not wait any more."""
    try:
        yield
    finally:
        STATE.waiting = False


def go_on() -> None:
    """After a save: raises KeyboardInterrupt if a signal has waited for it."""
    STATE.waiting = False
    if STATE.asked:
        raise KeyboardInterrupt
