"""The three verbs: what they start from, what they match and what they return."""

import itertools

import pytest
import torch

import stylelab as sl
from stylelab.core.descent import LBFGS
from stylelab.core.errors import Diverged
from stylelab.pictures.files import read_record
from stylelab.runs import forecast as forecasting
from stylelab.runs import starts, tasks
from stylelab.runs.recipe import Recipe

SMALL = {"size": 48, "steps": 3}


def test_the_targets_have_no_loss_at_the_target_itself():
    exact = {"precision": "float32", "space": "pixels", **SMALL}
    first = next(iter(sl.reconstruct("cat", start="photo", **exact)))
    assert first.loss == pytest.approx(0, abs=1e-6)
    first = next(iter(sl.texture("gravel", start="style", **exact)))
    assert first.loss == pytest.approx(0, abs=1e-3)


def test_the_first_step_shows_the_photo_itself():
    """Paper is white and ink is black; absolute losses start as they always did."""
    drawing = torch.ones(1, 3, 48, 60)
    drawing[..., 20:24, :] = 0
    first = next(iter(sl.transfer(drawing, "brick", **SMALL)))
    assert (255 * (first.picture - drawing)).abs().max() <= 2
    first = next(iter(sl.transfer(drawing, "brick", losses="absolute", **SMALL)))
    assert [first.picture.min(), first.picture.max()] == pytest.approx([0.1, 0.9])


def test_line_art_is_painted_over():
    """And ends as near to what was asked for as from a squeezed photo: 3.2 was seen."""
    drawing = torch.ones(1, 3, 48, 72)
    for column in range(5, 65, 12):
        drawing[..., 4:44, column : column + 2] = 0
    result = sl.transfer(drawing, "starry_night", size=48, steps=25).result(iter)
    assert result.loss < 0.05 * result.history[0]
    assert result.picture.mean() < 0.6


def test_a_loss_that_is_all_smoothness_is_told_before_the_run():
    with pytest.warns(UserWarning, match=r"all smoothness \(1e\+12\): lower it.* 0.0"):
        sl.transfer("cat", "brick", smoothness=1e12, **SMALL)
    with pytest.warns(UserWarning, match="all smoothness"):
        sl.texture("brick", smoothness=1e4, **SMALL)
    sl.transfer("cat", "brick", smoothness=1, **SMALL)
    sl.transfer("cat", "brick", losses="absolute", smoothness=1e3, **SMALL)
    sl.reconstruct("cat", content_weight=0, smoothness=1e12, **SMALL)  # as asked


def test_a_transfer_is_a_reconstruction_and_a_texture_at_once():
    exact = {"precision": "float32", "start": "noise", **SMALL}
    both = next(iter(sl.transfer("cat", "starry_night", **exact))).losses
    photo = next(iter(sl.reconstruct("cat", **exact))).losses
    assert both["content relu4_2"] == pytest.approx(photo["content relu4_2"], rel=1e-5)
    assert set(both) == {
        "content relu4_2",
        *(f"style relu{block}_1" for block in range(1, 6)),
        "spectrum",
    }


def test_weights_scale_their_losses():
    def losses(**options):
        return next(iter(sl.transfer("cat", "starry_night", **options, **SMALL))).losses

    # The spectrum belongs to the style, and has a weight beside it.
    factors = {"content": 2, "style": 3, "spectrum": 3 * 5}
    weights = {"content_weight": 2, "style_weight": 90, "spectrum_weight": 0.15}
    one, two = losses(), losses(**weights)
    for name, loss in one.items():
        assert two[name] == pytest.approx(factors[name.split()[0]] * loss, rel=1e-4)


def test_what_has_no_weight_is_not_computed():
    run = sl.transfer("cat", "starry_night", style_weight=0, **SMALL)
    assert run.objective.layers == ("relu4_2",)
    with pytest.raises(ValueError, match="every weight is zero"):
        sl.transfer("cat", "starry_night", style_weight=0, content_weight=0, **SMALL)


@pytest.mark.parametrize("start", ["noise", "photo", "style", "guess", "great_wave"])
def test_every_start_has_the_photos_shape_and_range(start):
    run = sl.transfer("cat", "starry_night", start=start, **SMALL)
    assert run.start.shape == sl.load("cat", 48).shape
    assert 0 <= run.start.min() < run.start.max() <= 1


@pytest.mark.parametrize(("height", "width"), [(48, 64), (30, 80), (60, 70)])
def test_random_phases_keep_mean_and_power_in_any_size(height, width):
    draws = torch.Generator().manual_seed(0)
    picture = 0.5 + 0.1 * torch.randn(1, 3, 48, 64, generator=draws)
    found = starts.random_phases(picture, height, width, seed=1)
    assert found.shape == (1, 3, height, width)
    assert found.mean().item() == pytest.approx(picture.mean().item(), abs=2e-3)
    assert found.std().item() == pytest.approx(picture.std().item(), rel=0.05)
    assert torch.equal(found, starts.random_phases(picture, height, width, seed=1))
    assert not torch.equal(found, starts.random_phases(picture, height, width, seed=2))


