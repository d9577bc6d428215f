"""`--continue`: a chain of pictures that is made again bit for bit, and checkpoints."""

import os
import shutil

import pytest
import torch
from PIL import Image

from stylelab.cli import making
from stylelab.core import style_transfer
from stylelab.pictures import files, images, writing
from stylelab.runs import forecast

QUICK = ("--size", "32", "--steps", "2", "--precision", "float32")


@pytest.fixture(autouse=True)
def _no_measuring(monkeypatch):
    monkeypatch.setattr(forecast, "_seconds_per_step", lambda *size: 0.01)


@pytest.fixture
def run(ask):
    """Runs a command that works: what it printed on stderr."""

    def command(*words: object, code: int = 0) -> str:
        status, _, err = ask(*words)
        assert status == code, err
        return err

    return command


@pytest.fixture
def refuse(ask):
    """Runs a command that is wrong: the one line on stderr that says so."""

    def command(*words: object) -> str:
        code, out, err = ask(*words)
        assert (code, out, err.count("\n")) == (2, "", 1), err
        return err

    return command


@pytest.fixture
def failing(monkeypatch):
    """A context in which the loop raises `error` instead of its step `index`."""

    class Failing:
        def __init__(self, index: int, error: BaseException) -> None:
            self.index, self.error, self.real = index, error, style_transfer.Step

        def __enter__(self) -> None:
            monkeypatch.setattr(style_transfer, "Step", self.step)

        def __exit__(self, *_: object) -> None:
            monkeypatch.setattr(style_transfer, "Step", self.real)

        def step(self, number: int, *rest: object) -> style_transfer.Step:
            if number == self.index:
                raise self.error
            return self.real(number, *rest)

    return Failing


def picture_file(path, seed: int = 0):
    generator = torch.Generator().manual_seed(seed)
    images.save(torch.rand(3, 40, 48, generator=generator), path)
    return path


# --- The chain ------------------------------------------------------------------------

CHAINS = {
    "transfer palace brick": ("--style-weight 50 --steps 3", "--size 40"),
    "transfer palace brick --colors luminance --start noise": ("--seed 5", ""),
    "texture brick": ("--optimizer adam", "--space pixels --size 48"),
    "reconstruct cat": ("--pooling average", "--smoothness 0.5 --steps 1"),
}


@pytest.mark.parametrize("words", CHAINS)
def test_a_chain_is_made_again_bit_for_bit_from_its_last_picture(run, tmp_path, words):
    """Without the pictures between, and quicker where one still lies beside it."""
    a, b, c, d, e = (tmp_path / f"{name}.png" for name in "abcde")
    verb, *pictures = words.split()
    second, third = CHAINS[words]
    run(verb, *pictures, "-o", a, *QUICK)
    run(verb, "--continue", a, "-o", b, *second.split())
    run(verb, "--continue", b, "-o", c, *third.split())
    assert a.read_bytes() != b.read_bytes() != c.read_bytes()
    assert "Picture" not in run(verb, "--recipe", c, "-o", d)
    a.unlink()
    picture_file(b)
    err = run(verb, "--recipe", c, "-o", e)
    for number in (1, 2):
        assert f"Picture {number} of 3, from which the next goes on: " in err
    assert err.index("Picture 2 of 3") < err.index("Picture 3 of 3")
    assert c.read_bytes() == d.read_bytes() == e.read_bytes()


def test_what_goes_on_starts_from_the_saved_picture(run, tmp_path):
    """Its first loss is that of the picture; a larger size starts from it enlarged."""
    a, b, c = (tmp_path / f"{name}.png" for name in "abc")
    pixels = ("--space", "pixels", *QUICK)
    run("texture", "brick", "-o", a, *pixels)
    run("texture", "--continue", a, "-o", b, "--steps", "1")
    assert images.fingerprint(b) == images.fingerprint(a)
    run("texture", "--continue", a, "-o", c, "--steps", "1", "--size", "48")
    assert images.fingerprint(c) == images.fingerprint(images.load(a, 48))
    record = files.read_record(b)
    assert record["continued"] == files.read_record(a)
    started = {"name": "a.png", "sha256": images.fingerprint(a)}
    assert record["pictures"]["start"] == started
    assert str(tmp_path) not in str(record)


def test_a_picture_goes_on_in_place(run, tmp_path):
    a, b = tmp_path / "a.png", tmp_path / "b.png"
    run("transfer", "palace", "brick", "-o", a, *QUICK)
    first = a.read_bytes()
    run("transfer", "--continue", a)
    run("transfer", "--continue", a, "--steps", "3")
    assert a.read_bytes() != first
    assert [*tmp_path.iterdir()] == [a]
    assert "Picture 3 of 3" in run("transfer", "--recipe", a, "-o", b)
    assert b.read_bytes() == a.read_bytes()


