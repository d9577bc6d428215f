"""Sizes from coarse to fine: one run, whose pictures are all of the result's size."""

from dataclasses import replace
from itertools import islice

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import stylelab as sl
from stylelab.core.descent import HISTORY
from stylelab.runs.cost import StepTime
from stylelab.runs.inputs import Inputs
from stylelab.runs.recipe import Recipe
from stylelab.runs.run import Run, Tally, history_of
from stylelab.runs.starts import resized

TWO = {"size": 64, "steps": 4, "levels": 2, "style_layers": ["relu1_1", "relu2_1"]}


def test_steps_count_through_and_show_the_results_size():
    run = sl.texture("great_wave", **TWO)
    steps = [*run]
    assert [step.index for step in steps] == [1, 2, 3, 4, 5, 6]
    assert {step.total for step in steps} == {len(run)} == {6}
    assert [step.level for step in steps] == [0, 0, 0, 0, 1, 1]
    assert {step.picture.shape for step in steps} == {run.start.shape}
    assert min(run.start.shape[2:]) == 64


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_two_levels_are_made_again_bit_for_bit(precision):
    first, second = (
        sl.texture("brick", precision=precision, **TWO).result(iter) for _ in range(2)
    )
    assert torch.equal(first.picture, second.picture)
    assert first.history == second.history
    assert first.finished
    assert first.record["steps"] == first.record["steps_run"] == 6


def test_the_best_picture_is_of_the_finest_level_that_was_reached():
    run = sl.texture("brick", **TWO)
    tally = Tally(run)
    # Losses of two levels cannot be compared: here those of the first are lower.
    for step in tally.follow(replace(s, losses={"all": s.index}) for s in run):
        assert tally.best.level == step.level
    assert tally.best.index == 5


def test_a_stop_in_the_first_level_keeps_a_whole_picture(tmp_path):
    run = sl.texture("brick", **TWO)
    result = run.result(lambda run: islice(run, 3))
    assert result.picture.shape == run.start.shape
    assert not result.finished
    assert (result.record["steps_run"], result.record["steps"]) == (3, 6)


def test_a_first_level_is_a_run_of_half_the_size():
    """And the second goes on from its best picture, enlarged."""
    coarse, fine = sl.texture("brick", **TWO).levels()
    assert coarse.recipe.size == 32
    assert coarse.objective.layers == fine.objective.layers
    alone = coarse.result(iter)
    both = [*fine]
    assert [step.loss for step in both[:4]] == list(alone.history)
    enlarged = resized(alone.picture, *fine.inputs.shape)
    gone_on = next(fine._descend(enlarged, 1))
    assert gone_on.loss == pytest.approx(both[4].loss, rel=1e-4)


@settings(deadline=None, max_examples=30)
@given(st.tuples(*[st.integers(16, 71)] * 2), st.integers(1, 3), st.integers(0, 2**32))
def test_halved_pictures_have_half_the_sides_and_masks_share_them(shape, count, seed):
    draws = torch.Generator().manual_seed(seed)
    owner = torch.randint(count, (1, 1, *shape), generator=draws)
    masks = tuple((owner == number).float() for number in range(count))
    photo = torch.rand(1, 3, *shape, generator=draws)
    styles = (photo[..., :33, :],) * count
    whole = Inputs(shape, photo, styles, masks, (1 / count,) * count)
    half = whole.halved()
    assert half.photo.shape[2:] == half.shape
    for side, before in zip(half.shape, shape, strict=True):
        assert abs(side - before / 2) <= 0.5
    assert torch.equal(sum(half.masks), torch.ones(1, 1, *half.shape))
    assert {value.item() for m in half.masks for value in m.unique()} <= {0, 1}
    assert half.styles[0].shape[2:] == tuple(
        round(n / 2) for n in whole.styles[0].shape[2:]
    )


def test_a_region_that_a_first_level_cannot_see_is_said_before_the_run():
    """A line of one pixel, which is gone in half the size."""
    line = torch.zeros(3, 427, 640)
    line[:, 8:16] = 1
    options = {**TWO, "levels": 3}
    with pytest.raises(ValueError, match="covers nothing that relu1_1 sees"):
        sl.transfer("palace", ["brick", "gravel"], masks=[line], **options)


@given(st.integers(1, 10_000**2))
def test_the_history_of_large_pictures_is_shorter(pixels):
    assert 4 <= history_of(pixels) <= HISTORY
    assert history_of(2 * pixels) <= history_of(pixels)
    assert pixels > 2_500_000 or history_of(pixels) == HISTORY


def test_a_forecast_adds_up_all_levels():
    recipe = Recipe(size=1024, steps=40)
    assert recipe.stages == ((256, 40), (512, 20), (1024, 10))
    cost = StepTime(fixed=3.0, per_pixel=1e-3)
    pixels = 1024 * 1536
    expected = 70 * 3 + 1e-3 * pixels * (40 / 16 + 20 / 4 + 10)
    assert cost.of_run(recipe, pixels) == pytest.approx(expected)


def test_levels_are_runs_of_their_own():
    runs = sl.texture("brick", **TWO).levels()
    assert all(isinstance(run, Run) for run in runs)
    assert [min(run.inputs.shape) for run in runs] == [32, 64]
