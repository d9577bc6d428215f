"""A picture that was made is never lost: full disks, signals, logs that go away."""

import errno
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from stylelab.cli import commands, interrupts, making
from stylelab.core import style_transfer
from stylelab.pictures import files, images, writing
from stylelab.runs import forecast, sweep
from stylelab.runs.log import Log
from stylelab.runs.recipe import DEFAULTS
from stylelab.runs.run import progress_bar

ROOT = Path(__file__).parents[2]
QUICK = ("--size", "32", "--steps", "2")
NINE = ("--size", "32", "--steps", "9")
SIGNALS = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}

posix = pytest.mark.skipif(os.name == "nt", reason="Windows knows no such signals")


@pytest.fixture(autouse=True)
def heard():
    """Signals do what they usually do, also where nohup runs the tests."""
    usual = {s: signal.SIG_DFL for s in interrupts.ENDING}
    usual |= {signal.SIGINT: signal.default_int_handler}
    before = {number: signal.signal(number, how) for number, how in usual.items()}
    yield
    for number, how in before.items():
        signal.signal(number, how)


@pytest.fixture(autouse=True)
def _no_measuring(monkeypatch):
    monkeypatch.setattr(forecast, "_seconds_per_step", lambda *size: 0.01)


@pytest.fixture
def at_step(monkeypatch):
    """Lets the loop call `act` when it makes its step number `index`."""

    def arrange(index: int, act) -> None:
        def step(number: int, *rest: object) -> style_transfer.Step:
            if number == index:
                act()
            return real(number, *rest)

        real = style_transfer.Step
        monkeypatch.setattr(style_transfer, "Step", step)

    return arrange


@pytest.fixture
def at_save(monkeypatch):
    """Calls `act` with the file to write, before each picture is written."""

    def arrange(act) -> None:
        def write(path: Path, data: bytes) -> None:
            act(path)
            real(path, data)

        real = writing.write_whole
        monkeypatch.setattr(writing, "write_whole", write)

    return arrange


@pytest.fixture
def places(tmp_path, monkeypatch):
    """The folders in which a picture may land: out, home and temporary."""
    names = {name: tmp_path / name for name in ("out", "home", "temporary")}
    for folder in names.values():
        folder.mkdir()
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(names["home"]))
    monkeypatch.setattr(tempfile, "tempdir", str(names["temporary"]))
    return names


def full(*places: Path):
    """Refuses to write the files, and into the folders, that are named."""

    def refuse(path: Path) -> None:
        if {path, path.parent} & {*places}:
            raise OSError(errno.ENOSPC, "No space left on device")

    return refuse


def is_finished(path: Path) -> bool:
    return files.read_record(path)["finished"]


def everything_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


# --- Saving fails ---------------------------------------------------------------------


@pytest.mark.parametrize("refused", [(), ("out",), ("out", "home")])
def test_a_result_that_cannot_be_saved_is_saved_elsewhere(
    ask, at_save, places, refused
):
    output = places["out"] / "a.png"
    at_save(full(output, *(places[name] for name in refused)))
    code, out, err = ask("texture", "brick", "-o", output, *QUICK)
    place = [*places.values()][len(refused)] / "a-1.png"
    assert code == 1
    assert out.startswith(f"{place}: style ")
    why = f"'{output}' could not be written: No space left on device"
    where = f"the picture is saved as '{place}' instead"
    assert err.splitlines()[-1] == f"stylelab: {why}; {where}."
    assert is_finished(place)
    assert everything_in(output.parents[1]) == [place]


def test_if_no_place_is_left_that_is_said(ask, at_save, places):
    output = places["out"] / "a.png"
    at_save(full(*places.values()))
    code, out, err = ask("texture", "brick", "-o", output, *QUICK)
    assert (code, out) == (2, "")
    assert "No space left on device" in err.splitlines()[-1]


def test_a_folder_that_is_removed_meanwhile(ask, at_step, places):
    output = places["out"] / "a.png"
    at_step(2, lambda: shutil.rmtree(output.parent))
    code, _, err = ask("texture", "brick", "-o", output, *QUICK)
    assert code == 1
    assert f"'{output}' cannot be written: its folder is gone; the picture is" in err
    assert is_finished(places["home"] / "a-1.png")


def test_what_is_saved_elsewhere_replaces_nothing(ask, at_save, places):
    output, other = places["out"] / "a.png", places["out"] / "a-1.png"
    other.write_text("mine")
    at_save(full(output))
    assert ask("texture", "brick", "-o", output, *QUICK)[0] == 1
    assert other.read_text() == "mine"
    assert is_finished(places["out"] / "a-2.png")


