"""stylelab: how neural networks see texture, content and style.

>>> import stylelab as sl
>>> sl.transfer("palace", "starry_night", size=64, steps=3).result().save("out.png")
"""

import os
from importlib import import_module

__version__ = "1.0.0"

# Torch's threads wait for each other hundreds of times a step. By default each of them
# keeps its processor busy for milliseconds meanwhile, so that two runs on one machine
# hold each other up: at 64 px they were 70 times slower. After 1,000 turns, which is
# what the threads' library (libgomp) itself takes where it knows that processors are
# few, they sleep, and a run alone is as fast. It reads this when torch is loaded.
if "OMP_WAIT_POLICY" not in os.environ:
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")

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
