"""Figures as files: the article's two for any pictures, and the demo's sheet."""

import argparse
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import PIL.Image
from matplotlib.figure import Figure
from tqdm.auto import tqdm

from stylelab.analysis.measure import structure_error
from stylelab.analysis.receptive_field import fields
from stylelab.cli import interrupts, saving
from stylelab.cli.streams import say, tell
from stylelab.cli.terminal import notes
from stylelab.figures.plots import gallery
from stylelab.figures.tradeoff import tradeoff_figure
from stylelab.pictures import images, writing
from stylelab.runs import tradeoff
from stylelab.runs.cluster import connect
from stylelab.runs.cost import Forecast
from stylelab.runs.forecast import forecast
from stylelab.runs.job import Job
from stylelab.runs.recipe import recipe_for
from stylelab.runs.run import Result, Run, Step
from stylelab.runs.sweep import sweep
from stylelab.runs.tasks import prepare

DOTS = 200  # per inch: twice as fine as in a notebook
PATIENCE = 10  # seconds for a scheduler to answer


def draw_tradeoff(arguments: argparse.Namespace) -> int:
    """`tradeoff`: a row from photo to style, and what each step costs."""
    output = writing.check_writable(arguments.output)
    ends = arguments.photo, arguments.style
    writing.refuse_overwriting(output, (*ends, arguments.options.get("start")))
    jobs = tradeoff.row_of_jobs(*ends, **arguments.options)
    with notes():
        scale = tradeoff.scale(jobs[0])
    results = zip(jobs, _make(jobs, arguments.scheduler), strict=True)
    points = [scale.point(job, result.picture) for job, result in results]
    pictures = (images.load(end, jobs[0].recipe.size) for end in ends)
    plate = tradeoff_figure(points, *pictures)
    return _finish(plate, output, plate.alt)


def draw_layers(arguments: argparse.Namespace) -> int:
    """`layers`: a texture from the first layer alone, from two, ... from all."""
    output, style = writing.check_writable(arguments.output), arguments.style
    writing.refuse_overwriting(output, (style, arguments.options.get("start")))
    deepest = recipe_for("texture", arguments.options)
    layers, weights = deepest.style_layers, deepest.layer_weights
    if len(layers) < 2:
        raise ValueError("layers compares depths: give at least two --style-layers")
    depths = [(layers[:n], weights[:n]) for n in range(1, 1 + len(layers))]
    recipes = [replace(deepest, style_layers=l, layer_weights=w) for l, w in depths]
    jobs = [Job(recipe, {"style": style}) for recipe in recipes]
    with notes():
        original = images.load(style, deepest.size)
    name = f"the original: {images.base_name(style)}"
    panels, errors = [(f"{name}\nstructure error 0 (noise: 1)", original)], []
    for layer, result in zip(layers, _make(jobs, arguments.scheduler), strict=True):
        errors.append(structure_error(result.picture, original))
        name = f"and {layer}" if errors[1:] else f"{layer} alone"
        text = f"{name}: sees {fields()[layer].size} px"
        panels.append((f"{text}\nstructure error {errors[-1]:.2f}", result.picture))
    claim = "With deeper layers larger structures come back"
    if errors[-1] > 0.8 * errors[0]:
        claim = "Here deeper layers bring back no larger structures"
    captions = ", ".join(text for text, _ in panels).replace("\n", ", ")
    alt = f"A texture and its syntheses. {captions}."
    plate = gallery(panels, claim, alt, columns=min(3, len(panels)))
    return _finish(plate, output, alt)


def _finish(figure: Figure, output: Path, words: str) -> int:
    """Saves a figure; 0, or 1 if it had to be saved elsewhere."""
    place = save_figure(figure, output, DOTS)
    tell(f"{place}: {words}")
    return int(place != output)


def save_figure(figure: Figure, output: Path, dots: int) -> Path:
    """Writes `figure` with `dots` per inch; returns where it is, as saving.save."""
    figure.savefig(drawn := io.BytesIO(), format="png", dpi=dots)
    picture = PIL.Image.open(drawn)
    return saving.save(lambda path: images.save(picture, path), output)


def contact_sheet(rows: Sequence[Sequence[tuple[str, PIL.Image.Image]]]) -> Figure:
    """Rows of titled pictures, each with a height of 256 pixels or more."""
    columns = max(len(row) for row in rows)
    size = 1.6 * 256 / 100 * columns, (256 + 60) / 100 * len(rows)
    figure = Figure(figsize=size, dpi=100, layout="constrained")
    axes = figure.subplots(len(rows), columns, squeeze=False)
    for row, line in zip(rows, axes, strict=True):
        for axis, (title, image) in zip(line, row, strict=True):
            axis.imshow(image, interpolation="lanczos")
            axis.set_title(title, fontsize=13)
            axis.set_axis_off()
    return figure


def _make(jobs: Sequence[Job], scheduler: str | None) -> list[Result]:
    """The results in the order of `jobs`, behind a forecast and a bar of all steps."""
    with _executor(scheduler) as (executor, workers):
        costs: dict[tuple[str, ...], Forecast] = {}
        for job in jobs:
            if job.recipe.layers not in costs:
                costs[job.recipe.layers] = forecast(prepare(job.recipe, **job.sources))
        seconds = sum(costs[job.recipe.layers].seconds for job in jobs)
        most = max(cost.bytes for cost in costs.values())
        total = f"take {Forecast(seconds / min(workers, len(jobs)), most)}"
        say(f"{len(jobs)} pictures {total}; those made before take none.")
        results: dict[int, Result] = {}
        steps = [sum(n for _, n in job.recipe.stages) for job in jobs]
        pause = 0.1 if sys.stderr.isatty() else 2.0  # seconds; a log needs few lines
        with tqdm(total=sum(steps), unit="step", mininterval=pause) as bar:

            def watch(run: Run) -> Iterable[Step]:
                for step in interrupts.until_asked(run):
                    bar.update()
                    yield step

            try:
                for index, result in sweep(jobs, executor, watch):
                    results[index] = result
                    interrupts.go_on()
                    bar.update(sum(steps[i] for i in results) - bar.n)
            except KeyboardInterrupt:
                kept = f"{len(results)} of {len(jobs)} pictures are kept"
                bar.write(f"{kept}: the same command goes on from there", sys.stderr)
                raise
    return [results[index] for index in range(len(jobs))]


@contextmanager
def _executor(scheduler: str | None) -> Iterator[tuple[Executor | None, int]]:
    """The workers of a Dask scheduler and their number; without one, this process."""
    if scheduler is None:
        yield None, 1
        return
    with connect(scheduler, PATIENCE) as client:
        yield client.get_executor(pure=False), len(client.nthreads())
