"""What this machine computes on, and in which precision."""

import torch

from stylelab.runs import limits


def default_device() -> str:
    """The fastest device of this machine: "cuda", "mps" or "cpu"."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


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
    return default_precision(default_device()) if precision == "auto" else precision


def keep_to_quota() -> None:
    """No more threads than the container allows: they would wait for each other."""
    chosen = torch.get_num_threads()
    if (allowed := limits.threads(chosen)) < chosen:
        torch.set_num_threads(allowed)


# Once, before any thread of a lab: what one thread sets does not reach the others.
keep_to_quota()
