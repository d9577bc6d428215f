"""ReconstructionLab without a browser: its lanes, its rows, and what it makes."""

from __future__ import annotations

import gc
import io
import subprocess
import sys
import threading
import weakref
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
import torch

import stylelab as sl
from stylelab.analysis import measure, receptive_field
from stylelab.core.errors import Diverged
from stylelab.core.layers import LAYERS
from stylelab.labs import ReconstructionLab, lanes, reconstruction_view
from stylelab.labs.lanes import RowResult
from stylelab.labs.reconstruction_view import ReconstructionView
from stylelab.pictures import images
from stylelab.pictures.files import read_record
from stylelab.runs import here, tasks
from stylelab.runs.cost import Forecast
from stylelab.runs.live import Shot, Waiting
from stylelab.runs.run import Run

SMALL = {"size": 48, "steps": 3, "content_layers": ("relu1_2", "relu3_2")}
LONG = SMALL | {"steps": 100_000}


def run(lab: ReconstructionLab) -> None:
    lab.panel.run.click()
    assert lab.panel.live.join(300) == "done", lab.panel.message.value


def made(job: sl.Job, stop: threading.Event | None = None) -> RowResult:
    *_, result = lanes.make_row(job, stop or threading.Event(), lambda *_: None)
    return result


def decoded(jpeg: bytes) -> np.ndarray:
    return np.asarray(PIL.Image.open(io.BytesIO(jpeg)).convert("RGB")).astype(float)


# --- The lanes ------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"weights": "random"}, {"optimizer": "adam"}])
def test_each_lane_is_the_picture_of_its_layer_alone(options: dict) -> None:
    job = lanes.row_of("cat", SMALL | options)
    row = made(job)
    assert len(row.results) == 2
    for layer, result in zip(SMALL["content_layers"], row.results, strict=True):
        own = SMALL | options | {"content_layers": layer, "spectrum_weight": 0}
        alone = sl.reconstruct("cat", **own).result(iter)
        assert torch.equal(result.picture, alone.picture)
        assert result.history == alone.history
        assert result.record == alone.record


def test_lanes_of_large_pictures_go_from_coarse_to_fine_together(monkeypatch) -> None:
    monkeypatch.setattr(here, "PAUSE", 0)
    monkeypatch.setattr(lanes, "PAUSE", 0)
    job = lanes.row_of("cat", SMALL | {"size": 64, "levels": 2, "steps": 4})
    *shots, result = lanes.make_row(job, threading.Event(), lambda *_: None)
    steps = [shot.index for shot in shots if isinstance(shot, Shot)]
    assert steps == [1, 2, 3, 4, 5, 6]
    assert len(result.history) == 6
    assert result.results[0].picture.shape == images.load("cat", 64).shape


def test_a_lane_is_measured_as_it_is_saved() -> None:
    job = lanes.row_of("cat", SMALL)
    shown: list[list[lanes.Lane]] = []
    *_, row = lanes.make_row(
        job, threading.Event(), lambda found, step: shown.append(found)
    )
    photo = images.load("cat", 48)
    for lane, result in zip(shown[-1], row.results, strict=True):
        saved = images.load(result.image())
        assert lane.psnr == measure.psnr(saved, photo)
        assert lane.loss == pytest.approx(result.loss)
        assert np.abs(decoded(lane.jpeg) - np.asarray(result.image())).mean() < 6


def test_lanes_stand_from_the_first_layer_to_the_deepest() -> None:
    layers = ("relu5_1", "conv1_1", "pool3")
    job = lanes.row_of("cat", {"content_layers": layers})
    found = [one.recipe.content_layers[0] for one in lanes.lanes_of(job)]
    assert found == sorted(layers, key=LAYERS.index)
    with pytest.raises(ValueError, match="7 layers are chosen: choose 6 at most"):
        ReconstructionLab(content_layers=LAYERS[:7])


def test_a_row_waits_for_the_run_before_it(monkeypatch) -> None:
    monkeypatch.setattr(here, "PAUSE", 0.01)
    stop = threading.Event()
    row = lanes.make_row(lanes.row_of("cat", SMALL), stop, lambda *_: None)
    other = object()
    here.QUEUE.append(other)
    try:
        assert next(row) == Waiting(1)
        assert next(row) == Waiting(1)
        here.QUEUE.remove(other)
        assert next(row) == Waiting(0)
    finally:
        row.close()
    assert here.QUEUE == []


