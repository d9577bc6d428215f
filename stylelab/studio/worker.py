"""What the studio's processes do: one makes runs, one guesses; torch is loaded here.

The queue imports this module, so each function imports what it needs.
"""

from __future__ import annotations

import contextlib
import math
import signal
import threading
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from stylelab.studio import messages
from stylelab.studio.messages import GONE, Message

if TYPE_CHECKING:
    from stylelab.runs.run import Result

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


def guess(pipe: Connection, jobs: int) -> None:
    """Guesses what the pages ask for, until nobody is at the other end any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    from stylelab.core.errors import WeightsError
    from stylelab.runs.guess import style_numbers

    with contextlib.suppress(WeightsError):
        style_numbers("brick")  # loads a network before anyone waits
    with contextlib.suppress(*GONE):
        while True:
            messages.send(pipe, _guess(messages.receive(pipe)))


def _guess(message: Message) -> Message:
    from stylelab.core.errors import WeightsError
    from stylelab.labs.run_view import guessed
    from stylelab.runs.live import in_words
    from stylelab.studio.job_messages import unpack_job

    try:
        return Message("guessed", {}, (guessed(unpack_job(message)),))
    except WeightsError as error:
        return Message("error", {"words": str(error), "for good": True})
    except Exception as error:
        return Message("error", {"words": in_words(error), "for good": False})


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
    from stylelab.runs.cost import StepTime
    from stylelab.runs.recipe import Recipe

    recipe, steps = Recipe(**result.record["recipe"]), len(result.history)
    name = recipe.statistic
    if name in step_times and steps >= STEPS:
        pixels = math.prod(result.picture.shape[-2:])
        expected = StepTime(**step_times[name]).of_run(recipe, pixels, steps)
        factor = (result.seconds / expected) ** 0.5
        step_times[name] = {k: factor * v for k, v in step_times[name].items()}


def _make(pipe: Connection, message: Message, step_times: dict) -> None:
    from stylelab.runs.here import make_here
    from stylelab.runs.live import in_words
    from stylelab.studio.job_messages import pack_progress, unpack_job

    stop, answer = threading.Event(), message
    try:
        for progress in make_here(unpack_job(message), stop):
            answer = pack_progress(progress)
            if answer.kind == "result":
                adjust(step_times, progress)
                messages.send(pipe, Message("step times", step_times))
            messages.send(pipe, answer)
            if pipe.poll() and messages.receive(pipe).kind == "stop":
                stop.set()
        if not answer.ends:  # stopped before there was a picture
            messages.send(pipe, Message("cancelled"))
    except (EOFError, ConnectionError):
        raise
    except Exception as error:
        messages.send(pipe, Message("error", {"words": in_words(error)}))
