"""Pictures that go on from saved ones: runs, each from the picture of the last.

The record of such a picture holds the record of the one before it, as "continued". So
the whole chain can be made again, even if nothing but its last picture is left.
"""

import warnings
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import PIL.Image
import torch

from stylelab.core.words import shown
from stylelab.pictures import files, images
from stylelab.pictures.files import PictureError
from stylelab.pictures.images import Source
from stylelab.runs import device
from stylelab.runs.job import Sources
from stylelab.runs.originals import USUAL, broken, digests, find, name_of
from stylelab.runs.recipe import STARTS, Recipe
from stylelab.runs.record import differences, part, recall
from stylelab.runs.run import Run, Step
from stylelab.runs.tasks import prepare


@dataclass(frozen=True, eq=False)
class Link:
    """A run of a chain that is not yet prepared, and its record if it was made once."""

    recipe: Recipe
    sources: Mapping[str, Sources]
    record: Mapping[str, Any]
    unchanged: bool = False  # whether it is to make the record's picture again
    threads: int | None = None  # as many as then, for that


@dataclass(frozen=True, eq=False)
class Chain:
    """Runs in their order: each goes on from the picture of the one before it."""

    links: tuple[Link, ...]
    folder: Path = Path()  # where their pictures lie
    start: PIL.Image.Image | None = None  # a saved picture from which the first goes on
    before: dict | None = None  # its record

    @property
    def recipe(self) -> Recipe:
        """The recipe of the last run, whose picture is asked for."""
        return self.links[-1].recipe

    @property
    def start_file(self) -> str | None:
        """The file of somebody else that the first run starts from, if it has one."""
        start = self.links[0].recipe.start
        return None if self.start or start in STARTS else start

    def files(self) -> list[Source]:
        """The pictures without which the chain cannot be made again."""
        groups = (group for link in self.links for group in link.sources.values())
        needed = [
            getattr(picture, "filename", picture)  # of an original made smaller
            for group in groups
            for picture in images.as_tuple(group)
        ]
        if self.start_file is not None:
            needed.append(self.start_file)
        if self.before is not None:
            # If one of them is missing already, nothing is left to be protected.
            with suppress(ValueError):
                needed += again(self.before, self.folder, {}, {}).files()
        return needed

    def prepare(self, watch: Callable[[Run, int], Iterable[Step]]) -> Run:
        """The last run. Those before it are made first, and `watch` shows their steps:
        as many of each run as it took when its picture was saved.

        An interrupt of one of them is a KeyboardInterrupt.
        """
        picture, before = self.start, self.before
        for link, after in pairwise(self.links):
            run = _prepared(link, picture, before)
            picture, before = _made(run, link.record, watch)
            same = digests(run.record) == digests(link.record)
            if same and images.fingerprint(picture) != _start_of(after.record)[1]:
                why = "the number of threads, the processor or the version is another"
                problem = f"'{after.recipe.start}' comes out different now: {why}"
                warnings.warn(problem, stacklevel=2)
        return _prepared(self.links[-1], picture, before)


def go_on(file: Path, options: Mapping, sources: Mapping[str, Sources]) -> Chain:
    """Goes on from the picture in `file`, with its recipe changed by `options`.

    An unfinished picture gets the steps that it lacks; a finished one as many again.
    """
    record, picture = files.read_record(file), images.open_picture(file)
    begin = {"start": images.base_name(file)}
    recipe, found = recall(record, file.parent, {**options, **begin}, sources)
    link = Link(replace(recipe, **{**_left(record, recipe), **options}), found, {})
    return Chain((link,), file.parent, picture, record)