def test_a_row_that_is_stopped_at_once_has_a_picture_in_every_lane() -> None:
    stop = threading.Event()
    row = lanes.make_row(lanes.row_of("cat", LONG), stop, lambda *_: None)
    assert next(row) == Waiting(0)
    stop.set()
    *_, result = row
    assert [len(one.history) for one in result.results] == [1, 1]
    assert not result.finished


def test_a_lane_that_finds_no_way_down_ends_alone(monkeypatch) -> None:
    whole = Run.__iter__

    def ending(self: Run):
        for step in whole(self):
            if self.recipe.content_layers == ("relu1_2",) and step.index == 3:
                raise Diverged("nothing leads down")
            yield step

    monkeypatch.setattr(Run, "__iter__", ending)
    row = made(lanes.row_of("cat", SMALL | {"steps": 5}))
    assert [len(one.history) for one in row.results] == [2, 5]
    assert row.reason == "nothing leads down"
    assert not row.finished


# --- The shipped rows -----------------------------------------------------------------


def test_the_lab_opens_with_a_finished_row_and_without_a_network(monkeypatch) -> None:
    monkeypatch.setattr(tasks, "network_for", lambda recipe: pytest.fail("loaded"))
    lab = ReconstructionLab()
    monkeypatch.setattr(lab.panel, "refresh", lambda: None)  # the forecast loads one
    layers = lanes.SHIPPED["content_layers"]
    for weights in lanes.NETWORKS:
        lab.network.value = weights
        row, moment = lab.lanes.row, lab.lanes.moment
        assert [one["name"] for one in row["layers"]] == [*layers]
        sizes = [f"{receptive_field.field(name).size} px" for name in layers]
        assert [one["sees"] for one in row["layers"]] == sizes
        shapes = {decoded(one).shape for one in (row["photo"], *moment["pictures"])}
        assert shapes == {(128, 192, 3)}
        assert moment["step"] == 60
        assert lab.panel.live.state == "ready"
    near = [
        [lane.psnr for lane in lanes.shipped_row(lanes.row_of("cat", {"weights": w}))]
        for w in lanes.NETWORKS
    ]
    trained, random = near
    assert trained == sorted(trained, reverse=True)  # the deeper, the less is known
    assert random[0] > trained[0]


