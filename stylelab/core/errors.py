"""Errors beside wrong input, which is a ValueError. To name them needs no torch."""


class Diverged(RuntimeError):
    """A run that found no way down, and what to try instead."""


class WeightsError(RuntimeError):
    """Weights that are missing, damaged or out of reach, and what works instead."""
