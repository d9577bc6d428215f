"""What travels between a page, the queue and its workers: JSON and encoded pictures.

Nothing in a message is ever executed, as a pickle might be, and none holds a path.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

GONE = (EOFError, OSError)  # raised when the other side of a connection has gone
QUEUE = "STYLELAB_STUDIO"  # the environment variable with the queue's address
LONGEST = 64_000_000  # bytes of one part of a message


@dataclass(frozen=True)
class Message:
    """What one process tells another.

    A page sends "make" with its visit, the name of the run and the seconds that it
    expects, then perhaps "stop", or "away" while nobody looks at it, and "here"; it
    hears "waiting", "shot", "result", "error" or "cancelled". A worker sends the same,
    and its "step times". A page that asks the queue for its "outlook" gets a message of
    the same kind, and for a "guess" one that is "guessed". After "forget" the queue
    keeps nothing of a visit.
    """

    kind: str
    facts: Mapping = field(default_factory=dict)  # what JSON can hold
    pictures: tuple[bytes, ...] = ()  # PNG or JPEG

    @property
    def ends(self) -> bool:
        """Whether this is the last message of a run."""
        return self.kind in ("result", "error", "cancelled", "guessed")


def send(connection: Connection, message: Message) -> None:
    """Raises OSError if the other side has gone."""
    header = [message.kind, message.facts, len(message.pictures)]
    connection.send_bytes(json.dumps(header).encode())
    for picture in message.pictures:
        connection.send_bytes(picture)


def receive(connection: Connection) -> Message:
    """Waits for a message. Raises EOFError or OSError if the other side has gone."""
    kind, facts, count = json.loads(connection.recv_bytes(LONGEST))
    pictures = tuple(connection.recv_bytes(LONGEST) for _ in range(count))
    return Message(kind, facts, pictures)
