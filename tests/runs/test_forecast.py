"""Forecasts grow as they should; nothing here depends on how fast this machine is."""

import dataclasses
import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stylelab.runs import device, tasks
from stylelab.runs import forecast as forecasting
from stylelab.runs.forecast import Forecast, choose_tile, forecast, memory
from stylelab.runs.recipe import TASKS, recipe_for
from stylelab.runs.run import Run

F32, BF16 = torch.float32, torch.bfloat16
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

    assert need(style_weight=0) < need() < need(content_layers=["pool5"])
    assert need(optimizer="adam") < need(optimizer="lbfgs")


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
def test_under_masks_the_style_layers_are_kept_once_more_for_each(precision):
    """As much as autograd really keeps, but for the Gram matrices themselves."""
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


def clock(monkeypatch, per_pixel: float, at_least: float) -> None:
    """A machine that takes exactly this many seconds for an evaluation."""
    monkeypatch.setattr(
        forecasting,
        "_seconds_per_step",
        lambda run, side: at_least + per_pixel * side**2,
    )


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
    recipe = recipe_for("transfer", {"size": 64, "brush": 4})
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


def test_what_is_timed_is_no_single_grey():
    """A statistic that sorts would take it for sorted already: half the time."""
    timed = []

    class Net:
        def features(self, picture, layers):
            timed.append(picture.detach())
            return {"relu1_1": picture}

    forecasting._evaluate(Net(), ("relu1_1",), lambda maps: maps, 16)
    assert timed[0].std() > 0.2
    assert timed[0].sort().values.ne(timed[0]).any()
