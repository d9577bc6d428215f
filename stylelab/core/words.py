"""How a wrong value is shown in a sentence."""

LONGEST = 80  # characters of a value


def shown(value: object) -> str:
    """`value` as Python writes it, on one line and in at most 80 characters."""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # whole numbers of 5000 digits, objects whose repr is broken
        text = f"something of type {type(value).__name__}"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 20]}...{text[-17:]}"
