"""Checks of students' answers: by their properties, and never just "wrong".

Each takes what the student wrote and gives an Answer: praise that says what was shown,
or a hint at the first property that does not hold.
"""

from stylelab.lessons.answer import Answer
from stylelab.lessons.nb01_convolution.checks import (
    edge_strength,
    output_size,
    sharpening,
)
from stylelab.lessons.nb02_layers.checks import recorder, strongest
from stylelab.lessons.nb03_fields.checks import (
    convolutions_needed,
    next_field,
    paper_names,
)
from stylelab.lessons.nb04_content.checks import content_loss, psnr
from stylelab.lessons.nb05_texture.checks import gram, numbers_in_gram
from stylelab.lessons.nb06_transfer.checks import on_the_front, paint, style_loss
from stylelab.lessons.nb07_why.checks import (
    discrepancy,
    share_right,
    twice_the_light,
    verdicts,
)
from stylelab.lessons.nb08_style.checks import guided_gram, keep_colours

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
