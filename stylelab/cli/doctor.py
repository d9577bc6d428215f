"""`python -m stylelab doctor`: what this machine has, and what is missing."""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
import tempfile
from collections.abc import Callable

import psutil
import torch

from stylelab import __version__
from stylelab.core import vgg
from stylelab.runs import device

PACKAGES = ("torch", "torchvision", "pillow", "matplotlib", "jupyterlab", "ipywidgets")
WIDGETS = "import ipywidgets, anywidget, stylelab; print(stylelab.__file__)"


def report() -> int:
    """Prints one line a finding; 0 if a run works here, 1 if not."""
    lines: dict[str, Callable[[], str]] = {
        "stylelab": lambda: __version__,
        "python": lambda: f"{platform.python_version()} on {platform.platform()}",
        "packages": _packages,
        "device": _device,
        "precision": _precision,
        "memory": lambda: f"{psutil.virtual_memory().available / 2**30:.1f} GiB free",
        "weights": _weights,
        "notebooks": _kernel,
    }
    healthy = True
    for name, find in lines.items():
        try:
            finding = find()
        except Exception as error:  # a doctor reports what is broken; it does not break
            finding, healthy = f"NOT WORKING: {error}", False
        print(f"{name:11}{finding}")
    return 0 if healthy else 1


def _packages() -> str:
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)


def _device() -> str:
    return f"{device.default_device()}, {torch.get_num_threads()} threads"


def _precision() -> str:
    chosen = device.default_precision(device.default_device())
    why = "native here" if chosen == "bfloat16" else "no native bfloat16 here"
    return f"{chosen} ({why})"


def _weights() -> str:
    net = vgg.load()
    return f"VGG-19, original, SHA-256 {net.sha256[:12]}... as expected"


def _kernel() -> str:
    """Asks the notebook kernel's own Python, which need not be this one."""
    from jupyter_client import KernelManager

    python = KernelManager(kernel_name="python3").format_kernel_cmd()[0]
    # Not from here: a checkout in the current folder would always be seen.
    found = subprocess.run(
        [python, "-c", WIDGETS],
        cwd=tempfile.gettempdir(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if found.returncode:
        reason = (found.stderr.strip().splitlines() or ["no output"])[-1]
        raise RuntimeError(
            f"the notebook kernel ({python}) does not see the widgets: {reason}; run "
            "'python -m ipykernel install --sys-prefix' in stylelab's environment"
        )
    return "the kernel sees stylelab and the widgets"
