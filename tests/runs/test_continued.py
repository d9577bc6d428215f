"""Chains of pictures: what they need is checked first, and no record breaks them."""

import contextlib
import copy
import json
import warnings
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from stylelab import __version__
from stylelab.pictures import images
from stylelab.pictures.files import PictureError
from stylelab.runs import continued, device, tasks
from stylelab.runs.continued import again, go_on

QUICK = {"size": 16, "steps": 2, "style_layers": ["relu1_1"], "precision": "float32"}


def saved(path: Path, **options: object) -> Path:
    """A texture that began as noise."""
    tasks.texture("brick", **QUICK | options).result(iter).save(path)
    return path


def went_on(file: Path, output: Path, **options: object) -> dict:
    """The record of the picture that goes on from `file`; it is saved at `output`."""
    result = go_on(file, options, {}).prepare(iter).result(iter)
    result.save(output)
    return result.record


def test_a_missing_picture_is_told_before_the_first_run(tmp_path, monkeypatch):
    style = tmp_path / "style.png"
    images.save(images.load("gravel", 20), style)
    saved(tmp_path / "a.png")
    chain = go_on(tmp_path / "a.png", {}, {"style": style})
    record = chain.prepare(iter).result(iter).record
    style.unlink()
    (tmp_path / "a.png").unlink()
    monkeypatch.setattr(continued, "prepare", lambda *_: pytest.fail("it has begun"))
    with pytest.raises(PictureError, match=r"'style.png' \(style\), which was not"):
        again(record, tmp_path, {}, {})


def test_what_began_as_noise_keeps_the_larger_steps_for_fine_detail(tmp_path):
    """Measured: without them, 30 steps in two halves end a fifth above those in one."""
    a, b = tmp_path / "a.png", tmp_path / "b.png"
    record = went_on(saved(a), b)
    for chain in (go_on(a, {}, {}), go_on(b, {}, {}), again(record, tmp_path, {}, {})):
        assert chain.prepare(iter).from_noise
    other = again(record, tmp_path, {"start": "style"}, {})
    assert not other.prepare(iter).from_noise
    assert not go_on(saved(a, start="style"), {}, {}).prepare(iter).from_noise


# --- Where a recipe makes the same picture again, and where it says that it cannot ----


@pytest.fixture
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def told(record: dict, *rest: object) -> list[str]:
    """What is warned of before the picture of `record` is made again."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        again(record, Path("nowhere"), *rest or ({}, {}))
    return [str(one.message) for one in found]


@pytest.mark.parametrize("then", [1, 2])
@pytest.mark.usefixtures("two_threads")
def test_a_recipe_is_made_with_as_many_threads_as_then(tmp_path, then, monkeypatch):
    """The whole chain, bit for bit; and the threads are as before afterwards."""
    monkeypatch.setattr(device, "most_threads", lambda: 2)
    a, b = tmp_path / "a.png", tmp_path / "b.png"
    torch.set_num_threads(then)
    options = {"size": 64, "steps": 6, "style_layers": ["relu3_1"]}
    record = went_on(saved(a, **options), b)
    a.unlink()
    torch.set_num_threads(3 - then)
    number = "1 thread" if then == 1 else "2 threads"
    text = f"made with {number}, as then"
    with pytest.warns(UserWarning, match=text) as notes:
        chain = again(record, tmp_path, {}, {})
    assert len(notes) == 1
    result = chain.prepare(lambda run, steps: run).result(iter)
    assert torch.get_num_threads() == 3 - then
    assert images.to_image(result.picture) == images.open_picture(b)
    assert json.dumps(result.record) == json.dumps(record)


def test_a_run_keeps_the_threads_of_its_record(two_threads):
    """Whoever changes their number between two steps does not change the picture."""
    options = QUICK | {"size": 64, "steps": 5, "style_layers": ["relu3_1"]}
    expected = tasks.texture("brick", **options).result(iter)
    steps = iter(tasks.texture("brick", **options))
    losses = []
    for threads in (1, 2, 1, 2, 1):
        torch.set_num_threads(threads)
        losses.append(next(steps).loss)
        assert torch.get_num_threads() == threads
    assert tuple(losses) == expected.history


OTHERS = {
    "stylelab": ("0.0.9", f"stylelab '0.0.9' (here '{__version__}')"),
    "torch": ("1.2.3", "torch '1.2.3' (here "),
    "processor": ("z80", "processor 'z80' (here "),
    "computed_in": ("bfloat16", "computed in 'bfloat16' (here 'float32')"),
    "threads": (999, "threads 999 (here "),
}


@pytest.mark.parametrize("key", OTHERS)
def test_a_recipe_that_cannot_make_its_picture_says_why(good, key):
    then, sentence = OTHERS[key]
    other = good | {key: then}
    (note,) = told(other)
    assert "may come out different, by some 5 to 10 of 255 on average" in note
    assert sentence in note
    (note,) = told(other | {"threads": 999})
    assert "threads 999 (here " in note
    # Of a picture between, too; but not where other things were asked for anyway.
    assert told(good | {"continued": good["continued"] | {key: then}})
    assert not told(good)
    record = {k: v for k, v in other.items() if k != "continued"}
    assert not told(record, {"steps": 9, "start": "noise"}, {})
    assert not told(other, {}, {"style": "gravel"})


def test_an_older_record_says_less_and_damaged_ones_nothing(good):
    old = {k: v for k, v in good.items() if k not in ("torch", "processor", "threads")}
    assert not told(old)
    for wrong in (None, "two", [2], {}, 2.5):
        assert not told(good | {"threads": wrong})


def test_a_name_with_a_backslash_is_found_again(tmp_path):
    """It is legal where folders are parted by slashes."""
    photo = tmp_path / "a\\b.png"
    images.save(images.load("cat", 20), photo)
    if [*tmp_path.iterdir()] != [photo]:
        pytest.skip("here it is a folder")
    run = tasks.reconstruct(photo, size=16, steps=1)
    assert run.record["pictures"]["photo"]["name"] == "a\\b.png"
    chain = again(run.record, tmp_path, {}, {})
    assert chain.files() == [str(photo)]


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("chain")
    return went_on(saved(folder / "a.png"), folder / "b.png")


def places(value: object, path: tuple = ()) -> list[tuple]:
    """Where something stands in a record: ("continued", "recipe") and all others."""
    inside = value.items() if isinstance(value, dict) else ()
    return [path, *(p for k, v in inside for p in places(v, (*path, k)))][not path :]


@settings(deadline=None, max_examples=200)
@given(
    st.data(),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=4,
    ),
)
def test_a_damaged_chain_is_a_value_error_and_nothing_else(good, data, value):
    broken = copy.deepcopy(good)
    *parents, last = data.draw(st.sampled_from(places(good)))
    parent = broken
    for key in parents:
        parent = parent[key]
    parent[last] = value
    with contextlib.suppress(ValueError):
        with warnings.catch_warnings(action="ignore"):
            chain = again(broken, Path("nowhere"), {}, {})
        assert chain.recipe.task == "texture"
        chain.files()
