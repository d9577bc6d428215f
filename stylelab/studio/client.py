"""A visitor's way to the queue: the Make of a page in the studio."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection

from stylelab.runs.live import Shot, Waiting
from stylelab.runs.run import Result
from stylelab.runs.sweep import Job
from stylelab.studio import messages
from stylelab.studio.job_messages import news_of, order_of
from stylelab.studio.messages import DESK, Message

ENDED = "The studio has ended. When it runs again, reload this page."


def make_there(job: Job, stop: threading.Event) -> Iterator[Waiting | Shot | Result]:
    """A Make through the studio's queue: the run is made by one of its workers."""
    order = order_of(job)
    with _connected() as desk:
        try:
            messages.send(desk, order)
            yield from _news(desk, stop)
        except (EOFError, OSError):
            raise ConnectionError(ENDED) from None


def outlook() -> Mapping:
    """`paces`, what forecast.Pace holds, by statistic; and the runs `before`."""
    try:
        with _connected() as desk:
            messages.send(desk, Message("foresee"))
            return messages.receive(desk).facts
    except EOFError:
        raise ConnectionError(ENDED) from None


def _connected() -> Connection:
    try:
        key, _, address = os.environ[DESK].partition("@")
        return Client(address, authkey=bytes.fromhex(key))
    except (KeyError, OSError, EOFError, AuthenticationError):
        raise ConnectionError(ENDED) from None


def _news(desk: Connection, stop: threading.Event) -> Iterator[Waiting | Shot | Result]:
    told = False
    while True:
        if stop.is_set() and not told:
            messages.send(desk, Message("stop"))
            told = True
        if not desk.poll(0.1):
            continue
        message = messages.receive(desk)
        if message.kind != "left":
            yield news_of(message)
        if message.ends:
            return
