"""The public names stay what they are, whatever was loaded; one network serves all."""

import gc
import importlib
import os
import pkgutil
import subprocess
import sys

import pytest
import torch

import stylelab as sl
from stylelab.core import vgg
from stylelab.labs import FieldLab, LayerLab

MODULES = [
    module.name
    for module in pkgutil.walk_packages(sl.__path__, "stylelab.")
    if module.name != "stylelab.__main__"  # which runs the command line
]


def test_every_public_name_works_after_every_module_was_loaded():
    """`sl.samples()` failed once a module called samples had been loaded."""
    before = {name: getattr(sl, name) for name in sl.__all__}
    for name in MODULES:
        importlib.import_module(name)
    assert {name: getattr(sl, name) for name in sl.__all__} == before
    assert all(callable(thing) for thing in before.values())
    assert "cat" in sl.samples()
    assert sl.load("cat", 16).shape[1] == 3
    assert sl.Recipe(size=32).size == 32
    assert issubclass(sl.PictureError, ValueError)
    for run in (sl.transfer("cat", "brick", size=32), sl.texture("brick", size=32)):
        assert isinstance(run, sl.Run)
    result = sl.reconstruct("cat", size=32, steps=1).result(iter)
    assert isinstance(result, sl.Result)


def test_a_module_loaded_first_hides_no_public_name():
    """In a Python of its own: here the names were resolved before."""
    wings = "stylelab.pictures", "stylelab.runs"
    heavy = [name for name in MODULES if name.startswith(wings)]
    code = f"import stylelab as sl, {', '.join(heavy)}\n"
    code += (
        "print(all(callable(getattr(sl, n)) for n in sl.__all__), len(sl.samples()))"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["True", str(len(sl.samples()))]


@pytest.mark.parametrize(
    ("chosen", "turns"), [({}, "1000"), ({"OMP_WAIT_POLICY": "active"}, "None")]
)
def test_threads_that_wait_go_to_sleep(chosen, turns):
    """After 1,000 turns, unless it was chosen otherwise: libgomp says what it took."""
    given = {k: v for k, v in os.environ.items() if not k.startswith(("OMP", "GOMP"))}
    told = {**given, **chosen, "OMP_DISPLAY_ENV": "verbose"}
    code = "import os, stylelab, torch; print(os.environ.get('GOMP_SPINCOUNT'))"
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, env=told, check=True)
    assert run.stdout.split() == [turns]
    if "GOMP_SPINCOUNT" in run.stderr:  # not every system's torch has this library
        assert ("GOMP_SPINCOUNT = '1000'" in run.stderr) == (turns == "1000")


def first_kernels() -> set[int]:
    """The memory of the first kernel of every trained network on the processor."""
    gc.collect()
    networks = [o for o in gc.get_objects() if type(o) is vgg.Network]
    kernels = [n.kernels["conv1_1"] for n in networks if n.source == "original"]
    kernels = [k for k in kernels if k.device.type == "cpu"]
    return {k.data_ptr() for k in kernels if k.dtype == torch.float32}


def test_labs_verbs_and_load_share_one_network():
    labs = LayerLab(), FieldLab()
    runs = [
        sl.transfer("cat", "brick", size=32, precision="float32"),
        sl.texture("brick", size=32, pooling="average", precision="float32"),
        sl.reconstruct("cat", size=32, seed=3),
    ]
    assert len(first_kernels() | {vgg.load().kernels["conv1_1"].data_ptr()}) == 1
    assert vgg.load(seed=4).kernels is vgg.load("original").kernels
    assert vgg.load("random", seed=1).kernels is not vgg.load("random", seed=2).kernels
    for seed in range(10):  # as many as somebody compares in one notebook
        vgg.load("random", seed=seed)
    assert len(first_kernels() | {vgg.load().kernels["conv1_1"].data_ptr()}) == 1
    del labs, runs
