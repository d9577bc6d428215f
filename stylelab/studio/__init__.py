"""The studio: a page in the browser that makes pictures, for a class or an open day.

A visitor's page has a process of its own, which holds the visitor's pictures and
widgets. Runs are made elsewhere: one queue for all visitors hands them to workers.
"""

from importlib import import_module

__all__ = ["open_studio"]


def __getattr__(name: str) -> object:
    if name in __all__:
        return getattr(import_module("stylelab.studio.from_notebook"), name)
    raise AttributeError(f"module 'stylelab.studio' has no attribute '{name}'")
