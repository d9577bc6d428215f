"""What the commands of `python -m stylelab` do, once they are understood."""

import argparse
import contextlib
import os
import shutil
import sys
import warnings
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from stylelab.cli.figures import contact_sheet, save_figure
from stylelab.cli.terminal import growing, notes, shows_pictures
from stylelab.pictures import files, images, samples
from stylelab.runs.forecast import forecast
from stylelab.runs.recipe import EXTRAS, ROLES, recipe_for
from stylelab.runs.record import recall
from stylelab.runs.run import Result, Run, progress_bar
from stylelab.runs.tasks import prepare, reconstruct, texture, transfer

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def make(arguments: argparse.Namespace) -> int:
    """`transfer`, `texture` and `reconstruct`: from the words to a saved picture."""
    output = files.check_writable(arguments.output)
    verb, file, options = arguments.verb, arguments.recipe, arguments.options
    words = {name: word for name, word in vars(arguments).items() if word is not None}
    roles = (*ROLES[verb], *EXTRAS.get(verb, ()))
    sources = {role: words[role] for role in roles if role in words}
    if "also" in words:
        if "style" not in sources:
            raise ValueError("--also adds to a style: give STYLE as well")
        sources["style"] = [sources["style"], *words["also"]]
    if file is None:
        recipe = recipe_for(verb, options)
    else:
        saved = (record := files.read_record(file)).get("recipe")
        task = saved.get("task", verb) if isinstance(saved, dict) else verb
        if task != verb:
            problem = f"'{file}' was made by {task}: use that command, not {verb}"
            raise ValueError(problem)
        with notes():
            recipe, sources = recall(record, Path(file).parent, options, sources)
    files.refuse_overwriting(output, chain(*map(images.as_tuple, sources.values())))
    with notes():
        run = prepare(recipe, **sources)
    result = _watched(run)
    result.save(output)
    if not result.finished:
        done = f"{len(result.history)} of {recipe.steps} steps"
        why = f": {result.reason}" if result.reason else ""
        print(f"stopped: {output} is unfinished ({done}){why}")
        return 1 if why else 130
    print(f"{output}: loss {result.loss:.4g} after {result.seconds:.0f} s")
    return 0


def _watched(run: Run) -> Result:
    print(f"{len(run)} steps take {forecast(run)}.", file=sys.stderr)
    with warnings.catch_warnings(action="ignore", category=RuntimeWarning):
        # The reason that it would warn of is printed at the end.
        return run.result(growing if shows_pictures(sys.stderr) else progress_bar)


def demo(folder: str) -> int:
    """One picture of each kind, and a sheet of all three beside their originals."""
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"'{target}' cannot be a folder: {error.strerror}") from None
    sheet = files.check_writable(target / "contact_sheet.png")
    rows = []
    for title, run, originals in _demo_runs():
        print(f"\n{title}", file=sys.stderr)
        result = _watched(run)
        result.save(target / f"{run.recipe.task}.png")
        rows.append((*originals, (title, result.image())))
        if not result.finished:
            print(f"\nStopped; the pictures so far are in {target}/.")
            return 130
    save_figure(contact_sheet(rows), sheet, 100)
    python = "python"
    with contextlib.suppress(ValueError):  # or as it was called: .venv/bin/python
        python = os.fspath(Path(sys.executable).relative_to(Path.cwd()))
    print(
        f"\nYour pictures are in {target}/; {sheet} shows them side by side.\n"
        "Next: 'make lab' opens the notebooks; your own photo becomes a painting with\n"
        f"  {python} -m stylelab transfer PHOTO.jpg great_wave -o OUT.png"
    )
    return 0


def _demo_runs() -> Iterable[tuple[str, Run, tuple]]:
    def sample(name: str) -> tuple:
        about = samples.samples()[name]
        picture = images.resized(images.open_picture(name), 256)
        return f"{about.title}\n{about.author}", picture

    def noise(run: Run) -> tuple:
        return "The start: noise", images.to_image(run.start)

    run = transfer("palace", "starry_night", size=256, steps=100)
    yield "Style transfer", run, (sample("palace"), sample("starry_night"))
    run = texture("gravel", size=256, steps=120)
    yield "Texture, grown from noise", run, (sample("gravel"), noise(run))
    run = reconstruct("cat", size=256, steps=80)
    yield "Reconstruction from relu4_2", run, (sample("cat"), noise(run))


def list_pictures() -> int:
    """The sample pictures with their credits."""
    for name, sample in samples.samples().items():
        print(f"{name:22}{sample.title}. {sample.author}. {sample.rights}")
    return 0


def lab() -> int:
    """JupyterLab on my-notebooks/, a copy in which nothing of yours is overwritten."""
    from jupyterlab.labapp import main

    if not NOTEBOOKS.is_dir():
        advice = "clone the project and run this in its folder"
        raise ValueError(f"the notebooks are not here: {advice}")
    mine = NOTEBOOKS.parent / "my-notebooks"
    for path in sorted(NOTEBOOKS.rglob("*")):
        target = mine / path.relative_to(NOTEBOOKS)
        if path.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        elif path.is_file() and path.read_bytes() != target.read_bytes():
            print(f"kept your {target.name}; delete it to get the course's version")
    # Photos from a phone are larger than the messages that a notebook accepts.
    settings = "--ServerApp.tornado_settings={'websocket_max_message_size': 104857600}"
    # In a container everybody is root; elsewhere this changes nothing.
    return main(["--ServerApp.root_dir", str(mine), settings, "--allow-root"])
