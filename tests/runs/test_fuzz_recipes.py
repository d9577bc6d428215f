"""Damaged records and random values: a recipe comes of them, or one short sentence.

Case number n is the same everywhere: a failure names it.
"""

import copy
import json
import math
import random
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, PngImagePlugin

from stylelab.pictures import files, images
from stylelab.runs import continued
from stylelab.runs.originals import about
from stylelab.runs.recipe import Recipe, fields_of, recipe_for

SECONDS = 25  # of each of the two long tests
LONGEST = 300  # characters of a sentence
# What no version of stylelab ever wrote there.
STRANGE = [
    *(None, True, 0, -1, 1, 3, 64, 2**31, 10**30, 1.5, -0.0, 1e308, math.nan, math.inf),
    *("", "x", "cat", "relu4_2", "photo", "../x.png", "\0", "\ud800", "ü\n\r\x1b[2J"),
    *("a" * 10_000, [], {}, [[]], [{}], {"name": "x"}, ["relu1_1", 3], [None] * 500),
    *({"name": 1, "sha256": 2}, {"task": "texture"}, {"x" * 999: "y"}, [1] * 5, "1.0"),
    *("A" * 256, "iVBORw0KGgo=", "=" * 16, [24, 20], [2**40, 1], [24, True]),
]
# What only Python can give.
STRANGER = [
    *(1j, b"x", (), {3}, object(), Recipe, len, range(5), 10**5000, Path("x.png")),
    *(np.ones(5), np.ones((2, 2)), np.array(3), np.float32(2), np.str_("gram")),
    *(
        torch.tensor(3),
        torch.ones(5),
        torch.ones(2, 2),
        iter([1, 2]),
        np.datetime64("2026"),
    ),
    *(Image.new("RGB", (2, 2)), np.nan, np.array([]), np.array(["relu1_1"]), Warning),
]
OPTIONS = [*fields_of("transfer")]
VALUES = [*STRANGE, *STRANGER] * 2 + [getattr(Recipe(), name) for name in OPTIONS]


def sound(folder: Path) -> dict:
    """A record of a picture that went on from another, with two masks inside.

    Its photo and one style were made smaller; their originals lie in `folder`.
    """
    large = Image.effect_noise((48, 40), 60).convert("RGB")
    images.save(large, folder / "large.png")
    small = large.resize((24, 20))
    small.filename = "large.png"
    named = {
        "photo": about("photo", small),
        "style": [about("style", small), about("style", "brick")],
        "masks": [about("masks", np.eye(20, 24) == way) for way in (0, 1)],
    }
    recipe = json.loads(json.dumps(recipe_for("transfer", {"size": 32}).to_dict()))
    record = {"stylelab": "0.1.0", "torch": "2.9.0", "processor": "x", "threads": 1}
    record |= {"recipe": recipe, "pictures": named, "weights_sha256": "abc"}
    record |= {"computed_in": "float32", "tile": 0, "finished": True, "steps_run": 3}
    later = copy.deepcopy(record)
    later["recipe"]["start"] = "a.png"
    later["pictures"]["start"] = {"name": "a.png", "sha256": "0" * 64}
    return later | {"continued": record}


