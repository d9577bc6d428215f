"""Dask's workers for runs: the connection, and what is said where it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from distributed import Client


def connect(scheduler: str, timeout: float) -> Client:
    """A Dask client of `scheduler`, which has workers.

    Raises ImportError, OSError or ValueError, in words.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ImportError(
            "--scheduler needs Dask, which is missing: pip install 'stylelab[cluster]'"
        ) from None
    client = Client(scheduler, timeout=timeout, set_as_default=False)
    if not client.nthreads():
        client.close()
        advice = f"start one with 'dask worker {scheduler}'"
        raise ValueError(f"the scheduler at {scheduler} has no workers: {advice}")
    return client