def test_a_stopped_picture_gets_the_steps_that_it_lacks(run, failing, tmp_path):
    a, b, c = (tmp_path / f"{name}.png" for name in "abc")
    with failing(21, KeyboardInterrupt()):
        words = ("--size", "32", "--steps", "60", "--precision", "float32")
        run("texture", "brick", "-o", a, *words, code=130)
    with failing(16, KeyboardInterrupt()):
        err = run("texture", "--continue", a, "-o", b, code=130)
    assert err.startswith("40 steps take")
    run("texture", "--continue", b, "-o", b)
    record = files.read_record(b)
    assert record["recipe"]["steps"] == record["steps_run"] == 25
    links = [record["continued"]["continued"], record["continued"]]
    assert [link["steps_run"] for link in links] == [20, 15]
    assert [link["finished"] for link in links] == [False, False]
    a.unlink()
    err = run("texture", "--recipe", b, "-o", c)
    assert "Picture 1 of 3, from which the next goes on: 20 steps take" in err
    assert c.read_bytes() == b.read_bytes()


def test_a_picture_that_lost_its_way_goes_on_another_way(run, diverging, tmp_path):
    a, b, c = (tmp_path / f"{name}.png" for name in "abc")
    run("texture", "brick", "-o", a, *QUICK, "--steps", "9", code=1)
    adam = ("--optimizer", "adam", "--steps", "2")
    run("texture", "--continue", a, "-o", b, *adam)
    assert files.read_record(b)["continued"]["reason"] == "no way down"
    a.unlink()
    run("texture", "--recipe", b, "-o", c)
    assert c.read_bytes() == b.read_bytes()


def test_a_recipe_of_a_chain_may_be_changed(run, tmp_path):
    """Options change the last picture; other pictures go into all; a start ends it."""
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, photo in ((old, "palace"), (new, "cat")):
        folder.mkdir()
        run("transfer", photo, "brick", "-o", folder / "a.png", *QUICK)
        words = ("--continue", folder / "a.png", "-o", folder / "b.png")
        run("transfer", *words, "--steps", "3")
    again = ("transfer", "--recipe", old / "b.png", "-o", old / "c.png")
    run(*again, "--seed", "7", "--steps", "1")
    record = files.read_record(old / "c.png")
    assert (record["recipe"]["seed"], record["recipe"]["steps"]) == (7, 1)
    assert record["continued"] == files.read_record(old / "a.png")
    run(*again, "cat", "brick")
    assert (old / "c.png").read_bytes() == (new / "b.png").read_bytes()
    run(*again, "--start", "noise")
    assert "continued" not in files.read_record(old / "c.png")


def test_another_result_of_the_first_picture_is_told(run, tmp_path):
    """As on another machine: here somebody painted on the picture between."""
    a, b, c = (tmp_path / f"{name}.png" for name in "abc")
    run("texture", "brick", "-o", a, *QUICK)
    images.save(Image.new("RGB", (32, 32)), a, files.read_record(a))
    run("texture", "--continue", a, "-o", b)
    a.unlink()
    err = run("texture", "--recipe", b, "-o", c)
    assert "note: 'a.png' comes out different now" in err


def test_an_interrupt_of_the_first_picture_saves_nothing(run, failing, tmp_path):
    a, b, c = (tmp_path / f"{name}.png" for name in "abc")
    run("texture", "brick", "-o", a, *QUICK)
    run("texture", "--continue", a, "-o", b)
    a.unlink()
    with failing(2, KeyboardInterrupt()):
        run("texture", "--recipe", b, "-o", c, code=130)
    assert [*tmp_path.iterdir()] == [b]


# --- What is refused ------------------------------------------------------------------


