"""Sweeps: equal pictures on every executor, and nothing finished is ever lost."""

import os
import signal
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from multiprocessing import get_context

import numpy as np
import pytest
import torch

from stylelab.core.errors import Diverged
from stylelab.pictures import images
from stylelab.runs import sweep, tasks
from stylelab.runs.job import Job
from stylelab.runs.recipe import recipe_for
from stylelab.runs.run import Result


def job(source: str = "brick", **options: object) -> Job:
    small = {"size": 32, "steps": 3, "style_layers": "relu1_1"}
    return Job(recipe_for("texture", small | options), {"style": source})


def made(jobs, *rest) -> dict[int, Result]:
    return dict(sweep.sweep(jobs, *rest))


def same(a: Result, b: Result) -> bool:
    return torch.equal(a.picture, b.picture) and a.history == b.history


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch, tmp_path):
    monkeypatch.setattr(sweep, "cache_folder", lambda: tmp_path / "cache")


@pytest.fixture
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def runs(monkeypatch) -> list[Job]:
    """The jobs that were really made, here or in a thread, while the test lasts."""
    jobs, real = [], sweep._make

    def make(job: Job, *rest: object) -> Result:
        jobs.append(job)
        return real(job, *rest)

    monkeypatch.setattr(sweep, "_make", make)
    return jobs


class Here(Executor):
    """An executor whose futures are done at once; `broken` ones as in a dead pool."""

    def __init__(self, *broken: int) -> None:
        self.broken, self.count = broken, 0

    def submit(self, work, *arguments: object) -> Future:
        future = Future()
        try:
            if self.count in self.broken:
                raise BrokenExecutor("a process died")
            future.set_result(work(*arguments))
        except Exception as error:
            future.set_exception(error)
        self.count += 1
        return future


def test_a_sweep_makes_the_pictures_of_single_runs():
    jobs = [job(seed=1), job("gravel", statistic="mean_std")]
    results = made(jobs)
    for index, each in enumerate(jobs):
        alone = tasks.prepare(each.recipe, **each.sources)
        assert same(results[index], alone.result(iter))
        assert results[index].record["pictures"] == alone.record["pictures"]
        assert results[index].finished


def test_a_run_that_loses_its_way_fails_with_its_reason_and_is_not_kept(diverging):
    with pytest.warns(RuntimeWarning), pytest.raises(Diverged, match="no way down"):
        made([job(steps=9)])
    assert sweep.kept(job(steps=9)) is None


def test_threads_make_the_same_pictures(one_thread, runs, tmp_path, monkeypatch):
    jobs = [job(seed=seed) for seed in range(3)]
    here = made(jobs)
    monkeypatch.setattr(sweep, "cache_folder", lambda: tmp_path / "other")
    with ThreadPoolExecutor(2) as pool:
        there = made(jobs, pool)
    assert len(runs) == 6
    assert all(same(here[index], there[index]) for index in range(3))


SKY = np.arange(427)[:, None].repeat(640, 1) < 200


@pytest.mark.parametrize(
    ("task", "sources", "options"),
    [
        ("transfer", {"style": ["brick", "great_wave"], "masks": [SKY]}, {}),
        ("transfer", {"style": ["brick", "gravel"]}, {"mix": (1, 2), "brush": 0.5}),
        ("transfer", {"style": "great_wave"}, {"colors": "luminance"}),
        ("transfer", {"style": "great_wave"}, {"colors": "statistics", "brush": 1.3}),
        ("texture", {"style": ["great_wave", "brick"]}, {"brush": 0.5}),
    ],
)
def test_every_control_travels(task, sources, options):
    photo = {"photo": "palace"} if task == "transfer" else {}
    small = {"size": 40, "steps": 2, "style_layers": ["relu1_1", "relu2_1"]}
    each = Job(recipe_for(task, small | options), photo | sources)
    alone = tasks.prepare(each.recipe, **each.sources).result(iter)
    swept = made([each], Here())[0]
    assert same(swept, alone)
    assert swept.record["pictures"] == alone.record["pictures"]


