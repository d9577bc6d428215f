"""What the tests of the studio share, with a browser and without."""

import io
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from multiprocessing.connection import Connection

import PIL.Image

from stylelab.runs.job import Job
from stylelab.studio import messages
from stylelab.studio.job_messages import pack_progress, unpack_progress
from stylelab.studio.messages import GONE, Message


def wait_until(true, seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def huge_png(width: int, height: int) -> bytes:
    """A PNG of one bit a pixel, whose file is small however many pixels it has."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    packer, row = zlib.compressobj(9), bytes(1 + (width + 7) // 8)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def make_as_there(job: Job, stop: threading.Event) -> Iterator:
    """Makes a run in this process, and tells of it as a worker of the studio does."""
    from stylelab.runs.here import make_here  # torch, which no server of a test needs

    for progress in make_here(job, stop):
        yield unpack_progress(pack_progress(progress))


def slow_work(pipe: Connection, jobs: int) -> None:
    """A worker that knows no network: a step of a run of 160 pixels takes 0.1 s."""
    try:
        step_times = {"gram": {"fixed": 0.1, "per_pixel": 0.0}}
        messages.send(pipe, Message("step times", step_times))
        while True:
            _make_slowly(pipe, messages.receive(pipe).facts["recipe"])
    except GONE:
        return


def _make_slowly(pipe: Connection, recipe: dict) -> None:
    index, steps = 0, recipe["steps"]
    while index < steps and not pipe.poll(recipe["size"] / 1600):
        index += 1
        facts = {"index": index, "total": steps, "losses": {"style": 1.0 / index}}
        facts["seconds_left"] = None
        messages.send(pipe, Message("shot", facts, (picture("JPEG", index),)))
    if index < steps:
        messages.receive(pipe)  # it can only be a stop
    facts = {"losses": {}, "history": [1.0] * index, "seconds": 1.0, "reason": ""}
    facts |= {"finished": index == steps, "record": {"recipe": recipe}}
    messages.send(pipe, Message("result", facts, (picture("PNG", index),)))


def no_guess(pipe: Connection, jobs: int) -> None:
    """A process for guesses that makes none."""
    try:
        while True:
            messages.receive(pipe)
            messages.send(pipe, Message("guessed", {}, (picture("JPEG", 0),)))
    except GONE:
        return


def picture(kind: str, index: int) -> bytes:
    """One that changes with each step."""
    file = io.BytesIO()
    PIL.Image.new("RGB", (96, 64), (40 + 5 * index % 200, 90, 160)).save(file, kind)
    return file.getvalue()
