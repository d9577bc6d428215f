"""A lab whose cell is run again leaves nothing behind, in this process or a kernel."""

from __future__ import annotations

import gc
import os
import time
import weakref
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import ipywidgets
import psutil
import pytest
from ipywidgets import Widget
from jupyter_client.manager import start_new_kernel

from stylelab import labs
from stylelab.labs import TextureLab, lab
from stylelab.labs.widgets.base import PageLink

SMALL = {
    "LayerLab": {},
    "FieldLab": {},
    "ReconstructionLab": {"size": 48, "steps": 3},
    "TextureLab": {"size": 48, "steps": 3},
    "TransferLab": {"size": 48, "steps": 3},
    "TradeoffLab": {},
}
every_lab = pytest.mark.parametrize("name", SMALL)


def open_widgets() -> set[Widget]:
    """All widgets that ipywidgets keeps."""
    return {*ipywidgets.widgets.widget._instances.values()}


def make(name: str) -> lab.Lab:
    return getattr(labs, name)(**SMALL[name])


# --- Without a kernel -----------------------------------------------------------------


@every_lab
def test_a_closed_lab_leaves_nothing_behind(name: str) -> None:
    before = len(open_widgets())
    dead = []
    for _ in range(5):
        new = make(name)
        dead += [weakref.ref(new), *map(weakref.ref, lab.descendants(new))]
        new.close()
        del new
    assert len(open_widgets()) == before
    for _ in range(200):  # what a thread has begun, it ends
        gc.collect()
        if not any(ref() for ref in dead):
            break
        time.sleep(0.1)
    assert [ref() for ref in dead if ref()] == []


def test_a_closed_lab_is_light_even_where_it_is_kept() -> None:
    kept = make("LayerLab")
    maps = weakref.ref(kept.view.maps["relu1_1"])
    kept.close()
    kept.close()  # twice is once
    gc.collect()
    assert maps() is None


def test_a_closed_lab_ends_its_run() -> None:
    new = TextureLab(size=48, steps=100_000)
    new.panel.run.click()
    live = new.panel.live
    new.close()
    assert live.join(300) == "stopped"


@every_lab
def test_a_lab_sends_the_style_sheet_once(name: str) -> None:
    new = make(name)
    sheets = [w.get_state().get("_css", "") for w in lab.descendants(new)]
    assert sum(map(len, sheets)) == len(PageLink._css)


@pytest.fixture
def run_cell(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """Says which cell the kernel runs from now on; None: no page says which."""
    numbers = iter(range(1000))

    def run(cell: str | None) -> None:
        metadata = {"cellId": cell} if cell else {}
        parent = {"header": {"msg_id": next(numbers)}, "metadata": metadata}
        kernel = SimpleNamespace(get_parent=lambda: parent)
        monkeypatch.setattr(lab, "get_ipython", lambda: kernel)

    return run


def test_a_cell_that_is_run_again_closes_its_labs_and_no_others(run_cell) -> None:
    def is_open(new: TextureLab) -> bool:
        return new.comm is not None

    run_cell("a")
    first, second = make("TextureLab"), make("TextureLab")
    run_cell("b")
    other = make("TextureLab")
    assert all(map(is_open, (first, second, other)))
    run_cell("a")
    third = make("TextureLab")
    assert [*map(is_open, (first, second, other, third))] == [False, False, True, True]
    for cell in (None, None):
        run_cell(cell)
        make("TextureLab")
    assert is_open(third)


# --- In a kernel ----------------------------------------------------------------------


@pytest.fixture
def kernel() -> Iterator[Callable[[str, str], str]]:
    """Runs a cell as JupyterLab does, with its name: what it printed."""
    # glibc gives a block above this size back as soon as it is freed. Without it, what
    # the heap keeps free differs by 30 MB from run to run.
    env = os.environ | {"MALLOC_MMAP_THRESHOLD_": "65536"}
    manager, client = start_new_kernel(kernel_name="python3", env=env)

    def run(name: str, code: str) -> str:
        content = {"code": code, "silent": False, "store_history": True}
        content |= {"allow_stdin": False, "stop_on_error": True}
        message = client.session.msg("execute_request", content)
        message["metadata"]["cellId"] = name
        client.shell_channel.send(message)
        printed = ""
        while True:
            news = client.get_iopub_msg(timeout=120)
            if news["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            assert news["msg_type"] != "error", news["content"]
            printed += news["content"].get("text", "")
            if news["content"].get("execution_state") == "idle":
                return printed

    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.slow
@every_lab
def test_a_cell_run_twenty_times_takes_no_more_memory_than_three_times(
    kernel: Callable[[str, str], str], name: str, capsys: pytest.CaptureFixture
) -> None:
    trim = "ctypes.CDLL(None).malloc_trim if sys.platform == 'linux' else int"
    start = f"import ctypes, gc, os, sys; trim = {trim}; print(os.getpid())"
    process = psutil.Process(int(kernel("start", start)))
    options = ", ".join(f"{key}={value}" for key, value in SMALL[name].items())
    code = f"from stylelab.labs import {name}\nlab = {name}({options})\nlab"
    # The forecast or the influences, which a thread measures, belong to a lab's cost.
    slow = {"FieldLab": "lab.slow", "LayerLab": ""}.get(name, "lab.panel.ahead")
    wait = f"{slow and slow + '.join()'}\ngc.collect(); trim(0)"
    megabytes = []
    for _ in range(20):
        kernel("lab", code)
        kernel("wait", wait)
        memory = process.memory_info()
        # Without files: torch's library is shared with whichever tests run beside this.
        megabytes.append((memory.rss - getattr(memory, "shared", 0)) / 1e6)
    third, last = megabytes[2], megabytes[19]
    report = f"\n{name}: {third:.0f} MB after 3 runs, {last:.0f} after 20"
    with capsys.disabled():
        print(report, f"(load {os.getloadavg()[0]:.0f})")
    assert last < 1.05 * third