def test_shipped_numbers_are_those_of_the_shipped_pictures_and_small() -> None:
    photo = images.load("cat", 128)
    for weights in lanes.NETWORKS:
        row = lanes.shipped_row(lanes.row_of("cat", {"weights": weights}))
        for lane in row:
            seen = images.load(PIL.Image.open(io.BytesIO(lane.jpeg)))
            near = measure.psnr(seen, photo)
            # A JPEG is not nearer to the photo than about 35 dB.
            assert abs(near - lane.psnr) < 1 if lane.psnr < 25 else near > 25
    files = [path for path in lanes.FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 300_000
    assert "reconstruction/" in (lanes.FOLDER.parent / "SOURCES.md").read_text("utf-8")


def test_another_recipe_or_photo_does_not_get_the_shipped_row() -> None:
    assert lanes.shipped_row(lanes.row_of("cat", {}))
    for options in ({"steps": 61}, {"spectrum_weight": 0.3}, {"seed": 1}):
        assert lanes.shipped_row(lanes.row_of("cat", options)) == []
    assert lanes.shipped_row(lanes.row_of("palace", {})) == []


def test_a_row_is_read_as_it_was_written(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(lanes, "FOLDER", tmp_path)
    job = lanes.row_of("cat", SMALL)
    shown: list[list[lanes.Lane]] = []
    *_, row = lanes.make_row(
        job, threading.Event(), lambda found, step: shown.append(found)
    )
    lanes.write_row(tmp_path / "original", job, row)
    for read, lane in zip(lanes.shipped_row(job), shown[-1], strict=True):
        assert (read.layer, read.psnr, read.loss) == (lane.layer, lane.psnr, lane.loss)
        assert np.abs(decoded(read.jpeg) - decoded(lane.jpeg)).mean() < 6


@pytest.mark.slow
@pytest.mark.parametrize("weights", lanes.NETWORKS)
def test_a_shipped_lane_is_what_the_tool_makes(weights: str) -> None:
    options = {"weights": weights, "content_layers": "relu4_2"}
    (result,) = made(lanes.row_of("cat", options)).results
    shipped = lanes.shipped_row(lanes.row_of("cat", {"weights": weights}))[3]
    near = measure.psnr(images.load(result.image()), images.load("cat", 128))
    assert near == pytest.approx(shipped.psnr, abs=0.5)
    assert result.loss == pytest.approx(shipped.loss, rel=0.25)
    assert np.abs(decoded(shipped.jpeg) - np.asarray(result.image())).mean() < 12


# --- The lab --------------------------------------------------------------------------


def test_a_row_grows_and_says_what_it_is() -> None:
    lab = ReconstructionLab(**SMALL)
    assert lab.lanes.moment["pictures"] == []
    assert (
        lab.lanes.row["note"] == "Chelsea the cat · 48 px · 3 steps · trained network"
    )
    moments = []
    lab.lanes.observe(lambda change: moments.append(change["new"]), "moment")
    run(lab)
    steps = [moment["step"] for moment in moments]
    assert steps == sorted(steps)
    assert steps[-1] == 3
    assert {moment["run"] for moment in moments if moment["step"]} == {2}
    first, last = (one["pictures"] for one in (moments[1], moments[-1]))
    assert all(a != b for a, b in zip(first, last, strict=True))
    photo = images.load("cat", 48)
    for (near, loss), one in zip(
        lab.lanes.moment["numbers"], lab.panel.result.results, strict=True
    ):
        assert near == f"{measure.psnr(images.load(one.image()), photo):.1f} dB"
        assert float(loss.removeprefix("loss ")) == pytest.approx(one.loss, rel=0.05)
    assert not lab.lanes.busy
    assert not lab.network.disabled


def test_both_networks_stay_in_memory(monkeypatch) -> None:
    lab = ReconstructionLab(**SMALL)
    run(lab)
    trained = lab.lanes.moment
    lab.network.value = "random"  # made at once: it was not there
    assert lab.panel.live.join(300) == "done"
    random = lab.lanes.moment
    assert random["pictures"] != trained["pictures"]
    assert "random weights" in lab.lanes.row["note"]
    monkeypatch.setattr(lab.panel, "start", lambda: pytest.fail("made again"))
    for weights, moment in (("original", trained), ("random", random)):
        lab.network.value = weights
        assert lab.lanes.moment == moment
    assert lab.make_job().recipe.weights == "random"


def test_no_more_than_six_rows_stay_in_memory() -> None:
    view = ReconstructionView(lanes.row_of("cat", SMALL))
    for steps in range(1, 9):
        job = lanes.row_of("cat", SMALL | {"size": 32, "steps": steps})
        [*view.make(job, threading.Event())]
    assert len(view.rows) == 6
    assert view.open(job)
    assert not view.open(lanes.row_of("cat", SMALL | {"size": 32, "steps": 1}))


def test_stop_keeps_the_pictures_and_controls_wait_for_the_end() -> None:
    lab = ReconstructionLab(**SMALL)
    run(lab)
    lab.controls["steps"].value = LONG["steps"]
    seen = threading.Event()
    lab.lanes.observe(lambda c: c["new"]["step"] and seen.set(), "moment")
    lab.panel.run.click()
    assert seen.wait(300)
    assert lab.network.disabled
    assert lab.lanes.busy
    number = lab.view.row.number
    lab.controls["steps"].value = 3  # the row before is not shown beside the run
    assert lab.view.row.number == number
    lab.panel.stop.click()
    assert lab.panel.live.join(300) == "stopped"
    assert lab.lanes.moment["run"] == number == 3
    assert len(lab.lanes.moment["pictures"]) == 2
    assert not lab.panel.save.disabled


def test_an_error_leaves_the_row_before(monkeypatch) -> None:
    lab = ReconstructionLab()
    before = lab.lanes.moment
    monkeypatch.setattr(lanes, "prepare", lambda *_, **__: 1 / 0)
    lab.panel.run.click()
    assert lab.panel.live.join(300) == "error"
    assert "ZeroDivisionError" in lab.panel.message.value
    assert lab.lanes.moment == before
    assert not lab.network.disabled


def test_every_lane_is_saved_with_its_recipe(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    lab = ReconstructionLab(**SMALL)
    run(lab)
    lab.panel.save.click()
    names = [f"reconstruct-cat-{layer}.png" for layer in SMALL["content_layers"]]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    for name, result in zip(names, lab.panel.result.results, strict=True):
        assert name in lab.panel.message.value
        record = read_record(Path(name))
        assert record["recipe"]["content_layers"] == [name[-11:-4]]
        saved = np.asarray(PIL.Image.open(name))
        assert (saved == np.asarray(result.image())).all()


def test_small_shipped_pictures_are_not_saved_as_if_they_were_results(
    tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lab = ReconstructionLab(content_layers=lanes.SHIPPED["content_layers"])
    with pytest.raises(ValueError, match="press Run, and save those then"):
        lab.view.save(None)
    assert [*tmp_path.iterdir()] == []


def test_the_code_makes_the_rows_pictures() -> None:
    lab = ReconstructionLab(**SMALL, weights="random")
    run(lab)
    same = eval(lab.call(), {"sl": sl})
    for one, result in zip(same, lab.panel.result.results, strict=True):
        assert torch.equal(one.picture, result.picture)
    assert "import stylelab as sl" in lab.code.value
    with pytest.raises(TypeError, match="no option 'sizes'; did you mean size"):
        ReconstructionLab(sizes=3)


def test_an_upload_is_rebuilt_in_its_own_shape() -> None:
    lab = ReconstructionLab(**SMALL)
    content = io.BytesIO()
    PIL.Image.effect_noise((300, 500), 60).convert("RGB").save(content, "PNG")
    lab.photo.add_upload("<my> cat.png", content.getvalue())
    assert "once '&lt;my&gt; cat.png' lies beside the notebook" in lab.code.value
    run(lab)
    assert lab.lanes.row["title"] == "<my> cat.png"
    assert lab.lanes.row["aspect"] == 48 / 80
    shapes = {decoded(one).shape for one in lab.lanes.moment["pictures"]}
    assert shapes == {(80, 48, 3)}


def test_too_many_or_no_layers_are_said_in_words() -> None:
    lab = ReconstructionLab(**SMALL)
    wrong = {"no layer was named": [], "choose 6 at most": [*LAYERS[1:25:3]]}
    for words, layers in wrong.items():
        lab.controls["content_layers"].value = layers
        lab.panel.ahead.join(300)
        assert words in lab.panel.message.value
        assert lab.code.value == ""
    lab.panel.run.click()
    assert lab.panel.live.state == "ready"


def test_the_forecast_is_of_all_lanes(monkeypatch) -> None:
    costs = {"relu1_2": Forecast(10, 1), "relu5_2": Forecast(20, 2**31)}
    monkeypatch.setattr(
        reconstruction_view,
        "forecast",
        lambda run: costs[run.recipe.content_layers[0]],
    )
    view = ReconstructionView(lanes.row_of("cat", {}))
    said = "This takes about 1 min 15 s and 2.0 GiB of memory."
    assert view.foresee(lanes.row_of("cat", {})) == said


def test_the_forecast_waits_until_the_lab_is_shown() -> None:
    lab = ReconstructionLab(**SMALL)
    assert lab.panel.forecast.value == ""
    lab.shown()
    lab.panel.ahead.join(300)
    assert "This takes about" in lab.panel.forecast.value


def test_a_still_shows_the_row() -> None:
    lab = ReconstructionLab()
    still = lab.still()
    shown = [axes for axes in still.axes if axes.images]
    assert len(shown) == 6
    titles = [axes.get_title() for axes in shown]
    assert titles[4] == "relu4_2, sees 84 px\n18.2 dB, loss 0.015"
    assert "relu5_2 14.3 dB loss 0.03" in lab.words()
    empty = ReconstructionLab(**SMALL)
    assert "relu1_2, relu3_2, before a run" in empty.words()
    assert len([axes for axes in empty.still().axes if axes.images]) == 1


def test_a_closed_lab_ends_its_run_and_is_freed() -> None:
    lab = ReconstructionLab(**LONG)
    lab.panel.run.click()
    live, gone = lab.panel.live, weakref.ref(lab)
    lab.close()
    del lab
    assert live.join(300) == "stopped"
    del live
    gc.collect()
    assert gone() is None


def test_the_view_knows_no_widget() -> None:
    code = "import sys, stylelab.labs.reconstruction_view; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert not {"ipywidgets", "anywidget"} & {*run.stdout.split()}
    assert "stylelab.labs.lanes" in run.stdout
