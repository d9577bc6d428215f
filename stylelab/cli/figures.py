"""The commands that draw the article's two figures for any pictures, as one file."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import PIL.Image
from tqdm.auto import tqdm

from stylelab.analysis.measure import structure_error
from stylelab.analysis.receptive_field import fields
from stylelab.core.style_transfer import Step
from stylelab.figures import plots
from stylelab.figures.tradeoff import tradeoff_figure
from stylelab.pictures import files, images
from stylelab.pictures.files import refuse_overwriting
from stylelab.pictures.images import Source
from stylelab.runs import tradeoff
from stylelab.runs.forecast import Forecast, forecast
from stylelab.runs.recipe import recipe_for
from stylelab.runs.run import Result, Run
from stylelab.runs.sweep import Job, sweep
from stylelab.runs.tasks import prepare

DOTS = 200  # an inch: twice as fine as in a notebook
PATIENCE = 10  # seconds for a scheduler to answer


def draw_tradeoff(arguments: argparse.Namespace) -> int:
    """`tradeoff`: a row from photo to style, and what each step costs."""
    output = files.check_writable(arguments.output)
    photo, style = arguments.photo, arguments.style
    refuse_overwriting(output, (photo, style))
    jobs = tradeoff.row_of_jobs(photo, style, **arguments.options)
    scale = tradeoff.scale(jobs[0])
    points = [
        scale.point(job, result.picture)
        for job, result in zip(jobs, _make(jobs, arguments.scheduler), strict=True)
    ]
    ends = (images.load(end, jobs[0].recipe.size) for end in (photo, style))
    return _save(tradeoff_figure(points, *ends), output)


def draw_layers(arguments: argparse.Namespace) -> int:
    """`layers`: a texture from the first layer alone, from two, ... from all."""
    output = files.check_writable(arguments.output)
    refuse_overwriting(output, (arguments.style,))
    jobs = depths(arguments.style, **arguments.options)
    if len(jobs) < 2:
        raise ValueError("layers compares depths: give at least two --style-layers")
    original = images.load(arguments.style, jobs[0].recipe.size)
    results = [result.picture for result in _make(jobs, arguments.scheduler)]
    errors = [structure_error(picture, original) for picture in results]
    name = f"the original: {images.base_name(arguments.style)}"
    panels = [(f"{name}\nstructure error 0 (noise: 1)", original)]
    for job, picture, error in zip(jobs, results, errors, strict=True):
        *before, layer = job.recipe.style_layers
        name = f"and {layer}" if before else f"{layer} alone"
        seen = f"sees {fields()[layer].size} px"
        panels.append((f"{name}: {seen}\nstructure error {error:.2f}", picture))
    claim = "With deeper layers larger structures come back"
    if errors[-1] > 0.8 * errors[0]:
        claim = "Here deeper layers bring back no larger structures"
    alt = f"A texture and its syntheses. {', '.join(text for text, _ in panels)}."
    alt = alt.replace("\n", ", ")
    return _save(plots.gallery(panels, claim, alt, columns=min(3, len(panels))), output)


def depths(style: Source, **options: object) -> list[Job]:
    """Textures from the first of the style layers alone, from two, ... from all."""
    deepest = recipe_for("texture", options)
    layers = deepest.style_layers
    return [
        Job(
            replace(
                deepest,
                style_layers=layers[:n],
                layer_weights=deepest.layer_weights[:n],
            ),
            {"style": style},
        )
        for n in range(1, 1 + len(layers))
    ]


def _make(jobs: Sequence[Job], scheduler: str | None) -> list[Result]:
    """The results in the order of `jobs`, behind a forecast and a bar of all steps."""
    with _executor(scheduler) as (executor, workers):
        print(_forecast(jobs, min(workers, len(jobs))), file=sys.stderr)
        steps, found = sum(job.recipe.steps for job in jobs), {}
        pause = 0.1 if sys.stderr.isatty() else 2.0  # seconds; a log needs few lines
        with tqdm(total=steps, unit="step", mininterval=pause) as bar:

            def watch(run: Run) -> Iterable[Step]:
                for step in run:
                    bar.update()
                    yield step

            try:
                for index, result in sweep(jobs, executor, watch):
                    found[index] = result
                    bar.update(sum(jobs[i].recipe.steps for i in found) - bar.n)
            except KeyboardInterrupt:
                kept = f"{len(found)} of {len(jobs)} pictures are kept"
                bar.write(f"{kept}: the same command goes on from there", sys.stderr)
                raise
    return [found[index] for index in range(len(jobs))]


def _forecast(jobs: Sequence[Job], workers: int) -> str:
    costs: dict[tuple[str, ...], Forecast] = {}
    for job in jobs:
        if job.recipe.layers not in costs:
            run = prepare(job.recipe, **job.sources)
            costs[job.recipe.layers] = forecast(run)
    seconds = sum(costs[job.recipe.layers].seconds for job in jobs) / workers
    total = Forecast(seconds, max(cost.bytes for cost in costs.values()))
    return f"{len(jobs)} pictures take {total}; those made before take none."


@contextmanager
def _executor(scheduler: str | None) -> Iterator[tuple[Executor | None, int]]:
    """The workers at the address of a Dask scheduler and their number, or nobody."""
    if scheduler is None:
        yield None, 1
        return
    try:
        from distributed import Client
    except ImportError:
        raise ImportError(
            "--scheduler needs Dask, which is missing: pip install 'stylelab[cluster]'"
        ) from None
    with Client(scheduler, timeout=PATIENCE) as client:
        workers = len(client.nthreads())
        if not workers:
            raise ValueError(
                f"the scheduler at {scheduler} has no workers: start one with "
                f"'dask worker {scheduler}'"
            )
        yield client.get_executor(pure=False), workers


def _save(plate: plots.Plate, output: Path) -> int:
    drawn = io.BytesIO()  # a picture is saved whole, a figure would not be
    plate.savefig(drawn, format="png", dpi=DOTS)
    images.save(PIL.Image.open(drawn), output)
    print(f"{output}: {plate.alt}")
    return 0
