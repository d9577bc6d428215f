"""What the labs with runs show: how a run stands in words, and the lab on paper."""

from __future__ import annotations

import itertools
import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from stylelab.analysis import measure
from stylelab.figures.plots import Plate, Shown, gallery
from stylelab.labs.small_picture import SmallPicture
from stylelab.pictures import images
from stylelab.runs.forecast import duration, forecast
from stylelab.runs.live import LiveRun
from stylelab.runs.recipe import DEFAULTS, ROLES, Recipe, fields_of
from stylelab.runs.run import Result
from stylelab.runs.sweep import Job
from stylelab.runs.tasks import network_for, prepare

POINTS = 200  # of a curve on the screen


def foresee(job: Job) -> str:
    """What a run will take, in a sentence; an error in words where it cannot be."""
    return f"This takes {forecast(prepare(job.recipe, **job.sources))}."


def status(live: LiveRun) -> str:
    """How a run stands, in a few words."""
    if live.state == "waiting":
        runs = "one run is" if live.place == 1 else f"{live.place} runs are"
        return f"Waiting: {runs} before this one"
    if live.state == "running":
        return _progress(live) if live.shot else "Getting ready …"
    if live.state in ("done", "stopped"):
        return _ending(live)
    return ""


def _progress(live: LiveRun) -> str:
    shot = live.shot
    left = "" if shot.seconds_left is None else duration(shot.seconds_left)
    step = f"Step {shot.index} of {shot.total}"
    return f"{step}, about {left} left" if left else step


def _ending(live: LiveRun) -> str:
    result = live.result if live.fresh else None
    if result is None:
        return "Stopped before there was a picture"
    count, took = len(result.history), duration(result.seconds)
    steps = f"{count} step" + "s" * (count != 1)
    if result.finished:
        return f"Done: {steps} in {took}"
    return f"Stopped after {steps} and {took}; the picture is kept"


def curve(live: LiveRun) -> list[tuple[int, float]]:
    """Step and loss, at most POINTS of them, the newest always."""
    whole = live.state in ("done", "stopped") and live.fresh
    points = [*enumerate(live.result.history, 1)] if whole else live.curve
    every = -(-len(points) // POINTS)
    return points[::-1][:: every or 1][::-1]


def save_here(result: Result) -> str:
    """Writes the picture as a PNG with its recipe, beside the notebook; says where."""
    record = result.record
    given = [p for role, p in record["pictures"].items() if role != "masks"]
    names = [Path(one["name"]).stem for p in given for one in images.as_tuple(p)]
    stem = re.sub(r"[^\w-]+", "_", "-".join([record["recipe"]["task"], *names]))[:100]
    endings = itertools.chain([""], (f"-{n}" for n in itertools.count(2)))
    names = (f"{stem}{ending}.png" for ending in endings)
    name = next(name for name in names if not Path(name).exists())
    result.save(name)
    return f"Saved as {name}, beside the notebook, with the recipe inside."


def call(recipe: Recipe, names: Mapping[str, str | tuple[str, ...]]) -> str:
    """The line of Python that makes the same picture: sl.texture("gravel", size=128).

    names: what each of the task's pictures is called; of masks, where they are.
    """
    task, usual = recipe.task, DEFAULTS[recipe.task]
    given = [_code(names[role]) for role in ROLES[task]]
    given += [f"masks={names['masks']}"] if "masks" in names else []
    always = ("size", "steps")
    given += [
        f"{name}={_code(getattr(recipe, name))}"
        for name in fields_of(task)
        if name in always or getattr(recipe, name) != getattr(usual, name)
    ]
    return f"sl.{task}({', '.join(given)})"


def _code(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_code, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(value) if isinstance(value, int) else f"{value:.12g}"


def likeness(job: Job, result: Result) -> list[tuple[str, str]]:
    """How near a reconstruction is to its photo: in pixels, and in its layers."""
    photo = images.load(job.sources["photo"], job.recipe.size)
    found = images.load(images.to_image(result.picture))
    net = network_for(job.recipe)
    with torch.no_grad():
        ours, true = (
            net.features(p, job.recipe.content_layers) for p in (found, photo)
        )
    near = [(f"{measure.psnr(found, photo):.1f} dB", "PSNR to the photo")]
    return near + [
        (f"{measure.cosine(ours[layer], true[layer]):.3f}", f"cosine at {layer}")
        for layer in true
    ]


def on_paper(
    title: str,
    code: str,
    given: Sequence[tuple[str, SmallPicture]],
    result: Result | None,
) -> Plate:
    """A lab as a figure: the pictures that go in, and the one that came out."""
    panels: list[tuple[str, Shown]] = [
        (textwrap.fill(f"{role}: {seen.title}", 30), seen.image) for role, seen in given
    ]
    said = "its pictures before a run"
    if result:
        said = f"after {len(result.history)} steps"
        panels.append((said, result.image()))
    claim = f"{title}, live in JupyterLab: {said}"
    alt = "; ".join(caption.replace("\n", " ") for caption, _ in panels)
    width = (5, 8, 10)[min(len(panels), 3) - 1]
    plate = gallery(panels, claim, f"{claim}. {alt}. {code}", width=width)
    lines = textwrap.fill(code, 11 * width, subsequent_indent="    ")
    plate.supxlabel(lines, family="monospace", fontsize=10, x=0.01, ha="left")
    return plate
