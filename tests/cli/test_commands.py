"""The command line: every command, every kind of bad input, and an interrupt."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import jupyterlab.labapp
import pytest
import torch
from PIL import Image

from stylelab import __version__
from stylelab.cli import commands, course, making
from stylelab.core import style_transfer
from stylelab.pictures import files, samples
from stylelab.pictures.images import load, open_picture, save
from stylelab.runs import device, forecast
from stylelab.runs.recipe import (
    DEFAULTS,
    ROLES,
    STARTS,
    fields_of,
    in_digits,
    starts_of,
)

ROOT = Path(__file__).parents[2]
QUICK = ("--size", "32", "--steps", "2")
PICTURES = {"transfer": ("palace", "brick"), "texture": ("brick",)}
PICTURES["reconstruct"] = ("cat",)


@pytest.fixture(autouse=True)
def _no_measuring(request, monkeypatch):
    """Most runs here are shorter than the measurement for their forecast."""
    monkeypatch.setattr(forecast, "_seconds_per_step", lambda *size: 0.01)


@pytest.fixture
def refuse(ask):
    """Runs a command that is wrong: the one line on stderr that says so."""

    def run(*words: object) -> str:
        code, out, err = ask(*words)
        assert (code, out) == (2, "")
        assert err.startswith("stylelab: ")
        assert err.count("\n") == 1
        assert "Traceback" not in err
        return err

    return run


@pytest.fixture
def fail_at(monkeypatch):
    """Lets the loop raise an error instead of its step number `index`."""

    def arrange(index: int, error: BaseException) -> None:
        def step(number: int, *rest: object) -> style_transfer.Step:
            if number == index:
                raise error
            return real(number, *rest)

        real = style_transfer.Step
        monkeypatch.setattr(style_transfer, "Step", step)

    return arrange


def picture_file(path: Path, height: int = 40, width: int = 48) -> Path:
    generator = torch.Generator().manual_seed(height)
    save(torch.rand(3, height, width, generator=generator), path)
    return path


def spawn(*words: object, **options) -> subprocess.Popen:
    command = [sys.executable, "-m", "stylelab", *map(str, words)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=ROOT, **pipes, **options)


# --- The three verbs ------------------------------------------------------------------


@pytest.mark.parametrize("verb", ROLES)
def test_a_verb_saves_a_picture_that_holds_its_recipe(ask, tmp_path, verb):
    output = tmp_path / "out.png"
    code, out, err = ask(verb, *PICTURES[verb], "-o", output, *QUICK)
    assert code == 0
    kinds = {"style": "style", "photo": "content"}  # of losses, by what they compare
    found = [rf"{kinds[role]} \d\S*" for role in reversed(ROLES[verb])]
    said = rf": {', '.join(found)} \(0: equal, 1: as wrong as black\) after \d+ s\n"
    assert re.fullmatch(re.escape(str(output)) + said, out)
    assert re.match(r"2 steps take about 1 s and 0\.\d GiB of memory\.\n", err)
    with Image.open(output) as image:
        image.load()
        assert min(image.size) == 32
    record = files.read_record(output)
    assert record["recipe"]["task"] == verb
    assert (record["finished"], record["steps_run"]) == (True, 2)
    assert [*tmp_path.iterdir()] == [output]


@pytest.mark.parametrize("verb", ROLES)
def test_a_recipe_makes_the_same_picture_again_bit_for_bit(ask, tmp_path, verb):
    first, second = tmp_path / "1.png", tmp_path / "2.png"
    options = ("--start", "noise", "--seed", 5, "--smoothness", 0.5)
    ask(verb, *PICTURES[verb], "-o", first, *QUICK, *options)
    assert ask(verb, "--recipe", first, "-o", second)[0] == 0
    assert second.read_bytes() == first.read_bytes()


def test_a_recipe_finds_the_pictures_beside_it(ask, tmp_path):
    photo = picture_file(tmp_path / "my photo.png")
    first, second = tmp_path / "1.png", tmp_path / "2.png"
    options = ("--start", photo, "--statistic", "mean_std")
    ask("transfer", photo, "brick", "-o", first, *QUICK, *options)
    assert ask("transfer", f"--recipe={first}", "-o", second)[0] == 0
    assert second.read_bytes() == first.read_bytes()


def test_a_recipe_may_be_changed(ask, tmp_path):
    first, second = tmp_path / "1.png", tmp_path / "2.png"
    ask("transfer", "palace", "brick", "-o", first, *QUICK, "--style-weight", "50")
    words = ("cat", "--rec", first, "--steps", "3", "-o", second)
    assert ask("transfer", *words)[0] == 0
    before, after = (files.read_record(path) for path in (first, second))
    assert after["recipe"] == before["recipe"] | {"steps": 3}
    assert after["pictures"]["style"] == before["pictures"]["style"]
    assert after["pictures"]["photo"]["name"] == "cat"


def test_options_may_stand_anywhere(ask, tmp_path):
    output = tmp_path / "out.jpg"
    words = ("--size", "32", "palace", "-o", output, "--steps", "1", "brick")
    assert ask("transfer", *words)[0] == 0
    with Image.open(output) as image:
        assert image.format == "JPEG"


def test_layers_are_separated_by_commas(ask, tmp_path):
    output = tmp_path / "out.png"
    layers = ("--style-layers", "relu1_1, pool2,relu1_1")
    assert ask("texture", "brick", "-o", output, *QUICK, *layers)[0] == 0
    layers_run = files.read_record(output)["recipe"]["style_layers"]
    assert layers_run == ["relu1_1", "pool2"]


def test_several_styles_by_share_or_by_mask(ask, tmp_path):
    """And all of them again from the recipe, or others."""
    first, second, third = (tmp_path / f"{i}.png" for i in range(3))
    sky, ground = tmp_path / "sky.png", tmp_path / "ground.png"
    top = mask_file(sky)
    Image.eval(top, lambda level: 255 - level).save(ground)
    styles = ("palace", "brick", "--also", "gravel")
    words = (*styles, "--mix", "2,1", "--brush", "0.5", "--mask", sky, "--mask", ground)
    layers = ("--style-layers", "relu1_1,relu2_1", "--layer-weights", "1,0.5")
    code, _, err = ask("transfer", *words, "-o", first, *QUICK, *layers)
    assert code == 0
    assert "note:" not in err
    record = files.read_record(first)
    assert record["recipe"]["mix"] == [2, 1]
    names = [one["name"] for one in record["pictures"]["masks"]]
    assert names == ["sky.png", "ground.png"]
    assert ask("transfer", "--recipe", first, "-o", second)[0] == 0
    assert second.read_bytes() == first.read_bytes()
    changed = ("cat", "grass", "--recipe", first, "--mix", ",", "-o", third)
    assert ask("transfer", *changed, "--also", "brick")[0] == 0
    record = files.read_record(third)
    assert [one["name"] for one in record["pictures"]["style"]] == ["grass", "brick"]
    assert record["recipe"]["mix"] == []


def mask_file(path: Path, width: int = 640, height: int = 427) -> Image.Image:
    """A picture in the size of palace whose upper half is white, saved at `path`."""
    mask = Image.new("L", (width, height))
    mask.paste(255, (0, 0, width, height // 2))
    mask.save(path)
    return mask


def test_a_mask_of_another_size_is_resized_with_a_notice(ask, tmp_path):
    mask_file(tmp_path / "sky.png", 64, 43)
    words = ("palace", "brick", "--also", "gravel", "--mask", tmp_path / "sky.png")
    code, _, err = ask("transfer", *words, "-o", tmp_path / "out.png", *QUICK)
    assert code == 0
    notice = "note: mask 1 ('sky.png') is 64 x 43 pixels and the photo 640 x 427: it is"
    assert err.startswith(notice)


def test_a_photo_that_is_changed_is_noted_once(ask, tmp_path):
    photo, first = tmp_path / "cut.png", tmp_path / "first.png"
    Image.new("RGBA", (48, 40), (90, 140, 60, 99)).save(photo)
    note = f"note: '{photo}' is transparent in places: white is put behind it\n"
    for number, words in enumerate(
        (
            ("transfer", photo, "brick", "-o", first),
            ("transfer", "--recipe", first, "-o", tmp_path / "again.png"),
            ("layers", photo, "-o", tmp_path / "layers.png"),
            ("tradeoff", photo, "brick", "-o", tmp_path / "tradeoff.png"),
        )
    ):
        files._note.cache_clear()
        code, _, err = ask(*words, *(QUICK if number != 1 else ()))
        assert code == 0
        assert err.startswith(note)
        assert err.count("transparent") == 1


# --- Bad input ------------------------------------------------------------------------

BAD_OPTIONS = {
    "--size 0": "size is 0: accepted is a whole number from 16 to 16384",
    "--size 1000000": "size is 1000000: accepted is a whole number from 16 to 16384",
    "--size large": "size is 'large': accepted is a whole number",
    "--size 64.5": "size is 64.5: accepted is a whole number",
    "--steps 0": "steps is 0: accepted is a whole number from 1",
    "--style-weight -1": "style_weight is -1: accepted is a number from 0",
    "--style-weight inf": "style_weight is inf: accepted",
    "--content-weight nan": "content_weight is nan: accepted",
    "--content-weight 0 --style-weight 0": "every weight is zero",
    "--content-layers conv9_9": "no layer 'conv9_9'; nearest: conv",
    "--style-layers ,": "style_layers is (): no layer was named",
    "--statistic grams": "accepted is gram, mean_std or sliced_wasserstein",
    "--start nowhere.png": "no file 'nowhere.png'",
    "--weights nowhere.pth": "no weights 'nowhere.pth': choose one of original",
    "--weights torchvision": "'original' and 'random' work",
    "--size 16 --style-layers pool5": "size is 16 px, but pool5 needs at least 32 px",
    "--colors sepia": "colors is 'sepia': accepted is style, luminance or statistics",
    "--brush 5": "brush is 5: accepted is a number from 0.25 to 4",
    "--also gravel --mix 1": "mix is (1.0,): give one weight for each style (here 2)",
    "--mix 1,2": "mix is (1.0, 2.0): give one weight for each style (here 1)",
    "--also gravel --mix 0,0": "mix is (0, 0): accepted are numbers from 0 to 1e+06",
    "--also gravel --mix 1,a": "mix is (1, 'a'): accepted are numbers",
    "--layer-weights 1,2": "layer_weights is (1.0, 2.0): give one number for each",
    "--also nowhere.png": "no file 'nowhere.png'",
    "--mask nowhere.png": "no file 'nowhere.png'",
    "--mask brick --mask brick": "give one mask for each style (masks: 2, styles: 1)",
    "--mask brick --also gravel --statistic mean_std": "masks need the statistic gram",
    "--sise 16": "--sise",
    "--size": "expected one argument",
    "--recipe": "expected one argument",
}


@pytest.mark.parametrize("options", BAD_OPTIONS)
def test_a_bad_option_gets_one_sentence(refuse, tmp_path, options):
    words = ("transfer", "palace", "brick", "-o", tmp_path / "out.png")
    assert BAD_OPTIONS[options] in refuse(*words, *options.split())
    assert [*tmp_path.iterdir()] == []


def test_a_bad_picture_gets_one_sentence(refuse, tmp_path):
    text = tmp_path / "text.png"
    text.write_text("this is no picture")
    strip = picture_file(tmp_path / "strip.png", 3, 4000)
    for bad in ("nowhere.jpg", tmp_path, text, strip, tmp_path / "two\nlines.png"):
        for words in ((bad, "brick"), ("palace", bad)):
            text = " ".join(str(bad).split())
            output = tmp_path / "out.png"
            assert Path(text).name in refuse("transfer", *words, "-o", output)
            assert not output.exists()


@pytest.mark.parametrize("name", ["out", "out.gif", "missing/out.png", "folder.png"])
def test_the_output_is_checked_before_the_run(refuse, tmp_path, monkeypatch, name):
    monkeypatch.setattr(making, "prepared", lambda *_: pytest.fail("it has begun"))
    (tmp_path / "folder.png").mkdir()
    assert name in refuse("texture", "brick", "-o", tmp_path / name, *QUICK)


@pytest.mark.parametrize("words", ["transfer palace {}", "texture {}", "layers {}"])
def test_a_given_picture_is_never_written_over(refuse, tmp_path, words):
    file = picture_file(tmp_path / "mine.png", 64, 64)
    before = file.read_bytes()
    link = tmp_path / "link.png"
    link.symlink_to(file)
    for output in (file, link):
        message = refuse(*words.format(file).split(), "-o", output, *QUICK)
        assert "is one of the given pictures" in message
    assert file.read_bytes() == before


def test_a_texture_cannot_start_from_a_photo(refuse, tmp_path):
    words = ("texture", "brick", "-o", tmp_path / "out.png", "--start", "photo")
    assert "give noise, style, phases, or a picture file" in refuse(*words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", "COMMAND"),
        ("transfre", "'transfer'"),
        ("transfer", "PHOTO, STYLE, -o/--output"),
        ("transfer palace -o x.png", "STYLE"),
        ("texture palace brick -o x.png", "unrecognized arguments: brick"),
        ("texture palace --stepz 3 -o x.png", "stylelab texture --help"),
        ("transfer palace -o x.png --also brick", "STYLE"),
        ("texture brick -o x.png --mask brick", "--mask"),
        ("reconstruct cat -o x.png --also brick", "--also"),
        ("reconstruct cat -o x.png --brush 2", "--brush"),
        ("reconstruct palace -o x.png --style-weight 3", "--style-weight"),
        ("reconstruct palace", "-o/--output"),
        ("studio --ip 192.0.2.7", "ip is '192.0.2.7': accepted is an address"),
        ("studio --ip a..b", "ip is 'a..b': accepted is an address"),
        ("studio --port 0", "port is 0: accepted"),
    ],
)
def test_a_wrong_command_gets_one_sentence(refuse, words, expected):
    assert expected in refuse(*words.split())


def test_a_recipe_that_is_none_gets_one_sentence(refuse, tmp_path):
    output = tmp_path / "out.png"
    plain = picture_file(tmp_path / "plain.png")
    text = tmp_path / "text.png"
    text.write_text("this is no picture")
    broken = tmp_path / "broken.png"
    save(open_picture(plain), broken, {"recipe": {"size": 32}})
    assert "recipe is empty" in refuse("transfer", "--recipe", "", "-o", output)
    for file in (plain, text, broken, tmp_path / "nowhere.png"):
        message = refuse("transfer", "--recipe", file, "-o", output)
        assert file.name in message or "no complete recipe" in message
        assert "saved by stylelab" in message or file == broken


def test_a_recipe_of_another_verb_names_it(ask, refuse, tmp_path):
    first = tmp_path / "1.png"
    ask("reconstruct", "cat", "-o", first, *QUICK)
    words = ("texture", "--recipe", first, "-o", tmp_path / "2.png")
    message = refuse(*words, "--style-weight", "3")
    assert "was made by reconstruct: use that command" in message


def test_a_picture_that_a_recipe_misses_is_named(ask, refuse, tmp_path):
    photo, first = picture_file(tmp_path / "photo.png"), tmp_path / "1.png"
    words = ("transfer", "--recipe", first, "-o", tmp_path / "2.png")
    ask("transfer", photo, "brick", "-o", first, *QUICK)
    picture_file(photo, height=41)
    assert "'photo.png' (photo), which has changed" in refuse(*words)
    photo.unlink()
    assert "'photo.png' (photo), which was not found" in refuse(*words)
    assert ask("transfer", "palace", *words[1:])[0] == 0


def test_a_run_that_does_not_fit_into_memory_does_not_begin(
    refuse, tmp_path, monkeypatch
):
    begun = "stylelab.runs.run.objective"
    monkeypatch.setattr(begun, lambda *_: pytest.fail("it has begun"))
    monkeypatch.setattr(forecast, "_free_memory", lambda device: 2**30)
    words = ("texture", "brick", "-o", tmp_path / "out.png", "--size", "4096")
    message = refuse(*words)
    assert re.search(r"size 4096 needs about \d+\.\d GiB of memory", message)
    assert "1.0 GiB are free: choose a smaller size" in message


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("first line\n  second line"),
        MemoryError(),
        OSError("the disk is full"),
        ValueError("a value"),
    ],
)
def test_an_error_in_a_run_is_told_in_one_line_and_leaves_nothing(
    ask, fail_at, tmp_path, error
):
    fail_at(2, error)
    code, _, err = ask("texture", "brick", "-o", tmp_path / "out.png", *QUICK)
    expected = " ".join(str(error).split()) or "MemoryError"
    assert (code, err.splitlines()[-1]) == (2, f"stylelab: {expected}")
    assert [*tmp_path.iterdir()] == []


# --- Interrupts -----------------------------------------------------------------------


def test_an_interrupt_saves_the_unfinished_picture(ask, fail_at, tmp_path):
    fail_at(3, KeyboardInterrupt())
    output = tmp_path / "out.png"
    words = ("texture", "brick", "-o", output, "--size", "32", "--steps", "9")
    code, out, _ = ask(*words)
    assert code == 130
    assert f"{output} is unfinished (2 of 9 steps)" in out
    record = files.read_record(output)
    assert (record["finished"], record["steps_run"]) == (False, 2)


def test_a_run_that_loses_its_way_saves_its_best_picture_and_says_why(
    ask, diverging, tmp_path
):
    output = tmp_path / "out.png"
    words = ("texture", "brick", "-o", output, "--size", "32", "--steps", "9")
    code, out, err = ask(*words)
    assert code == 1
    assert f"{output} is unfinished (6 of 9 steps): no way down" in out
    assert "Warning" not in err
    assert files.read_record(output)["reason"] == "no way down"


def test_an_interrupt_before_the_first_step_leaves_nothing(ask, fail_at, tmp_path):
    fail_at(1, KeyboardInterrupt())
    code, _, err = ask("texture", "brick", "-o", tmp_path / "out.png", *QUICK)
    assert (code, err.splitlines()[-1]) == (130, "interrupted")
    assert [*tmp_path.iterdir()] == []


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signal to a child")
def test_ctrl_c_in_another_process(tmp_path):
    output = tmp_path / "out.png"
    words = ("texture", "brick", "-o", output, "--size", "64", "--steps", "100000")
    with spawn(*words) as process:
        bar = ""
        while "style" not in bar and process.poll() is None:
            bar += process.stderr.read(20)
        for _ in range(3):  # somebody is in a hurry
            process.send_signal(signal.SIGINT)
            time.sleep(0.05)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "is unfinished" in out
    assert "Traceback" not in err
    assert not files.read_record(output)["finished"]


# --- The other commands ---------------------------------------------------------------


def test_another_process_does_the_same(ask, tmp_path):
    """The real forecast, and a message without a traceback."""
    first, second = tmp_path / "1.png", tmp_path / "2.png"
    words = ("reconstruct", "cat", *QUICK, "--precision", "float32", "-o")
    with spawn(*words, first) as process:
        _, err = process.communicate()
    assert process.returncode == 0
    announced, forecast = err.splitlines()[:2]
    assert announced == "loading PyTorch ..."
    assert re.match(r"2 steps take about \d+ s and \d\.\d GiB of memory", forecast)
    ask(*words, second)
    images = [load(path) for path in (first, second)]
    assert (images[0] - images[1]).abs().max() <= 2 / 255
    with spawn("reconstruct", "nothing.png", "-o", first) as process:
        out, err = process.communicate()
    assert (process.returncode, out, err.count("\n")) == (2, "", 2)


@pytest.mark.parametrize("verb", ROLES)
def test_help_shows_range_and_default_of_every_option(ask, verb):
    code, out, err = ask(verb, "--help")
    assert (code, err) == (0, "")
    text = " ".join(out.split())
    for name, spec in fields_of(verb).items():
        if name == "task":
            continue
        default, limits = getattr(DEFAULTS[verb], name), spec.metadata
        default_text = ",".join(default) if isinstance(default, tuple) else default
        option = text[text.rindex(f"--{name.replace('_', '-')} ") :]
        assert (
            limits["help"] + (f" [{default_text}]" if default_text != "" else "")
            in option
        )
        if "low" in limits and "one" not in limits:
            assert f"{in_digits(limits['low'])}..{in_digits(limits['high'])}" in option
        for choice in limits.get("choices", ()):
            lacking = name == "start" and choice in {*STARTS} - {*starts_of(verb)}
            assert (choice in option.split()[1].split("|")) != lacking


def loads_torch(*words: str) -> subprocess.CompletedProcess:
    """The command in a Python of its own; the last line says if it loaded torch."""
    code = f"import sys; from stylelab.cli.options import main\ntry: main({words})\n"
    code += "finally: print('torch' in sys.modules)"
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize("verb", [*ROLES, "tradeoff", "layers"])
def test_a_wrong_value_is_told_before_torch_is_loaded(verb):
    usual = PICTURES["texture" if verb == "layers" else "transfer"]
    words = (verb, *PICTURES.get(verb, usual), "-o", "out.png")
    run = loads_torch(*words, "--size", "0")
    assert run.stderr.startswith("stylelab: size is 0: accepted")
    assert run.stdout == "False\n"


def test_help_lists_the_commands_and_loads_no_torch():
    run = loads_torch("--help")
    for verb in (*ROLES, "demo", "lab", "pictures", "doctor"):
        assert re.search(rf"^    {verb}\b", run.stdout, re.MULTILINE)
    assert run.stdout.endswith("False\n")


def test_the_version_is_told(ask):
    assert ask("--version")[:2] == (0, f"stylelab {__version__}\n")


def test_pictures_lists_every_sample_with_its_rights(ask):
    code, out, _ = ask("pictures")
    assert code == 0
    lines = out.splitlines()
    for line, sample in zip(lines, samples.samples().values(), strict=True):
        assert line.split()[0] == sample.name
        for credit in (sample.title, sample.author, sample.rights):
            assert credit in line


def test_the_doctor_finds_everything_working(ask, monkeypatch):
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    code, out, _ = ask("doctor")
    assert code == 0, out
    for word in (__version__, f"torch {version('torch')}", "threads", "GiB free"):
        assert word in out
    assert re.search(r"^weights +VGG-19, .*SHA-256 \w+", out, re.MULTILINE)
    assert "sees stylelab and the widgets" in out
    assert re.search(r"^precision +(bfloat16|float32) \(", out, re.MULTILINE)


def test_the_doctor_reports_what_is_broken_and_goes_on(ask, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr("stylelab.core.vgg.load", broken)
    monkeypatch.setattr("stylelab.cli.doctor.subprocess.run", broken)
    code, out, _ = ask("doctor")
    assert code == 1
    assert re.search(r"^weights +NOT WORKING: no such thing$", out, re.MULTILINE)
    assert re.search(r"^notebooks +NOT WORKING: no such thing$", out, re.MULTILINE)


@pytest.fixture
def small_demo(monkeypatch):
    real = {name: getattr(commands, name) for name in ROLES}
    for name, verb in real.items():

        def small(*sources: str, verb=verb, **options: object) -> object:
            return verb(*sources, **options | {"size": 32, "steps": 3})

        monkeypatch.setattr(commands, name, small)


def test_the_demo_makes_its_pictures_and_a_sheet(ask, small_demo, tmp_path):
    folder = tmp_path / "new" / "demo"
    code, out, err = ask("demo", "-o", folder)
    assert code == 0
    assert f"{folder / 'contact_sheet.png'} shows them" in out
    assert err.count("3 steps take about") == 3
    names = [*ROLES, "contact_sheet"]
    assert sorted(folder.iterdir()) == sorted(folder / f"{n}.png" for n in names)
    with Image.open(folder / "contact_sheet.png") as sheet:
        assert min(sheet.size) > 700
    assert files.read_record(folder / "texture.png")["recipe"]["task"] == "texture"


def test_an_interrupted_demo_keeps_what_there_is(ask, small_demo, fail_at, tmp_path):
    fail_at(2, KeyboardInterrupt())
    code, out, _ = ask("demo", "-o", tmp_path)
    assert code == 130
    assert "Stopped" in out
    assert [*tmp_path.iterdir()] == [tmp_path / "transfer.png"]


def test_a_demo_needs_a_folder(refuse, tmp_path):
    file = picture_file(tmp_path / "file.png")
    assert "file.png' cannot be a folder" in refuse("demo", "-o", file)


def notebook_of(text: str) -> str:
    """A notebook of one cell, as JupyterLab would write it."""
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": [text]}
    content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, indent=1, sort_keys=True) + "\n"


def test_the_lab_opens_a_copy_that_it_never_overwrites(ask, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(jupyterlab.labapp, "main", opened.append)
    monkeypatch.setattr(course, "NOTEBOOKS", tmp_path / "notebooks")
    ours, mine = tmp_path / "notebooks" / "part", tmp_path / "my-notebooks" / "part"
    ours.mkdir(parents=True)
    (ours / "01.ipynb").write_text(notebook_of("from the course"))
    (ours / "02.ipynb").write_text(notebook_of("from the course"))
    ask("lab")
    (mine / "01.ipynb").write_text(notebook_of("with my answers"))
    (ours / "03.ipynb").write_text(notebook_of("new in the course"))
    out = ask("lab")[1]
    assert "kept your 01.ipynb" in out
    assert "02.ipynb" not in out
    texts = [path.read_text() for path in sorted(mine.iterdir())]
    wanted = ["with my answers", "from the course", "new in the course"]
    assert texts == [notebook_of(text) for text in wanted]
    assert [words[:2] for words in opened] == [
        ["--ServerApp.root_dir", str(mine.parent)]
    ] * 2


def test_the_lab_needs_the_notebooks(refuse, tmp_path, monkeypatch):
    monkeypatch.setattr(course, "NOTEBOOKS", tmp_path / "notebooks")
    assert "clone the project" in refuse("lab")


def test_a_device_is_chosen_or_answered_in_one_sentence(
    ask, refuse, tmp_path, monkeypatch
):
    monkeypatch.setenv(device.VARIABLE, "")  # put back at the end
    monkeypatch.setitem(device.DEVICES, "cuda", lambda: False)
    monkeypatch.setitem(device.DEVICES, "mps", lambda: False)
    words = ("texture", "brick", "-o", tmp_path / "a.png", *QUICK, "--device")
    sentence = "the device 'mps' is not there: this machine has cpu"
    assert sentence in refuse(*words, "mps")
    assert "invalid choice: 'gpu'" in refuse(*words, "gpu")
    code, _, err = ask(*words, "cpu", "--steps", 1)
    assert code == 0
    assert err.startswith("1 step takes about ")
    assert os.environ[device.VARIABLE] == "cpu"
    assert files.read_record(tmp_path / "a.png")["processor"] == device.processor()


def test_a_figure_is_not_written_over_its_start(refuse, tmp_path):
    start, link = picture_file(tmp_path / "start.png"), tmp_path / "link.png"
    link.symlink_to(start)
    before = start.read_bytes()
    for words in (("tradeoff", "cat", "brick"), ("layers", "brick")):
        for output in (start, link):
            message = refuse(*words, "--start", start, "-o", output, *QUICK)
            assert "is one of the given pictures" in message
    assert start.read_bytes() == before


def test_the_lab_of_a_folder_that_is_read_only_is_in_the_home_folder(
    ask, tmp_path, monkeypatch
):
    opened = []
    monkeypatch.setattr(jupyterlab.labapp, "main", opened.append)
    monkeypatch.setattr(course, "NOTEBOOKS", tmp_path / "project" / "notebooks")
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    course.NOTEBOOKS.mkdir(parents=True)
    (course.NOTEBOOKS / "01.ipynb").write_text(notebook_of("from the course"))
    wanted, home = tmp_path / "project/my-notebooks", tmp_path / "my-notebooks"
    wanted.touch()  # as good as a folder that may not be made
    err = ask("lab")[2]
    assert err == f"'{wanted}' cannot be written: your notebooks are in '{home}'\n"
    assert (home / "01.ipynb").read_text() == notebook_of("from the course")
    assert opened[0][1] == str(home)
