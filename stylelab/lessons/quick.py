"""How long the notebooks take: as written, or shortened for a test.

The environment variable STYLELAB_QUICK is read here and nowhere else.
"""

from __future__ import annotations

import os
from typing import TypeVar

T = TypeVar("T")


def full(full: T, quick: T) -> T:
    """`full`, or `quick` where STYLELAB_QUICK is set: `steps = pick(200, quick=10)`."""
    return quick if os.environ.get("STYLELAB_QUICK") else full
