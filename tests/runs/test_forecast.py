"""Forecasts grow as they should; no fast test depends on how fast this machine is."""

import dataclasses
import itertools
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import forecasts
from stylelab.core.layers import LAYERS
from stylelab.core.style_transfer import Step
from stylelab.runs import device, tasks
from stylelab.runs import forecast as forecasting
from stylelab.runs.forecast import Forecast, choose_tile, forecast, memory
from stylelab.runs.recipe import STYLE_LAYERS, TASKS, recipe_for
from stylelab.runs.run import Run

F32, BF16 = torch.float32, torch.bfloat16
SOME_KINDS = (  # of benchmarks.forecasts: once 12 times too short, half the memory
    "reconstruct, relu1_1",
    "reconstruct, 5 layers",
    "transfer, sorted",
    "transfer, brush 4",
)
PIXELS = st.integers(16**2, 500**2)  # above, nine times as many have a short history


@pytest.fixture(scope="module")
def run() -> Run:
    return tasks.transfer("palace", "brick", size=64, steps=10)


@given(PIXELS, st.integers(2, 9), st.sampled_from(TASKS), st.sampled_from([F32, BF16]))
def test_memory_is_proportional_to_the_pixels(pixels, factor, task, precision):
    recipe = recipe_for(task, {})
    small, large = (memory(recipe, n, precision) for n in (pixels, factor * pixels))
    assert small > 0
    assert large == pytest.approx(factor * small)


@pytest.mark.parametrize("task", TASKS)
def test_bfloat16_needs_less_than_float32_and_more_than_half(task):
    recipe = recipe_for(task, {})
    assert 0.5 < memory(recipe, 1, BF16) / memory(recipe, 1, F32) < 0.8


def test_memory_grows_with_what_is_kept():
    def need(**options: object) -> float:
        return memory(recipe_for("transfer", options), 256**2, F32)

    assert need(style_weight=0) < need() < need(content_layers=["relu4_2", "pool5"])
    assert need(optimizer="adam") < need(steps=2) < need(steps=9) < need()
    assert need(losses="absolute") < need() < need(statistic="sliced_wasserstein")


@given(st.sets(st.sampled_from(LAYERS), min_size=1), st.sampled_from(LAYERS))
def test_one_more_layer_never_needs_less_memory(layers, more):
    for task, kind in (("reconstruct", "content_layers"), ("texture", "style_layers")):
        one, other = (
            recipe_for(task, {kind: sorted(some)}) for some in (layers, layers | {more})
        )
        assert memory(one, 256**2, F32) <= memory(other, 256**2, F32)


def test_an_8_gb_laptop_is_refused_before_a_run_and_not_killed_in_it(monkeypatch):
    """Five content layers at 1024 px need 7 GiB and more; 3.5 were once foretold."""
    monkeypatch.setattr(forecasting, "_free_memory", lambda device: 5 * 2**30)
    options = {"size": 1024, "content_layers": STYLE_LAYERS, "precision": "float32"}
    recipe = recipe_for("reconstruct", options)
    assert memory(recipe, 1024 * 1536, F32) > 7 * 2**30
    with pytest.raises(
        ValueError, match=r"^size 1024 needs about \d\.\d GiB of memory"
    ):
        choose_tile(recipe, 1024 * 1536)
    sorts = {"size": 1024, "statistic": "sliced_wasserstein", "precision": "float32"}
    with pytest.raises(
        ValueError, match=r"^size 1024 needs about \d\.\d GiB of memory"
    ):
        choose_tile(recipe_for("texture", sorts), 1024 * 1536, 1024 * 1536)


def clock(monkeypatch, per_pixel: float, at_least: float) -> None:
    """A machine that takes exactly this many seconds for an evaluation."""
    monkeypatch.setattr(
        forecasting,
        "_seconds_per_step",
        lambda run, side: at_least + per_pixel * side**2,
    )
    monkeypatch.setattr(forecasting, "FORWARD", 0.0)  # see the tests of goals


