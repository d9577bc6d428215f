"""Checks of students' answers: by their properties, and never just "wrong".

Each takes what the student wrote and gives an Answer: praise that says what was shown,
or a hint at the first property that does not hold.
"""

from stylelab.checks.answer import Answer
from stylelab.checks.convolution import edge_strength, output_size, sharpening
from stylelab.checks.reach import convolutions_needed, next_field, paper_names
from stylelab.checks.seeing import recorder, strongest

__all__ = [
    "Answer",
    "convolutions_needed",
    "edge_strength",
    "next_field",
    "output_size",
    "paper_names",
    "recorder",
    "sharpening",
    "strongest",
]
