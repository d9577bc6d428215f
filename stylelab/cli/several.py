"""Several photos, one after another: `transfer photos/ starry_night -o out/`."""

import argparse
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from stylelab.cli import interrupts, making
from stylelab.cli.streams import say
from stylelab.pictures import files, images, samples, writing
from stylelab.runs.continued import Chain
from stylelab.runs.cost import Forecast
from stylelab.runs.forecast import forecast
from stylelab.runs.job import Sources
from stylelab.runs.live import in_words
from stylelab.runs.record import describe
from stylelab.runs.run import Run
from stylelab.runs.tasks import network_for


def is_folder(word: str) -> bool:
    """Whether `word` names a folder; a sample's name comes first."""
    return word not in samples.samples() and os.path.isdir(os.path.expanduser(word))


def folder_at(word: str) -> Path:
    """The folder `word`, made if it is missing; a ValueError if that cannot be."""
    folder = Path(word).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"'{folder}' cannot be a folder: {error.strerror}") from None
    return folder


def make_each(arguments: argparse.Namespace, sources: Mapping[str, Sources]) -> int:
    """A picture of each photo; those that are finished already are left as they are.

    A failing photo does not end the others. The exit status is 0; 1 if one failed or
    had to be saved elsewhere; or that of a signal: 130, 143 or 129.
    """
    if arguments.continued is not None:
        raise ValueError("--continue goes on from one picture: give one photo at most")
    photos = [*_listed(images.as_tuple(sources["photo"]))]
    if Path(arguments.output).suffix.lower() in writing.WRITTEN:
        problem = "is a file name, and several photos need a folder: -o FOLDER"
        raise ValueError(f"'{arguments.output}' {problem}")
    chain = making.chain_of(arguments, {**sources, "photo": photos[0]})
    if len(chain.links) > 1 or chain.start is not None:
        problem = "went on from another picture: give one photo at a time"
        raise ValueError(f"'{arguments.recipe}' {problem}")
    for picture in chain.files():
        if picture not in photos:
            images.open_picture(picture)  # else every photo would fail alike
    folder = folder_at(arguments.output)
    writing.refuse_overwriting(folder, sources["photo"])
    return _make_all(_jobs(chain, photos, folder))


def _jobs(chain: Chain, photos: Sequence[str], folder: Path) -> dict[Path, Chain]:
    """`chain` for each of `photos`, by the file in `folder` for its picture."""
    jobs, (link,) = {}, chain.links
    for name, photo in zip(_names(photos), photos, strict=True):
        own = replace(link, sources={**link.sources, "photo": photo})
        output = writing.check_writable(folder / name)
        jobs[output] = replace(chain, links=(own,))
        making.protect(jobs[output], output)
        writing.refuse_overwriting(output, photos)
    return jobs


def _listed(words: Iterable[str]) -> Iterator[str]:
    """The photos that `words` name: files and samples, and all pictures of a folder."""
    for word in words:
        if is_folder(word):
            yield from map(str, files.pictures_in(Path(word).expanduser()))
        else:
            yield word


def _names(photos: Sequence[str]) -> list[str]:
    """A file name for the picture of each photo: cat.png, then cat-2.png, ..."""
    names: dict[str, str] = {}  # by lower case: some disks do not tell them apart
    for photo in photos:
        stem = name = Path(images.base_name(photo)).stem
        number = 1
        while name.lower() in names:
            number += 1
            name = f"{stem}-{number}"
        names[name.lower()] = f"{name}.png"
    return [*names.values()]


def _make_all(jobs: Mapping[Path, Chain]) -> int:
    """Makes what is missing of `jobs`, by the file that each picture is saved in."""
    left = [output for output, chain in jobs.items() if not _is_made(chain, output)]
    announced, failed = False, []
    for number, (output, chain) in enumerate(jobs.items(), 1):
        name = f"{number} of {len(jobs)}: {chain.links[0].sources['photo']}"
        if output not in left:
            say(f"{name}: {output} is finished already")
            continue
        try:
            run = making.prepared(chain)
            if not announced:
                _announce(run, len(left), len(jobs))
                announced = True
            say(name)
            with interrupts.saving():
                status, problem = _make(run, output)
        except (ValueError, RuntimeError, OSError, MemoryError) as error:
            status, problem = 1, in_words(error)
        if status > 1 or interrupts.STATE.asked:
            return interrupts.status()
        if status:
            failed.append(f"{name}: {problem}")
            say(f"stylelab: {failed[-1]}")
    if failed:
        heading = f"{len(failed)} of {len(jobs)} pictures failed:"
        say("\n  ".join([heading, *failed]))
    return 1 if failed else 0


def _make(run: Run, output: Path) -> tuple[int, str]:
    """Saves the picture of `run`; the exit status, and why the run ended early."""
    checkpoint = making.Checkpoint(output)
    result = making.watched(run, checkpoint)
    status = making.finish(result, output, checkpoint)
    return status, result.reason or "its picture had to be saved elsewhere"


def _announce(run: Run, left: int, total: int) -> None:
    """Says how many pictures there are to make, and about how long all of them take."""
    one = forecast(run)
    all_of_them = Forecast(one.seconds * left, one.bytes)
    what = f"{left} of {total}" if left < total else str(total)
    say(f"Pictures to make: {what}, in {all_of_them}.")


def _is_made(chain: Chain, output: Path) -> bool:
    """Whether `output` is finished, from the recipe and the pictures of `chain`."""
    link = chain.links[0]
    with suppress(ValueError):  # there is no such picture, or the photo is broken
        saved, net = files.read_record(output), network_for(link.recipe)
        wanted = describe(link.recipe, link.sources, net)
        wanted = json.loads(json.dumps(wanted)) | {"finished": True}
        same = ("finished", "recipe", "pictures", "weights_sha256")
        return all(saved.get(key) == wanted[key] for key in same)
    return False
