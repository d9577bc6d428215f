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
        from distributed import Client, Security
    except ImportError:
        raise ImportError(
            "--scheduler needs Dask, which is missing: pip install 'stylelab[cluster]'"
        ) from None
    secrets = Security().get_connection_args("client")["ssl_context"]
    if scheduler.startswith("tls:") and not secrets:
        problem = f"the scheduler at {scheduler} cannot be reached"
        raise ValueError(f"{problem}: Dask's configuration names no certificates")
    client = Client(scheduler, timeout=timeout, set_as_default=False)
    if not client.nthreads():
        client.close()
        advice = f"start one with 'dask worker {scheduler}'"
        raise ValueError(f"the scheduler at {scheduler} has no workers: {advice}")
    return client