@pytest.mark.parametrize("brush", [1.0, 0.5])
@pytest.mark.parametrize("colors", ["style", "luminance"])
def test_a_file_to_start_from_need_not_be_where_the_run_is_made(
    one_thread, tmp_path, colors, brush
):
    first = images.load("palace", 50).flip(3)
    start = images.save(first, tmp_path / "start.png")

    class Away(Here):
        def submit(self, work, *arguments: object) -> Future:
            start.unlink()
            return super().submit(work, *arguments)

    options = {"size": 32, "steps": 3, "start": str(start), "colors": colors}
    recipe = recipe_for("transfer", options | {"brush": brush})
    each = Job(recipe, {"photo": "palace", "style": "brick"})
    alone = tasks.prepare(recipe, **each.sources).result(iter)
    swept = made([each], Away())[0]
    assert same(swept, alone)
    assert swept.record["pictures"] == alone.record["pictures"]


def test_another_mask_or_style_is_another_picture(runs):
    recipe = recipe_for("transfer", {"size": 32, "steps": 1})
    both = {"photo": "palace", "style": ["brick", "gravel"]}
    turned = {**both, "style": ["gravel", "brick"]}
    masked = [both | {"masks": [mask]} for mask in (SKY, ~SKY)]
    jobs = [Job(recipe, sources) for sources in (both, turned, *masked)]
    made(jobs)
    made(jobs)
    assert len(runs) == 4


def test_only_what_is_missing_is_made(runs):
    first = made([job(seed=1)])
    again = made([job(seed=1), job(seed=2)])
    assert [each.recipe.seed for each in runs] == [1, 2]
    assert same(first[0], again[0])
    assert first[0].record == again[0].record
    assert first[0].losses == again[0].losses


@pytest.mark.parametrize(
    "change", ["recipe", "picture", "weights", "version", "threads", "file"]
)
def test_what_decides_a_picture_decides_where_it_is_kept(
    one_thread, runs, change, tmp_path, monkeypatch
):
    file = images.save(images.load("brick", 32), tmp_path / "mine.png")
    made([job(file)])
    options = {}
    if change == "recipe":
        options = {"steps": 2}
    if change == "weights":
        options = {"weights": "random"}
    if change == "picture":
        images.save(images.load("gravel", 32), file)
    if change == "version":
        monkeypatch.setattr("stylelab.runs.record.__version__", "99")
    if change == "threads":
        torch.set_num_threads(2)
    if change == "file":  # its folder decides nothing
        file = file.rename(tmp_path / "cache" / "mine.png")
    made([job(file, **options)])
    assert len(runs) == (1 if change == "file" else 2)


def test_a_damaged_file_is_made_again(runs, tmp_path):
    made([job()])
    (kept,) = (tmp_path / "cache").rglob("*.pt")
    kept.write_bytes(kept.read_bytes()[:100])
    made([job()])
    made([job()])
    assert len(runs) == 2


def test_a_cache_that_cannot_be_written_costs_no_picture(monkeypatch):
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(sweep, "write_whole", full)
    assert made([job()])[0].finished


def test_an_interrupt_keeps_what_is_done(runs):
    def watch(run):
        for step in run:
            if run.recipe.seed == 1 and step.index == 2:
                raise KeyboardInterrupt
            yield step

    jobs, results = [job(seed=seed) for seed in range(3)], []
    with pytest.raises(KeyboardInterrupt):
        results.extend(sweep.sweep(jobs, None, watch))
    assert [index for index, _ in results] == [0]
    assert set(made(jobs)) == {0, 1, 2}
    assert [each.recipe.seed for each in runs] == [0, 1, 1, 2]


def test_a_caller_who_stops_asking_stops_the_sweep(runs):
    with ThreadPoolExecutor(1) as pool:
        results = sweep.sweep([job(seed=seed) for seed in range(9)], pool)
        next(results)
        results.close()
    assert len(runs) < 9


