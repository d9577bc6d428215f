"""A worker of the studio: a process that makes the runs of all visitors, one by one."""

from __future__ import annotations

import contextlib
import math
import signal
import threading
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from stylelab.studio import messages
from stylelab.studio.messages import Message

if TYPE_CHECKING:
    from stylelab.runs.run import Result

MANY = 20  # steps from which on a run's time tells how long a step takes

# torch is loaded in the worker's own process, not in the server, which imports this.


def work(pipe: Connection, jobs: int) -> None:
    """Makes one order after another until nobody is at the other end any more.

    jobs: how many workers share the processor's cores.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    import torch

    torch.set_num_threads(max(1, torch.get_num_threads() // jobs))
    with contextlib.suppress(EOFError, OSError):
        paces = _paces()
        messages.send(pipe, Message("paces", paces))
        while True:
            order = messages.receive(pipe)
            if order.kind == "make":
                _make(pipe, order, paces)


def _paces() -> dict[str, dict[str, float]]:
    """Loads the network while nobody waits for it; the Pace with each statistic."""
    from stylelab.core.statistics import STATISTICS
    from stylelab.runs import tasks
    from stylelab.runs.forecast import step_time

    try:
        named = {"size": 64, "photo": "palace", "style": "brick"}
        runs = {name: tasks.transfer(statistic=name, **named) for name in STATISTICS}
        return {name: vars(step_time(run)) for name, run in runs.items()}
    except Exception:  # whatever is wrong here, the first run will say it in words
        return {}


def learn(paces: dict[str, dict[str, float]], result: Result) -> None:
    """Brings the pace of `result`'s statistic half way to what its run took.

    Half: the next run may have other layers, or less beside it.
    """
    from stylelab.runs.forecast import StepTime

    name, steps = result.record["recipe"]["statistic"], len(result.history)
    if name in paces and steps >= MANY:
        pixels = math.prod(result.picture.shape[-2:])
        said = StepTime(**paces[name]).seconds(pixels)
        times = (result.seconds / steps / said) ** 0.5
        paces[name] = {part: times * told for part, told in paces[name].items()}


def _make(pipe: Connection, order: Message, paces: dict) -> None:
    from stylelab.runs.live import in_words, make_here
    from stylelab.studio import job_messages

    stop, last = threading.Event(), order
    try:
        for news in make_here(job_messages.job_of(order), stop):
            last = job_messages.message_of(news)
            if last.kind == "result":
                learn(paces, news)
                messages.send(pipe, Message("paces", paces))
            messages.send(pipe, last)
            if pipe.poll() and messages.receive(pipe).kind == "stop":
                stop.set()
        if not last.ends:  # stopped before there was a picture
            messages.send(pipe, Message("left"))
    except (EOFError, ConnectionError):
        raise
    except Exception as error:
        messages.send(pipe, Message("error", {"words": in_words(error)}))
