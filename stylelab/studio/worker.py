"""What the studio's processes do: one makes runs, one guesses; torch is loaded here.

The queue imports this module, so each function imports what it needs.
"""

from __future__ import annotations

import contextlib
import math
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from stylelab.studio import messages
from stylelab.studio.messages import GONE, Message

if TYPE_CHECKING:
    from stylelab.runs.run import Result

SHARE = 0.75  # of the memory that is free: the pages need some, too
STEPS = 20  # a run of fewer steps does not tell how long a step takes


def work(pipe: Connection, jobs: int) -> None:
    """Makes one run after another until nobody is at the other end any more.

    jobs: how many workers share the processor's cores.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    from stylelab.runs.live import in_words

    def is_stopped() -> bool:
        return pipe.poll() and messages.receive(pipe).kind == "stop"

    def say(message: Message) -> None:
        messages.send(pipe, message)

    with contextlib.suppress(*GONE):
        try:
            import torch

            torch.set_num_threads(max(1, torch.get_num_threads() // jobs))
            step_times = prepare(jobs)
        except Exception as error:  # torch cannot be loaded
            say(Message("error", {"words": in_words(error), "last": True}))
            return
        say(Message("step times", step_times))
        is_sound = True
        while is_sound:
            message = messages.receive(pipe)
            if message.kind == "make":
                is_sound = make(message, step_times, say, is_stopped)


def prepare(jobs: int) -> dict[str, dict[str, float]]:
    """Loads the network before anyone waits, and then bounds the memory.

    Returns the fields of a StepTime by statistic.
    """
    from stylelab.runs.limits import bound_memory, free_memory

    step_times = _step_times()
    bound_memory(SHARE * free_memory() / jobs)
    return step_times


def guess(pipe: Connection, jobs: int) -> None:
    """Guesses what the pages ask for, until nobody is at the other end any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    with contextlib.suppress(Exception):  # whatever is missing: a guess will say so
        from stylelab.runs.guess import style_numbers

        style_numbers("brick")  # loads a network before anyone waits
    with contextlib.suppress(*GONE):
        while True:
            messages.send(pipe, _guess(messages.receive(pipe)))


def _guess(message: Message) -> Message:
    from stylelab.core.errors import WeightsError
    from stylelab.runs.live import in_words
    from stylelab.studio.job_messages import unpack_job

    try:
        from stylelab.labs.run_view import guessed

        return Message("guessed", {}, (guessed(unpack_job(message)),))
    except WeightsError as error:
        return Message("error", {"words": str(error), "for good": True})
    except Exception as error:
        return Message("error", {"words": in_words(error), "for good": False})


def _step_times() -> dict[str, dict[str, float]]:
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


def make(
    message: Message,
    step_times: dict[str, dict[str, float]],
    say: Callable[[Message], None],
    is_stopped: Callable[[], bool],
) -> bool:
    """Makes one run, and says how it goes; whether this process may make another.

    Where memory ran out once, oneDNN refuses the same picture for ever.
    """
    from stylelab.runs.here import make_here
    from stylelab.runs.live import TOO_LARGE, in_words
    from stylelab.studio.job_messages import pack_progress, unpack_job

    stop, answer = threading.Event(), message
    try:
        for progress in make_here(unpack_job(message), stop):
            answer = pack_progress(progress)
            if answer.kind == "result":
                adjust(step_times, progress)
                say(Message("step times", step_times))
            say(answer)
            if not answer.ends and is_stopped():  # after the end the next run may come
                stop.set()
        if not answer.ends:  # stopped before there was a picture
            say(Message("cancelled"))
    except (EOFError, ConnectionError):
        raise
    except Exception as error:
        words = in_words(error)
        say(Message("error", {"words": words, "last": words == TOO_LARGE}))
        return words != TOO_LARGE
    return True
