"""What the commands of `python -m stylelab` do, once they are understood."""

import argparse
import contextlib
import os
import shutil
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from stylelab.cli import making, several
from stylelab.cli.figures import contact_sheet, save_figure
from stylelab.cli.terminal import notes
from stylelab.pictures import files, images, samples
from stylelab.runs.guess import guess
from stylelab.runs.run import Run
from stylelab.runs.tasks import reconstruct, texture, transfer

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def make(arguments: argparse.Namespace) -> int:
    """`transfer`, `texture` and `reconstruct`: one picture, or one of each photo."""
    sources = making.given(arguments)
    photos = images.as_tuple(sources.get("photo", ()))
    if len(photos) > 1 or any(map(several.is_folder, photos)):
        return several.make_each(arguments, sources)
    sources |= {"photo": photos[0]} if photos else {}
    return making.make_one(arguments, sources)


def make_guess(arguments: argparse.Namespace) -> int:
    """`guess`: a transfer in one pass of a network that was trained for it."""
    output = files.check_writable(arguments.output)
    photo, styles = arguments.photo, [arguments.style, *(arguments.also or ())]
    files.refuse_overwriting(output, [photo, *styles])
    began = time.monotonic()
    with notes():
        image = guess(photo, styles, arguments.size, arguments.strength, arguments.mix)
    images.save(image, output)
    print(f"{output}: guessed in {time.monotonic() - began:.1f} s")
    return 0


def demo(folder: str) -> int:
    """One picture of each kind, and a sheet of all three beside their originals."""
    target = several.folder_at(folder)
    sheet = files.check_writable(target / "contact_sheet.png")
    rows = []
    for title, run, originals in _demo_runs():
        print(f"\n{title}", file=sys.stderr)
        making.tell_cost(run)
        result = making.watched(run)
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
        return "The start: faint noise", images.to_image(run.start)

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
