"""Many photos with one start-up: names, what is finished, what fails, an interrupt."""

import pytest
import torch

from stylelab.cli import several
from stylelab.core import style_transfer
from stylelab.pictures import files, images
from stylelab.runs import forecast

QUICK = ("--size", "32", "--steps", "2", "--precision", "float32")


@pytest.fixture(autouse=True)
def _no_measuring(monkeypatch):
    monkeypatch.setattr(forecast, "_seconds_per_step", lambda *size: 10.0)
    monkeypatch.setattr(forecast, "FORWARD", 0.0)


@pytest.fixture
def photos(tmp_path):
    """A folder with three photos and with what is no photo."""
    folder = tmp_path / "photos"
    (folder / "deeper.png").mkdir(parents=True)
    for seed, name in enumerate(("cat.jpg", "cat.png", "dog.JPG", "deeper.png/no.png")):
        picture_file(folder / name, seed)
    (folder / "notes.txt").write_text("not a picture")
    (folder / ".hidden.png").write_text("not a picture")
    return folder


def picture_file(path, seed: int = 0):
    generator = torch.Generator().manual_seed(seed)
    images.save(torch.rand(3, 40, 48, generator=generator), path)
    return path


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def made_of(output) -> str:
    return files.read_record(output)["pictures"]["photo"]["name"]


def test_every_photo_of_a_folder_is_painted(ask, photos, tmp_path):
    """Each as if it were alone, under its own name."""
    out, alone = tmp_path / "new" / "out", tmp_path / "alone.png"
    code, said, err = ask("transfer", photos, "brick", "-o", out, *QUICK)
    assert code == 0
    assert names(out) == ["cat-2.png", "cat.png", "dog.png"]
    sources = [made_of(out / name) for name in names(out)]
    assert sources == ["cat.png", "cat.jpg", "dog.JPG"]
    assert err.startswith("Pictures to make: 3, in about 1 min 0 s and 0.1 GiB")
    for number, name in enumerate(("cat.jpg", "cat.png", "dog.JPG"), 1):
        assert f"{number} of 3: {photos / name}\n" in err
    assert said.count(": style ") == 3
    ask("transfer", photos / "cat.png", "brick", "-o", alone, *QUICK)
    assert alone.read_bytes() == (out / "cat-2.png").read_bytes()


@pytest.mark.parametrize(
    "words", ["{} cat brick -o {out}", "-o {out} {} cat brick", "{} cat -o {out} brick"]
)
def test_several_photos_may_be_named(ask, photos, tmp_path, words):
    out = tmp_path / "out"
    words = words.format(photos / "dog.JPG", out=out).split()
    assert ask("transfer", *words, *QUICK)[0] == 0
    assert names(out) == ["cat.png", "dog.png"]
    assert made_of(out / "cat.png") == "cat"
    style = files.read_record(out / "dog.png")["pictures"]["style"]
    assert style["name"] == "brick"


def test_photos_take_the_recipe_of_a_picture(ask, photos, tmp_path):
    out, one = tmp_path / "out", tmp_path / "one.png"
    ask("transfer", "palace", "brick", "-o", one, *QUICK, "--seed", "4")
    words = ("transfer", photos, "--recipe", one, "-o", out, "--steps", "1")
    assert ask(*words)[0] == 0
    record = files.read_record(out / "dog.png")
    assert (record["recipe"]["seed"], record["recipe"]["steps"]) == (4, 1)
    assert record["pictures"]["style"]["name"] == "brick"
    words = ("cat", "dog.JPG", "gravel", "--recipe", one, "-o", out)
    assert ask("transfer", photos / "dog.JPG", *words)[0] == 1  # ./dog.JPG is missing
    record = files.read_record(out / "dog.png")
    assert record["pictures"]["style"]["name"] == "gravel"


def test_only_what_is_missing_unfinished_or_different_is_made(ask, photos, tmp_path):
    out = tmp_path / "out"
    words = ("transfer", photos, "brick", "-o", out, *QUICK)
    ask(*words)
    done = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    code, said, err = ask(*words)
    assert (code, said, err.count("is finished already")) == (0, "", 3)
    assert {path: path.stat().st_mtime_ns for path in out.iterdir()} == done
    record = files.read_record(out / "cat.png") | {"finished": False}
    images.save(images.open_picture(out / "cat.png"), out / "cat.png", record)
    picture_file(photos / "dog.JPG", seed=9)
    code, said, err = ask(*words)
    assert (code, said.count(": style "), err.count("is finished already")) == (0, 2, 1)
    assert "Pictures to make: 2 of 3, in about 40 s" in err
    assert files.read_record(out / "cat.png")["finished"]
    assert ask(*words, "--seed", "1")[1].count(": style ") == 3