def places(value: object) -> list[tuple]:
    """Every container inside `value` with every key of it."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, inside in pairs:
        found.append((value, key))
        if isinstance(inside, dict | list):
            found += places(inside)
    return found


def damaged(record: dict, draw: random.Random) -> dict:
    """`record` with one to three of its values replaced, lost, moved or wrapped."""
    record = copy.deepcopy(record)
    for _ in range(draw.choice((1, 1, 2, 3))):
        parent, key = draw.choice(places(record) or [(record, "recipe")])
        way = draw.randrange(6)
        if way < 3:
            parent[key] = copy.deepcopy(draw.choice(STRANGE))
        elif way == 3:
            del parent[key]
        elif way == 4 and isinstance(parent, dict):
            parent[draw.choice(["sparkle", "start", "masks", "x" * 5000])] = parent[key]
        else:
            other, theirs = draw.choice(places(record))
            parent[key] = [copy.deepcopy(other[theirs])]
    return record


def text_of(record: dict, draw: random.Random) -> str:
    """The record as JSON; one of eight is damaged as a text, too."""
    text = json.dumps(record)
    if draw.random() < 1 / 8:
        place = draw.randrange(len(text))
        text = text[:place] + draw.choice(['"', "{", "[" * 9999, "9" * 5000, ""])
        text += draw.choice(["", json.dumps(record)[place:]])
    return text


def write(path: Path, text: str, draw: random.Random) -> None:
    """A picture with `text` where a record stands: in a PNG's chunk, in a comment."""
    image, info = Image.new("RGB", (4, 4)), PngImagePlugin.PngInfo()
    if draw.random() < 1 / 3:
        image.save(path, "JPEG", comment=text.encode()[: 2**16 - 3])
        return
    key = draw.choice(["stylelab"] * 9 + ["comment"])
    add = draw.choice([info.add_text, info.add_itxt])
    add(key, text, zip=draw.random() < 0.5)
    image.save(path, "PNG", pnginfo=info)


def sentence(error: ValueError, case: int) -> None:
    text = str(error)
    assert text, f"case {case}: {error!r}"
    assert "\n" not in text, f"case {case}: {text}"
    assert len(text) <= LONGEST, f"case {case}: {text}"
    leaked = (
        "unhashable",
        "indices must",
        "sequence element",
        "object is not",
        "NoneT",
    )
    assert not any(words in text for words in leaked), f"case {case}: {text}"


def try_record(case: int, good: dict, path: Path) -> bool:
    """Whether damaged record number `case` still is one."""
    draw = random.Random(case)
    write(path, text_of(damaged(good, draw), draw), draw)
    try:
        continued.again(files.read_record(path), path.parent, {}, {}).files()
    except ValueError as error:
        sentence(error, case)
        return False
    except Exception as error:
        pytest.fail(f"record {case}: {error!r}")
    return True


def try_values(case: int) -> bool:
    """Whether the random values number `case` make a Recipe."""
    draw = random.Random(case)
    count = draw.choice((1, 1, 2, 4))
    values = {draw.choice(OPTIONS): draw.choice(VALUES) for _ in range(count)}
    try:
        Recipe(**values).to_dict()
    except ValueError as error:
        sentence(error, case)
        return False
    except Exception as error:
        pytest.fail(f"values {case}: {error!r}")
    return True


def run(what: Callable[[int], bool], most: int, seconds: float) -> tuple[int, int]:
    """Tries at most `most` cases for at most so long: how many, and how many good."""
    end, case, good = time.monotonic() + seconds, 0, 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        while case < most and time.monotonic() < end:
            good += what(case)
            case += 1
    return case, good


@pytest.fixture
def records(tmp_path, monkeypatch) -> Callable[[int], bool]:
    monkeypatch.chdir(tmp_path)
    good = sound(Path())
    return lambda case: try_record(case, good, Path("x.png"))


def test_the_sound_record_is_read(tmp_path):
    record = sound(tmp_path)
    with pytest.warns(UserWarning, match="may come out different"):
        chain = continued.again(record, tmp_path, {}, {})
    assert len(chain.links) == 2


def test_a_few_hundred_damaged_records(records):
    tried, good = run(records, 300, 60)
    assert (tried, 0 < good < tried) == (300, True)


def test_a_few_hundred_random_values():
    tried, good = run(try_values, 300, 60)
    assert (tried, 0 < good < tried) == (300, True)


@pytest.mark.slow
def test_damaged_records_for_half_a_minute(records, capsys):
    tried, good = run(records, 10**9, SECONDS)
    with capsys.disabled():
        print(f"\n{tried} damaged records, {good} still sound")
    assert tried > 300


@pytest.mark.slow
def test_random_values_for_half_a_minute(capsys):
    tried, good = run(try_values, 10**9, SECONDS)
    with capsys.disabled():
        print(f"\n{tried} recipes of random values, {good} sound")
    assert tried > 300
