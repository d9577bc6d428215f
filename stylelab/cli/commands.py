"""What the commands of `python -m stylelab` do, once they are understood."""

import argparse
import contextlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from stylelab.cli import interrupts, making, saving, several
from stylelab.cli.streams import say, tell
from stylelab.pictures import images, samples, writing
from stylelab.runs.run import Run
from stylelab.runs.tasks import reconstruct, texture, transfer


def make(arguments: argparse.Namespace) -> int:
    """`transfer`, `texture` and `reconstruct`: one picture, or one of each photo."""
    sources = making.given(arguments)
    photos = images.as_tuple(sources.get("photo", ()))
    if len(photos) > 1 or any(map(several.is_folder, photos)):
        return several.make_each(arguments, sources)
    sources |= {"photo": photos[0]} if photos else {}
    return making.make_one(arguments, sources)


def demo(folder: str) -> int:
    """One picture of each kind, and a sheet of all three beside their originals.

    The exit status is 0; 1 if a picture had to be saved elsewhere; or that of a signal.
    """
    # Imported late: no other command here needs matplotlib, which writes into the
    # home folder and complains where it cannot.
    from stylelab.cli.figures import contact_sheet, save_figure

    target = several.folder_at(folder)
    sheet = writing.check_writable(target / "contact_sheet.png")
    rows, elsewhere = [], False
    for title, run, originals in _demo_runs():
        say(f"\n{title}")
        making.tell_cost(run)
        output = target / f"{run.recipe.task}.png"
        with interrupts.saving():
            result = making.watched(run)
            elsewhere |= saving.save(result.save, output) != output
        rows.append((*originals, (title, result.image())))
        if not result.finished or interrupts.STATE.asked:
            tell(f"\nStopped; the pictures so far are in {target}/.")
            return interrupts.status()
    elsewhere |= save_figure(contact_sheet(rows), sheet, 100) != sheet
    python = "python"
    with contextlib.suppress(ValueError):  # or as it was called: .venv/bin/python
        python = os.fspath(Path(sys.executable).relative_to(Path.cwd()))
    tell(
        f"\nYour pictures are in {target}/; {sheet} shows them side by side.\n"
        "Next: 'make lab' opens the notebooks; your own photo becomes a painting with\n"
        f"  {python} -m stylelab transfer PHOTO.jpg great_wave -o OUT.png"
    )
    return int(elsewhere)


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