def test_a_failing_photo_does_not_end_the_others(ask, photos, tmp_path):
    out = tmp_path / "out"
    (photos / "bad.png").write_text("not a picture")
    (photos / "cow.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(50))
    words = ("transfer", photos, "brick", "-o", out, *QUICK)
    for _ in range(2):  # the second time, the others are there already
        code, _, err = ask(*words)
        assert code == 1
        assert names(out) == ["cat-2.png", "cat.png", "dog.png"]
        problems = err[err.index("2 of 5 pictures failed:\n") :].splitlines()[1:]
        assert len(problems) == 2
        assert "1 of 5: " in problems[0]
        assert "bad.png' holds no picture that can be read" in problems[0]
        assert "cow.heic' holds no picture that can be read" in problems[1]


def test_a_run_that_loses_its_way_has_failed(ask, photos, tmp_path, diverging):
    words = ("transfer", photos, "brick", "-o", tmp_path / "out", *QUICK)
    code, said, err = ask(*words, "--steps", "9")
    assert (code, said.count("is unfinished (6 of 9 steps): no way down")) == (1, 3)
    assert "3 of 3 pictures failed:\n" in err


def test_an_interrupt_ends_all_and_keeps_the_present_one(
    ask, photos, tmp_path, monkeypatch
):
    out, made, real = tmp_path / "out", [], style_transfer.Step

    def step(*values: object) -> style_transfer.Step:
        made.append(values)
        if len(made) == 4:  # the last step of the second photo
            raise KeyboardInterrupt
        return real(*values)

    monkeypatch.setattr(style_transfer, "Step", step)
    code, said, _ = ask("transfer", photos, "brick", "-o", out, *QUICK)
    assert code == 130
    assert f"{out / 'cat-2.png'} is unfinished (1 of 2 steps)" in said
    finished = [files.read_record(out / name)["finished"] for name in names(out)]
    assert (names(out), finished) == (["cat-2.png", "cat.png"], [False, True])


def test_what_is_wrong_for_all_photos_gets_one_sentence(ask, photos, tmp_path):
    out, empty, file = tmp_path / "out", tmp_path / "empty", tmp_path / "file"
    empty.mkdir()
    file.write_text("a file")
    ask("transfer", "cat", "brick", "-o", tmp_path / "1.png", *QUICK)
    ask("transfer", "--continue", tmp_path / "1.png", "-o", tmp_path / "2.png")
    before = sorted(tmp_path.rglob("*"))
    expected = {
        f"{photos} stary_night -o {out}": "no file 'stary_night'; accepted",
        f"{photos} brick --mask none.png -o {out}": "no file 'none.png'",
        f"{photos} brick -o {file}": "file' cannot be a folder: File exists",
        f"{photos} brick -o {out}.png": "out.png' is a file name, and several photos",
        f"{photos} brick -o {photos}": "photos' is one of the given pictures",
        f"{photos}/cat.png cat brick -o {photos}": "cat.png' is one of the given",
        f"{empty} brick -o {out}": "empty' holds no picture file; accepted are JPEG",
        f"{photos} brick -o {out} --size 0": "size is 0: accepted",
        f"{photos} --continue {tmp_path}/1.png -o {out}": "give one photo at most",
        f"{photos} --recipe {tmp_path}/2.png -o {out}": "give one photo at a time",
        f"{photos} brick cat": "-o/--output",
    }
    for words, sentence in expected.items():
        code, said, err = ask("transfer", *words.split())
        assert (code, said, err.count("\n")) == (2, "", 1), err
        assert sentence in err
    assert sorted(tmp_path.rglob("*")) == before


def test_two_photos_never_share_a_name():
    photos = ["a/cat.jpg", "b/Cat.png", "cat-2.bmp", "c/cat.gif", "palace"]
    made = several._names(photos)
    assert made[:2] == ["cat.png", "Cat-2.png"]
    assert len({name.lower() for name in made}) == len(photos)
