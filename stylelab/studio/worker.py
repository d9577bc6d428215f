"""A worker of the studio: a process that makes the runs of all visitors, one by one."""

from __future__ import annotations

import contextlib
import signal
import threading
from multiprocessing.connection import Connection

from stylelab.studio import post
from stylelab.studio.post import Message

# torch is loaded in the worker's own process, not in the server, which imports this.


def work(pipe: Connection, jobs: int) -> None:
    """Makes one order after another until nobody is at the other end any more.

    jobs: how many workers share the processor's cores.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    import torch

    torch.set_num_threads(max(1, torch.get_num_threads() // jobs))
    with contextlib.suppress(EOFError, OSError):
        post.send(pipe, Message("paces", _paces()))
        while True:
            order = post.receive(pipe)
            if order.kind == "make":
                _make(pipe, order)


def _paces() -> dict[str, dict[str, float]]:
    """Loads the network while nobody waits for it; the Pace with each statistic."""
    from stylelab import tasks
    from stylelab.forecast import pace
    from stylelab.losses import STATISTICS

    try:
        named = {"size": 64, "photo": "palace", "style": "brick"}
        runs = {name: tasks.transfer(statistic=name, **named) for name in STATISTICS}
        return {name: vars(pace(run)) for name, run in runs.items()}
    except Exception:  # whatever is wrong here, the first run will say it in words
        return {}


def _make(pipe: Connection, order: Message) -> None:
    from stylelab.live import in_words, make_here
    from stylelab.studio import orders

    stop, last = threading.Event(), order
    try:
        for news in make_here(orders.job_of(order), stop):
            last = orders.message_of(news)
            post.send(pipe, last)
            if pipe.poll() and post.receive(pipe).kind == "stop":
                stop.set()
        if not last.ends:  # stopped before there was a picture
            post.send(pipe, Message("left"))
    except (EOFError, ConnectionError):
        raise
    except Exception as error:
        post.send(pipe, Message("error", {"words": in_words(error)}))
