"""Every option is checked where it enters, and says what it accepts."""

import dataclasses
import itertools
import json
import math

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from stylelab.core import weights
from stylelab.core.descent import DESCENTS
from stylelab.core.layers import LAYERS
from stylelab.core.spaces import SPACES
from stylelab.core.statistics import STATISTICS
from stylelab.core.words import shown
from stylelab.runs import recipe
from stylelab.runs.recipe import DEFAULTS, ROLES, TASKS, Recipe, fields_of, recipe_for

FIELDS = {spec.name: spec for spec in dataclasses.fields(Recipe)}
SERIES = [name for name, f in FIELDS.items() if "one" in f.metadata]
NUMBERS = {
    name: f.metadata
    for name, f in FIELDS.items()
    if "low" in f.metadata and name not in SERIES
}
WHOLE = [name for name in NUMBERS if isinstance(FIELDS[name].default, int)]
TEXTS = [name for name, f in FIELDS.items() if isinstance(f.default, str)]
CHOICES = [name for name in TEXTS if "or_else" not in FIELDS[name].metadata]
LISTS = ["content_layers", "style_layers"]
# What is no number, or no good one, for any field.
NO_NUMBERS = [
    math.nan,
    math.inf,
    -math.inf,
    -1,
    10**400,
    True,
    False,
    "64",
    "many",
    None,
    [64],
    1j,
]


def refused(name: str, value: object) -> str:
    """The message about a value that `name` does not accept; it names both."""
    with pytest.raises(ValueError, match=name) as caught:
        Recipe(**{name: value})
    message = str(caught.value)
    assert message.startswith(f"{name} is {shown(value)}: ")
    assert "\n" not in message
    return message


def test_every_field_is_checked_here():
    assert {*NUMBERS, *TEXTS, *LISTS, *SERIES} == set(FIELDS)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", NO_NUMBERS)
def test_a_number_has_to_be_one(name, value):
    message = refused(name, value)
    assert "accepted is a" in message
    assert f"{NUMBERS[name]['low']} to" in message


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_has_to_be_in_its_range(name):
    low, high = NUMBERS[name]["low"], NUMBERS[name]["high"]
    refused(name, low - 1)
    refused(name, high + 1)
    # Six levels from 512 px end at 16 px, which the deepest layer just sees.
    assert getattr(Recipe(**{"size": 512, name: high}), name) == high
    if name != "size":  # whose least value depends on the layers
        assert getattr(Recipe(**{name: low}), name) == low


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("wrong", [*NO_NUMBERS, 1, (1, -1), (1, "1"), {1: 2}, b"12"])
def test_a_series_has_to_be_one_of_numbers(name, wrong):
    if wrong == [64]:
        return
    message = refused(name, wrong)
    assert "accepted are numbers from 0 to 1e+06, one for each style" in message


@pytest.mark.parametrize("name", SERIES)
def test_a_tensor_of_one_number_is_no_series(name):
    refused(name, torch.tensor(3))
    assert "one for each" in refused(name, np.ones((2, 2)))
    count = len(recipe.STYLE_LAYERS)
    assert getattr(Recipe(**{name: np.ones(count)}), name) == (1,) * count


@pytest.mark.parametrize("name", FIELDS)
def test_a_long_wrong_value_is_cut(name):
    for wrong in ("x" * 10_000, ["x" * 10_000], 10**5000, {"a": ["b"] * 10_000}):
        if name not in ("start", "weights") or not isinstance(wrong, str):
            with pytest.raises(ValueError, match=name) as caught:
                Recipe(**{name: wrong})
            assert len(str(caught.value)) < 320


@pytest.mark.parametrize("name", SERIES)
def test_not_all_of_a_series_may_be_zero(name):
    assert "not all of them 0" in refused(name, (0, 0.0, 0))
    assert getattr(Recipe(**{name: [np.int64(0), 2, 0, 0, 0]}), name) == (0, 2, 0, 0, 0)
    assert getattr(Recipe(**{name: []}), name) == ()


@pytest.mark.parametrize("count", [1, 4, 6])
def test_every_style_layer_needs_its_weight(count):
    with pytest.raises(ValueError, match=r"layer_weights is .* one number for each"):
        Recipe(layer_weights=[1] * count)
    Recipe(layer_weights=[1] * count, style_weight=0)
    recipe_for("texture", {"layer_weights": [3], "style_layers": "relu1_1"})


def test_a_style_layer_without_weight_is_left_out():
    chosen = Recipe(layer_weights=(0, 2, 0, 0, 0.5), content_weight=0)
    assert chosen.style_strengths == {"relu2_1": 0.8, "relu5_1": 0.2}  # shares
    assert chosen.layers == ("relu2_1", "relu5_1")
    absolute = dataclasses.replace(chosen, losses="absolute")
    assert absolute.style_strengths == {"relu2_1": 2, "relu5_1": 0.5}
    assert Recipe().style_strengths == dict.fromkeys(recipe.STYLE_LAYERS, 0.2)
    assert Recipe(content_layers=["relu4_2", "pool3"]).content_strengths == {
        "relu4_2": 0.5,
        "pool3": 0.5,
    }
    assert recipe_for("reconstruct", {}).style_strengths == {}


