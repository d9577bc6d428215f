"""Checks of students' answers: by their properties, and never just "wrong".

Each takes what the student wrote and gives an Answer: praise that says what was shown,
or a hint at the first property that does not hold.
"""

from stylelab.checks.answer import Answer
from stylelab.checks.content import content_loss, psnr
from stylelab.checks.controls import guided_gram, keep_colours
from stylelab.checks.convolution import edge_strength, output_size, sharpening
from stylelab.checks.reach import convolutions_needed, next_field, paper_names
from stylelab.checks.seeing import recorder, strongest
from stylelab.checks.texture import gram, numbers_in_gram
from stylelab.checks.transfer import on_the_front, paint, style_loss
from stylelab.checks.why import discrepancy, share_right, twice_the_light, verdicts

__all__ = [
    "Answer",
    "content_loss",
    "convolutions_needed",
    "discrepancy",
    "edge_strength",
    "gram",
    "guided_gram",
    "keep_colours",
    "next_field",
    "numbers_in_gram",
    "on_the_front",
    "output_size",
    "paint",
    "paper_names",
    "psnr",
    "recorder",
    "share_right",
    "sharpening",
    "strongest",
    "style_loss",
    "twice_the_light",
    "verdicts",
]
