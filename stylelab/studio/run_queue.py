"""The queue: one for all visitors, whose runs are made by worker processes."""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from multiprocessing import AuthenticationError, get_context
from multiprocessing.connection import Connection, Listener, wait

from stylelab.studio import messages
from stylelab.studio.messages import Message
from stylelab.studio.worker import work

GONE = (EOFError, OSError)
PATIENCE = 20  # seconds for a worker to leave a run that nobody wants any more
LOST = (
    "The process that made this picture was ended from outside, as happens when "
    "memory runs out. Nothing else is harmed: run it again, or make it smaller."
)


class Worker:
    """A process that makes one run at a time."""

    def __init__(self, jobs: int) -> None:
        context = get_context("spawn")  # a fork would copy this process's threads
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, jobs), daemon=True)
        self.process.start()
        theirs.close()
        self.busy = False

    def begin(self, order: Message) -> None:
        self.busy = True
        with contextlib.suppress(OSError):  # receive() will say that it has gone
            messages.send(self.pipe, order)

    def receive(self) -> Message:
        """What it says next; an error in words where it was killed."""
        try:
            message = messages.receive(self.pipe)
        except GONE:
            return Message("error", {"words": LOST})
        self.busy = not message.ends
        return message

    def settle(self) -> bool:
        """Leaves the run that it is at; False if there is no worker left after it."""
        with contextlib.suppress(*GONE):
            if self.busy:
                messages.send(self.pipe, Message("stop"))
            while self.busy and self.pipe.poll(PATIENCE):
                self.busy = not messages.receive(self.pipe).ends
        return not self.busy and self.process.is_alive()

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


class RunQueue:
    """Takes orders from the pages and gives each to the next free worker, in turn.

    jobs: how many runs are made at the same time; they share the processor.
    """

    def __init__(self, jobs: int = 1) -> None:
        self._jobs = jobs
        self._key = secrets.token_bytes(32)
        self._listener = Listener(authkey=self._key)
        # None: a worker that was lost, and is made anew when one is needed.
        self.workers: set[Worker] = set()
        self._free: list[Worker | None] = [self._hire() for _ in range(jobs)]
        self._line: list[object] = []
        self._paces: Mapping = {}  # by statistic; none: not known yet
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def address(self) -> str:
        """Where a page finds the queue, with the key that opens it."""
        return f"{self._key.hex()}@{self._listener.address}"

    def close(self) -> None:
        """Takes no more orders, and ends the workers, free or not."""
        self._listener.close()
        for worker in list(self.workers):
            self._dismiss(worker)

    def _hire(self) -> Worker:
        worker = Worker(self._jobs)
        self.workers.add(worker)
        return worker

    def _dismiss(self, worker: Worker) -> None:
        with self._lock:  # two threads must not close one pipe
            ours = worker in self.workers
            self.workers.discard(worker)
        if ours:
            worker.end()

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
        """One run, from the order to its result; a page that goes away ends it."""
        with page, contextlib.suppress(*GONE):
            order = messages.receive(page)
            if order.kind == "foresee":
                messages.send(page, self._outlook())
                return
            with self._turn(page) as worker:
                worker.begin(order)
                while worker.busy:
                    ready = wait([page, worker.pipe])
                    if worker.pipe in ready:
                        self._pass_on(worker.receive(), page)
                    if page in ready:
                        messages.send(worker.pipe, messages.receive(page))

    def _pass_on(self, message: Message, page: Connection) -> None:
        if message.kind == "paces":
            self._paces = message.facts
        else:
            messages.send(page, message)

    def _outlook(self) -> Message:
        """How fast runs are here; waits for the first worker, who finds it out."""
        late = time.monotonic() + 3 * PATIENCE
        while not self._paces and time.monotonic() < late:
            with self._lock:
                for worker in filter(None, self._free):
                    if worker.pipe.poll():
                        self._pass_on(worker.receive(), None)
            time.sleep(0.05)
        with self._lock:
            before = len(self._line) + self._jobs - len(self._free)
        return Message("outlook", {"paces": self._paces, "before": before})

    @contextlib.contextmanager
    def _turn(self, page: Connection) -> Iterator[Worker]:
        """Waits in line for a worker, and leaves none at work without a page."""
        worker = self._wait(page)
        try:
            if worker and not worker.process.is_alive():
                self._dismiss(worker)
                worker = None
            worker = worker or self._hire()
            yield worker
        finally:
            if worker and not worker.settle():
                self._dismiss(worker)
                worker = None
            with self._lock:
                self._free.append(worker)

    def _wait(self, page: Connection) -> Worker | None:
        """Tells the place in the line, 1 for the next, until a worker is free."""
        ticket, told = object(), 0
        with self._lock:
            self._line.append(ticket)
        try:
            while True:
                with self._lock:
                    place = self._line.index(ticket) + 1
                    if place <= len(self._free):
                        return self._free.pop()
                if place != told:
                    messages.send(page, Message("waiting", {"place": place}))
                    told = place
                if page.poll(0.1):
                    messages.receive(page)  # nothing but a stop
                    messages.send(page, Message("left"))
                    raise EOFError
        finally:
            with self._lock:
                self._line.remove(ticket)
