"""Many runs on any executor: results as they come, kept on disk by their recipe.

    for index, result in sweep([Job(recipe, {"style": "brick"}), ...]): ...

Made a second time, a sweep only makes what is missing.
"""

import contextlib
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, as_completed
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch

from stylelab.core.errors import Diverged
from stylelab.pictures import images
from stylelab.pictures.samples import cache_folder
from stylelab.pictures.writing import write_whole
from stylelab.runs import device, limits, tasks
from stylelab.runs.job import Job
from stylelab.runs.objectives import network_for
from stylelab.runs.recipe import STARTS
from stylelab.runs.record import describe
from stylelab.runs.run import Result, Run, Step

Watch = Callable[[Run], Iterable[Step]]
Results = Iterator[tuple[int, Result]]


@dataclass(frozen=True, eq=False)
class _PackedJob:
    """A job that another machine can make: pictures instead of files, no "auto"."""

    job: Job
    record: dict
    threads: int
    path: Path  # of the kept result, named by all that decides its last bit

    def read(self) -> Result | None:
        """The result that was kept; None if there is none, or a damaged one."""
        try:
            return Result(**torch.load(self.path, weights_only=True))
        except Exception:  # torch.load raises nearly anything on a damaged file
            return None

    def keep(self, result: Result) -> Result:
        """Writes `result`, after a check, with the names that this machine knows."""
        for what in ("stylelab", "weights_sha256"):
            if (theirs := result.record[what]) != (ours := self.record[what]):
                raise RuntimeError(
                    f"a worker has another {what} ({theirs}) than this machine "
                    f"({ours}): install the same there"
                )
        made_by = {key: result.record[key] for key in ("torch", "processor")}
        result = replace(result, record=result.record | self.record | made_by)
        torch.save(asdict(result), file := io.BytesIO())
        # If the disk is full, the picture is made again next time, and not lost now.
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, file.getvalue())
        return result


def sweep(
    jobs: Sequence[Job], executor: Executor | None = None, watch: Watch = iter
) -> Results:
    """The results of `jobs`, each with its index, as they come; kept ones come first.

    `executor` is any of concurrent.futures or Dask's Client.get_executor(pure=False);
    each of its runs has one thread, so that all workers make the same picture bit for
    bit. Without one the runs are made here, one after another, with torch's threads,
    and `watch` hands on the steps of each, as in Run.result.

    A failing run ends a sweep here, and on an executor after the others are made. An
    interrupt, or a `watch` that stops early, raises KeyboardInterrupt. Whatever was
    finished by then is kept.
    """
    threads = 1 if executor else torch.get_num_threads()
    missing = {}
    for index, job in enumerate(jobs):
        packed = _pack(job, threads)
        result = packed.read()
        if result is None:
            missing[index] = packed
        else:
            yield index, result
    here = ((i, _make(p.job, p.threads, watch)) for i, p in missing.items())
    for index, result in _away(missing, executor) if executor else here:
        yield index, missing[index].keep(result)


def kept(job: Job) -> Result | None:
    """The result of `job`, if this machine has kept one that would be made alike."""
    return _pack(job, torch.get_num_threads()).read()


def keep(job: Job, result: Result) -> None:
    """Keeps a finished `result` of `job`, made here by other means, for sweeps."""
    _pack(job, torch.get_num_threads()).keep(result)


def _pack(job: Job, threads: int) -> _PackedJob:
    """`job` with pictures instead of files, which the worker's machine may not have."""
    recipe = replace(
        job.recipe, precision=device.chosen_precision(job.recipe.precision)
    )
    record = describe(recipe, job.sources, network_for(recipe))
    # Small pictures are sent faster; with masks or a brush, the worker resizes them.
    plain = recipe.brush == 1 and "masks" not in job.sources
    size = recipe.size if plain else None
    start = {} if recipe.start in STARTS else {"start": recipe.start}
    pictures = {
        role: [images.to_image(images.load(p, size)) for p in images.as_tuple(sources)]
        for role, sources in (start | {**job.sources}).items()
    }
    record["threads"] = threads
    digest = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
    path = cache_folder() / "sweeps" / f"{digest}.pt"
    return _PackedJob(Job(recipe, pictures), record, threads, path)


def _away(missing: Mapping[int, _PackedJob], executor: Executor) -> Results:
    """Results from the workers; a killed worker costs its own run, not the sweep."""
    futures = {executor.submit(_make, p.job, p.threads): i for i, p in missing.items()}
    left, errors = {}, []
    try:
        for future in as_completed(futures):
            index = futures[future]
            try:
                yield index, future.result()
            except BrokenExecutor:
                left[index] = missing[index]
            except Exception as error:
                errors.append(error)
    finally:
        for future in futures:
            future.cancel()
        # One worker thread's torch.set_num_threads also changes threads started later.
        torch.set_num_threads(torch.get_num_threads())
    # A process pool that lost one worker takes the others along and never recovers.
    for index, packed in left.items():
        yield index, _make(packed.job, packed.threads)
    if errors:
        failed = f"{len(errors)} of {len(missing)} runs failed, all others are kept"
        raise RuntimeError(f"{failed}: {_in_words(errors[0])}") from errors[0]


def _in_words(error: Exception) -> str:
    if type(error).__name__ == "KilledWorker":  # Dask's, which need not be installed
        why = "every worker that tried one died, most likely for want of memory"
        return f"{why}: give the workers more of it, or choose a smaller size"
    return " ".join(str(error).split()) or type(error).__name__


def _make(job: Job, threads: int, watch: Watch = iter) -> Result:
    """Makes one run, in whichever process this is, with that many threads."""
    limits.undo_trimming()
    with device.threads(threads):
        result = tasks.prepare(job.recipe, **job.sources).result(watch)
    if result.reason:
        raise Diverged(result.reason)
    if not result.finished:
        raise KeyboardInterrupt
    return replace(result, picture=result.picture.cpu())
