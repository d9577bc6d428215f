"""What this machine computes on, in which precision, and with how many threads."""

import functools
import os
import platform
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.nn.functional as F

from stylelab.core.words import shown
from stylelab.runs import limits

# The fastest first. For each: whether torch announces it.
DEVICES = {
    "cuda": lambda: torch.cuda.is_available(),
    "mps": lambda: torch.backends.mps.is_available(),
    "cpu": lambda: True,
}
# An environment variable, so that the processes of a sweep or a studio follow it.
VARIABLE = "STYLELAB_DEVICE"


def use(device: str) -> None:
    """All runs are computed on `device` from now on: "cpu", "cuda" or "mps".

    Runs that were made before stay where they are. A ValueError if it is not there.
    """
    _check(device)
    os.environ[VARIABLE] = device


def default_device() -> str:
    """What `use` chose; else the fastest device of this machine that works.

    One that is announced but does not work is told of in a warning, once.
    """
    if chosen := os.environ.get(VARIABLE):
        _check(chosen)
        return chosen
    return next(device for device in DEVICES if _works(device))


@functools.cache
def _works(device: str) -> bool:
    announced = DEVICES[device]()
    fault = _fault(device) if announced else ""
    if fault:
        problem = f"the device {device} does not work ({fault})"
        warnings.warn(f"{problem}: runs are computed without it", stacklevel=3)
    return announced and not fault


def _check(device: str) -> None:
    """A ValueError if no run can be computed on `device`."""
    announced = DEVICES.get(device, lambda: False)()
    fault = _fault(device) if announced else ""
    if not announced or fault:
        there = [name for name, known in DEVICES.items() if known() and name != device]
        problem = f"does not work ({fault})" if announced else "is not there"
        accepted = f"this machine has {', '.join(there)}"
        raise ValueError(f"the device {shown(device)} {problem}: {accepted}")


@functools.cache
def _fault(device: str, dtype: torch.dtype = torch.float32) -> str:
    """What goes wrong in a tiny computation on `device`; "" if nothing does."""
    try:
        ones = torch.ones(1, 1, 3, 3, device=device, dtype=dtype)
        nine = F.conv2d(ones, ones)
        return "" if nine.item() == 9 else "it computes wrong numbers"
    except Exception as error:  # a broken driver raises nearly anything
        lines = str(error).split(". ")[0].splitlines() or [type(error).__name__]
        return lines[0][:120]


def default_precision(device: str = "cpu") -> str:
    """ "bfloat16" where the hardware computes it (twice as fast), otherwise "float32".

    The hardware is asked, not timed: a busy machine must not change a picture.
    """
    native = False
    if device == "cuda":
        native = torch.cuda.is_bf16_supported(including_emulation=False)
    elif device == "cpu" and hasattr(torch.cpu, "get_capabilities"):
        abilities = torch.cpu.get_capabilities()
        native = any(abilities.get(name) for name in ("avx512_bf16", "amx_bf16"))
    return "bfloat16" if native else "float32"


def chosen_precision(precision: str) -> str:
    """`precision` of a recipe; instead of "auto", what this machine computes best."""
    device = default_device()
    if precision == "auto":
        return default_precision(device)
    if _fault(device, getattr(torch, precision)):
        problem = f"the device {device} computes no {precision}"
        raise ValueError(f"{problem}: choose precision=float32, or another device")
    return precision


def processor() -> str:
    """The kind of processor that computes: its numbers are added up in its own way."""
    device = default_device()
    if device == "cuda":
        return torch.cuda.get_device_name()
    kind = torch.backends.cpu.get_cpu_capability() if device == "cpu" else device
    return f"{platform.machine()} {kind}"


def most_threads() -> int:
    """How many threads this machine can compute with at the same time."""
    return max(limits.threads(os.cpu_count() or 1), torch.get_num_threads())


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Computes with `count` threads meanwhile.

    Sums are split by threads: another number of them ends in another picture.
    """
    before = torch.get_num_threads()
    if count != before:
        torch.set_num_threads(count)
    try:
        yield
    finally:
        if count != before:
            torch.set_num_threads(before)


def keep_to_quota() -> None:
    """No more threads than the container allows: they would wait for each other."""
    chosen = torch.get_num_threads()
    if (allowed := limits.threads(chosen)) < chosen:
        torch.set_num_threads(allowed)


# Once, before any thread of a lab: what one thread sets does not reach the others.
keep_to_quota()
