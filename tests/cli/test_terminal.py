"""The picture in a terminal: its colours, its size, its place above the bar."""

import io
import os
import re
import subprocess
import sys

import hypothesis.strategies as st
import PIL.Image
import pytest
from hypothesis import given

from stylelab.cli import terminal

CHARACTER = re.compile(r"\x1b\[38;2;(\d+);(\d+);(\d+);48;2;(\d+);(\d+);(\d+)m▀")
sides = st.integers(1, 60)


def colours(line: str) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Upper and lower colour of each character; nothing else may be in the line."""
    pairs = [tuple(map(int, numbers)) for numbers in CHARACTER.findall(line)]
    assert CHARACTER.sub("", line) == "\x1b[0m"
    return [(six[:3], six[3:]) for six in pairs]


def test_a_character_is_two_pixels() -> None:
    image = PIL.Image.new("RGB", (2, 2), (0, 0, 255))
    image.putpixel((0, 0), (255, 0, 0))
    red, blue = (255, 0, 0), (0, 0, 255)
    (line,) = terminal.half_blocks(image, 2, 1)
    assert colours(line) == [(red, blue), (blue, blue)]


@given(sides, sides, sides, sides)
def test_a_picture_fits_and_fills_one_side(
    width: int, height: int, columns: int, rows: int
) -> None:
    lines = terminal.half_blocks(PIL.Image.new("RGB", (width, height)), columns, rows)
    (across,) = {len(colours(line)) for line in lines}
    assert 1 <= across <= columns
    assert 1 <= len(lines) <= rows
    assert across == columns or len(lines) == rows


SAY_WHAT_A_TERMINAL_SHOWS = ("COLORTERM", "WT_SESSION", "NO_COLOR", "TERM")


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("named", "encoding", "shown"),
    [
        ({"COLORTERM": "truecolor"}, "utf-8", True),
        ({"WT_SESSION": "1"}, "UTF-8", True),
        ({}, "utf-8", False),
        ({"COLORTERM": "yes"}, "utf-8", False),
        ({"COLORTERM": "truecolor", "NO_COLOR": "1"}, "utf-8", False),
        ({"COLORTERM": "truecolor", "TERM": "dumb"}, "utf-8", False),
        ({"COLORTERM": "truecolor"}, "cp1252", False),
    ],
)
def test_only_a_terminal_that_can_is_shown_pictures(
    monkeypatch: pytest.MonkeyPatch, named: dict[str, str], encoding: str, shown: bool
) -> None:
    for name in SAY_WHAT_A_TERMINAL_SHOWS:
        monkeypatch.delenv(name, raising=False)
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    screen = Screen()
    screen.encoding = encoding
    assert terminal.shows_pictures(screen) is shown
    assert not terminal.shows_pictures(io.StringIO())  # a log, say


def test_the_picture_grows_above_the_bar(tmp_path) -> None:
    pty = pytest.importorskip("pty")  # nor termios on Windows
    termios = pytest.importorskip("termios")
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 20))
    words = [sys.executable, "-m", "stylelab", "texture", "brick", "--steps", "3"]
    silent = {k: v for k, v in os.environ.items() if k not in SAY_WHAT_A_TERMINAL_SHOWS}
    process = subprocess.Popen(
        [*words, "--size", "32", "-o", tmp_path / "out.png"],
        stderr=theirs,
        stdout=subprocess.DEVNULL,
        env={**silent, "TERM": "xterm", "COLORTERM": "truecolor"},
    )
    os.close(theirs)
    written = b""
    while part := _read(ours):
        written += part
    os.close(ours)
    assert process.wait(30) == 0
    first, *_, last = written.decode().split(terminal.CLEAR)[1:]
    # A square in 19 characters: two pixels each, so half as many lines.
    assert first.count("▀\x1b[0m") == last.count("▀\x1b[0m") == 10
    assert last.startswith("\x1b[10A")
    assert "3/3" in last


def _read(terminal_end: int) -> bytes:
    try:
        return os.read(terminal_end, 65536)
    except OSError:  # so Linux says that the other end is closed
        return b""
