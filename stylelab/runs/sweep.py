"""Many runs on any executor: results as they come, kept on disk by their recipe.

    for index, result in sweep([Job(recipe, {"style": "brick"}), ...]): ...

Made a second time, a sweep only makes what is missing.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, as_completed
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch

from stylelab.core.descent import Diverged
from stylelab.core.style_transfer import Step
from stylelab.pictures import images
from stylelab.pictures.files import write_whole
from stylelab.pictures.samples import cache_folder
from stylelab.runs import tasks
from stylelab.runs.device import default_device, default_precision
from stylelab.runs.inputs import Sources
from stylelab.runs.recipe import STARTS, Recipe
from stylelab.runs.record import describe
from stylelab.runs.run import Result, Run
from stylelab.runs.tasks import prepare

Watch = Callable[[Run], Iterable[Step]]


@dataclass(frozen=True, eq=False)
class Job:
    """A run to be made: its recipe, and its pictures by role: photo, style, masks."""

    recipe: Recipe
    sources: Mapping[str, Sources]


@dataclass(frozen=True, eq=False)
class _Order:
    """A job ready to travel: pictures instead of files, nothing left to "auto"."""

    job: Job
    record: dict
    threads: int

    @property
    def path(self) -> Path:
        """Where the result is kept: a file named by all that decides its last bit."""
        text = json.dumps(self.record, sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        return cache_folder() / "sweeps" / f"{digest}.pt"


def sweep(
    jobs: Sequence[Job], executor: Executor | None = None, watch: Watch = iter
) -> Iterator[tuple[int, Result]]:
    """The results of `jobs`, each with its index, as they come; kept ones come first.

    `executor` is any of concurrent.futures or Dask's Client.get_executor(pure=False);
    each of its runs has one thread, so that all workers make the same picture bit for
    bit. Without one the runs are made here, one after another, with the threads that
    torch has now, and `watch` hands on the steps of each, as in Run.result.

    A failing run ends a sweep without an executor; on an executor the others are made
    first. An interrupt, or a `watch` that stops early, raises KeyboardInterrupt.
    Whatever was finished by then is kept.
    """
    threads = 1 if executor else torch.get_num_threads()
    missing = {}
    for index, job in enumerate(jobs):
        order = _order(job, threads)
        found = _read(order.path)
        if found is None:
            missing[index] = order
        else:
            yield index, found
    made = _away(missing, executor) if executor else _here(missing, watch)
    for index, result in made:
        result = _checked(result, missing[index])
        _keep(result, missing[index].path)
        yield index, result


def kept(job: Job) -> Result | None:
    """The result of `job` if it was made here before; made now, it would be this."""
    return _read(_order(job, torch.get_num_threads()).path)


def keep(job: Job, result: Result) -> None:
    """Keeps a finished `result` of `job`, made here by other means, for the next."""
    order = _order(job, torch.get_num_threads())
    _keep(_checked(result, order), order.path)


def _order(job: Job, threads: int) -> _Order:
    recipe = job.recipe
    if recipe.precision == "auto":
        recipe = replace(recipe, precision=default_precision(default_device()))
    net = tasks.network_for(recipe)
    record = describe(recipe, job.sources, net, recipe.precision)
    return _Order(_packed(recipe, job), record | {"threads": threads}, threads)


def _packed(recipe: Recipe, job: Job) -> Job:
    """`job` with pictures instead of files, which need not be where the run is made."""
    # Smaller to send. Masks and brushes are brought to size with their originals.
    plain = recipe.brush == 1 and "masks" not in job.sources
    size = recipe.size if plain else None
    start = {} if recipe.start in STARTS else {"start": recipe.start}
    shown = {
        role: [
            images.to_image(images.load(source, size))
            for source in images.as_tuple(sources)
        ]
        for role, sources in (start | {**job.sources}).items()
    }
    return Job(recipe, shown)


def _here(orders: Mapping[int, _Order], watch: Watch) -> Iterator[tuple[int, Result]]:
    for index, order in orders.items():
        yield index, _make(order.job, order.threads, watch)


def _away(
    orders: Mapping[int, _Order], executor: Executor
) -> Iterator[tuple[int, Result]]:
    """Results from the workers; a killed worker costs its own run, not the sweep."""
    futures = {executor.submit(_make, o.job, o.threads): i for i, o in orders.items()}
    left, errors = {}, []
    try:
        for future in as_completed(futures):
            index = futures[future]
            try:
                yield index, future.result()
            except BrokenExecutor:
                left[index] = orders[index]
            except Exception as error:
                errors.append(error)
    finally:
        for future in futures:
            future.cancel()
        # Of a pool's threads one may leave its own number to all that begin later.
        torch.set_num_threads(torch.get_num_threads())
    # A process pool that lost one worker takes the others along and never recovers.
    yield from _here(left, iter)
    if errors:
        failed = f"{len(errors)} of {len(orders)} runs failed, all others are kept"
        raise RuntimeError(f"{failed}: {errors[0]}") from errors[0]


def _make(job: Job, threads: int, watch: Watch = iter) -> Result:
    """Makes one run, on whatever process this is, with that many threads."""
    before = torch.get_num_threads()
    # Sums are split by threads: another number of them ends in another picture.
    torch.set_num_threads(threads)
    try:
        result = prepare(job.recipe, **job.sources).result(watch)
    finally:
        torch.set_num_threads(before)
    if result.reason:
        raise Diverged(result.reason)
    if not result.finished:
        raise KeyboardInterrupt
    return replace(result, picture=result.picture.cpu())


def _checked(result: Result, order: _Order) -> Result:
    """`result` with the record of its order, whose pictures have names."""
    for what in ("stylelab", "weights_sha256"):
        theirs, ours = result.record[what], order.record[what]
        if theirs != ours:
            raise RuntimeError(
                f"a worker has another {what} ({theirs}) than this machine ({ours}): "
                "install the same there"
            )
    return replace(result, record=result.record | order.record)


def _keep(result: Result, path: Path) -> None:
    file = io.BytesIO()
    torch.save(asdict(result), file)
    # A full disk costs the second sweep its time, not this one its pictures.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, file.getvalue())


def _read(path: Path) -> Result | None:
    """The result kept there; None if there is none, or a damaged one."""
    try:
        return Result(**torch.load(path, weights_only=True))
    except Exception:  # torch.load raises nearly anything on a damaged file
        return None
