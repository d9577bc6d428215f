"""What the labs with runs show: how a run stands in words, and the lab as a figure."""

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from stylelab.core.language import _
from stylelab.figures.plots import Plate, Shown, gallery
from stylelab.labs.small_picture import SmallPicture
from stylelab.pictures import images
from stylelab.pictures.images import Source
from stylelab.runs import masks
from stylelab.runs.colors import recoloured
from stylelab.runs.cost import Forecast
from stylelab.runs.distances import distances
from stylelab.runs.forecast import forecast
from stylelab.runs.guess import SIDE, guess
from stylelab.runs.job import Job, Sources
from stylelab.runs.recipe import DEFAULTS, ROLES, Recipe, fields_of
from stylelab.runs.run import Result
from stylelab.runs.tasks import prepare


def foresee(job: Job) -> str:
    """What a run will take, in one sentence; an error says why it cannot run."""
    return takes(forecast(prepare(job.recipe, **job.sources)))


def takes(one: Forecast) -> str:
    """A forecast as a sentence."""
    return _("This takes {}.").format(one)


def guessed(job: Job) -> bytes:
    """A transfer as a network guesses it, as JPEG.

    Raises WeightsError where the network is not installed.
    """
    recipe, size = job.recipe, min(job.recipe.size, SIDE)
    (photo,), styles = (images.as_tuple(job.sources[r]) for r in ("photo", "style"))
    # What beta / alpha is in the guess: 4, a hint of the style, is 0.5; 30 is 0.9.
    strength = recipe.style_weight / (recipe.style_weight + 4 * recipe.content_weight)
    if "masks" in job.sources:
        picture = _by_region(photo, styles, job.sources["masks"], size, strength)
    else:
        picture = images.load(guess(photo, styles, size, strength, recipe.mix))
    if recipe.colors == "luminance":
        picture = recoloured(picture, images.load(photo, size))
    return images.jpeg(images.to_image(picture))


def _by_region(
    photo: Source, styles: Sequence[Source], guides: Sources, size: int, strength: float
) -> Tensor:
    """A guess in each style, cut out by its mask."""
    found = [images.load(guess(photo, style, size, strength)) for style in styles]
    shape = found[0].shape[2:]
    regions = masks.load(images.as_tuple(guides), len(styles), photo, *shape)
    pairs = zip(found, masks.divided(regions), strict=True)
    return sum((one * region for one, region in pairs), torch.zeros(()))


def save_here(result: Result) -> str:
    """Writes the picture as a PNG with its recipe, beside the notebook; says where."""
    name = write_here(result)
    return _("Saved as {}, beside the notebook, with the recipe inside.").format(name)


def write_here(result: Result, *more: str) -> str:
    """Writes a PNG beside the notebook, under a name not taken yet; returns the name.

    It is called after its task, its pictures and `more`.
    """
    stems = [result.record["recipe"]["task"]]
    for role, pictures in result.record["pictures"].items():
        if role != "masks":
            stems += [Path(one["name"]).stem for one in images.as_tuple(pictures)]
    stem = re.sub(r"[^\w-]+", "_", "-".join((*stems, *more)))[:100]
    name, number = f"{stem}.png", 1
    while Path(name).exists():
        number += 1
        name = f"{stem}-{number}.png"
    result.save(name)
    return name


def call(recipe: Recipe, names: Mapping[str, str | tuple[str, ...]]) -> str:
    """The line of Python that makes the same picture: sl.texture("gravel", size=128).

    names: what each of the task's pictures is called; for masks, the Python expression.
    """
    task, defaults = recipe.task, DEFAULTS[recipe.task]
    arguments = [_code(names[role]) for role in ROLES[task]]
    arguments += [f"masks={names['masks']}"] if "masks" in names else []
    for name in fields_of(task):
        value = getattr(recipe, name)
        if name in ("size", "steps") or value != getattr(defaults, name):
            arguments.append(f"{name}={_code(value)}")
    return f"sl.{task}({', '.join(arguments)})"


def caption(recipe: Recipe, names: Mapping[str, object], steps: int) -> str:
    """What made a picture: "cat × starry_night · β/α 30 · 128 px · 100 steps".

    names: of the pictures, by role. steps: that were made. An option is named where it
    has another value than the recipe's default.
    """
    task, defaults = recipe.task, DEFAULTS[recipe.task]
    parts = [" × ".join(" + ".join(images.as_tuple(names[r])) for r in ROLES[task])]
    if task == "transfer":
        parts.append(f"β/α {recipe.style_weight / recipe.content_weight:.3g}")
    if task == "reconstruct":
        parts.append(" ".join(recipe.content_layers))
    told = {"task", "size", "steps", "style_weight", "content_weight"}
    told |= {"content_layers"} if task == "reconstruct" else set()
    for name in [name for name in fields_of(task) if name not in told]:
        value = getattr(recipe, name)
        if value != getattr(defaults, name):
            parts.append(_in_caption(name, value))
    parts += [_("masks")] if "masks" in names else []
    made = _("1 step") if steps == 1 else _("{} steps").format(steps)
    return " · ".join([*parts, f"{recipe.size} px", made])


def in_a_cell(names: Sequence[str]) -> str:
    """The heading of a call. names: of the pictures that are in no file yet."""
    if not names:
        return _("The same in a cell:")
    between = " " + _("and") + " "
    named = between.join(f"'{name}'" for name in names)
    return _("The same in a cell, once {} lies beside the notebook:").format(named)


def _in_caption(name: str, value: object) -> str:
    label = "" if name == "style_layers" else name.replace("_", " ")
    if isinstance(value, tuple):
        value = " ".join(one if isinstance(one, str) else f"{one:g}" for one in value)
    elif isinstance(value, float):
        value = f"{value:g}"
    return f"{label} {value}".strip()


def _code(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_code, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(value) if isinstance(value, int) else f"{value:.12g}"


def distances_in_words(job: Job, result: Result) -> list[tuple[str, str]]:
    """How far a picture is from its style and its content, each with its scale."""
    scales = {
        "style": _("style: 0 is the style picture's, 1 is as wrong as black"),
        "content": _("content: 0 is the photo's, 1 is as wrong as black"),
    }
    found = distances(job.recipe, result.losses)
    return [(f"{found[of]:.2g}", scales[of]) for of in found]


def on_paper(
    title: str,
    code: str,
    inputs: Sequence[tuple[str, SmallPicture]],
    result: Result | None,
) -> Plate:
    """A lab as a figure: the pictures that go in, by their roles, and the result."""
    panels: list[tuple[str, Shown]] = [
        (textwrap.fill(f"{role}: {picture.title}", 30), picture.image)
        for role, picture in inputs
    ]
    state = _("its pictures before a run")
    if result:
        state = _("after {} steps").format(len(result.history))
        panels.append((state, result.image()))
    claim = _("{}, live in JupyterLab: {}").format(title, state)
    alt = "; ".join(caption.replace("\n", " ") for caption, _ in panels)
    width = (5, 8, 10)[min(len(panels), 3) - 1]
    plate = gallery(panels, claim, f"{claim}. {alt}. {code}", width=width)
    lines = textwrap.fill(code, 11 * width, subsequent_indent="    ")
    plate.supxlabel(lines, family="monospace", fontsize=10, x=0.01, ha="left")
    return plate