def bytes_kept(run: tasks.Run) -> int:
    """Bytes that autograd keeps for the gradient of one evaluation of `run`."""
    stores: dict[int, torch.UntypedStorage] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        stores[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage()
        return tensor

    picture = run.start.clone().requires_grad_()
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        loss = sum(run.objective.losses(picture, run.network).values())
    assert loss > 0
    return sum(store.nbytes() for store in stores.values())


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_under_masks_the_style_layers_are_kept_once_more_for_each(
    monkeypatch, precision
):
    """As much as autograd really keeps, but for the Gram matrices themselves."""
    clock(monkeypatch, 1e-6, 0.1)
    bands, styles = torch.arange(427)[:, None].repeat(1, 640) // 150, []
    layers = ["relu1_1", "relu2_1"]
    options = {"size": 128, "precision": precision, "style_layers": layers}
    measured, predicted = [], []
    for style in ("brick", "gravel", "great_wave"):
        styles.append(style)
        count = len(styles) if len(styles) > 1 else 0
        masks = [(bands.clamp(max=count - 1) == i).numpy() for i in range(count)]
        run = tasks.transfer("palace", styles, masks=masks or None, **options)
        measured.append(bytes_kept(run))
        predicted.append(forecast(run).bytes)
    for count in (1, 2):
        grown = measured[count] - measured[0]
        assert predicted[count] - predicted[0] == pytest.approx(grown, rel=0.1)


def test_at_512_pixels_it_is_about_a_gigabyte():
    """Every feature map of a 512 x 512 picture to relu5_1 takes 0.5 GiB in float32."""
    assert 0.5 < memory(recipe_for("transfer", {}), 512**2, F32) / 2**30 < 1.5


def test_a_forecast_is_measured_in_a_moment(run):
    predicted = forecast(run)
    assert predicted.seconds > 0
    height, width = run.start.shape[-2:]
    expected = memory(run.recipe, height * width, run.network.dtype)
    assert predicted.bytes == expected


@pytest.mark.parametrize("at_least", [0.0, 0.25])
@pytest.mark.parametrize("size", [64, 200])
def test_seconds_are_those_of_a_machine_whose_cost_is_linear(
    monkeypatch, at_least, size
):
    clock(monkeypatch, 1e-5, at_least)
    run = tasks.texture("brick", size=size, steps=20, style_layers=["relu1_1"])
    height, width = run.start.shape[-2:]
    expected = 20 * (at_least + 1e-5 * height * width)
    assert forecast(run).seconds == pytest.approx(expected)


def test_seconds_are_proportional_to_the_steps(run, monkeypatch):
    clock(monkeypatch, 1e-6, 0.1)
    longer = dataclasses.replace(run.recipe, steps=70)
    seconds = [forecast(run).seconds]
    seconds.append(forecast(dataclasses.replace(run, recipe=longer)).seconds)
    assert seconds[1] == pytest.approx(7 * seconds[0])


def test_a_busy_machine_makes_no_forecast_negative(run, monkeypatch):
    """Where the small evaluation happened to be the slower one."""
    times = itertools.cycle([2.0, 1.0])
    monkeypatch.setattr(forecasting, "_seconds_per_step", lambda run, side: next(times))
    monkeypatch.setattr(forecasting, "FORWARD", 0.0)
    assert forecast(run).seconds == pytest.approx(10 * 1.0)


def test_a_run_without_a_network_has_a_forecast_too():
    options = {"style_weight": 0, "smoothness": 1, "size": 32}
    assert forecast(tasks.texture("brick", **options)).seconds > 0


@pytest.mark.parametrize(
    ("seconds", "gib", "text"),
    [
        (0.01, 0.001, "about 1 s and 0.1 GiB of memory"),
        (59.4, 1, "about 59 s and 1.0 GiB of memory"),
        (59.9, 1.26, "about 1 min 0 s and 1.3 GiB of memory"),
        (754, 12, "about 12 min 34 s and 12.0 GiB of memory"),
        (7_400, 0.5, "about 2 h 3 min and 0.5 GiB of memory"),
    ],
)
def test_a_forecast_reads_well(seconds, gib, text):
    assert str(Forecast(seconds, gib * 2**30)) == text


def test_a_run_is_refused_where_it_needs_more_than_is_free(monkeypatch):
    recipe = recipe_for("transfer", {"size": 512, "precision": "float32"})
    need = memory(recipe, 512 * 700, F32, tile=256)
    monkeypatch.setattr(forecasting, "_free_memory", lambda device: need)
    assert choose_tile(recipe, 512 * 700) == 256
    with pytest.raises(ValueError, match=r"^size 512 needs about \d\.\d GiB of memory"):
        choose_tile(recipe, 512 * 710)


def test_a_large_brush_needs_memory_for_its_painting(monkeypatch):
    recipe = recipe_for("transfer", {"size": 64, "brush": 4, "precision": "float32"})
    monkeypatch.setattr(forecasting, "_free_memory", lambda device: 10**9)
    assert choose_tile(recipe, 64**2, style_pixels=10**6) == 0
    # A Gram matrix is a sum over places: a larger painting is measured in tiles.
    assert choose_tile(recipe, 64**2, style_pixels=2 * 10**6) > 0
    whole = dataclasses.replace(recipe, statistic="mean_std")
    choose_tile(whole, 64**2, style_pixels=10**6)
    with pytest.raises(ValueError, match="choose a smaller size or brush"):
        choose_tile(whole, 64**2, style_pixels=2 * 10**6)


@pytest.mark.parametrize("native", [True, False])
def test_the_precision_of_this_machine_counts(monkeypatch, native):
    chosen = "bfloat16" if native else "float32"
    monkeypatch.setattr(device, "default_precision", lambda device: chosen)
    recipe = recipe_for("texture", {})
    need = memory(recipe, 256**2, BF16)
    monkeypatch.setattr(forecasting, "_free_memory", lambda device: 1.01 * need)
    if native:
        choose_tile(recipe, 256**2)
    else:
        with pytest.raises(ValueError, match="choose a smaller size"):
            choose_tile(recipe, 256**2)


def test_the_free_memory_of_this_machine_is_known():
    assert 0 < forecasting._free_memory("cpu") < 2**50


def ticking(seconds_of_a_step, tick: float):
    """Steps that take so long, and a clock that shows only whole ticks."""
    now = 0.004

    def steps():
        nonlocal now
        while True:
            now += seconds_of_a_step
            yield None

    return steps(), lambda: now if not tick else now // tick * tick


@given(st.floats(5e-4, 2.0), st.sampled_from([0.0, 1e-7, 1 / 64]))
def test_a_clock_that_seldom_ticks_is_read_often_enough(seconds, tick):
    """Windows counts a thread's time in steps of 1/64 s."""
    found = forecasting._seconds_each(*ticking(seconds, tick))
    assert found == pytest.approx(seconds, rel=0.13)


def test_a_clock_that_stands_still_ends_the_steps_that_were_given():
    none = forecasting._seconds_each(iter([None] * 5), lambda: 1.0)
    assert none == 0.0
    assert forecasting._seconds_each(iter([]), lambda: 1.0) == 0.0


@pytest.mark.parametrize("tick", [0.0, 1 / 64])
@pytest.mark.parametrize("per_pixel", [2e-7, 1e-6, 2e-5])
def test_a_forecast_is_right_on_a_simulated_machine(monkeypatch, tick, per_pixel):
    """Only its clock and its steps are simulated, not how it times them."""
    now = 0.0

    def minimise(objective, start, network, steps, space, descent):
        nonlocal now
        for index in range(1, steps + 1):
            now += 1e-3 + per_pixel * start[0, 0].numel()
            yield Step(index, steps, {}, start)

    monkeypatch.setattr(forecasting, "minimise", minimise)
    clock = SimpleNamespace(thread_time=lambda: now // tick * tick if tick else now)
    monkeypatch.setattr(forecasting, "time", clock)
    run = tasks.texture("brick", size=256, steps=300, style_layers=["relu1_1"])
    pixels = run.start[0, 0].numel()
    expected = 300 * (1e-3 + per_pixel * pixels)
    assert forecast(run).seconds == pytest.approx(expected, rel=0.3)
    assert now < 2.5  # simulated seconds


def timed(run: Run, monkeypatch) -> tuple:
    """What the loop is asked to do while `run` is timed at 32 pixels."""
    asked = []

    def minimise(*words):
        asked.append(words)
        return real(*words)

    real = forecasting.minimise
    monkeypatch.setattr(forecasting, "minimise", minimise)
    assert forecasting._seconds_per_step(run, 32) > 0
    return asked[0]


@pytest.mark.parametrize("masks", [None, [np.arange(427)[:, None] < [200] * 640]])
@pytest.mark.parametrize(
    "options",
    [
        {"statistic": "mean_std", "smoothness": 1.0},
        {"space": "pixels", "colors": "luminance", "optimizer": "adam"},
        {"losses": "absolute", "start": "style"},
    ],
)
def test_what_is_timed_is_the_run_itself_on_noise(monkeypatch, masks, options):
    """Sorted numbers, such as those of a single grey, are sorted too fast."""
    if masks and "statistic" in options:
        options = {"smoothness": 1.0}
    styles = ["brick", "gravel"]
    run = tasks.transfer("palace", styles, masks=masks, size=48, steps=8, **options)
    objective, start, network, _, space, _ = timed(run, monkeypatch)
    own, shown = run.objective.terms, objective.terms
    assert [(t.name, t.layer, t.weight > 0) for t in own] == [
        (t.name, t.layer, t.weight > 0) for t in shown
    ]
    assert network is run.network
    z = space.encode(start)
    in_waves, alone = run.recipe.space == "spectrum", run.recipe.colors == "luminance"
    assert z.ndim == (5 if in_waves else 4)
    assert z.shape[1] == (1 if alone else 3)
    assert start.std() > 0.2
    assert start.flatten().sort().values.ne(start.flatten()).any()


@pytest.mark.parametrize(("steps", "pairs"), [(1, 0), (2, 0), (5, 2), (100, 18)])
def test_the_history_is_as_full_as_that_of_the_run(monkeypatch, steps, pairs):
    run = tasks.texture("brick", size=32, steps=steps, style_layers=["relu1_1"])
    _, start, *_, space, descent = timed(run, monkeypatch)
    assert len(descent.pairs) == pairs
    z = space.encode(start)
    assert descent.next(z, 1.0, torch.ones_like(z)) is z


def test_the_goals_are_seen_before_the_first_step(monkeypatch):
    clock(monkeypatch, 1e-5, 0.25)
    options = {"size": 48, "steps": 3, "style_layers": "relu1_1"}
    runs = [tasks.texture("brick", brush=brush, **options) for brush in (1, 4)]
    before = [forecast(run) for run in runs]
    monkeypatch.setattr(forecasting, "FORWARD", 0.5)
    for run, old in zip(runs, before, strict=True):
        style_pixels = run.inputs.styles[0][0, 0].numel()
        more = forecast(run).seconds - old.seconds
        assert more == pytest.approx(0.5 * (0.25 + 1e-5 * style_pixels))


def test_the_words_before_a_run_count_a_large_painting(monkeypatch):
    """As the check before it does."""
    run = tasks.texture("brick", size=64, steps=2, brush=4, precision="float32")
    clock(monkeypatch, 1e-5, 0.25)
    told = forecast(run).bytes
    assert told > 760 * run.inputs.styles[0][0, 0].numel()
    style_pixels = run.inputs.styles[0][0, 0].numel()
    monkeypatch.setattr(forecasting, "_free_memory", lambda device: told)
    assert choose_tile(run.recipe, run.start[0, 0].numel(), style_pixels) == 0
    monkeypatch.setattr(forecasting, "_free_memory", lambda device: told - 1)
    with pytest.raises(ValueError, match="choose a smaller size or brush"):
        choose_tile(run.recipe, run.start[0, 0].numel(), style_pixels)


def test_tiles_cost_their_margins():
    run = tasks.texture("brick", size=96, steps=2, style_layers=["relu2_1"])
    height, width = run.inputs.shape
    assert forecasting._seen(run) == height * width
    seen = [forecasting._seen(dataclasses.replace(run, tile=n)) for n in (32, 64, 160)]
    assert seen[0] > seen[1] > seen[2] == height * width
    # In the middle of 96 x 96 pixels, a tile of 32 sees all of them; others see less.
    assert seen[0] <= 9 * height * width


@pytest.mark.slow
@pytest.mark.parametrize("kind", SOME_KINDS)
def test_a_forecast_is_within_30_percent_of_what_is_seen(kind):
    """With one thread, in a process of its own; `python -m benchmarks.forecasts`."""
    _, _, told, seen = forecasts.in_own_process(kind)
    assert told / seen == pytest.approx(1, abs=0.3)
