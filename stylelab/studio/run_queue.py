"""The queue: one for all visitors, and the worker processes that make their runs.

The server imports this module: torch is loaded in the workers' own processes alone.
"""

from __future__ import annotations

import contextlib
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener, wait

from stylelab.studio import messages
from stylelab.studio.messages import GONE, Message
from stylelab.studio.worker import guess, work
from stylelab.studio.workers import PATIENCE, Worker

HOUR = 3600.0  # seconds: longer than any run, whatever a page says
OFTEN = 5.0  # seconds between two words about the time to wait
TRIES = 3  # workers that fail at their start, one after another


@dataclass(eq=False)
class Ticket:
    """A run that waits or is made, and what its page expects it to take."""

    seconds: float
    began: float | None = None  # on the monotonic clock; None: it waits

    @property
    def left(self) -> float:
        """Seconds until its end, as expected."""
        gone = 0.0 if self.began is None else time.monotonic() - self.began
        return max(0.0, self.seconds - gone)


class RunQueue:
    """Takes jobs from the pages and gives each to the next free worker, in turn.

    jobs: how many runs are made at the same time; they share the processor.
    scheduler: Dask's, whose workers make the runs, as many at a time as there are.
    give_up: called, with the reason, if no worker can be started.
    """

    def __init__(
        self,
        jobs: int = 1,
        scheduler: str | None = None,
        give_up: Callable[[str], None] = lambda words: None,
    ) -> None:
        self._cluster: Cluster | None = None
        if scheduler:
            from stylelab.studio.dask_workers import Cluster

            self._cluster = Cluster(scheduler)
            jobs = len(self._cluster.hosts())
        self._jobs, self._give_up = jobs, give_up
        self._key = secrets.token_bytes(32)
        self._listener = Listener(authkey=self._key)
        self.workers: set[Worker] = set()
        self._free = [self._hire() for _ in range(jobs)]
        self._tickets: list[Ticket] = []  # one per run that waits
        self._made: list[Ticket] = []  # one per run that is made
        self._step_times: Mapping = {}  # by statistic; empty: not known yet
        self._lock, self._guessing = threading.Lock(), threading.Lock()
        self._guesser = Worker(guess, jobs)
        self._closed, self._failures = threading.Event(), 0
        for task in (self._listen, self._look_after, self._count_cluster):
            threading.Thread(target=task, daemon=True).start()

    @property
    def address(self) -> str:
        """Where a page finds the queue, with the key that opens it."""
        return f"{self._key.hex()}@{self._listener.address}"

    def close(self) -> None:
        """Takes no more jobs, and ends the workers, free or not."""
        self._listener.close()
        self._closed.set()
        with self._lock:
            for worker in [*self.workers, self._guesser]:
                worker.process.kill()
                worker.process.join(PATIENCE)
            self.workers.clear()
        if self._cluster:
            self._cluster.close()

    def _hire(self) -> Worker:
        if self._cluster:
            from stylelab.studio.dask_workers import DaskWorker

            worker: Worker = DaskWorker(self._cluster)
        else:
            worker = Worker(work, self._jobs)
        self.workers.add(worker)
        return worker

    def _look_after(self) -> None:
        """Hears what free workers say, and replaces those that were lost."""
        pause = 0.1
        while not self._closed.wait(pause):
            with self._lock:
                for place, worker in enumerate(self._free):
                    is_alive = worker.process.is_alive()  # before its last words
                    while worker.pipe.poll() and not worker.is_lost:
                        self._pass_on(worker.receive(), None)
                    if not is_alive and not self._closed.is_set():
                        self._free[place] = self._replace(worker)
            pause = OFTEN if self._failures >= TRIES else 0.1

    def _count_cluster(self) -> None:
        """Keeps as many workers here as Dask has: they come and go."""
        while self._cluster and not self._closed.wait(OFTEN):
            size = max(1, len(self._cluster.hosts()))
            with self._lock:
                self._jobs = size
                while len(self.workers) < size:
                    self._free.append(self._hire())
                while len(self.workers) > size and self._free:
                    worker = self._free.pop()
                    self.workers.discard(worker)
                    worker.process.kill()

    def _replace(self, lost: Worker) -> Worker:
        """A new worker, which the terminal is told of."""
        why = f" ({lost.words.rstrip('.')})" if lost.words else ""
        self._failures = 0 if lost.has_begun else self._failures + 1
        if self._failures == TRIES and not self._step_times:
            self._give_up(f"no worker of the studio could be started{why}")
        if self._failures <= TRIES:  # once more would tell nothing new
            text = f"A worker of the studio has ended{why}. A new one is started."
            print(text, file=sys.stderr, flush=True)
        self.workers.discard(lost)
        return self._hire()

    def _listen(self) -> None:
        while True:
            try:
                page = self._listener.accept()
            except (AuthenticationError, ConnectionError, EOFError):
                continue
            except OSError:  # closed
                return
            threading.Thread(target=self._serve, args=(page,), daemon=True).start()

    def _serve(self, page: Connection) -> None:
        """Answers one request of a page. A page that goes away ends its run."""
        with page, contextlib.suppress(*GONE):
            message = messages.receive(page)
            if message.kind == "outlook":
                messages.send(page, self._outlook())
                return
            if message.kind == "guess":
                messages.send(page, self._guess(message))
                return
            with self._turn(page, message) as worker:
                worker.begin(message)
                while worker.busy:
                    ready = wait([page, worker.pipe])
                    if worker.pipe in ready:
                        self._pass_on(worker.receive(), page)
                    if page in ready:
                        messages.send(worker.pipe, messages.receive(page))

    def _guess(self, message: Message) -> Message:
        """A guess, by the process that makes no runs: nobody waits for a run."""
        with self._guessing:
            if not self._guesser.process.is_alive():  # it was lost
                self._guesser = Worker(guess, self._jobs)
            self._guesser.begin(message)
            return self._guesser.receive()

    def _pass_on(self, message: Message, page: Connection | None) -> None:
        if message.kind == "step times":
            self._step_times = message.facts
        elif page:  # else a worker was lost before its first run
            messages.send(page, message)

    def _outlook(self) -> Message:
        """How fast runs are here. Waits for the first worker, which measures it."""
        deadline = time.monotonic() + 3 * PATIENCE
        while not self._step_times and time.monotonic() < deadline:
            time.sleep(0.05)
        with self._lock:
            waiting = len(self._tickets)
            facts = {
                "step_times": self._step_times,
                "before": waiting + self._jobs - len(self._free),
                "waiting": waiting,
                "seconds": self._seconds_before(waiting),
            }
        return Message("outlook", facts)

    def _seconds_before(self, place: int) -> float:
        """Until the run at `place` (0: the next) begins, if all take what they say."""
        ahead = [ticket.left for ticket in (*self._made, *self._tickets[:place])]
        return sum(ahead) / self._jobs

    @contextlib.contextmanager
    def _turn(self, page: Connection, message: Message) -> Iterator[Worker]:
        """Waits for a worker. At the end no run without a page keeps it busy."""
        ticket = Ticket(min(HOUR, max(0.0, float(message.facts.get("seconds", 0)))))
        worker = self._wait(page, ticket)
        try:
            if worker.busy or not worker.process.is_alive():  # it was lost
                worker = self._replace(worker)
            yield worker
        finally:
            worker.settle()
            with self._lock:
                self._made.remove(ticket)
                self._free.append(worker)

    def _wait(self, page: Connection, ticket: Ticket) -> Worker:
        """Tells the page its place, 1 for the next, until a worker is free."""
        last_place, told = 0, 0.0
        with self._lock:
            self._tickets.append(ticket)
        try:
            while True:
                with self._lock:
                    place = self._tickets.index(ticket) + 1
                    if place <= len(self._free):
                        ticket.began = time.monotonic()
                        self._made.append(ticket)
                        return self._free.pop()
                    facts = {"place": place, "seconds": self._seconds_before(place - 1)}
                now = time.monotonic()
                if place != last_place or now - told > OFTEN:
                    messages.send(page, Message("waiting", facts))
                    last_place, told = place, now
                if page.poll(0.1):
                    messages.receive(page)  # it can only be a stop
                    messages.send(page, Message("cancelled"))
                    raise EOFError
        finally:
            with self._lock:
                self._tickets.remove(ticket)
