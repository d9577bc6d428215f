"""A device that no machine needs to have: it computes on the CPU, and says otherwise.

Its tensors call themselves "meta". As on a GPU, no computation takes some of them and
some of the CPU's; as on Apple's, there is no float64, and some operations are missing.
"""

from typing import ClassVar

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map_only

NAME = "meta"
MISSING = ("eigh", "eigvals", "svd", "cholesky", "lstsq", "inv_ex", "bicubic")
WIDE = (torch.float64, torch.complex128)


class There(torch.Tensor):
    """A tensor on the pretended device; `here` are its numbers."""

    here: torch.Tensor

    @staticmethod
    def __new__(cls, here: torch.Tensor) -> "There":
        shape = {"strides": here.stride(), "storage_offset": here.storage_offset()}
        made = torch.Tensor._make_wrapper_subclass(
            cls, here.size(), **shape, dtype=here.dtype, device=NAME
        )
        made.here = here
        return made

    @classmethod
    def __torch_dispatch__(cls, operation, types, args=(), kwargs=None):
        return compute(operation, args, dict(kwargs or {}))


class Pretended(TorchDispatchMode):
    """While it is entered, a tensor may be moved to, or made on, the device."""

    used: ClassVar[set[str]] = set()  # the operations that were computed there

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        return compute(operation, args, dict(kwargs or {}))


def compute(operation, args: tuple, kwargs: dict):
    tensors = [t for t in tree_leaves((args, kwargs)) if isinstance(t, torch.Tensor)]
    there = any(isinstance(tensor, There) for tensor in tensors)
    name, target = operation._schema.name, kwargs.get("device")
    ends_there = there if target is None else torch.device(target).type == NAME
    if there:
        Pretended.used.add(name)
        check(name, args, tensors, moves=target is not None or "copy_" in name)
    if ends_there and target is not None:
        kwargs["device"] = "cpu"
    args, kwargs = tree_map_only(There, lambda tensor: tensor.here, (args, kwargs))
    result = operation(*args, **kwargs)
    if not ends_there:
        return result
    for tensor in tree_leaves(result):
        if isinstance(tensor, torch.Tensor) and tensor.dtype in WIDE:
            raise TypeError(f"{name}: there is no {tensor.dtype} on this device")
    return tree_map_only(torch.Tensor, There, result)


def check(name: str, args: tuple, tensors: list, moves: bool) -> None:
    """A RuntimeError for what the device cannot compute."""
    mixed = [t for t in tensors if not isinstance(t, There) and t.ndim]
    if mixed and not moves:
        raise RuntimeError(f"{name}: tensors on {NAME} and on the CPU")
    if any(word in name for word in MISSING):
        raise NotImplementedError(f"{name} is not there on this device")
    if "adaptive" in name and "backward" not in name:
        sizes = zip(reversed(args[0].shape), reversed(args[1]), strict=False)
        if any(size % wanted for size, wanted in sizes):
            raise RuntimeError(f"{name}: sizes that do not divide")
