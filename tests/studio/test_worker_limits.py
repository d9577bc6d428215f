"""What ends for want of memory, and who comes instead: workers, pages, the studio."""

from __future__ import annotations

import resource
import subprocess
import sys
import textwrap
from multiprocessing.connection import Connection

import psutil
import pytest
from studio_visits import wait_until

from stylelab.core.words import OUT_OF_MEMORY
from stylelab.runs.job import Job
from stylelab.runs.live import TOO_LARGE, LiveRun
from stylelab.runs.recipe import recipe_for
from stylelab.studio import messages, run_queue
from stylelab.studio.job_messages import make_there
from stylelab.studio.messages import Message
from stylelab.studio.run_queue import RunQueue

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the limit")


def made(size: int) -> LiveRun:
    recipe = recipe_for("transfer", {"size": size, "steps": 2})
    live = LiveRun(make_there)
    live.start(Job(recipe, {"photo": "palace", "style": "brick"}))
    live.join(120)
    return live


@linux
def test_a_run_too_large_ends_in_words_and_the_next_one_works(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> None:
    queue = RunQueue()
    monkeypatch.setenv(messages.QUEUE, queue.address)
    assert made(32).state == "done"
    (worker,) = queue.workers
    process = psutil.Process(worker.process.pid)
    soft, hard = process.rlimit(resource.RLIMIT_DATA)
    assert 0 < soft < 2**40  # it has one of its own
    few = process.memory_info().data + 50 * 2**20
    process.rlimit(resource.RLIMIT_DATA, (few, hard))
    large = made(256)
    assert (large.state, large.error) == ("error", TOO_LARGE)
    assert made(32).state == "done"
    queue.close()
    assert f"has ended ({TOO_LARGE[:-1]}). A new one" in capfd.readouterr().err


@pytest.mark.parametrize("words", ["std::bad_alloc", "could not create a primitive"])
def test_what_libraries_say_of_memory_is_understood(words: str) -> None:
    assert OUT_OF_MEMORY.search(f"RuntimeError: {words}")


def cannot_load(pipe: Connection, jobs: int) -> None:
    messages.send(pipe, Message("error", {"words": "No torch here.", "last": True}))


def dies(pipe: Connection, jobs: int) -> None:
    pipe.close()


@pytest.mark.parametrize(
    ("task", "why"), [(cannot_load, " (No torch here)"), (dies, "")]
)
def test_workers_that_fail_at_their_start_are_said_and_given_up(
    task, why: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(run_queue, "work", task)
    given_up: list[str] = []
    queue = RunQueue(give_up=given_up.append)
    wait_until(lambda: given_up)
    queue.close()
    assert given_up == [f"no worker of the studio could be started{why}"]
    said = capfd.readouterr().err
    assert said.count(f"A worker of the studio has ended{why}. A new") >= 2


@linux
def test_a_studio_that_cannot_load_torch_ends_with_one_sentence() -> None:
    code = """
        import resource, sys
        resource.setrlimit(resource.RLIMIT_AS, (900_000_000, resource.RLIM_INFINITY))
        from stylelab.cli.options import main
        from stylelab.studio import free_port
        sys.exit(main(["studio", "--no-browser", "--port", str(free_port())]))
        """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=400, check=False
    )
    assert done.returncode == 2, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("stylelab: no worker of the studio could be started"), last
    assert "not enough memory" in last
    assert "Traceback" not in done.stderr


@linux
def test_a_page_cannot_grow_without_bound() -> None:
    """What its notebook runs first, in a process of its own."""
    from stylelab.studio import server  # not at the top: workers import this module

    code = server.CODE.rpartition("\nfrom")[0]
    grow = "\nkept = [bytearray(2**26) for _ in range(10)]; print(0)"
    grow += "\nwhile True: kept.append(bytearray(2**26))"
    command = [sys.executable, "-c", code + grow]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "0\n"
    assert "MemoryError" in done.stderr
