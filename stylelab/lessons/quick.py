"""How long the notebooks run: in full for a reader, shortened for a test."""

import os
from typing import TypeVar

T = TypeVar("T")


def full(full: T, quick: T) -> T:
    """`full`, or `quick` if the environment variable STYLELAB_QUICK is set."""
    return quick if os.environ.get("STYLELAB_QUICK") else full