def test_a_brush_has_to_leave_the_style_something():
    with pytest.raises(ValueError, match=r"brush, is 12 px, but relu5_1 needs"):
        Recipe(size=48, brush=0.25)
    assert Recipe(size=48, brush=0.25, style_layers="relu4_1").style_size == 12
    assert Recipe(size=100, brush=2.5).style_size == 250


@pytest.mark.parametrize("value", [0, 10**6])
def test_a_size_of_nothing_or_a_million_is_refused(value):
    assert refused("size", value).endswith("is a whole number from 16 to 16384")


def test_large_whole_numbers_are_written_out():
    assert refused("seed", 2**31).endswith("from 0 to 2147483647")


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_number_has_no_fraction(name):
    assert "a whole number" in refused(name, 64.5)
    high = NUMBERS[name]["high"]
    value = getattr(Recipe(**{"size": 512, name: float(high)}), name)
    assert (value, type(value)) == (high, int)


@pytest.mark.parametrize("number", [np.int64(64), np.float32(64), np.uint8(64)])
def test_numbers_of_numpy_become_plain_ones(number):
    chosen = Recipe(size=number, style_weight=number)
    assert (type(chosen.size), type(chosen.style_weight)) == (int, float)
    assert json.loads(json.dumps(chosen.to_dict()))["size"] == 64


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("value", [3, None, True, math.nan, ["noise"], "", b"noise"])
def test_a_text_has_to_be_one(name, value):
    message = refused(name, value)
    for choice in FIELDS[name].metadata["choices"]:
        assert choice in message


@pytest.mark.parametrize("name", CHOICES)
def test_a_choice_has_to_be_one_of_those_listed(name):
    for choice in FIELDS[name].metadata["choices"]:
        chosen = Recipe(**{"start": "noise", name: choice})
        assert getattr(chosen, name) == choice
        assert choice in refused(name, choice + "s")
        refused(name, choice.upper())


@pytest.mark.parametrize("name", LISTS)
def test_layers_have_to_be_some_of_the_networks(name):
    assert "name at least one" in refused(name, ())
    assert "nearest: relu4_2" in refused(name, ("relu1_1", "RELU4_2"))
    for wrong in (3, None, [3], [None], [("relu1_1",)], ""):
        refused(name, wrong)
    assert getattr(Recipe(**{name: "pool1"}), name) == ("pool1",)
    assert getattr(Recipe(**{name: ["pool1"] * 2}), name) == ("pool1",)


def test_the_size_has_to_leave_the_deepest_layer_something():
    with pytest.raises(ValueError, match="size is 16 px, but pool5 needs at least 32"):
        Recipe(size=16, content_layers=["pool5", "relu1_1"])
    assert Recipe(size=16).size == 16
    assert Recipe(size=16, content_layers=["pool5"], content_weight=0).size == 16
    recipe_for("texture", {"size": 16, "style_layers": ["relu1_1"]})


@given(st.integers(512, 16_384), st.integers(1, 10_000), st.integers(0, 6))
@example(767, 1, 0)  # whose half is 384, when it is rounded
def test_sizes_double_and_steps_halve_from_level_to_level(size, steps, levels):
    chosen = Recipe(size=size, steps=steps, levels=levels)
    sizes, counts = zip(*chosen.stages, strict=True)
    assert len(sizes) == levels or levels == 0
    assert (sizes[-1], counts[0]) == (size, steps)
    assert levels or recipe.LARGE / 2 <= sizes[0] < recipe.LARGE
    for small, large in itertools.pairwise(sizes):
        assert abs(large - 2 * small) <= 1
    for more, fewer in itertools.pairwise(counts):
        assert fewer >= 1
        assert abs(more - 2 * fewer) <= 2


@given(st.integers(16, recipe.LARGE - 1))
def test_a_small_picture_has_one_level(size):
    assert Recipe(size=size).stages == ((size, 100),)


def test_the_first_level_has_to_leave_the_deepest_layer_something():
    first = "^the size of the first level is 25 px, but pool5 needs at least 32"
    with pytest.raises(ValueError, match=first):
        Recipe(size=100, levels=3, style_layers=["pool5"])
    with pytest.raises(ValueError, match="first would have 12 px: accepted are"):
        Recipe(size=100, levels=4, style_layers=["pool1"], content_weight=0)


@pytest.mark.parametrize(
    ("layer", "wrong", "least"), [("relu5_1", 64, 96), ("relu1_1", 16, 32)]
)
def test_a_tile_has_to_be_aligned_and_as_wide_as_its_margin(layer, wrong, least):
    options = {"content_layers": layer, "style_weight": 0}
    for tile in (wrong, least + 1):
        with pytest.raises(
            ValueError, match=f"^tile is {tile}: .* from {least} .*{layer}"
        ):
            Recipe(tile=tile, **options)
    assert Recipe(tile=least, **options).tile == least


