"""What the terminal shows: notes, and a run's picture, growing above its bar."""

import os
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

import PIL.Image

from stylelab.cli.streams import say
from stylelab.core.style_transfer import Step
from stylelab.runs.run import Run, progress_bar

WIDEST = 64  # characters
PAUSE = 0.5  # seconds between two pictures
CLEAR = "\r\x1b[2K"  # the line of the bar, which tqdm draws again
END = "\x1b[0m"  # of the colours


@contextmanager
def notes() -> Iterator[None]:
    """Prints what is warned of meanwhile, such as a mask that is resized, as notes."""

    def show(message: Warning | str, *_: object) -> None:
        say(f"note: {message}")

    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = show
        yield


def shows_pictures(stream: TextIO) -> bool:
    """Whether `stream` is a terminal that says it shows 16 million colours."""
    colours = os.environ.get("COLORTERM") in ("truecolor", "24bit")
    colours = colours or "WT_SESSION" in os.environ  # Windows Terminal, which does not
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    blocks = "utf" in (stream.encoding or "").lower()
    return stream.isatty() and colours and blocks and not plain


def growing(run: Run) -> Iterator[Step]:
    """Hands on the steps of `run`; draws a bar and, above it, the picture so far."""
    up, due = "", 0.0
    for step in progress_bar(run):
        if time.monotonic() >= due or step.index == step.total:
            with suppress(OSError):  # a terminal that is closed has no size
                width, height = os.get_terminal_size(sys.stderr.fileno())
                room = max(2, min(WIDEST, width - 1)), max(2, height - 3)  # and the bar
                lines = half_blocks(step.image(), *room)
                print(CLEAR + up + "\n".join(lines), file=sys.stderr, flush=True)
                up, due = f"\x1b[{len(lines)}A", time.monotonic() + PAUSE
        yield step


def half_blocks(image: PIL.Image.Image, columns: int, rows: int) -> list[str]:
    """`image` as lines of at most `columns` characters, at most `rows` of them.

    A character shows two pixels: an upper half block of one colour on the other.
    """
    scale = min(columns / image.width, 2 * rows / image.height)
    width = max(1, round(scale * image.width))
    height = 2 * max(1, round(scale * image.height / 2))
    pixels = image.resize((width, height), PIL.Image.Resampling.BOX).load()

    def block(x: int, y: int) -> str:
        upper, lower = (";".join(map(str, pixels[x, y + i])) for i in (0, 1))
        return f"\x1b[38;2;{upper};48;2;{lower}m▀"

    rows_of_two = range(0, height, 2)
    return ["".join(block(x, y) for x in range(width)) + END for y in rows_of_two]
