"""The algorithm as it stands in the package, for notebook 06 to show."""

import inspect
from collections.abc import Callable

from IPython.display import Markdown


def source_of(*functions: Callable) -> Markdown:
    """The source of `functions` as one block of Python code.

    It is read from their file, so that the notebook cannot show older code.
    """
    code = "\n\n".join(inspect.getsource(function) for function in functions)
    return Markdown(f"```python\n{code}```")
