"""`python -m stylelab doctor`: what this machine has, and what is missing."""

import math
import platform
import subprocess
import tempfile
from collections.abc import Callable
from importlib.metadata import version

import PIL.Image
import torch

from stylelab import __version__
from stylelab.core import vgg
from stylelab.core.errors import WeightsError
from stylelab.runs import guess, limits
from stylelab.runs.device import default_device, default_precision

PACKAGES = ("torch", "torchvision", "pillow", "matplotlib", "jupyterlab", "ipywidgets")
WIDGETS = "import ipywidgets, anywidget, stylelab; print(stylelab.__file__)"


def report() -> int:
    """Prints a line per finding; 0 if a run works here, 1 if not."""
    why = {"bfloat16": "native here", "float32": "no native bfloat16 here"}
    lines: dict[str, Callable[[], str]] = {
        "stylelab": lambda: __version__,
        "python": lambda: f"{platform.python_version()} on {platform.platform()}",
        "packages": lambda: ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "device": lambda: f"{default_device()}, {_threads()}",
        "precision": lambda: f"{(p := default_precision(default_device()))} ({why[p]})",
        "memory": lambda: f"{limits.free_memory() / 2**30:.1f} GiB free",
        "weights": lambda: (
            f"VGG-19, original, SHA-256 {vgg.load().sha256[:12]}... as expected"
        ),
        "guesses": _guesses,
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


def _guesses() -> str:
    """Whether there are guesses; all else works without them."""
    try:
        guess.style_numbers(PIL.Image.new("RGB", (16, 16)))
    except WeightsError as error:
        return f"none: {error}"
    return "the networks that guess a transfer work"


def _threads() -> str:
    """How many there are, and whether a container's quota is the reason."""
    quota, found = limits.processors(), f"{torch.get_num_threads()} threads"
    if quota == math.inf:
        return found
    return f"{found} (this container has the time of {quota:.3g} processors)"


def _kernel() -> str:
    """Asks the notebook kernel's own Python, which need not be this one."""
    from jupyter_client import KernelManager

    python = KernelManager(kernel_name="python3").format_kernel_cmd()[0]
    # From another folder: a checkout in the current one would always be seen.
    options = {"cwd": tempfile.gettempdir(), "capture_output": True, "timeout": 60}
    check = subprocess.run([python, "-c", WIDGETS], text=True, check=False, **options)
    if check.returncode:
        reason = (check.stderr.strip().splitlines() or ["no output"])[-1]
        raise RuntimeError(
            f"the notebook kernel ({python}) does not see the widgets: {reason}; run "
            "'python -m ipykernel install --sys-prefix' in stylelab's environment"
        )
    return "the kernel sees stylelab and the widgets"
