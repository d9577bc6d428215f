"""A visitor's job and its progress as messages, and the page's way to the queue."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import os
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection
from typing import TYPE_CHECKING

import PIL.Image

from stylelab.core.errors import WeightsError
from stylelab.core.language import _
from stylelab.pictures import images
from stylelab.pictures.files import decode
from stylelab.pictures.images import as_tuple, base_name, open_picture
from stylelab.runs.cost import StepTime, duration
from stylelab.runs.job import Job, Sources
from stylelab.runs.live import Shot, Waiting
from stylelab.runs.recipe import Recipe, recipe_for, starts_of
from stylelab.studio import messages
from stylelab.studio.messages import Message
from stylelab.studio.words import ENDED

if TYPE_CHECKING:
    from stylelab.runs.run import Result

# The longest run, some minutes on two cores: other visitors wait for its end. Tiles
# save memory; a run that needs them takes them without being told to.
MOST = {"size": 1024, "steps": 300, "tile": 0}
WORK = 512 * 768 * 160  # pixels times steps of a run, over all its levels
PIXELS = 1024 * 1536  # of a result, and of a style as it is seen: both need memory
SECONDS = 300  # of a run, at the pace of this studio's workers
GUESSED = 640  # pixels of the longer side of what is sent for a guess
# Any other name would be a file of this machine, or a download.
OFFERED = {"start": starts_of("transfer"), "weights": ("original", "random")}


def check_offered(recipe: Recipe) -> Recipe:
    """`recipe`, or a ValueError that says what the studio does not do."""
    for name, most in MOST.items():
        value = getattr(recipe, name)
        if value > most:
            raise ValueError(
                _("{} is {}: the studio goes up to {}").format(name, value, most)
            )
    for name, offered in OFFERED.items():
        if getattr(recipe, name) not in offered:
            text = _("{} can only be {} here")
            raise ValueError(text.format(name, _(" or ").join(offered)))
    return recipe


def check_work(job: Job) -> None:
    """Raises a ValueError, in words, for a run that takes too long or too much memory.

    Every visitor who waits would feel it, and the largest options do not show it.
    """
    recipe, photo = job.recipe, job.sources["photo"]
    pixels = _pixels(photo, recipe.size)
    if pixels > PIXELS:
        (one,) = as_tuple(photo)
        text = _("'{}' is too long for {} pixels: choose a smaller size")
        raise ValueError(text.format(base_name(one), recipe.size))
    if _work(recipe, pixels) > WORK:
        most = recipe.steps
        while _work(dataclasses.replace(recipe, steps=most), pixels) > WORK:
            most -= 1
        text = _("{} steps are too many at this size: the studio makes up to {}")
        raise ValueError(text.format(recipe.steps, most))
    for style in as_tuple(job.sources["style"]):
        if _pixels(style, recipe.style_size) > PIXELS:
            text = _("'{}' would be seen too large: choose a finer Detail size")
            raise ValueError(text.format(base_name(style)))


def _work(recipe: Recipe, pixels: float) -> float:
    """Pixels times steps: a level has fewer of both than the whole result."""
    return sum(pixels * (size / recipe.size) ** 2 * n for size, n in recipe.stages)


def check_seconds(seconds: float) -> None:
    """Raises a ValueError, in words, for a run that keeps others waiting too long."""
    if seconds > SECONDS:
        text = _(
            "this takes about {} here, and the studio makes up to {}: choose a smaller "
            "size or fewer steps"
        )
        raise ValueError(text.format(duration(seconds), duration(SECONDS)))


def larger(job: Job, step_times: Mapping) -> Job | None:
    """`job` at up to twice its size, or half as large again; None: not here.

    Each doubling adds a level, so that the larger picture begins as this one did.
    """
    recipe = job.recipe
    for times in (2, 1.5):
        size = min(MOST["size"], round(times * recipe.size))
        levels = recipe.levels and recipe.levels + 1
        with contextlib.suppress(ValueError):
            recipe_larger = dataclasses.replace(recipe, size=size, levels=levels)
            found = dataclasses.replace(job, recipe=recipe_larger)
            check_work(found)
            check_seconds(seconds_of(found, step_times) or 0.0)
            return found if size > recipe.size else None
    return None


def _pixels(source: Sources, size: int) -> float:
    """How many a picture has when its shorter side has `size`."""
    (one,) = as_tuple(source)
    width, height = open_picture(one).size
    return width * height * (size / min(width, height)) ** 2


def seconds_of(job: Job, step_times: Mapping) -> float | None:
    """What a run takes with the `step_times` of outlook(); None: not known yet."""
    recipe = job.recipe
    if recipe.statistic not in step_times:
        return None
    pixels = _pixels(job.sources["photo"], recipe.size)
    return StepTime(**step_times[recipe.statistic]).of_run(recipe, pixels)


def pack_job(job: Job, seconds: float = 0.0) -> Message:
    """A job with its pictures in it: no file is named. Raises ValueError, in words.

    seconds: what it is expected to take.
    """
    facts = {"recipe": check_offered(job.recipe).to_dict(), "names": []}
    facts["seconds"] = seconds
    check_work(job)
    check_seconds(seconds)
    encoded = []
    for role, sources in job.sources.items():
        names = [base_name(source) for source in as_tuple(sources)]
        facts["names"].append([role, names])
        encoded += [images.png(open_picture(source)) for source in as_tuple(sources)]
    return Message("make", facts, tuple(encoded))


def unpack_job(message: Message) -> Job:
    """The job again. Raises ValueError, in words, if the studio does not offer it."""
    options = dict(message.facts["recipe"])
    recipe = check_offered(recipe_for(options.pop("task"), options))
    encoded, sources = iter(message.pictures), {}
    for role, names in message.facts["names"]:
        sources[role] = [_named(next(encoded), name) for name in names]
    job = Job(recipe, sources)
    check_work(job)
    return job


def _named(png: bytes, name: str) -> PIL.Image.Image:
    image = decode(io.BytesIO(png), f"'{name}'")
    image.filename = name  # for the record only: no file of this name is opened
    return image


def pack_progress(progress: Waiting | Shot | Result) -> Message:
    """What a worker says of its run."""
    facts = dict(vars(progress))
    if isinstance(progress, Waiting):
        return Message("waiting", facts)
    if isinstance(progress, Shot):
        return Message("shot", facts, (facts.pop("jpeg"),))
    del facts["picture"]
    return Message("result", facts, (images.png(progress.image()),))


@dataclass(frozen=True, eq=False)
class Painted:
    """A Result as a page has it: without a tensor, for which it would load torch."""

    png: bytes = field(repr=False)
    losses: dict[str, float]
    history: tuple[float, ...]
    seconds: float
    finished: bool
    record: dict = field(repr=False)
    reason: str = ""

    def image(self) -> PIL.Image.Image:
        return decode(io.BytesIO(self.png), "the result")


def unpack_progress(message: Message) -> Waiting | Shot | Painted:
    """The same again, on the page. An "error" raises ValueError with its words."""
    facts = message.facts
    if message.kind == "error":
        raise ValueError(facts["words"])
    if message.kind == "waiting":
        return Waiting(**facts)
    if message.kind == "shot":
        return Shot(**facts, jpeg=message.pictures[0])
    history = tuple(facts["history"])
    return Painted(message.pictures[0], **{**facts, "history": history})


@contextlib.contextmanager
def _connected() -> Iterator[Connection]:
    """A connection to the queue. Raises ConnectionError, in words, when it has gone."""
    key, _, address = os.environ.get(messages.QUEUE, "").partition("@")
    try:
        with Client(address, authkey=bytes.fromhex(key)) as queue:
            yield queue
    except (OSError, EOFError, AuthenticationError):
        raise ConnectionError(ENDED) from None


def make_there(
    job: Job,
    stop: threading.Event,
    visit: str = "",
    run: str = "",
    is_away: Callable[[], bool] = lambda: False,
) -> Iterator[Waiting | Shot | Painted]:
    """A Maker through the studio's queue: one of its workers makes the run.

    visit: whose run it is; run: its name. If that visit has a run of that name already,
    it is followed. is_away: whether nobody looks at the page.
    """
    message = pack_job(job, seconds_of(job, outlook()["step_times"]) or 0.0)
    message.facts.update(visit=visit or new_secret(), run=run or new_secret())
    with _connected() as queue:
        messages.send(queue, message)
        stopping = away = False
        while True:
            if stop.is_set() and not stopping:
                messages.send(queue, Message("stop"))
                stopping = True
            if is_away() != away:
                away = not away
                messages.send(queue, Message("away" if away else "here"))
            if queue.poll(0.1):
                message = messages.receive(queue)
                if message.kind != "cancelled":
                    yield unpack_progress(message)
                if message.ends:
                    return


def new_secret() -> str:
    """A name that nobody can guess, for a visit or a run."""
    return secrets.token_hex(16)


def forget_there(visit: str) -> None:
    """Ends the run of a visit, and has the queue forget it."""
    with _connected() as queue:
        messages.send(queue, Message("forget", {"visit": visit}))


def guess_there(job: Job) -> bytes:
    """A guess of `job` as JPEG, by the studio's process for guesses.

    Raises WeightsError where there are no guesses.
    """
    if "masks" not in job.sources:  # which have the photo's own size
        small = {role: _small(of) for role, of in job.sources.items()}
        job = dataclasses.replace(job, sources=small)
    with _connected() as queue:
        messages.send(queue, dataclasses.replace(pack_job(job), kind="guess"))
        answer = messages.receive(queue)
    if answer.kind == "error":
        kind = WeightsError if answer.facts.get("for good") else ValueError
        raise kind(answer.facts["words"])
    return answer.pictures[0]


def _small(sources: Sources) -> list[PIL.Image.Image]:
    """Pictures as a guess sees them at most: to send more would take longer than it."""
    pictures = [open_picture(source) for source in as_tuple(sources)]
    for picture, source in zip(pictures, as_tuple(sources), strict=True):
        picture.thumbnail((GUESSED, GUESSED))
        picture.filename = base_name(source)
    return pictures


def outlook() -> Mapping:
    """`step_times`: StepTime's fields by statistic; how many runs come `before` a new
    one, how many of them are `waiting`, and how many `seconds` they take.
    """
    with _connected() as queue:
        messages.send(queue, Message("outlook"))
        return messages.receive(queue).facts
