"""The command `guess`. It loads no torch, which would take longer than the guess."""

import argparse
import time

from stylelab.cli import saving
from stylelab.cli.streams import tell
from stylelab.pictures import images, writing
from stylelab.runs.guess import SIDE, guess


def make_guess(arguments: argparse.Namespace) -> int:
    """`guess`: a transfer in one pass of a network that was trained for it."""
    output = writing.check_writable(arguments.output)
    photo, styles = arguments.photo, [arguments.style, *(arguments.also or ())]
    writing.refuse_overwriting(output, [photo, *styles])
    began = time.monotonic()
    image = guess(photo, styles, arguments.size, arguments.strength, arguments.mix)
    seconds = time.monotonic() - began
    saved = saving.save(lambda path: images.save(image, path), output)
    longer = max(image.size)
    how = f", at {SIDE} pixels, then enlarged to {longer}" if longer > SIDE else ""
    tell(f"{saved}: guessed in {seconds:.1f} s{how}")
    return 0 if saved == output else 1
