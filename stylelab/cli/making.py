"""`transfer`, `texture` and `reconstruct`: from the words to a saved picture."""

import argparse
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path

from stylelab.cli import interrupts, saving
from stylelab.cli.streams import say, tell
from stylelab.cli.terminal import growing, notes, shows_pictures
from stylelab.pictures import files, writing
from stylelab.runs import continued
from stylelab.runs.continued import Chain, Link
from stylelab.runs.distances import SCALE, distances, in_brief
from stylelab.runs.forecast import forecast
from stylelab.runs.job import Sources
from stylelab.runs.recipe import EXTRAS, ROLES, Recipe, recipe_for
from stylelab.runs.run import Result, Run, Step, Tally, progress_bar

MINUTE = 60.0  # seconds between two saves of the picture so far


def given(arguments: argparse.Namespace) -> dict[str, Sources]:
    """The pictures that the words name, by their role."""
    words = {name: w for name, w in vars(arguments).items() if w not in (None, [])}
    roles = (*ROLES[arguments.verb], *EXTRAS.get(arguments.verb, ()))
    sources = {role: words[role] for role in roles if role in words}
    if "also" in words:
        if "style" not in sources:
            raise ValueError("--also adds to a style: give STYLE as well")
        sources["style"] = [sources["style"], *words["also"]]
    return sources


def make_one(arguments: argparse.Namespace, sources: Mapping[str, Sources]) -> int:
    """One picture. The exit status is 0; 1 if the run lost its way, or if the picture
    had to be saved elsewhere; or that of a signal: 130, 143 or 129.
    """
    old = arguments.continued
    named = old if arguments.output is None else arguments.output
    output = writing.check_writable(named)
    with notes():
        chain = chain_of(arguments, sources)
    # A continued picture may be replaced early: its record is part of the new one.
    own = (
        old is not None and output.exists() and output.samefile(Path(old).expanduser())
    )
    checkpoint = Checkpoint(output, own)
    protect(chain, output, checkpoint.path)
    run = prepared(chain)
    tell_cost(run)
    with interrupts.saving():
        return finish(watched(run, checkpoint), output, checkpoint)


class Checkpoint:
    """Saves the picture so far at every minute of a run, as a PNG marked unfinished.

    At `output`; or beside it, if an older picture lies there, so that a killed run
    leaves that one as it was. `own` says that the older one is part of the run.
    """

    def __init__(
        self,
        output: Path,
        own: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        as_output = output.suffix.lower() == ".png" and (own or not output.exists())
        self.path = output if as_output else output.with_suffix(".unfinished.png")
        self.clock, self.last, self.saved = clock, clock(), False

    def __call__(self, tally: Tally) -> None:
        """Saves the best picture of `tally`, if a minute is over."""
        last_step = len(tally.history) == len(tally.run)
        if self.clock() - self.last >= MINUTE and not last_step:
            # A full disk may be free again at the end: the run goes on.
            with suppress(files.PictureError):
                tally.result().save(self.path)
                self.saved = True
            self.last = self.clock()


def chain_of(arguments: argparse.Namespace, sources: Mapping[str, Sources]) -> Chain:
    """What is to be made: a recipe, given by options, by a picture or by both."""
    options, verb = arguments.options, arguments.verb
    named = arguments.continued if arguments.recipe is None else arguments.recipe
    if named is None:
        return Chain((Link(recipe_for(verb, options), sources, {}),))
    file = Path(named).expanduser()
    saved = (record := files.read_record(file)).get("recipe")
    task = saved.get("task", verb) if isinstance(saved, dict) else verb
    if task != verb:
        raise ValueError(f"'{file}' was made by {task}: use that command, not {verb}")
    if arguments.recipe is not None:
        return continued.again(record, file.parent, options, sources)
    if "start" in options:
        raise ValueError(f"--continue starts from '{file}': leave out --start")
    if file.suffix.lower() != ".png":
        raise ValueError(f"'{file}' has to end in .png to be continued")
    return continued.go_on(file, options, sources)


def protect(chain: Chain, *targets: Path) -> None:
    """A PictureError if a target is a picture that `chain` needs, or a link to one."""
    advice = "is the picture to start from; --continue goes on from a saved picture."
    for target in targets:
        writing.refuse_overwriting(target, [chain.start_file], advice)
        writing.refuse_overwriting(target, chain.files())


def prepared(chain: Chain) -> Run:
    """The last run of `chain`, after those before it are made again."""
    numbers, total = count(1), len(chain.links)

    def show(run: Run, steps: int) -> Iterable[Step]:
        which = f"Picture {next(numbers)} of {total}, from which the next goes on"
        say(f"{which}: {_take(steps)} {forecast(run, steps)}.")
        return bar()(run)

    with notes():
        run = chain.prepare(show)
    if total > 1:
        say(f"Picture {total} of {total}:")
    return run


def tell_cost(run: Run) -> None:
    """Prints how long `run` will take."""
    say(f"{_take(len(run))} {forecast(run)}.")


def _take(steps: int) -> str:
    return "1 step takes" if steps == 1 else f"{steps} steps take"


def watched(run: Run, keep: Callable[[Tally], None] = lambda tally: None) -> Result:
    """The result of `run`, whose steps are shown."""
    with warnings.catch_warnings(action="ignore", category=RuntimeWarning):
        # The reason that it would warn of is printed at the end.
        show = bar()
        return run.result(lambda run: interrupts.until_asked(show(run)), keep)


def bar() -> Callable[[Run], Iterable[Step]]:
    """How the steps of a run are shown in this terminal."""
    return growing if shows_pictures(sys.stderr) else progress_bar


def finish(result: Result, output: Path, checkpoint: Checkpoint) -> int:
    """Saves the result at `output` or elsewhere, says so; returns the exit status."""
    place = saving.save(result.save, output)
    if checkpoint.saved and checkpoint.path not in (place, output):
        with suppress(OSError):
            os.remove(checkpoint.path)
    if result.finished:
        recipe = Recipe(**result.record["recipe"])
        told = in_brief(recipe, result.losses)
        told += f" ({SCALE})" if distances(recipe, result.losses) else ""
        tell(f"{place}: {told} after {result.seconds:.0f} s")
        return interrupts.status() if interrupts.STATE.asked else int(place != output)
    done = f"{len(result.history)} of {result.record['steps']} steps"
    why = f": {result.reason}" if result.reason else ""
    tell(f"stopped: {place} is unfinished ({done}){why}")
    return 1 if why else interrupts.status()