@pytest.mark.parametrize("statistic", [s for s in recipe.STATISTICS if s != "gram"])
def test_absolute_losses_are_of_gram_matrices_alone(statistic):
    with pytest.raises(ValueError, match=f"not of {statistic}: choose losses=relative"):
        Recipe(losses="absolute", statistic=statistic)


@pytest.mark.parametrize(
    ("task", "weights"),
    [
        ("transfer", {"content_weight": 0, "style_weight": 0}),
        ("texture", {"style_weight": 0}),
        ("reconstruct", {"content_weight": 0}),
    ],
)
def test_something_has_to_be_minimised(task, weights):
    with pytest.raises(ValueError, match="nothing to minimise: every weight is zero"):
        recipe_for(task, weights)
    assert recipe_for(task, {**weights, "smoothness": 1}).layers == ()


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("start", [*recipe.STARTS, "mine.png"])
def test_a_run_starts_from_a_picture_that_it_has(task, start):
    if start in {*recipe.STARTS} - {*recipe.starts_of(task)}:
        with pytest.raises(ValueError, match=f"^start is '{start}', but {task} has no"):
            recipe_for(task, {"start": start})
    else:
        assert recipe_for(task, {"start": start}).start == start


def test_every_choice_exists():
    def choices(name: str) -> set[str]:
        return set(FIELDS[name].metadata["choices"])

    assert choices("statistic") == set(STATISTICS)
    assert choices("optimizer") == set(DESCENTS)
    assert choices("space") == set(SPACES)
    assert choices("weights") == set(weights.SOURCES)
    assert choices("task") == set(TASKS) == set(DEFAULTS)


def test_every_field_has_help_in_one_line():
    for spec in FIELDS.values():
        assert spec.metadata["help"]
        assert "\n" not in spec.metadata["help"]


@st.composite
def recipes(draw) -> Recipe:
    options = {"task": draw(st.sampled_from(TASKS))}
    layers = st.lists(st.sampled_from(LAYERS), min_size=1, unique=True)
    for name, spec in fields_of(options["task"]).items():
        limits, low, high = spec.metadata, *map(spec.metadata.get, ("low", "high"))
        if name in LISTS:
            options[name] = draw(layers)
        elif name in SERIES:
            one = st.floats(1e-3, high)
            count = len(options["style_layers"]) if name == "layer_weights" else 3
            options[name] = draw(st.just(()) | st.tuples(*[one] * count))
        elif name in WHOLE:
            # Enough for the deepest layer at the first of six levels; a tile fits it.
            low = {"size": 4096, "tile": 5}.get(name, low)
            number = st.integers(low, 128 if name == "tile" else high)
            options[name] = draw(number) * (32 if name == "tile" else 1)
        elif name in NUMBERS:
            options[name] = draw(st.floats(low + 1e-3, high))
        elif name == "start":
            options[name] = draw(st.sampled_from(["noise", *ROLES[options["task"]]]))
        elif name != "task":
            options[name] = draw(st.sampled_from(limits["choices"]))
    if options["losses"] == "absolute" and "statistic" in options:
        options["statistic"] = "gram"
    return Recipe(**options)


@given(recipes())
def test_a_recipe_survives_json(chosen):
    options = json.loads(json.dumps(chosen.to_dict()))
    assert recipe_for(options.pop("task"), options) == chosen


@pytest.mark.parametrize("task", TASKS)
def test_a_recipe_only_tells_what_its_task_uses(task):
    assert DEFAULTS[task].to_dict().keys() == fields_of(task).keys()
    assert DEFAULTS[task].task == task


def test_a_texture_has_no_content_and_a_reconstruction_no_style():
    assert not [name for name in fields_of("texture") if "content" in name]
    assert not [name for name in fields_of("reconstruct") if "style" in name]
    assert "statistic" not in fields_of("reconstruct")


@pytest.mark.parametrize(
    ("task", "wrong", "near"),
    [
        ("transfer", "style_wieght", "style_weight"),
        ("transfer", "lr", None),
        ("texture", "content_weight", "style_weight"),
        ("reconstruct", "style_layers", "content_layers"),
        ("reconstruct", "stps", "steps"),
        ("texture", "task", None),
    ],
)
def test_an_option_that_a_task_does_not_use_is_refused(task, wrong, near):
    with pytest.raises(TypeError, match=f"{task} has no option '{wrong}'") as caught:
        recipe_for(task, {wrong: 1})
    hint = f"; did you mean {near}? (" if near else f"'{wrong}' ("
    assert hint in str(caught.value)
    assert ", ".join(list(fields_of(task))[1:]) in str(caught.value)


def test_a_recipe_is_frozen_and_can_be_a_key():
    chosen = Recipe(size=64)
    with pytest.raises(dataclasses.FrozenInstanceError):
        chosen.size = 128
    assert {chosen: 1}[Recipe(size=64, content_layers=["relu4_2"])] == 1


@pytest.mark.parametrize(
    ("number", "text"), [(16, "16"), (2**31 - 1, "2147483647"), (1e12, "1e+12")]
)
def test_numbers_are_written_short(number, text):
    assert recipe.in_digits(number) == text
