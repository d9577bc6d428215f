"""What is printed, and where: it never fails, whatever the terminal or the log is."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from stylelab.runs.log import Log

# File names may hold them, and a terminal obeys them. Lines and tabs are harmless.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def plain(text: str) -> str:
    """`text` with the control characters spelt out: \\x1b."""
    return CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def say(text: str) -> None:
    """Prints `text` on stderr, where a person reads it."""
    print(plain(text), file=sys.stderr)


def tell(text: str) -> None:
    """Prints `text` on stdout, where a script may read it."""
    print(plain(text))


@contextmanager
def streams() -> Iterator[Log]:
    """Sets stdout and stderr up so that no print ever fails; yields stdout.

    What an encoding lacks is spelt out: \\xf6. `error` of the stream says if it broke.
    """
    before = sys.stdout, sys.stderr
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, f"__{name}__") is None:
            # Else the next file that is opened gets the number of the closed stream,
            # and a library's messages land in it.
            os.open(os.devnull, os.O_RDWR)
    for stream in before:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.stdout, sys.stderr = logs = Log(before[0]), Log(before[1])
    try:
        yield logs[0]
    finally:
        sys.stdout, sys.stderr = before
        for log in logs:
            log.flush()
            if log.error is not None:
                _give_up(log)


def _give_up(log: Log) -> None:
    """Lets what is left of a broken stream vanish: Python would complain at its end."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, log.fileno())
        os.close(nowhere)
