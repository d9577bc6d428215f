"""stylelab: how neural networks see texture, content and style.

>>> import stylelab as sl
>>> sl.transfer("palace", "starry_night", size=64, steps=3).result().save("out.png")
"""

from importlib import import_module

__version__ = "1.0.0"

# Loaded when first used: torch takes a second or two, and `--help` does not need it.
_PUBLIC = {
    "transfer": "runs.tasks",
    "texture": "runs.tasks",
    "reconstruct": "runs.tasks",
    "guess": "runs.guess",
    "Run": "runs.run",
    "Result": "runs.run",
    "Recipe": "runs.recipe",
    "load": "pictures.images",
    "samples": "pictures.samples",
    "PictureError": "pictures.files",
}

__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> object:
    if name in _PUBLIC:
        return getattr(import_module(f"stylelab.{_PUBLIC[name]}"), name)
    raise AttributeError(f"module 'stylelab' has no attribute '{name}'")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
