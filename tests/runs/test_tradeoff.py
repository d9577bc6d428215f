"""The trade-off: its scale, its front, and the commands that draw the two figures."""

import dataclasses
import itertools
import re
import sys

import matplotlib.figure
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

from stylelab.analysis.measure import spearman
from stylelab.cli import figures
from stylelab.core import style_transfer
from stylelab.figures.tradeoff import tradeoff_figure as figure
from stylelab.pictures import images
from stylelab.runs import forecast, sweep, tradeoff
from stylelab.runs.tradeoff import Point

QUICK = ("--size", "32", "--steps", "2")


def points(*errors: tuple[float, float]) -> list[Point]:
    picture = torch.full((1, 3, 20, 30), 0.5)
    return [Point(4.0**i, *error, picture) for i, error in enumerate(errors)]


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch, tmp_path):
    monkeypatch.setattr(sweep, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(forecast, "_seconds_per_step", lambda *size: 0.01)


def test_a_row_has_seven_ratios_in_equal_steps_at_equal_cost():
    jobs = tradeoff.row_of_jobs("cat", "brick", style_weight=50, content_weight=2)
    recipes = [job.recipe for job in jobs]
    ratios = [recipe.style_weight / recipe.content_weight for recipe in recipes]
    assert len(ratios) == 7
    assert ratios[5] == 25
    assert [b / a for a, b in itertools.pairwise(ratios)] == pytest.approx([4] * 6)
    assert len({dataclasses.replace(r, style_weight=1) for r in recipes}) == 1


@pytest.mark.parametrize("none", ["style_weight", "content_weight"])
def test_a_row_needs_both_weights(none):
    with pytest.raises(ValueError, match="needs a content_weight and a style_weight"):
        tradeoff.row_of_jobs("cat", "brick", **{none: 0})


@pytest.mark.parametrize("size", [48, 64])
def test_the_scale_is_0_and_1_at_its_ends(size):
    photo, style = (images.load(name, size) for name in ("cat", "starry_night"))
    brought = F.interpolate(style, photo.shape[-2:], mode="bilinear").clamp(0, 1)
    job = tradeoff.row_of_jobs(photo, brought, size=size)[0]
    scale = tradeoff.scale(job)
    ends = [scale.point(job, end) for end in (photo, brought)]
    assert [end.content for end in ends] == pytest.approx([0, 1], abs=1e-3)
    assert [end.style for end in ends] == pytest.approx([1, 0], abs=1e-3)


def test_one_picture_has_no_two_ends():
    with pytest.raises(ValueError, match="photo and style are one picture"):
        tradeoff.scale(tradeoff.row_of_jobs("cat", "cat", size=32)[0])


def test_weights_and_precision_leave_the_scale_as_it_was():
    one, other = (
        tradeoff.scale(tradeoff.row_of_jobs("cat", "brick", size=32, **options)[0])
        for options in ({}, {"style_weight": 7, "smoothness": 1, "spectrum_weight": 0})
    )
    assert (one.content, one.style) == (other.content, other.style)


def test_the_front_keeps_what_nothing_beats():
    a, b, c, d = points((0.1, 0.9), (0.5, 0.5), (0.6, 0.6), (0.9, 0.1))
    assert tradeoff.pareto([d, c, b, a]) == [a, b, d]
    assert tradeoff.pareto([]) == []


def test_the_title_says_what_was_measured():
    def title(*errors: tuple[float, float]) -> str:
        drawn = figure(points(*errors), *[torch.zeros(1, 3, 20, 30)] * 2)
        assert isinstance(drawn, matplotlib.figure.Figure)
        return drawn.get_suptitle()

    steady = title((0.1, 0.9), (0.4, 0.4), (0.9, 0.1))
    assert steady.startswith("The nearer to the style")
    assert "no steady step" in title((0.1, 0.1), (0.4, 0.4), (0.9, 0.9))


@pytest.mark.slow
@pytest.mark.parametrize("pair", [("palace", "starry_night"), ("cat", "great_wave")])
def test_style_costs_content(pair):
    jobs = tradeoff.row_of_jobs(*pair, size=96, steps=60)
    scale, row = tradeoff.scale(jobs[0]), [None] * len(jobs)
    for index, result in sweep.sweep(jobs):
        row[index] = scale.point(jobs[index], result.picture)
    ratios = [point.ratio for point in row]
    assert spearman(ratios, [point.content for point in row]) > 0.9
    assert spearman(ratios, [point.style for point in row]) < -0.9
    assert len(tradeoff.pareto(row)) >= 6


# --- The commands ---------------------------------------------------------------------


def test_the_tradeoff_becomes_one_picture(ask, tmp_path):
    output = tmp_path / "out.png"
    code, out, err = ask("tradeoff", "cat", "brick", "-o", output, *QUICK)
    assert code == 0
    assert re.match(r"7 pictures take about 1 s and 0\.\d GiB of memory; those", err)
    assert "14/14" in err
    assert out.startswith(f"{output}: 7 pictures from photo to style")
    with Image.open(output) as image:
        assert image.width == 2000


def test_the_layers_become_one_picture(ask, tmp_path):
    output = tmp_path / "out.jpg"
    layers = ("--style-layers", "relu1_1,relu3_1", "--levels", "2")
    code, out, err = ask("layers", "brick", "-o", output, *QUICK, *layers)
    assert code == 0
    assert err.startswith("2 pictures take about")
    assert "6/6" in err  # two steps at 16 px, then one at 32 px, twice
    assert "relu1_1 alone: sees 3 px, structure error" in out
    assert "and relu3_1: sees 24 px" in out
    with Image.open(output) as image:
        assert image.width == 2000


def test_one_layer_alone_is_no_comparison(ask, tmp_path):
    output, layer = tmp_path / "out.png", ("--style-layers", "relu1_1")
    code, _, err = ask("layers", "brick", "-o", output, *QUICK, *layer)
    assert code == 2
    assert "at least two --style-layers" in err
    assert not output.exists()


def test_the_same_command_goes_on_after_an_interrupt(ask, tmp_path, monkeypatch):
    real, steps = style_transfer.Step, []

    def step(*values: object) -> style_transfer.Step:
        steps.append(values)
        if len(steps) == 6:
            raise KeyboardInterrupt
        return real(*values)

    monkeypatch.setattr(style_transfer, "Step", step)
    words = ("tradeoff", "cat", "brick", "-o", tmp_path / "out.png", *QUICK)
    code, _, err = ask(*words)
    assert code == 130
    assert "2 of 7 pictures are kept: the same command goes on from there" in err
    assert ask(*words)[0] == 0
    assert len(steps) == 6 + 5 * 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("cat", "brick", "--style-weight", "0"), "needs a content_weight and a style"),
        (("cat", "cat"), "are one picture"),
        (("cat", "nowhere"), "there is no file 'nowhere'"),
        (("cat", "brick", "--start", "nowhere"), "there is no file 'nowhere'"),
    ],
)
def test_a_wrong_command_gets_one_sentence(ask, tmp_path, words, sentence):
    code, out, err = ask("tradeoff", *words, "-o", tmp_path / "out.png", *QUICK)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_a_scheduler_that_nobody_hears_is_said(ask, tmp_path, monkeypatch):
    monkeypatch.setattr(figures, "PATIENCE", 0.3)
    words = ("layers", "brick", "-o", tmp_path / "out.png", *QUICK)
    code, _, err = ask(*words, "--scheduler", "tcp://127.0.0.1:9")
    assert code == 2
    assert err.startswith("stylelab: ")
    assert "tcp://127.0.0.1:9" in err


def test_without_dask_its_extra_is_named(ask, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    words = ("layers", "brick", "-o", tmp_path / "out.png", *QUICK)
    code, _, err = ask(*words, "--scheduler", "tcp://127.0.0.1:9")
    assert code == 2
    assert "stylelab[cluster]" in err


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_cluster_draws_the_figure_that_is_drawn_here(ask, tmp_path, monkeypatch):
    from distributed import LocalCluster

    here, there = tmp_path / "here.png", tmp_path / "there.png"
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    ask("layers", "brick", "-o", here, *QUICK)
    monkeypatch.setattr(sweep, "cache_folder", lambda: tmp_path / "other")
    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        address = ("--scheduler", cluster.scheduler_address)
        assert ask("layers", "brick", "-o", there, *QUICK, *address)[0] == 0
    torch.set_num_threads(before)
    assert here.read_bytes() == there.read_bytes()
