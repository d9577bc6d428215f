"""The processes that make the studio's runs, as the queue sees them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection

from stylelab.studio import messages
from stylelab.studio.messages import GONE, Message

PATIENCE = 20  # seconds for a worker to leave a run that nobody wants any more
LOST = (
    "The process that made this picture was ended from outside, as happens when "
    "memory runs out. Nothing else is harmed: run it again, or make it smaller."
)


class Worker:
    """A process that makes one run at a time."""

    def __init__(self, task: Callable[[Connection, int], None], jobs: int) -> None:
        context = get_context("spawn")  # a fork would copy this process's threads
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=task, args=(theirs, jobs), daemon=True)
        self.process.start()
        theirs.close()
        self.busy = False

    def begin(self, message: Message) -> None:
        self.busy = True
        with contextlib.suppress(OSError):  # receive() will say that it has gone
            messages.send(self.pipe, message)

    def receive(self) -> Message:
        """Its next message; an error in words if the process was killed."""
        try:
            message = messages.receive(self.pipe)
        except GONE:
            return Message("error", {"words": LOST})
        self.busy = self.busy and not message.ends
        return message

    def settle(self) -> None:
        """Ends the run that is being made; the process too if it does not obey."""
        with contextlib.suppress(*GONE):
            if self.busy:
                messages.send(self.pipe, Message("stop"))
            while self.busy and self.pipe.poll(PATIENCE):
                self.busy = not messages.receive(self.pipe).ends
        if self.busy:
            self.process.kill()
