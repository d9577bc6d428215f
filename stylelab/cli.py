"""`python -m stylelab`: every option comes from the Recipe. Loads torch only for a run."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from stylelab import __version__
from stylelab.recipe import DEFAULTS, fields_of

VERBS = {
    "transfer": ("photo", "style"),
    "texture": ("style",),
    "reconstruct": ("photo",),
}
SUMMARY = {
    "transfer": "the content of a photo in the style of a painting",
    "texture": "a new picture with the texture of another",
    "reconstruct": "a photo again from what a deep layer knows of it",
}
OTHERS = {
    "demo": "one picture of each kind, and a sheet of all (about two minutes)",
    "lab": "JupyterLab on your own copy of the notebooks",
    "pictures": "the sample pictures, with their authors and licences",
    "doctor": "what this machine has, and what is missing",
}


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="python -m stylelab",
        description="How neural networks see texture, content and style.",
    )
    top.add_argument("--version", action="version", version=f"stylelab {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="COMMAND", required=True)
    for verb, roles in VERBS.items():
        sub = verbs.add_parser(verb, help=SUMMARY[verb], description=SUMMARY[verb])
        for role in roles:
            text = "a picture file, or a sample's name such as "
            text += "starry_night" if role == "style" else "palace"
            sub.add_argument(role, metavar=role.upper(), nargs="?", help=text)
        sub.add_argument("-o", "--output", help="PNG or JPEG to write", required=True)
        text = "a PNG saved by stylelab: run its recipe again, changed by the options"
        sub.add_argument("--recipe", metavar="FILE.png", help=text)
        _add_options(sub, verb)
    for verb, text in OTHERS.items():
        sub = verbs.add_parser(verb, help=text, description=text)
        if verb == "demo":
            sub.add_argument("-o", "--output", default="demo", help="folder [demo]")
    return top


def _add_options(sub: argparse.ArgumentParser, task: str) -> None:
    """An option for every field of the Recipe, with its range and default."""
    group = sub.add_argument_group("options of the recipe")
    for name, spec in fields_of(task).items():
        if name == "task":
            continue
        default, limits = getattr(DEFAULTS[task], name), spec.metadata
        kind = type(default)
        if kind is tuple:
            default, accepted = ",".join(default), "LAYER,LAYER,..."
            convert = _layers
        else:
            accepted = "|".join(limits.get("choices", ())) or _range(limits, kind)
            convert = kind
        group.add_argument(
            "--" + name.replace("_", "-"),
            dest=name,
            type=convert,
            metavar=accepted,
            default=argparse.SUPPRESS,
            help=f"{limits['help']} [{default}]",
        )


def _layers(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _range(limits: dict, kind: type) -> str:
    return f"{limits['low']:g}..{limits['high']:g}" if "low" in limits else "TEXT"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0, or 2 with one sentence on stderr where the input is wrong."""
    arguments = parser().parse_args(arguments)
    try:
        return _dispatch(arguments)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except (ValueError, TypeError, RuntimeError, OSError) as error:
        if os.environ.get("STYLELAB_TRACEBACK"):
            raise
        print(f"stylelab: {error}", file=sys.stderr)
        return 2


def _dispatch(arguments: argparse.Namespace) -> int:
    if arguments.verb in VERBS:
        from stylelab.commands import make

        return make(arguments)
    from stylelab import commands

    return {
        "demo": lambda: commands.demo(arguments.output),
        "lab": commands.lab,
        "pictures": commands.pictures,
        "doctor": commands.doctor,
    }[arguments.verb]()
