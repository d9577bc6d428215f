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
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener

from stylelab.studio import messages
from stylelab.studio.messages import GONE, Message
from stylelab.studio.visits import Run, Visits
from stylelab.studio.worker import guess, work
from stylelab.studio.workers import PATIENCE, Worker

OFTEN = 5.0  # seconds between two words about the time to wait
TRIES = 3  # workers that fail at their start, one after another


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
        self._line: list[Run] = []  # that wait, as they came
        self._made: list[Run] = []  # that are made
        self._visits = Visits()
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
                    is_lost = worker.is_lost or not is_alive
                    if is_lost and not self._closed.is_set():
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
        """Answers one request of a page; a run goes on when its page has gone."""
        with page, contextlib.suppress(*GONE):
            message = messages.receive(page)
            if message.kind == "outlook":
                messages.send(page, self._outlook())
            elif message.kind == "guess":
                messages.send(page, self._guess(message))
            elif message.kind == "forget":
                with self._lock:
                    self._visits.forget(message.facts["visit"])
            else:
                self._run_for(message).follow(page)

    def _run_for(self, message: Message) -> Run:
        """The run that a page asks for, which may be in the line already."""
        try:
            with self._lock:
                run = self._visits.run_for(message)
                if run.news is None:  # it is new
                    self._line.append(run)
                    run.tell(self._waiting(run))
                    task = run, message
                    threading.Thread(target=self._make, args=task, daemon=True).start()
        except ValueError as error:
            run = Run()
            run.tell(Message("error", {"words": str(error)}))
        return run

    def _make(self, run: Run, message: Message) -> None:
        """Waits for a worker, and follows it until the run has ended."""
        with self._turn(run) as worker:
            if worker is None:
                return
            worker.begin(message)
            stopped = None  # when the worker was asked to stop
            while worker.busy and not run.ended:  # a lost one stays busy
                if worker.pipe.poll(0.1):
                    self._pass_on(worker.receive(), run)
                elif stopped and run.alone and time.monotonic() - stopped > PATIENCE:
                    return
                if self._is_over(run) and not stopped:
                    stopped = time.monotonic()
                    with contextlib.suppress(OSError):  # receive() will say so
                        messages.send(worker.pipe, Message("stop"))

    def _is_over(self, run: Run) -> bool:
        """Whether a run that is made shall stop: nobody wants it, or others wait."""
        with self._lock:
            do_others_wait = not all(other.is_vanished for other in self._line)
        is_left = run.is_abandoned or (run.is_vanished and do_others_wait)
        return run.is_unwanted or is_left

    def _guess(self, message: Message) -> Message:
        """A guess, by the process that makes no runs: nobody waits for a run."""
        with self._guessing:
            if not self._guesser.process.is_alive():  # it was lost
                self._guesser = Worker(guess, self._jobs)
            self._guesser.begin(message)
            return self._guesser.receive()

    def _pass_on(self, message: Message, run: Run | None) -> None:
        if message.kind == "step times":
            self._step_times = message.facts
        elif run:  # else a worker was lost before its first run
            run.tell(message)

    def _outlook(self) -> Message:
        """How fast runs are here. Waits for the first worker, which measures it."""
        deadline = time.monotonic() + 3 * PATIENCE
        while not self._step_times and time.monotonic() < deadline:
            time.sleep(0.05)
        with self._lock:
            waiting = [run for run in self._line if not run.is_vanished]
            facts = {
                "step_times": self._step_times,
                "before": len(waiting) + self._jobs - len(self._free),
                "waiting": len(waiting),
                "seconds": self._seconds_of(waiting),
            }
        return Message("outlook", facts)

    def _seconds_of(self, waiting: list[Run]) -> float:
        """Until the runs that wait have been made, if all take what they say."""
        return sum(run.left for run in [*self._made, *waiting]) / self._jobs

    @contextlib.contextmanager
    def _turn(self, run: Run) -> Iterator[Worker | None]:
        """Waits for a worker; None: nobody waits for the run any more."""
        worker = self._wait(run)
        try:
            if worker and not worker.is_fit:
                worker = self._replace(worker)
            yield worker
        finally:
            if worker:
                worker.settle()
            with self._lock:
                if worker:
                    self._made.remove(run)
                    self._free.append(worker)
                if not run.ended:
                    run.tell(Message("cancelled"))

    def _wait(self, run: Run) -> Worker | None:
        """Tells the run's pages its place until it has a worker, or None wants it."""
        told = time.monotonic()
        while True:
            with self._lock:
                news, now = self._waiting(run), time.monotonic()
                if run.is_unwanted or run.is_abandoned:
                    self._line.remove(run)
                    return None
                if news.facts["place"] <= len(self._free):
                    self._line.remove(run)
                    self._made.append(run)
                    run.began = now
                    run.tell(Message("waiting", {"place": 0}))
                    return self._free.pop()
            place = run.news.facts["place"]
            if news.facts["place"] != place or now - told > OFTEN:
                run.tell(news)
                told = now
            time.sleep(0.1)

    def _waiting(self, run: Run) -> Message:
        """Its place in the line, 1 for the next. Who has vanished goes last."""
        line = sorted(self._line, key=lambda other: other.is_vanished)
        place = line.index(run)
        seconds = self._seconds_of(line[:place])
        return Message("waiting", {"place": place + 1, "seconds": seconds})
