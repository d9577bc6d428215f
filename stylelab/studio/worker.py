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
        post.send(pipe, Message("pace", {"pace": _first_pace()}))
        while True:
            order = post.receive(pipe)
            if order.kind == "make":
                _make(pipe, order)


def _first_pace() -> float:
    """Loads the network while nobody waits for it, and times a million pixels."""
    from stylelab import tasks
    from stylelab.forecast import forecast

    try:
        run = tasks.transfer("palace", "brick", size=256)
        return forecast(run).seconds / len(run) / run.start[0, 0].numel() * 1e6
    except Exception:  # whatever is wrong here, the first run will say it in words
        return 0.0


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
