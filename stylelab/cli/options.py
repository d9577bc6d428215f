"""`python -m stylelab`: its options come from the Recipe. `--help` loads no torch."""

import argparse
import contextlib
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

from stylelab import __version__
from stylelab.cli import interrupts
from stylelab.cli.dispatch import FIGURES, SERVING, TEACHING, dispatch
from stylelab.cli.streams import plain, say, streams
from stylelab.cli.words import without_pipes
from stylelab.core.language import LANGUAGES
from stylelab.core.words import OUT_OF_MEMORY
from stylelab.runs import recipe

SUMMARY = {
    "transfer": "the content of a photo in the style of a painting",
    "texture": "a new picture with the texture of another",
    "reconstruct": "a photo again from what a deep layer knows of it",
    "guess": "a transfer in a second: the guess of a network that was trained for it",
    "tradeoff": "content against style: a photo at seven ratios of the weights, "
    "measured; the sixth is at --style-weight, and each weight is four times the one "
    "before",
    "layers": "a texture from the first of --style-layers alone, from two, ... "
    "from all",
    "demo": "one picture of each kind, and a sheet of all (about two minutes)",
    "lab": "JupyterLab on your own copy of the notebooks",
    "studio": "a page on this machine where visitors' photos become paintings",
    "grade": "a class's marks: every notebook in a folder, checked offline",
    "solutions": "the course's notebooks with the solutions in their places",
    "pictures": "the sample pictures, with their authors and licences",
    "doctor": "what this machine has, and what is missing",
}
PRINTING = ("pictures", "doctor")  # all others save a picture or serve a page
EXAMPLES = {"photo": "palace", "style": "starry_night"}


class Parser(argparse.ArgumentParser):
    """A parser that answers a wrong command line with one sentence, not the usage."""

    def error(self, message: str) -> NoReturn:
        text = plain(f"stylelab: {message} ({self.prog} --help lists all)")
        self.exit(2, f"{text}\n")