def test_a_picture_of_several_is_saved_elsewhere_and_the_others_are_made(
    ask, at_save, places
):
    out = places["out"]
    at_save(full(out / "cat.png"))
    code, _, err = ask("transfer", "cat", "palace", "brick", "-o", out, *QUICK)
    assert code == 1
    assert everything_in(out) == [out / "cat-1.png", out / "palace.png"]
    assert err.count("its picture had to be saved elsewhere") == 2  # now and at the end
    assert ask("transfer", "cat", "palace", "brick", "-o", out, *QUICK)[0] == 1


def test_a_figure_is_saved_elsewhere(ask, at_save, places):
    output = places["out"] / "layers.png"
    at_save(full(output))
    words = ("layers", "brick", "-o", output, *QUICK, "--style-layers")
    code, out, _ = ask(*words, "relu1_1,relu2_1")
    assert (code, out.split(":")[0]) == (1, str(places["out"] / "layers-1.png"))
    assert images.open_picture(places["out"] / "layers-1.png").width > 100


@pytest.fixture
def small_demo(monkeypatch):
    for name in ("transfer", "texture", "reconstruct"):
        verb = getattr(commands, name)

        def small(*sources: str, verb=verb, **options: object) -> object:
            return verb(*sources, **options | {"size": 32, "steps": 3})

        monkeypatch.setattr(commands, name, small)


@pytest.mark.usefixtures("small_demo")
def test_a_picture_of_the_demo_is_saved_elsewhere(ask, at_save, places):
    at_save(full(places["out"] / "texture.png", places["out"] / "contact_sheet.png"))
    assert ask("demo", "-o", places["out"])[0] == 1
    names = [path.name for path in everything_in(places["out"])]
    pictures = ["reconstruct.png", "texture-1.png", "transfer.png"]
    assert names == ["contact_sheet-1.png", *pictures]


# --- Signals --------------------------------------------------------------------------


def send(name: str, times: int = 1):
    """Sends this process a signal, as often as is asked, when it is called."""

    def act(*_: object) -> None:
        for _ in range(times):
            signal.raise_signal(getattr(signal, name))

    return act


@posix
@pytest.mark.parametrize("name", SIGNALS)
def test_a_signal_saves_the_picture_so_far(ask, at_step, at_save, tmp_path, name):
    """And three more of them during the save do no harm."""
    output = tmp_path / "a.png"
    before = {s: signal.getsignal(s) for s in interrupts.ENDING}
    at_step(3, send(name))
    at_save(send(name, 3))
    code, out, err = ask("texture", "brick", "-o", output, *NINE)
    assert code == SIGNALS[name]
    assert f"{output} is unfinished (2 of 9 steps)" in out
    assert "Traceback" not in err
    assert files.read_record(output)["steps_run"] == 2
    assert {s: signal.getsignal(s) for s in interrupts.ENDING} == before


@posix
@pytest.mark.parametrize("name", SIGNALS)
def test_a_signal_after_the_last_step_waits_for_the_save(ask, at_save, tmp_path, name):
    output = tmp_path / "a.png"
    at_save(send(name, 3))
    code, out, _ = ask("texture", "brick", "-o", output, *QUICK)
    assert (code, out.startswith(f"{output}: style ")) == (SIGNALS[name], True)
    assert is_finished(output)


@posix
def test_a_signal_that_a_destructor_swallows_still_ends_the_run(ask, at_step, tmp_path):
    class Swallows:
        def __del__(self) -> None:
            with suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGTERM)

    at_step(3, Swallows)
    output = tmp_path / "a.png"
    assert ask("texture", "brick", "-o", output, *NINE)[0] == 143
    assert files.read_record(output)["steps_run"] == 3


@posix
def test_a_signal_before_the_first_step_leaves_nothing(ask, at_step, tmp_path):
    at_step(1, send("SIGTERM", 2))
    code, _, err = ask("texture", "brick", "-o", tmp_path / "a.png", *NINE)
    assert (code, err.splitlines()[-1]) == (143, "interrupted")
    assert everything_in(tmp_path) == []


@posix
def test_what_nohup_ignores_stays_ignored(ask, at_step, tmp_path):
    at_step(3, send("SIGHUP"))
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert ask("texture", "brick", "-o", tmp_path / "a.png", *NINE)[0] == 0
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
    assert is_finished(tmp_path / "a.png")


@posix
def test_a_signal_during_a_save_ends_several_photos_after_it(ask, at_save, tmp_path):
    at_save(send("SIGTERM"))
    words = ("transfer", "cat", "palace", "brick", "-o", tmp_path, *QUICK)
    assert ask(*words)[0] == 143
    assert everything_in(tmp_path) == [tmp_path / "cat.png"]
    assert is_finished(tmp_path / "cat.png")