def test_what_cannot_go_on_gets_one_sentence(run, refuse, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    picture_file(tmp_path / "plain.png")
    run("texture", "brick", "-o", "good.png", *QUICK)
    run("texture", "brick", "-o", "good.jpg", *QUICK)
    shutil.copy("good.png", "png.jpg")
    images.save(images.open_picture("plain.png"), "broken.png", {"recipe": {"size": 9}})
    (tmp_path / "cut.png").write_bytes((tmp_path / "good.png").read_bytes()[:-200])
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    expected = {
        "texture --continue plain.png": "'plain.png' holds no recipe; accepted are PNG",
        "texture --continue good.jpg": "'good.jpg' has to end in .png",
        "texture --continue png.jpg": "'png.jpg' has to end in .png",
        "texture --continue none.png": "'none.png' is no file; accepted",
        "texture --continue broken.png": "no complete recipe",
        "texture --continue cut.png": "'cut.png' is damaged or cut short",
        "reconstruct --continue good.png": "'good.png' was made by texture: use that",
        "texture --continue good.png --recipe good.png": "not allowed with argument",
        "texture --continue good.png --start noise": "leave out --start",
        "texture --continue good.png --size 0": "size is 0: accepted",
        "texture brick": "-o/--output",
    }
    for words, sentence in expected.items():
        assert sentence in refuse(*words.split())
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_start_is_never_written_over(refuse, tmp_path):
    """Nor a link to it: its recipe could never be run again."""
    start, link, hard = (tmp_path / f"{n}.png" for n in ("start", "link", "hard"))
    picture_file(start)
    link.symlink_to(start)
    os.link(start, hard)
    for given in (start, link):
        for output in (start, link, hard):
            words = ("texture", "brick", "--start", given, "-o", output, *QUICK)
            assert "picture to start from; --continue goes on" in refuse(*words)
    assert images.fingerprint(hard) == images.fingerprint(picture_file(start))


def test_no_picture_of_the_whole_chain_is_written_over(run, refuse, tmp_path):
    start, photo = (picture_file(tmp_path / f"{i}.png", i) for i in range(2))
    a, b = tmp_path / "a.png", tmp_path / "b.png"
    run("transfer", photo, "brick", "--start", start, "-o", a, *QUICK)
    run("transfer", "--continue", a, "-o", b, "--steps", "1")
    for words in (("--continue", a), ("--continue", b), ("--recipe", b)):
        for output in (start, photo):
            assert "give another name" in refuse("transfer", *words, "-o", output)


# --- Every minute ---------------------------------------------------------------------


class Killed(BaseException):
    """Ends a run like a power cut: nobody can save anything any more."""


NINE = ("--size", "32", "--steps", "9", "--precision", "float32")


@pytest.fixture
def no_waiting(monkeypatch):
    monkeypatch.setattr(making, "MINUTE", 0.0)


@pytest.mark.usefixtures("no_waiting")
def test_a_killed_run_goes_on_from_its_last_minute(run, failing, tmp_path):
    a, b = tmp_path / "a.png", tmp_path / "b.png"
    with failing(5, Killed()), pytest.raises(Killed):
        run("texture", "brick", "-o", a, *NINE)
    record = files.read_record(a)
    assert (record["finished"], record["steps_run"]) == (False, 4)
    with failing(3, Killed()), pytest.raises(Killed):
        run("texture", "--continue", a)
    run("texture", "--continue", a)
    record = files.read_record(a)
    assert (record["finished"], record["steps_run"]) == (True, 9 - 4 - 2)
    assert [*tmp_path.iterdir()] == [a]
    run("texture", "--recipe", a, "-o", b)
    assert b.read_bytes() == a.read_bytes()


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_an_older_picture_stays_until_the_new_one_is_done(run, failing, tmp_path, name):
    """The unfinished one lies beside it for so long, as a PNG with its recipe."""
    output, unfinished = picture_file(tmp_path / name), tmp_path / "a.unfinished.png"
    before = output.read_bytes()
    with failing(5, Killed()), pytest.raises(Killed):
        run("texture", "brick", "-o", output, *NINE)
    assert output.read_bytes() == before
    assert files.read_record(unfinished)["steps_run"] == 4
    run("texture", "--continue", unfinished, "-o", output)
    assert output.read_bytes() != before
    assert [*tmp_path.iterdir()] == [output]


@pytest.mark.usefixtures("no_waiting")
def test_an_unfinished_picture_takes_no_given_one_s_place(refuse, tmp_path):
    start = picture_file(tmp_path / "a.unfinished.png")
    output = picture_file(tmp_path / "a.png")
    words = ("texture", "brick", "--start", start, "-o", output, *QUICK)
    assert "picture to start from" in refuse(*words)


def test_a_checkpoint_is_saved_once_a_minute(tmp_path):
    """Never after the last step, whose picture is saved anyway."""
    now, steps, saved = 0.0, 200, []

    class Tally:
        run, history = range(steps), []

        def result(self) -> "Tally":
            return self

        def save(self, path: object) -> None:
            saved.append((now, path))

    output, tally = tmp_path / "a.png", Tally()
    checkpoint = making.Checkpoint(output, clock=lambda: now)
    for index in range(1, steps + 1):
        now += 0.9  # seconds a step
        tally.history.append(index)
        checkpoint(tally)
    times, paths = zip(*saved, strict=True)
    assert times == pytest.approx([60.3, 120.6])
    assert {*paths} == {output}


@pytest.mark.usefixtures("no_waiting")
def test_a_full_disk_does_not_end_a_run(run, tmp_path, monkeypatch):
    output, real, fail = tmp_path / "a.png", writing.write_whole, iter([True, True])

    def write(path: object, data: bytes) -> None:
        if next(fail, False):
            raise OSError(28, "No space left on device")
        real(path, data)

    monkeypatch.setattr(writing, "write_whole", write)
    run("texture", "brick", "-o", output, *QUICK, "--steps", "4")
    assert files.read_record(output)["finished"]
