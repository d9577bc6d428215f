"""Workers on other machines: each hands its runs to a Dask scheduler.

Visitors never speak to Dask: whoever reaches a scheduler can run code. The studio does,
and trusts the workers as it trusts itself.
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import queue
import threading
import time
import uuid
import warnings
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from stylelab.runs import cluster
from stylelab.runs.limits import undo_trimming
from stylelab.runs.live import in_words
from stylelab.studio import messages
from stylelab.studio.messages import Message
from stylelab.studio.words import LOST, UNREACHED
from stylelab.studio.worker import make, prepare
from stylelab.studio.workers import PATIENCE, Worker

if TYPE_CHECKING:
    from distributed import Client

TOPIC = "stylelab studio"  # of the events in which runs say how they go
TIMEOUT = 10.0  # seconds for a scheduler to answer
OFTEN = 0.1  # seconds


def check(scheduler: str) -> None:
    """Raises ValueError, in words, for an address where others could listen."""
    parts = urlsplit(scheduler)
    host = parts.hostname or ""
    with contextlib.suppress(ValueError):
        host = "localhost" if ipaddress.ip_address(host).is_loopback else host
    if not (parts.scheme == "tls" or (parts.scheme, host) == ("tcp", "localhost")):
        raise ValueError(
            f"scheduler is '{scheduler}': accepted is tcp://127.0.0.1:PORT, or "
            "tls://HOST:PORT with certificates in Dask's configuration"
        )


class Cluster:
    """A connection to a scheduler, which is made again after it was lost."""

    def __init__(self, scheduler: str) -> None:
        check(scheduler)
        self.scheduler, self._lock = scheduler, threading.Lock()
        self.news: dict[str, queue.SimpleQueue[Message]] = {}  # by run
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self._client = self._connect()

    def _connect(self) -> Client:
        try:
            client = cluster.connect(self.scheduler, TIMEOUT)
        except OSError as error:
            problem = f"the scheduler at {self.scheduler} cannot be reached"
            raise ValueError(f"{problem}: {' '.join(str(error).split())}") from None
        # A photo travels with its run.
        warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
        client.subscribe_topic(TOPIC, self._hear)
        return client

    def _hear(self, event: tuple[float, dict]) -> None:
        run, kind, facts, pictures = event[1]
        if run in self.news:  # else it is over, or another studio's
            self.news[run].put(Message(kind, facts, tuple(pictures)))

    def client(self) -> Client:
        """Raises ValueError or OSError if nobody is there."""
        with self._lock:
            if self._client.status != "running":
                self._client.close(timeout=1)
                self._client = self._connect()
            return self._client

    def hosts(self) -> list[str]:
        """The machine of each worker; none if the scheduler is not reached."""
        workers = {}
        if self._client.status == "running":
            with contextlib.suppress(OSError):  # it has just gone
                workers = self._client.nthreads()
        return [urlsplit(worker).hostname or "" for worker in workers]

    def close(self) -> None:
        self._client.close(timeout=1)


class DaskWorker(Worker):
    """Makes one run at a time on any of a cluster's workers."""

    def __init__(self, cluster: Cluster) -> None:
        self.pipe, theirs = Pipe()
        self.process = Follower(cluster, theirs)
        self.process.start()


class Follower(threading.Thread):
    """Stands in the studio for the process of a worker: it speaks through `pipe`."""

    def __init__(self, cluster: Cluster, pipe: Connection) -> None:
        super().__init__(daemon=True)
        self.cluster, self.pipe = cluster, pipe
        self._is_over = threading.Event()

    def kill(self) -> None:
        """Ends this thread, and its run after the next step."""
        self._is_over.set()

    def run(self) -> None:
        with self.pipe, contextlib.suppress(EOFError):
            try:
                self._make(self.cluster.client(), None)
                while True:
                    self._check()
                    if self.pipe.poll(OFTEN):
                        message = messages.receive(self.pipe)
                        if message.kind == "make":
                            self._make(self.cluster.client(), message)
            except Exception as error:
                facts = {"words": UNREACHED, "why": in_words(error), "last": True}
                self._say(Message("error", facts))

    def _say(self, message: Message) -> None:
        with contextlib.suppress(OSError):
            messages.send(self.pipe, message)

    def _check(self) -> None:
        """Raises EOFError if this thread shall end, ValueError without scheduler."""
        if self._is_over.is_set():
            raise EOFError
        if self.cluster._client.status != "running":
            raise ValueError(UNREACHED)

    def _make(self, client: Client, message: Message | None) -> None:
        """Hands a run to the cluster and passes on what it says; None: it only loads
        the network there."""
        from distributed import Event

        run, heard = uuid.uuid4().hex, time.monotonic()
        news = self.cluster.news[run] = queue.SimpleQueue()
        task = run, self.cluster.hosts(), message
        future = client.submit(make_there, *task, key=run, pure=False)
        stop = Event(run, client)
        try:
            while not (future.done() and news.empty()):
                with contextlib.suppress(queue.Empty):
                    self._say(news.get(timeout=OFTEN))
                    heard = time.monotonic()
                # While it loads, the next run waits in the pipe.
                if message and self.pipe.poll():
                    messages.receive(self.pipe)  # it can only be a stop
                    stop.set()
                if time.monotonic() - heard > PATIENCE and not self.cluster.hosts():
                    raise ValueError(UNREACHED)
                self._check()
            last, worn_out = _outcome(future)
            if message:
                self._say(last)
                stop.clear()  # else the scheduler keeps it
            if worn_out:
                future.release()  # else another worker makes the lost run again
                with contextlib.suppress(Exception):  # it may have no nanny
                    client.restart_workers([worn_out], timeout=PATIENCE)
        except BaseException:
            if client.status == "running":
                with contextlib.suppress(Exception):
                    stop.set()
                    future.cancel()
            raise
        finally:
            del self.cluster.news[run]


def _outcome(future) -> tuple[Message, str]:
    """The last message of a run, and the worker that must make no other."""
    if future.status == "finished":
        (kind, facts, pictures), worn_out = future.result(TIMEOUT)
        return Message(kind, facts, pictures), worn_out
    if future.status != "error":
        raise ValueError(UNREACHED)
    error = future.exception(TIMEOUT)
    is_killed = type(error).__name__ == "KilledWorker"
    return Message("error", {"words": LOST if is_killed else in_words(error)}), ""


STEP_TIMES: list[dict] = []  # of a Dask worker's process that has loaded the network


def make_there(
    run: str, hosts: list[str], message: Message | None
) -> tuple[tuple[str, dict, tuple[bytes, ...]], str]:
    """In the process of a Dask worker: makes a run, whose last message is returned,
    and the worker's address if it must make no other.
    """
    from distributed import Event, get_worker

    from stylelab.runs import device

    worker, last = get_worker(), ("loaded", {}, ())

    def say(message: Message) -> None:
        nonlocal last
        parts = message.kind, dict(message.facts), message.pictures
        if message.ends:
            last = parts  # it may be large, and the scheduler keeps what is logged
        else:
            worker.log_event(TOPIC, [run, *parts])

    with device.threads(worker.state.nthreads):
        if not STEP_TIMES:
            undo_trimming()
            STEP_TIMES.append(prepare(max(1, hosts.count(worker.ip))))
        say(Message("step times", STEP_TIMES[0]))
        is_sound = not message or make(message, STEP_TIMES[0], say, Event(run).is_set)
    return last, "" if is_sound else worker.address
