"""What this machine computes on, and in which precision."""

from __future__ import annotations

import torch


def default_device() -> str:
    """The fastest device of this machine: "cuda", "mps" or "cpu"."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def default_precision(device: str = "cpu") -> str:
    """ "bfloat16" where the hardware computes it (twice as fast), otherwise "float32".

    Asked of the hardware, not timed: a busy machine must not change a picture.
    """
    if device == "cuda":
        native = torch.cuda.is_bf16_supported(including_emulation=False)
        return "bfloat16" if native else "float32"
    if device != "cpu" or not hasattr(torch.cpu, "get_capabilities"):
        return "float32"
    has = torch.cpu.get_capabilities()
    native = has.get("avx512_bf16") or has.get("amx_bf16")
    return "bfloat16" if native else "float32"
