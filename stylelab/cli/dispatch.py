"""From a command that was understood to the function that does it."""

import argparse
import os
import sys

from stylelab.cli.streams import say
from stylelab.cli.words import refuse_empty
from stylelab.core.language import VARIABLE
from stylelab.runs import recipe

FIGURES = {"tradeoff": "transfer", "layers": "texture"}  # the article's, by their task
SERVING = ("lab", "studio")
TEACHING = ("grade", "solutions")
POSTER = 1024  # pixels
LIGHT = (*SERVING, "pictures", "guess", "solutions")  # they load no torch


def dispatch(arguments: argparse.Namespace) -> int:
    """Calls the command's function. Only what the command needs is imported."""
    if getattr(arguments, "language", None):  # first: words are read when imported
        os.environ[VARIABLE] = arguments.language
    _prepare(arguments)
    verb = arguments.verb
    if verb == "studio":
        from stylelab.studio.server import serve  # it needs no torch

        names = ("ip", "port", "base_url", "hosts", "token", "certfile", "keyfile")
        where = {name: getattr(arguments, name) for name in names}
        where["scheduler"] = arguments.scheduler
        return serve(arguments.jobs, not arguments.no_browser, **where)
    if verb in ("lab", "pictures"):
        from stylelab.cli import course

        if verb == "pictures":
            return course.list_pictures()
        return course.lab(arguments.with_outputs, arguments.copy_only)
    if verb in TEACHING:
        from stylelab.cli import teaching

        if verb == "solutions":
            return teaching.write_solutions(arguments.output)
        return teaching.grade(arguments.folder, arguments.output, arguments.seconds)
    if verb in FIGURES:
        from stylelab.cli import figures

        draw = {"tradeoff": figures.draw_tradeoff, "layers": figures.draw_layers}
        return draw[verb](arguments)
    if verb == "doctor":
        from stylelab.cli import doctor

        return doctor.report()
    if verb == "guess":
        from stylelab.cli import guessing

        return guessing.make_guess(arguments)
    from stylelab.cli import commands

    if verb == "demo":
        return commands.demo(arguments.output)
    return commands.make(arguments)


def _prepare(arguments: argparse.Namespace) -> None:
    """Checks the values before torch is loaded, and loads it where it is needed."""
    verb = arguments.verb
    refuse_empty(arguments)
    task = FIGURES.get(verb, verb)
    if task in recipe.ROLES:
        words = vars(arguments)
        arguments.options = {k: words[k] for k in recipe.fields_of(task) if k in words}
        if words.get("recipe") is None and words.get("continued") is None:
            # Before torch is loaded, a wrong value is answered.
            made = recipe.recipe_for(task, arguments.options)
            if made.size >= POSTER:
                # Torch then asks Linux for large pages, as it reads when it is loaded:
                # a fifth less time here, but half as much again at 64 px.
                os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")
    chosen, light = getattr(arguments, "device", None), verb in LIGHT
    if (chosen or not light) and "torch" not in sys.modules:
        say("loading PyTorch ...")  # which takes seconds
    if chosen:
        from stylelab.runs import device

        device.use(chosen)
