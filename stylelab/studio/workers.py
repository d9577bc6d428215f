"""The processes that make the studio's runs, as the queue sees them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection

from stylelab.studio import messages
from stylelab.studio.messages import GONE, Message
from stylelab.studio.words import LOST

PATIENCE = 20  # seconds for a worker to leave a run that nobody wants any more


class Worker:
    """A process that makes one run at a time."""

    busy = False
    has_begun = False  # it has loaded the network, and can make runs
    is_lost = False  # nothing more will come from it
    words = ""  # why it ends, if it knows

    def __init__(self, task: Callable[[Connection, int], None], jobs: int) -> None:
        context = get_context("spawn")  # a fork would copy this process's threads
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=task, args=(theirs, jobs), daemon=True)
        self.process.start()
        theirs.close()

    @property
    def is_fit(self) -> bool:
        """Whether it can take a run: one that is lost may need a while to end."""
        return not self.busy and not self.is_lost and self.process.is_alive()

    def begin(self, message: Message) -> None:
        self.busy = True
        with contextlib.suppress(OSError):  # receive() will say that it has gone
            messages.send(self.pipe, message)

    def receive(self) -> Message:
        """Its next message; an error in words if the process was killed."""
        try:
            message = messages.receive(self.pipe)
        except GONE:
            self.is_lost = True
            return Message("error", {"words": LOST})
        self.busy = self.busy and not message.ends
        self.has_begun |= message.kind == "step times"
        if message.facts.get("last"):
            facts = message.facts
            self.is_lost, self.words = True, facts.get("why", facts["words"])
        return message

    def settle(self) -> None:
        """Ends the run that is being made; the process too if it does not obey."""
        with contextlib.suppress(*GONE):
            if self.busy:
                messages.send(self.pipe, Message("stop"))
            while self.busy and self.pipe.poll(PATIENCE):
                self.busy = not messages.receive(self.pipe).ends
        if self.busy or self.is_lost:
            self.process.kill()
            self.process.join(PATIENCE)
