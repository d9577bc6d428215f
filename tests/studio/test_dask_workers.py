"""Runs on two Dask workers, which are real processes, behind the studio's own queue."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from studio_visits import wait_until

from stylelab.pictures import images
from stylelab.runs.here import make_here
from stylelab.runs.job import Job
from stylelab.runs.live import LiveRun
from stylelab.runs.recipe import recipe_for
from stylelab.studio import dask_workers, free_port, messages
from stylelab.studio.job_messages import make_there
from stylelab.studio.run_queue import RunQueue
from stylelab.studio.words import LOST, UNREACHED

HERE = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}


def start(log: Path, command: str, *words: str) -> psutil.Popen:
    line = [sys.executable, "-m", f"distributed.cli.dask_{command}", *words]
    with open(log, "w") as file:
        return psutil.Popen(
            [*line, "--no-dashboard"], env=os.environ | HERE, stdout=file, stderr=file
        )


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict]:
    """A scheduler and two workers with their nannies, by name."""
    folder, port = tmp_path_factory.mktemp("dask"), str(free_port())
    address = f"tcp://127.0.0.1:{port}"
    words = ("--host", "127.0.0.1", "--port", port)
    processes = {"scheduler": start(folder / "log", "scheduler", *words)}
    for name in ("one", "two"):
        alone = ("--nthreads", "1", "--memory-limit", "0", "--name", name)
        words = (address, *alone, "--local-directory", str(folder))
        processes[name] = start(folder / name, "worker", *words)
    for name in ("one", "two"):
        wait_until(lambda n=name: "Registered to" in (folder / n).read_text(), 120)
    yield {"address": address, **processes}
    for process in [*processes.values()]:
        if process.is_running():
            for one in [*process.children(recursive=True), process]:
                one.kill()
        process.wait()


def workers(cluster: dict) -> list[psutil.Process]:
    """The processes that make the runs; beside each there is a small helper."""
    children = [c for name in ("one", "two") for c in cluster[name].children()]
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]


@pytest.fixture(scope="module")
def shared(cluster: dict) -> Iterator[RunQueue]:
    queue = RunQueue(scheduler=cluster["address"])
    yield queue
    queue.close()


@pytest.fixture
def queue(shared: RunQueue, monkeypatch: pytest.MonkeyPatch) -> RunQueue:
    monkeypatch.setenv(messages.QUEUE, shared.address)
    return shared


def job(steps: int = 3) -> Job:
    recipe = recipe_for("transfer", {"size": 32, "steps": steps})
    return Job(recipe, {"photo": "palace", "style": "brick"})


def begun() -> LiveRun:
    live = LiveRun(make_there)
    live.start(job(steps=300))
    wait_until(lambda: live.shot or live.state == "error")
    assert live.shot, live.error
    return live


def done(make=make_there) -> LiveRun:
    live = LiveRun(make)
    live.start(job())
    assert live.join(300) == "done", live.error
    return live


pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # Dask's own


def test_a_cluster_paints_what_is_painted_here(queue: RunQueue) -> None:
    there, here = done().result, done(make_here).result
    assert images.fingerprint(there.image()) == images.fingerprint(here.image())


def test_two_runs_are_made_at_a_time_and_each_is_stopped(queue: RunQueue) -> None:
    both = [begun(), begun()]
    assert all(live.busy for live in both)
    third = LiveRun(make_there)
    third.start(job())
    wait_until(lambda: third.state == "waiting")
    for live in both:
        live.stop()
    assert [live.join(60) for live in both] == ["stopped", "stopped"]
    assert all(live.result for live in both)
    assert third.join(60) == "done"


def test_a_worker_that_is_killed_costs_its_run_and_the_next_one_works(
    queue: RunQueue, cluster: dict
) -> None:
    live = begun()
    both = workers(cluster)
    for one in both:  # who makes the run is seen by its work
        one.cpu_percent()
    busiest = max(both, key=lambda process: process.cpu_percent(2))
    busiest.kill()
    assert (live.join(60), live.error) == ("error", LOST)
    done()
    wait_until(lambda: queue._jobs == 2 and len(queue._free) == 2)
    done()


def test_a_run_too_large_ends_in_words_and_its_worker_starts_anew(
    queue: RunQueue, cluster: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The new worker takes longer than the queue waits for the end of the old one.
    monkeypatch.setattr("stylelab.studio.workers.PATIENCE", 0.1)
    # A worker that still loads its network would run out of memory before its run.
    client = queue._cluster.client()
    wait_until(lambda: len(client.nthreads()) == 2, 120)  # one was killed before
    for place in client.nthreads():
        loading = client.submit(dask_workers.make_there, place, [], None, workers=place)
        loading.result(120)
    children = workers(cluster)
    limits = {child: child.rlimit(psutil.RLIMIT_DATA) for child in children}
    for child, (_, hard) in limits.items():
        few = child.memory_info().data + 30 * 2**20
        child.rlimit(psutil.RLIMIT_DATA, (few, hard))
    live = LiveRun(make_there)
    recipe = recipe_for("transfer", {"size": 256, "steps": 2})
    live.start(Job(recipe, {"photo": "palace", "style": "brick"}))
    assert live.join(120) == "error"
    assert live.error.startswith("There is not enough memory")
    wait_until(lambda: not all(child.is_running() for child in children))
    for child in children:  # the other one, where the next run may be made
        if child.is_running():
            child.rlimit(psutil.RLIMIT_DATA, limits[child])
    done()


def test_a_scheduler_that_has_gone_is_said_and_the_queue_goes_on(
    queue: RunQueue, cluster: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_workers, "TIMEOUT", 1)
    live = begun()
    cluster["scheduler"].kill()
    assert (live.join(60), live.error) == ("error", UNREACHED)
    again = LiveRun(make_there)
    again.start(job())
    assert (again.join(120), again.error) == ("error", UNREACHED)


@pytest.mark.parametrize(
    "address", ["tcp://192.0.2.7:8786", "127.0.0.1:8786", "ucx://127.0.0.1:1", "nobody"]
)
def test_a_scheduler_that_others_could_hear_is_refused(address: str) -> None:
    sentence = f"scheduler is '{re.escape(address)}': accepted is tcp://127"
    with pytest.raises(ValueError, match=sentence):
        dask_workers.check(address)


def command(*words: str, before: str) -> subprocess.CompletedProcess:
    """`stylelab studio`, after the line `before`, in a process of its own.

    A studio takes its whole process: its signals, and where temporary files go.
    """
    words = ("studio", "--no-browser", "--port", str(free_port()), *words)
    code = f"{before}\nfrom stylelab.cli.options import main; exit(main({[*words]}))"
    run = [sys.executable, "-c", code]
    return subprocess.run(run, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "tls://127.0.0.1:1"])
def test_a_scheduler_that_does_not_answer_is_one_sentence(address: str) -> None:
    soon = "from stylelab.studio import dask_workers; dask_workers.TIMEOUT = 1"
    run = command("--scheduler", address, before=soon)
    assert run.returncode == 2
    error = run.stderr.splitlines()[-1]
    assert error.startswith(f"stylelab: the scheduler at {address} cannot be reached")


def test_without_dask_the_studio_says_how_to_install_it() -> None:
    hidden = "import sys; sys.modules['distributed'] = None"
    run = command("--scheduler", "tcp://127.0.0.1:1", before=hidden)
    assert run.returncode == 2
    assert "pip install 'stylelab[cluster]'" in run.stderr


def test_a_queue_without_a_scheduler_needs_no_dask() -> None:
    code = "import sys, stylelab.studio.server; print('distributed' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout == "False\n"
