"""What travels between a page, the queue and its workers: JSON and encoded pictures.

Nothing in a message is ever executed, as a pickle might be, and none holds a path.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

DESK = "STYLELAB_STUDIO"  # the environment variable with the queue's address
LONGEST = 64_000_000  # bytes of one part of a message


@dataclass(frozen=True)
class Message:
    """To a worker: make, stop; from it: paces, waiting, shot, result, error, left.

    A page may also ask the queue to foresee, and gets its outlook.
    """

    kind: str
    facts: Mapping = field(default_factory=dict)  # what JSON can hold
    pictures: tuple[bytes, ...] = ()  # PNG or JPEG

    @property
    def ends(self) -> bool:
        """Whether this is the last message of a run."""
        return self.kind in ("result", "error", "left")


def send(connection: Connection, message: Message) -> None:
    """Raises OSError where nobody listens any more."""
    head = [message.kind, message.facts, len(message.pictures)]
    connection.send_bytes(json.dumps(head).encode())
    for picture in message.pictures:
        connection.send_bytes(picture)


def receive(connection: Connection) -> Message:
    """Waits for a message. Raises EOFError or OSError where the other side has gone."""
    kind, facts, count = json.loads(connection.recv_bytes(LONGEST))
    pictures = tuple(connection.recv_bytes(LONGEST) for _ in range(count))
    return Message(kind, facts, pictures)