def test_a_texture_starts_from_its_own_styles_phases():
    gravel = sl.texture("gravel", start="phases", seed=3, **SMALL)
    (style,) = gravel.inputs.styles
    assert torch.equal(gravel.start, starts.random_phases(style, *style.shape[2:], 3))
    fine = sl.texture("gravel", start="phases", size=64, steps=3, brush=0.5)
    assert fine.start.shape[2:] == fine.inputs.shape != fine.inputs.styles[0].shape[2:]


def test_a_start_the_task_does_not_have_is_said():
    with pytest.raises(ValueError, match="start is 'photo', but texture has no photo"):
        sl.texture("gravel", start="photo", **SMALL)


def test_the_styles_shorter_side_is_brought_to_the_results():
    run = sl.texture("great_wave", **SMALL)
    assert min(run.start.shape[-2:]) == 48


def test_a_result_is_the_best_step_met_and_shows_itself():
    run = sl.transfer("cat", "starry_night", size=48, steps=12)
    result = run.result(iter)
    assert len(run) == len(result.history) == 12
    assert result.loss == min(result.history)
    assert result.finished
    assert result._repr_png_().startswith(b"\x89PNG")


def test_an_interrupt_returns_the_picture_so_far_marked_unfinished(tmp_path):
    def impatient(run):
        yield from itertools.islice(run, 2)
        raise KeyboardInterrupt

    result = sl.texture("gravel", **SMALL).result(impatient)
    assert not result.finished
    assert len(result.history) == 2
    result.save(tmp_path / "out.png")
    record = read_record(tmp_path / "out.png")
    assert record["finished"] is False
    assert record["steps_run"] == 2


def test_an_interrupt_before_the_first_step_is_an_interrupt():
    def gone(run):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sl.texture("gravel", **SMALL).result(gone)


def test_a_run_that_loses_its_way_keeps_its_best_picture_and_says_why(diverging):
    run = sl.texture("gravel", size=48, steps=9)
    with pytest.warns(RuntimeWarning, match="after 6 of 9 steps: no way down"):
        result = run.result(iter)
    assert (result.finished, result.reason) == (False, "no way down")
    assert len(result.history) == 6
    assert result.loss == min(result.history) < result.history[0]
    assert result.record["reason"] == "no way down"
    assert "reason" not in sl.texture("gravel", **SMALL).result(iter).record


def test_a_run_that_never_gained_anything_raises(monkeypatch):
    def lost(descent, z, loss, gradient):
        raise Diverged("no way down")

    monkeypatch.setattr(LBFGS, "next", lost)
    with pytest.raises(Diverged, match="no way down"):
        sl.texture("gravel", **SMALL).result(iter)


def test_the_progress_bar_hands_on_every_step(capsys):
    result = sl.texture("gravel", **SMALL).result()
    assert len(result.history) == 3
    assert "3/3" in capsys.readouterr().err


@pytest.mark.parametrize("statistic", ["gram", "mean_std", "sliced_wasserstein"])
def test_every_statistic_lowers_its_loss(statistic):
    result = sl.texture("gravel", size=48, steps=20, statistic=statistic).result(iter)
    assert result.loss < 0.2 * result.history[0]


def test_random_weights_are_a_control_with_a_seed():
    runs = [sl.texture("gravel", weights="random", seed=s, **SMALL) for s in (0, 0, 1)]
    first, again, other = (run.network.kernels["conv3_1"] for run in runs)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_the_network_is_loaded_once_for_every_seed_of_the_noise():
    one, other = (tasks.network_for(Recipe(seed=seed)) for seed in (0, 1))
    assert one.kernels is other.kernels


def test_noise_is_grey_so_that_grey_textures_stay_grey():
    for losses, deviation in (("relative", 0.01), ("absolute", 0.07)):
        start = sl.texture("gravel", losses=losses, **SMALL).start
        assert torch.equal(start[:, 0], start[:, 2])
        assert start.std() == pytest.approx(deviation, rel=0.1)


def test_what_does_not_fit_is_refused_before_it_is_loaded(monkeypatch):
    """16,384 px were loaded first: 40 s, and more memory than a laptop has."""

    def load(*arguments):
        raise AssertionError("it was loaded")

    monkeypatch.setattr(forecasting, "_free_memory", lambda device: 2**30)
    monkeypatch.setattr(tasks, "load_inputs", load)
    with pytest.raises(ValueError, match=r"^size 4096 needs about"):
        sl.texture("brick", size=4096)
    with pytest.raises(ValueError, match=r"^size 64 needs about .* size or brush$"):
        sl.transfer("cat", ["brick"] * 500, size=64, brush=4, statistic="mean_std")
