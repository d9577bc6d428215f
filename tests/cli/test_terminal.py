"""What a terminal shows, what scripts hand over, and what is printed where."""

import io
import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress

import hypothesis.strategies as st
import PIL.Image
import pytest
from hypothesis import given

from stylelab.cli import terminal
from stylelab.pictures import files, images, samples
from stylelab.runs import forecast

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


# --- Any encoding, any name -----------------------------------------------------------

QUICK = ("--size", "32", "--steps", "2")


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(forecast, "_seconds_per_step", lambda *size: 0.01)


@pytest.fixture
def printed(monkeypatch):
    """Lets stdout and stderr be files of an encoding; says what came."""

    def arrange(encoding: str):
        for name in ("stdout", "stderr"):
            file = io.TextIOWrapper(io.BytesIO(), encoding, write_through=True)
            monkeypatch.setattr(sys, name, file)
        both = sys.stdout.buffer, sys.stderr.buffer
        return lambda: [one.getvalue().decode(encoding) for one in both]

    return arrange


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp932", "utf-8"])
def test_every_encoding_prints_every_picture(ask, printed, encoding):
    read = printed(encoding)
    assert ask("pictures")[0] == 0
    town = "ü" if encoding in ("latin-1", "utf-8") else "\\xfc"
    assert f"Neckarfront in T{town}bingen" in read()[0]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_a_name_that_cannot_be_printed_is_spelt_out(ask, printed, tmp_path, encoding):
    """A letter that is lacking, a byte that is no letter, and what a terminal obeys."""
    read, output = printed(encoding), tmp_path / "猫\udcff\x1b[31m\x9b.png"
    assert ask("texture", "brick", "-o", output, *QUICK)[0] == 0
    assert output.exists()
    cat = "猫" if encoding == "utf-8" else "\\u732b"
    assert f"/{cat}\\udcff\\x1b[31m\\x9b.png: style " in read()[0]


def test_a_terminal_is_sent_no_file_name_to_obey(ask, tmp_path):
    bad, out = tmp_path / "\x1b[31m\x07.png", tmp_path / "out.png"
    bad.write_text("this is no picture")
    (tmp_path / "good").mkdir()
    for words in (
        ("texture", bad, "-o", out),
        ("texture", "brick", "-o", tmp_path / "\x1b[31m" / "x.png"),
        ("texture", "brick", bad, "-o", out),
        ("transfer", bad, bad, "brick", "-o", tmp_path / "good"),
    ):
        code, said, err = ask(*words)
        assert code != 0
        assert "\\x1b[31m" in err
        assert not set("\x1b\x07") & set(said + err)


# --- Readers that end, disks that are full --------------------------------------------


@contextmanager
def without_a_reader(monkeypatch):
    """stdout is a pipe whose other end is closed."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        yield
        stdout.flush()  # nothing is left that could not be written


def test_a_list_whose_reader_ends_is_quiet(ask, monkeypatch):
    with without_a_reader(monkeypatch):
        code, _, err = ask("pictures")
    assert (code, err) == (141, "")  # 128 + SIGPIPE


@pytest.mark.usefixtures("quick")
def test_a_picture_is_saved_whether_or_not_somebody_reads_it(
    ask, tmp_path, monkeypatch
):
    output = tmp_path / "out.png"
    with without_a_reader(monkeypatch):
        code, _, err = ask("texture", "brick", "-o", output, *QUICK)
    assert (code, "could not be" in err) == (0, False)
    assert files.read_record(output)["finished"]


@pytest.mark.usefixtures("quick")
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_what_a_full_disk_loses_is_only_what_is_printed(ask, tmp_path, monkeypatch):
    output = tmp_path / "out.png"
    for words, status in ((("pictures",), 1), (("texture", "brick", "-o", output), 0)):
        with open("/dev/full", "w") as stdout:
            monkeypatch.setattr(sys, "stdout", stdout)
            code, _, err = ask(*words, *(QUICK if status == 0 else ()))
        lost = "what should be printed here could not be: No space left on device"
        assert (code, err.splitlines()[-1]) == (status, f"stylelab: {lost}")
    assert files.read_record(output)["finished"]


# --- What scripts hand over -----------------------------------------------------------


@pytest.mark.parametrize("word", ["photo", "style", "output", "recipe", "also"])
def test_an_empty_word_is_named(ask, tmp_path, word):
    words = {"photo": "palace", "style": "brick", "output": tmp_path / "out.png"}
    words |= {word: ""}
    line = [words.pop("photo"), words.pop("style"), "-o", words.pop("output")]
    line += [part for name, value in words.items() for part in (f"--{name}", value)]
    code, _, err = ask("transfer", *line)
    why = "is empty; perhaps it comes from a variable that is not set"
    assert (code, err) == (2, f"stylelab: {word} {why}\n")


@pytest.fixture
def pipe(tmp_path):
    """A named pipe through which a sample is sent once, and the sample's file."""
    mkfifo = getattr(os, "mkfifo", None) or pytest.skip("needs named pipes")
    mkfifo(path := tmp_path / "photo")
    file = samples.sample_path(samples.samples()["cat"])
    writer = threading.Thread(target=lambda: _send(file.read_bytes(), path))
    writer.start()
    yield path, file
    writer.join()