def parser(
    recipe_given: bool = False, goes_on: bool = False
) -> argparse.ArgumentParser:
    """The whole command line. A recipe names its pictures; who goes on needs no -o."""
    purpose = "How neural networks see texture, content and style."
    top = Parser(prog="python -m stylelab", description=purpose)
    top.add_argument("--version", action="version", version=f"stylelab {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="COMMAND", required=True)
    for verb, summary in SUMMARY.items():
        sub = verbs.add_parser(
            verb, help=summary.partition(":")[0], description=summary
        )
        add, task = sub.add_argument, FIGURES.get(verb, verb)
        for role in recipe.ROLES.get(task, ()):
            name = "PICTURE" if verb == "layers" else role.upper()
            text = f"a picture file, or a sample's name such as {EXAMPLES[role]}"
            count = "?" if recipe_given and verb == task else None
            if role == "photo" and verb == task:
                text += "; for several, or for a folder of photos, OUTPUT is a folder"
                count = "*" if recipe_given else "+"
            add(role, metavar=name, nargs=count, help=text)
        if task in recipe.ROLES:
            add("-o", "--output", help="PNG or JPEG to write", required=not goes_on)
        if verb in FIGURES:
            text = "Dask scheduler whose workers make the pictures, tcp://HOST:PORT"
            add("--scheduler", metavar="ADDRESS", help=text)
        if "style" in recipe.ROLES.get(verb, ()):
            text = "one more style, mixed with STYLE by --mix; may be given again"
            add("--also", metavar="STYLE", action="append", help=text)
        if "masks" in recipe.EXTRAS.get(verb, ()):
            text = "a picture that is white where STYLE goes, instead of a mixture; "
            text += "again for each further style, of which the last may take the rest"
            add("--mask", metavar="FILE", dest="masks", action="append", help=text)
        if verb in recipe.ROLES:
            _add_earlier(sub)
        if task in recipe.ROLES:
            _add_options(sub, task)
        if verb == "guess":
            _add_guess(sub)
        if verb not in (*TEACHING, "pictures", "guess"):  # a guess takes no time
            text = "where to compute [the fastest that works]"
            add("--device", choices=("cpu", "cuda", "mps"), help=text)
        if verb == "demo":
            add("-o", "--output", default="demo", help="folder [demo]")
        if verb in SERVING:
            _add_serving(sub, verb)
        _add_teaching(verb, add)
    return top


def _add_teaching(verb: str, add: Callable) -> None:
    """The words of a teacher's commands."""
    if verb == "grade":
        add("folder", metavar="FOLDER", help="what the students handed in")
        text = "table to write; the page for the teacher lies beside it, as .html"
        add("-o", "--output", metavar="MARKS.csv", help=text, required=True)
        text = "the most that one answer may take [20]"
        add("--seconds", type=float, default=20.0, help=text)
    if verb == "solutions":
        text = "folder to write [solutions]"
        add("-o", "--output", default="solutions", help=text)


def _add_earlier(sub: argparse.ArgumentParser) -> None:
    """Two options that take a recipe from a picture made earlier."""
    either = sub.add_mutually_exclusive_group().add_argument
    text = "a picture saved by stylelab: run its recipe again, changed by options"
    either("--recipe", metavar="FILE", help=text)
    text = "a PNG saved by stylelab: go on from this picture with its recipe, "
    text += "changed by options; without -o, FILE.png is replaced"
    either("--continue", metavar="FILE.png", dest="continued", help=text)


def _add_serving(sub: argparse.ArgumentParser, verb: str) -> None:
    """What people read, of the course and of the studio."""
    text = "language of its words, where they are translated [English]"
    sub.add_argument("--language", choices=LANGUAGES, help=text)
    if verb == "studio":
        _add_studio(sub)
    else:
        text = "copy the notebooks as they were run, with the answers in sight"
        sub.add_argument("--with-outputs", action="store_true", help=text)
        text = "copy the notebooks and start nothing, for another Jupyter"
        sub.add_argument("--copy-only", action="store_true", help=text)


def _add_studio(sub: argparse.ArgumentParser) -> None:
    """Where the studio is found, and who may come in."""
    add = sub.add_argument
    text = "address to listen on, 0.0.0.0 for other machines [127.0.0.1]"
    add("--ip", default="127.0.0.1", help=text)
    add("--port", type=int, help="[8866, or the next one that is free]")
    add("--token", metavar="WORD", help="that visitors say, - for none [a new one]")
    text = "a name that leads here through a proxy, as in https://NAME; may be repeated"
    add("--host", metavar="NAME", dest="hosts", action="append", default=[], help=text)
    add("--base-url", metavar="PATH", default="/", help="such as /studio/ [/]")
    for name, text in ("certfile", "a certificate, for https"), ("keyfile", "its key"):
        add(f"--{name}", metavar="FILE", help=text)
    add("--jobs", type=int, default=1, help="runs at the same time [1]")
    add("--scheduler", metavar="ADDRESS", help="Dask's, whose workers make all runs")
    add("--no-browser", action="store_true", help="open no browser here")


def _add_guess(sub: argparse.ArgumentParser) -> None:
    """The pictures and the options of `guess`, which has no Recipe."""
    add = sub.add_argument
    for role, sample in EXAMPLES.items():
        text = f"a picture file, or a sample's name such as {sample}"
        add(role, metavar=role.upper(), help=text)
    add("-o", "--output", help="PNG or JPEG to write", required=True)
    add("--also", metavar="STYLE", action="append", help="one more style")
    add("--mix", type=_numbers, default=(), help="shares of the styles")
    add("--size", type=_number, default=512, help="shorter side in pixels [512]")
    text = "from 0, the photo's own style, to 1, that of STYLE [1]"
    add("--strength", type=_number, default=1, help=text)


def _add_options(sub: argparse.ArgumentParser, task: str) -> None:
    """An option for every field of the Recipe, with its range and default."""
    group = sub.add_argument_group("options of the recipe")
    for name, spec in [*recipe.fields_of(task).items()][1:]:  # without the task
        default = getattr(recipe.DEFAULTS[task], name)
        text = ",".join(default) if isinstance(default, tuple) else str(default)
        group.add_argument(
            "--" + name.replace("_", "-"),
            type=_numbers if "one" in spec.metadata else READERS[type(default)],
            metavar=_accepted(spec.metadata, task),
            default=argparse.SUPPRESS,
            help=spec.metadata["help"] + (f" [{text}]" if text else ""),
        )


def _accepted(limits: Mapping, task: str) -> str:
    if "choices" in limits:
        # No run can start from a picture that its task does not have.
        lacking = {*recipe.STARTS} - {*recipe.starts_of(task)}
        words = [word for word in limits["choices"] if word not in lacking]
        return "|".join(words) + "|FILE" * ("or_else" in limits)
    if "one" in limits:
        return "NUMBER,NUMBER,..."
    if "low" in limits:
        return f"{recipe.in_digits(limits['low'])}..{recipe.in_digits(limits['high'])}"
    return "LAYER,LAYER,..."


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _number(text: str) -> float | str:
    """A number, or else the text as it is: the Recipe says what is wrong with it."""
    for kind in (int, float):
        with contextlib.suppress(ValueError):
            return kind(text)
    return text


def _numbers(text: str) -> tuple[float | str, ...]:
    return tuple(_number(part) for part in _words(text))


READERS = {tuple: _words, int: _number, float: _number, str: str}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command: 0, or 2 and one sentence on stderr where the input is wrong.

    After a signal it is 128 and the signal's number. `pictures` and `doctor` fail where
    they cannot print: 141 if their reader has ended, as `| head -1` does, else 1.
    """
    words = sys.argv[1:] if arguments is None else arguments
    with streams() as out:
        parsed = _parsed(words)
        status = _status(parsed)
        out.flush()
        if out.error is None:
            return status
        ended = isinstance(out.error, BrokenPipeError)
        if not ended:
            reason = getattr(out.error, "strerror", None) or out.error
            say(f"stylelab: what should be printed here could not be: {reason}")
        return (141 if ended else 1) if parsed.verb in PRINTING else status


def _parsed(words: Sequence[str]) -> argparse.Namespace:
    """The words by their names; where they are wrong, the program ends."""
    # argparse takes --rec for --recipe as well, and no other option begins like that.
    again, goes_on = (
        any(word.startswith(start) for word in words) for start in ("--r", "--conti")
    )
    top = parser(again or goes_on, goes_on)
    parsed, unknown = top.parse_known_args(words)
    if isinstance(getattr(parsed, "photo", None), list):
        unknown = _share_out(parsed, unknown)
    if unknown:
        top.prog += f" {parsed.verb}"  # its --help lists what there is
        top.error(f"unrecognized arguments: {' '.join(unknown)}")
    return parsed


def _status(parsed: argparse.Namespace) -> int:
    """The exit status of a command, after a sentence if it failed."""
    try:
        if parsed.verb in SERVING:  # they listen for signals themselves
            return dispatch(parsed)
        with interrupts.listening(), without_pipes(parsed):
            return dispatch(parsed)
    except KeyboardInterrupt:
        say("interrupted")
        return interrupts.status()
    except (ValueError, RuntimeError, OSError, MemoryError, ImportError) as error:
        sentence = " ".join(str(error).split()) or type(error).__name__
        if OUT_OF_MEMORY.search(sentence):
            sentence = f"there is not enough memory to go on ({sentence})"
        say(f"stylelab: {sentence}")
        return 2


def _share_out(parsed: argparse.Namespace, unknown: list[str]) -> list[str]:
    """Takes the last picture as STYLE, all others as PHOTO; returns what is unknown.

    argparse gives PHOTO what stands in one place, before -o or behind it.
    """
    if any(word.startswith("-") for word in unknown):
        return unknown
    style = getattr(parsed, "style", None)
    pictures = [*parsed.photo, *([] if style is None else [style]), *unknown]
    if "style" in parsed and len(pictures) > 1:
        parsed.style = pictures.pop()
    parsed.photo = pictures
    return []
