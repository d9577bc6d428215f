"""Chains of pictures: what they need is checked first, and no record breaks them."""

import contextlib
import copy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stylelab.pictures import images
from stylelab.pictures.files import PictureError
from stylelab.runs import continued, tasks
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
        chain = again(broken, Path("nowhere"), {}, {})
        assert chain.recipe.task == "texture"
        chain.files()
