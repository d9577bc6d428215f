"""Tiles: the losses and slopes of a large picture, as if it was seen in one piece."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import stylelab as sl
from stylelab.core import vgg
from stylelab.core.layers import ALIGNED, LAYERS, map_shape, margin
from stylelab.runs import forecast, record, tasks
from stylelab.runs.recipe import recipe_for
from stylelab.runs.run import Run
from stylelab.runs.tiles import InTiles, tiles

F32 = {"precision": "float32"}
SHALLOW = {
    "content_layers": "relu3_1",
    "style_layers": ["relu1_1", "relu2_1", "relu3_1"],
    **F32,
}


def picture(name: str, height: int, width: int) -> torch.Tensor:
    return sl.load(name, max(height, width))[..., :height, :width]


def losses_and_slope(run: Run) -> tuple[dict[str, float], torch.Tensor]:
    """Of a picture that is neither photo nor style."""
    noise = torch.rand(run.start.shape, generator=torch.Generator().manual_seed(0))
    shown = (0.7 * run.start + 0.3 * noise).requires_grad_()
    losses = run.objective.losses(shown, run.network)
    (slope,) = torch.autograd.grad(sum(losses.values()), shown)
    return {name: loss.item() for name, loss in losses.items()}, slope


def assert_same(run: Run, tile: int) -> None:
    losses, slope = losses_and_slope(run)
    found, in_tiles = losses_and_slope(replace(run, tile=tile))
    assert found == pytest.approx(losses, rel=1e-5)
    assert (in_tiles - slope).norm() <= 1e-5 * slope.norm()
    assert (in_tiles - slope).abs().max() <= 1e-4 * slope.abs().max()


def test_the_default_losses_and_slopes_are_those_of_the_whole_picture():
    """Odd sides; the widest margin ends inside of the picture."""
    photo = picture("palace", 226, 263)
    assert_same(sl.transfer(photo, "starry_night", size=226, **F32), 128)


@pytest.mark.parametrize("shape", [(96, 128), (97, 131), (65, 159)])
@pytest.mark.parametrize("statistic", ["gram", "mean_std"])
def test_so_are_they_where_a_side_is_no_multiple_of_the_tile(shape, statistic):
    """In the last case less than a tile is left over on both sides."""
    photo, size = picture("palace", *shape), min(shape)
    options = {"size": size, "statistic": statistic, "smoothness": 0.1, **SHALLOW}
    assert_same(sl.transfer(photo, "starry_night", **options), 32)


def test_so_are_they_under_masks():
    photo, sky = picture("palace", 97, 131), torch.zeros(3, 97, 131)
    sky[:, :41] = 1
    styles = ["starry_night", "great_wave"]
    assert_same(sl.transfer(photo, styles, masks=[sky], size=97, **SHALLOW), 32)


def test_so_are_they_where_only_a_deep_layer_counts():
    """One row or column too many has no cell of it."""
    options = {"size": 129, "style_layers": "relu5_1", **F32}
    assert_same(sl.texture(picture("gravel", 129, 144), **options), 96)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_margin_is_as_wide_as_the_deepest_neuron_sees(layer):
    """In the second of two tiles, whose margin ends inside of the picture."""
    network, around = vgg.load(padding="replicate"), margin([layer])
    shown = picture("brick", around + 64, 32)
    expected = network.features(shown, [layer])[layer]
    found = InTiles(network, around + 32).features(shown, [layer])[layer]
    assert found.shape == expected.shape
    assert (found - expected).abs().max() <= 1e-4 * expected.abs().max()


@settings(deadline=None, max_examples=50)
@given(
    st.tuples(*[st.integers(16, 700)] * 2), st.integers(1, 12), st.sampled_from(LAYERS)
)
def test_tiles_share_a_picture_and_all_its_maps(size, count, layer):
    found = [*tiles(size, count * ALIGNED, [layer])]
    for cells, whole in (
        ([tile.inner for tile in found], size),
        ([tile.of_maps(layer) for tile in found], map_shape(layer, *size)[1:]),
    ):
        covered = torch.zeros(whole)
        for rows, columns in cells:
            covered[rows, columns] += 1
            assert covered[rows, columns].numel() or not covered.numel()
        assert (covered == 1).all()


def test_a_run_in_tiles_makes_the_same_picture():
    options = {"size": 80, "steps": 4, **SHALLOW}
    run = sl.transfer("palace", "brick", **options)
    whole, tiled = (r.result(iter) for r in (run, replace(run, tile=32)))
    assert tiled.history == pytest.approx(whole.history, rel=1e-3)
    assert (tiled.picture - whole.picture).abs().max() < 0.01


def test_a_record_keeps_the_tile_that_was_used_and_recalls_it(monkeypatch):
    """Where memory was short then, and is not now: other tiles are other bits."""
    monkeypatch.setattr(tasks, "choose_tile", lambda *_: 32)
    first = sl.texture("brick", size=48, steps=2, style_layers="relu2_1")
    saved = json.loads(json.dumps(first.record))
    assert (saved["tile"], first.recipe.tile) == (32, 0)
    monkeypatch.undo()
    recipe, sources = record.recall(saved, Path("nowhere"), {}, {})
    again = tasks.prepare(recipe, **sources)
    assert (again.tile, again.record["tile"]) == (32, 32)
    assert torch.equal(again.result(iter).picture, first.result(iter).picture)


def test_tiles_are_chosen_where_the_whole_does_not_fit(monkeypatch):
    def chosen(free: float, masks: int = 0, **options: object) -> int:
        monkeypatch.setattr(forecast, "_free_memory", lambda device: free)
        recipe = recipe_for("transfer", {"size": 2048, **F32} | options)
        return forecast.choose_tile(recipe, pixels, pixels, masks)

    pixels = 2048 * 3072
    recipe = recipe_for("transfer", {"size": 2048})
    whole = forecast.memory(recipe, pixels, torch.float32)
    tiled, least = (
        forecast.memory(recipe, pixels, torch.float32, 0, side) for side in (512, 256)
    )
    assert least < tiled < 0.4 * whole
    assert chosen(whole) == 0
    assert chosen(0.99 * whole) == chosen(tiled) == 512
    assert chosen(0.99 * tiled) == chosen(least) == 256
    assert chosen(whole, tile=1024) == 1024
    with pytest.raises(ValueError, match=r"^size 2048 needs about \d\.\d GiB"):
        chosen(0.99 * least)
    # Other statistics, and masks, are measured in whole maps, and those of the style.
    for options in ({"statistic": "mean_std"}, {"masks": 2}):
        with pytest.raises(ValueError, match="choose a smaller size"):
            chosen(1.1 * tiled, **options)