@posix
@pytest.mark.usefixtures("small_demo")
def test_a_signal_during_a_save_ends_the_demo_after_it(ask, at_save, tmp_path):
    at_save(send("SIGTERM", 2))
    code, out, _ = ask("demo", "-o", tmp_path)
    assert (code, "Stopped" in out) == (143, True)
    assert everything_in(tmp_path) == [tmp_path / "transfer.png"]


@posix
def test_a_signal_while_a_sweep_keeps_a_picture(ask, tmp_path, monkeypatch):
    """It is kept, and the same command makes the rest."""
    real, now = sweep.write_whole, iter([True])

    def write(path: Path, data: bytes) -> None:
        if next(now, False):
            send("SIGTERM", 2)()
        real(path, data)

    monkeypatch.setattr(sweep, "write_whole", write)
    layers = ("--style-layers", "relu1_1,relu2_1", "--seed", "41")
    words = ("layers", "brick", "-o", tmp_path / "a.png", *QUICK, *layers)
    code, _, err = ask(*words)
    assert code == 143
    assert "1 of 2 pictures are kept: the same command goes on from there" in err
    assert ask(*words)[0] == 0


# --- Logs that go away ----------------------------------------------------------------


class Broken(io.StringIO):
    """A log that breaks after some writes: its reader ends, or its disk is full."""

    def __init__(self, writes: int, error: Exception) -> None:
        super().__init__()
        self.left, self.failure = writes, error

    def write(self, text: str) -> int:
        self.left -= 1
        if self.left < 0:
            raise self.failure
        return super().write(text)


def closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


LOGS = {
    "none, as under pythonw": lambda: None,
    "closed": closed,
    "full at once": lambda: Broken(0, OSError(errno.ENOSPC, "No space left")),
    "its reader ends": lambda: Broken(5, BrokenPipeError()),
    "its terminal hangs up": lambda: Broken(7, OSError(errno.EIO, "I/O error")),
}


@pytest.mark.parametrize("log", LOGS)
def test_a_log_that_goes_away_ends_no_run(ask, tmp_path, monkeypatch, log):
    monkeypatch.setattr(sys, "stderr", LOGS[log]())
    output = tmp_path / "a.png"
    assert ask("texture", "brick", "-o", output, *NINE)[0] == 0
    assert is_finished(output)


@pytest.mark.parametrize("log", [*LOGS][::4])
def test_a_log_that_goes_away_ends_no_sweep(ask, tmp_path, monkeypatch, log):
    monkeypatch.setattr(sys, "stderr", LOGS[log]())
    words = ("layers", "brick", "-o", tmp_path / "a.png", *QUICK)
    assert ask(*words, "--style-layers", "relu1_1,relu2_1", "--seed", "42")[0] == 0
    assert (tmp_path / "a.png").exists()


class Steps(list):
    """As much of a run as a bar needs."""

    recipe = DEFAULTS["texture"]


@pytest.mark.parametrize("log", LOGS)
def test_the_bar_of_a_program_of_one_s_own_ends_no_run(monkeypatch, log):
    monkeypatch.setattr(sys, "stderr", LOGS[log]())
    steps = Steps(SimpleNamespace(losses={"style": 0.5}) for _ in range(9))
    assert [*progress_bar(steps)] == steps


def test_a_terminal_that_hangs_up_ends_no_run_that_shows_pictures(
    ask, tmp_path, monkeypatch
):
    monkeypatch.setattr(making, "shows_pictures", lambda stream: True)
    assert ask("texture", "brick", "-o", tmp_path / "a.png", *QUICK)[0] == 0
    assert is_finished(tmp_path / "a.png")


def test_a_log_is_what_its_stream_is_until_it_breaks():
    stream = Broken(2, OSError())
    log = Log(stream)
    assert [log.write(text) for text in ("a", "bc", "d", "e")] == [1, 2, 1, 1]
    assert (stream.getvalue(), log.encoding) == ("abc", stream.encoding)
    assert isinstance(log.error, OSError)
    assert not log.isatty()


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize(
    "log", ["2>/dev/full", "2>&-", "2>&1 | head -1", "<&- >&- 2>&-", ">/dev/full"]
)
def test_a_real_log_goes_away(tmp_path, log):
    output = tmp_path / "a.png"
    words = f"-m stylelab texture brick -o '{output}' {' '.join(NINE)}"
    command = ["bash", "-c", f"set -o pipefail; '{sys.executable}' {words} {log}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert is_finished(output)