def _send(data: bytes, path) -> None:
    with suppress(BrokenPipeError), open(path, "wb") as pipe:
        pipe.write(data)


@pytest.mark.usefixtures("quick")
def test_a_picture_may_come_through_a_pipe(ask, pipe, tmp_path):
    """And stand for two pictures, although it can be read only once."""
    path, file = pipe
    output = tmp_path / "out.png"
    words = ("transfer", path, path, "--start", path, "-o", output, *QUICK)
    code, _, err = ask(*words)
    assert code == 0
    assert err.startswith(f"reading the pipe '{path}' until its other end is closed")
    pictures = files.read_record(output)["pictures"]
    wanted = {"name": "photo", "sha256": images.fingerprint(file)}
    assert [*pictures.values()] == [wanted] * 3
    assert {*tmp_path.iterdir()} == {path, output}


def test_a_pipe_that_does_not_end_is_refused(ask, pipe, tmp_path, monkeypatch):
    monkeypatch.setattr("stylelab.cli.words.LARGEST", 0)
    code, _, err = ask("texture", pipe[0], "-o", tmp_path / "out.png")
    last = err.splitlines()[-1]
    assert (code, last) == (2, f"stylelab: '{pipe[0]}' sends more than 0 MiB")


# --- The first second -----------------------------------------------------------------


def test_something_is_said_before_torch_is_loaded(tmp_path):
    """And what is said if it cannot be, for lack of memory."""
    problem = "libtorch_cpu.so: failed to map segment from shared object"
    (tmp_path / "torch.py").write_text(f"raise ImportError('{problem}')")
    paths = os.pathsep.join([str(tmp_path), os.environ["PYTHONPATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "stylelab", "texture", "brick", "-o", "x.png"],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )
    first, last = done.stderr.splitlines()
    assert (done.returncode, first) == (2, "loading PyTorch ...")
    assert last == f"stylelab: there is not enough memory to go on ({problem})"


def test_pictures_and_guesses_need_no_torch_and_a_run_no_matplotlib(tmp_path):
    """Matplotlib complains of a home folder that it cannot write into."""
    code = "import sys; from stylelab.cli.options import main; main(['pictures'])\n"
    words = ["guess", "cat", "brick", "--size", "64", "-o", f"{tmp_path / 'out.png'}"]
    code += f"assert main({words}) == 0\n"
    code += "print('torch' in sys.modules)\nimport stylelab.cli.commands\n"
    code += "print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines()[-2:] == ["False", "False"], done.stderr


@pytest.mark.parametrize(("size", "pages"), [("256", None), ("1024", "1")])
def test_large_pictures_ask_for_large_pages(ask, monkeypatch, tmp_path, size, pages):
    """Before torch is loaded, which reads it once."""
    monkeypatch.setenv("THP_MEM_ALLOC_ENABLE", "")  # so that it ends with this test
    monkeypatch.delenv("THP_MEM_ALLOC_ENABLE")
    ask("texture", "no_such", "-o", tmp_path / "out.png", "--size", size)
    assert os.environ.get("THP_MEM_ALLOC_ENABLE") == pages
