"""What sentences about errors need: a wrong value in short, and how memory is named."""

import re

LONGEST = 80  # characters of a value
# What torch, its oneDNN, C++ and Linux say where there is not enough of it.
NO_MEMORY = "out of memory|allocate memory|failed to map segment|"
NO_MEMORY += "bad_alloc|could not create a primitive"
OUT_OF_MEMORY = re.compile(NO_MEMORY, re.IGNORECASE)


def shown(value: object) -> str:
    """`value` as Python writes it, on one line and in at most 80 characters."""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # whole numbers of 5000 digits, objects whose repr is broken
        text = f"something of type {type(value).__name__}"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 20]}...{text[-17:]}"
