"""A wheel brings the notebooks along, as stylelab/notebooks; all else is in
pyproject.toml. An editable install needs no copy: it finds them in the project.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

NOTEBOOKS = Path(__file__).parent / "notebooks"


class BuildWithNotebooks(build_py):
    """Copies the notebooks and their pictures beside the code."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            into = Path(self.build_lib) / "stylelab" / NOTEBOOKS.name
            shutil.rmtree(into, ignore_errors=True)
            hidden = shutil.ignore_patterns(".*", "predictions.json")
            shutil.copytree(NOTEBOOKS, into, ignore=hidden)


setup(cmdclass={"build_py": BuildWithNotebooks})