def again(
    record: Mapping, folder: Path, options: Mapping, sources: Mapping[str, Sources]
) -> Chain:
    """Makes the picture of `record` again, with its last recipe changed by `options`.

    Other pictures, given as `sources`, are used by every run of the chain. Without them
    it begins at the newest picture that still lies in `folder` as it was.
    """
    links: list[Link] = []
    while (before := record.get("continued")) is not None and "start" not in options:
        name, sha256 = _start_of(record)
        found = recall(record, folder, {**options, "start": name}, sources)
        links.insert(0, Link(*found, record, not options and not sources))
        if not isinstance(before, dict):
            raise broken(f"the record of {shown(name)} is {shown(before)}")
        if not sources:
            with suppress(PictureError):
                file = find("start", folder, name, sha256, images.fingerprint)
                start = images.open_picture(file)
                return Chain(_as_then(links), folder, start, before)
        record, options = before, {}
    found = recall(record, folder, options, sources)
    links.insert(0, Link(*found, record, not options and not sources))
    return Chain(_as_then(links), folder)


def _as_then(links: Iterable[Link]) -> tuple[Link, ...]:
    """`links`, each to be made with as many threads as when its picture was saved.

    Warns, once, if that is not enough to make the same pictures.
    """
    now, found = torch.get_num_threads(), []
    told: dict[str, None] = {}  # each once
    for link in links:
        count = link.record.get("threads") if link.unchanged else None
        if isinstance(count, int):
            others = differences(link.record, link.recipe)
            possible = 1 <= count <= device.most_threads()
            if count != now and (others or not possible):
                others.append(f"threads {shown(count)} (here {now})")
            if others:
                how = f"different, by some {USUAL} of 255 on average"
                why = f"it was made with {', '.join(others)}"
                told[f"the picture may come out {how}: {why}"] = None
            elif count != now:
                number = "1 thread" if count == 1 else f"{count} threads"
                told[f"made with {number}, as then, to be the same picture"] = None
            link = link if others else replace(link, threads=count)
        found.append(link)
    for text in told:
        warnings.warn(text, stacklevel=3)
    return tuple(found)


def _prepared(link: Link, start: PIL.Image.Image | None, before: dict | None) -> Run:
    """The run of `link`; one that goes on from `start` keeps the record of that."""
    sources = dict(link.sources)
    if start is not None:
        start.filename = link.recipe.start  # type: ignore[attr-defined] # for the record
        sources["start"] = start
    with device.threads(link.threads or torch.get_num_threads()):
        run = prepare(link.recipe, **sources)
    if start is None:
        return run
    record = run.record | {"continued": before}
    return replace(run, record=record, from_noise=_began_as_noise(record))


def _made(
    run: Run, saved: Mapping, watch: Callable[[Run, int], Iterable[Step]]
) -> tuple[PIL.Image.Image, dict]:
    """The picture of `run` after as many steps as it was `saved` after; its record."""
    steps = saved.get("steps_run", len(run))
    result = run.result(lambda run: islice(watch(run, steps), steps))
    if len(result.history) < steps and not result.reason:
        raise KeyboardInterrupt
    kept = {key: saved[key] for key in ("finished", "reason") if key in saved}
    return result.image(), result.record | kept


def _start_of(record: Mapping) -> tuple[str, str]:
    """The name and the hash of the picture that `record` starts from."""
    return name_of("start", part(record, "pictures").get("start"))


def _began_as_noise(record: Mapping) -> bool:
    """Whether the first picture of the chain that `record` tells of was noise."""
    while isinstance(before := record.get("continued"), dict):
        record = before
    recipe = record.get("recipe")
    return isinstance(recipe, dict) and recipe.get("start") == "noise"


def _left(record: Mapping, recipe: Recipe) -> dict[str, int]:
    """What a run that was stopped has still to do; after a finished one, as much again.

    A level that was begun is finished, or is begun anew if another one follows.
    """
    stages, done = recipe.stages, record.get("steps_run")
    if not record.get("finished") and isinstance(done, int):
        for level, (_, steps) in enumerate(stages, 1):
            if done < steps:
                left = steps - done if level == len(stages) else steps
                return {"levels": 1 + len(stages) - level, "steps": left}
            done -= steps
    return {"levels": 1, "steps": stages[-1][1]}
