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

# The server imports this module: torch is loaded in the worker's own process alone.

STEPS = 20  # a run of fewer steps does not tell how long a step takes


def work(pipe: Connection, jobs: int) -> None:
    """Makes one run after another until nobody is at the other end any more.

    jobs: how many workers share the processor's cores.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    import torch

    torch.set_num_threads(max(1, torch.get_num_threads() // jobs))
    with contextlib.suppress(EOFError, OSError):
        step_times = _step_times()
        messages.send(pipe, Message("step times", step_times))
        while True:
            message = messages.receive(pipe)
            if message.kind == "make":
                _make(pipe, message, step_times)


def _step_times() -> dict[str, dict[str, float]]:
    """The fields of a StepTime by statistic. Loads the network before anyone waits."""
    from stylelab.core.statistics import STATISTICS
    from stylelab.runs import tasks
    from stylelab.runs.forecast import step_time

    pictures = {"size": 64, "photo": "palace", "style": "brick"}
    try:
        return {
            name: vars(step_time(tasks.transfer(statistic=name, **pictures)))
            for name in STATISTICS
        }
    except Exception:  # the first run will meet the same error, and say it in words
        return {}


def adjust(step_times: dict[str, dict[str, float]], result: Result) -> None:
    """Moves the step time of `result`'s statistic half way to what its run took.

    Only half way: the next run may have other layers, or a less busy machine.
    """
    from stylelab.runs.forecast import StepTime

    name, steps = result.record["recipe"]["statistic"], len(result.history)
    if name in step_times and steps >= STEPS:
        pixels = math.prod(result.picture.shape[-2:])
        expected = steps * StepTime(**step_times[name]).seconds(pixels)
        factor = (result.seconds / expected) ** 0.5
        step_times[name] = {k: factor * v for k, v in step_times[name].items()}


def _make(pipe: Connection, message: Message, step_times: dict) -> None:
    from stylelab.runs.live import in_words, make_here
    from stylelab.studio.job_messages import pack_progress, unpack_job

    stop, answer = threading.Event(), None
    try:
        for progress in make_here(unpack_job(message), stop):
            answer = pack_progress(progress)
            if answer.ends:
                adjust(step_times, progress)
                messages.send(pipe, Message("step times", step_times))
            messages.send(pipe, answer)
            if pipe.poll() and messages.receive(pipe).kind == "stop":
                stop.set()
        if not (answer and answer.ends):  # stopped before there was a picture
            messages.send(pipe, Message("cancelled"))
    except (EOFError, ConnectionError):
        raise
    except Exception as error:
        messages.send(pipe, Message("error", {"words": in_words(error)}))