def test_a_failing_run_ends_a_sweep_here_and_waits_on_an_executor():
    jobs = [job(), job(mix=(1, 2)), job(seed=5)]
    with pytest.raises(ValueError, match="one weight for each style"):
        made(jobs[1:])
    results = []
    with pytest.raises(RuntimeError, match=r"^1 of 3 runs failed.*one weight for"):
        results.extend(sweep.sweep(jobs, Here()))
    assert sorted(index for index, _ in results) == [0, 2]


def test_what_a_dead_pool_leaves_is_made_here(runs):
    jobs = [job(seed=seed) for seed in range(4)]
    results = made(jobs, Here(1, 2, 3))
    assert sorted(results) == [0, 1, 2, 3]
    assert sorted(each.recipe.seed for each in runs) == [0, 1, 2, 3]


def test_a_worker_with_another_version_is_refused(monkeypatch):
    class Older(Here):
        def submit(self, work, *arguments):
            future = super().submit(work, *arguments)
            future.result().record["stylelab"] = "0.0"
            return future

    with pytest.raises(RuntimeError, match=r"another stylelab \(0.0\)"):
        made([job()], Older())


def test_a_run_leaves_the_threads_as_they_were(one_thread):
    torch.set_num_threads(2)
    assert made([job()], Here())[0].record["threads"] == 1
    assert torch.get_num_threads() == 2


@pytest.mark.slow
def test_threads_that_begin_after_a_sweep_have_the_number_of_those_before():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        # As where a second thread begins while the first has set its number to one.
        with ThreadPoolExecutor(1, "", torch.set_num_threads, (1,)) as pool:
            made([job()], pool)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(torch.get_num_threads).result() == 2
    finally:
        torch.set_num_threads(before)


def test_a_killed_process_costs_its_pool_and_not_the_sweep():
    jobs = [job(size=64, steps=150, seed=seed) for seed in range(4)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        pid = pool.submit(os.getpid).result()
        results = {}
        for index, result in sweep.sweep(jobs, pool):
            if not results:
                os.kill(pid, signal.SIGKILL)
            results[index] = result
    assert sorted(results) == [*range(4)]


def test_workers_that_are_killed_again_and_again_want_memory():
    from distributed.scheduler import KilledWorker

    class Killed(Here):
        def submit(self, *_: object) -> Future:
            future = Future()
            future.set_exception(KilledWorker("run-1", None, 3))
            return future

    with pytest.raises(
        RuntimeError, match="want of memory: give the workers"
    ) as caught:
        made([job(), job(seed=1)], Killed())
    assert str(caught.value).startswith(
        "2 of 2 runs failed, all others are kept: every"
    )


# --- A real cluster -------------------------------------------------------------------


@pytest.fixture
def client():
    """Two processes of one thread each, with a scheduler, on this machine."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            host="127.0.0.1",
        ) as cluster,
        Client(cluster) as client,
    ):
        client.wait_for_workers(2, timeout=60)
        yield client


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # what Dask warns of is Dask's
def test_a_cluster_makes_the_same_pictures(client, one_thread, tmp_path, monkeypatch):
    options = {"size": 48, "steps": 8, "style_layers": ["relu1_1", "relu3_1"]}
    jobs = [job(name, **options) for name in ("brick", "gravel", "starry_night")]
    here = made(jobs)
    monkeypatch.setattr(sweep, "cache_folder", lambda: tmp_path / "other")
    there = made(jobs, client.get_executor(pure=False))
    assert all(same(here[index], there[index]) for index in range(3))
    assert all(here[index].record == there[index].record for index in range(3))


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_killed_worker_costs_its_own_run_and_not_the_sweep(client):
    jobs = [job(size=64, steps=150, seed=seed) for seed in range(6)]
    pids, results = client.run(os.getpid), {}
    for index, result in sweep.sweep(jobs, client.get_executor(pure=False)):
        if not results:
            busy = {
                pids[worker] for worker, keys in client.processing().items() if keys
            }
            os.kill(busy.pop(), signal.SIGKILL)
        results[index] = result
    assert sorted(results) == [*range(6)]
    assert all(result.finished for result in results.values())
    assert set(client.run(os.getpid).values()) != set(pids.values())
