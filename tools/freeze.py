"""Runs notebooks and keeps what they show: `python tools/freeze.py notebooks/*.ipynb`.

Two runs on one machine give the same bytes: ids are renumbered, timings and widgets'
state dropped. The code that was run is remembered by a checksum, so that
`python tools/freeze.py --check notebooks/*.ipynb` can name notebooks whose code was
changed since.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import re
import sys
from datetime import datetime
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

TIMEOUT = 3600  # seconds per cell, on a slow machine
# More threads add up the same numbers in another order, and training would amplify it.
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
LABS = Path(__file__).parents[1] / "docs" / "labs"  # by photograph_labs.py
SLOW = 5  # seconds from which a cell has the tag `slow`
LARGEST = 1_500_000  # bytes, so that a notebook can be read where it lies
WIDGET = "application/vnd.jupyter.widget-view+json"
# As JupyterLab writes it: else a notebook that is only opened counts as changed.
# `python -m stylelab lab` adds the version of Python.
OPENED = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
IDS = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


def run(notebook: NotebookNode, folder: Path, environment: dict[str, str]) -> None:
    """Executes the notebook in place, in `folder`; raises where a cell does."""
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env={**os.environ, **environment})


def digest(notebook: NotebookNode) -> str:
    """A checksum of the code alone, by which a stale notebook is known."""
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256("\0".join(code).encode()).hexdigest()[:16]


def normalise(notebook: NotebookNode) -> None:
    """Removes whatever differs from run to run, and remembers which code was run."""
    for number, cell in enumerate(_code(notebook), 1):
        cell.metadata.pop("execution", None)
        cell.execution_count = number
        for output in cell.outputs:
            if "execution_count" in output:
                output["execution_count"] = number
            output.get("metadata", {}).pop("execution", None)
            # Without its kernel a widget is an error message; its still picture stays,
            # once: not as HTML too.
            data = output.get("data", {})
            is_widget = data.pop(WIDGET, None)
            if is_widget or "sl-still" in data.get("text/html", ""):
                data.pop("text/html", None)
        cell.outputs = [o for o in cell.outputs if o.get("data") != {}]
        cell.metadata.pop("alt", None)  # a copy without outputs must not have it
        _join_streams(cell)
    _renumber([cell.outputs for cell in _code(notebook)], {})
    notebook.metadata = nbformat.from_dict(
        {
            **OPENED,
            "stylelab": {"code": digest(notebook)},
        }
    )


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def show_labs(notebook: NotebookNode, number: str) -> None:
    """Puts a lab's screenshot in the place of its still: a lab has no kernel there."""
    for cell in _code(notebook):
        lab = re.search(r"(?m)^(?:lab = )?(\w+Lab)\(", cell.source)
        photo = LABS / f"{number}_{lab[1]}.jpg" if lab else None
        for output in cell.outputs if photo and photo.is_file() else ():
            if output.get("data", {}).get("image/jpeg"):
                alt = f"{lab[1]} in JupyterLab, with its controls and its last pictures"
                data = base64.b64encode(photo.read_bytes()).decode()
                output.data = {"image/jpeg": data, "text/plain": alt}
                output.metadata = {"image/jpeg": {"alt": alt}}


def _join_streams(cell: NotebookNode) -> None:
    """One print may arrive in one part or in two: the file has it in one."""
    joined: list[NotebookNode] = []
    for output in cell.outputs:
        if (
            joined
            and output.output_type == joined[-1].output_type == "stream"
            and output.name == joined[-1].name
        ):
            joined[-1].text += output.text
        else:
            joined.append(output)
    cell.outputs = joined


def _renumber(item: object, seen: dict[str, str]) -> object:
    """The same structure with random ids counted from 0, in the order of appearance."""
    if isinstance(item, str):
        # A picture in base64 is long, and none of its letters may change.
        return item if len(item) > 4000 else IDS.sub(lambda m: _id(m[0], seen), item)
    if isinstance(item, list):
        item[:] = [_renumber(part, seen) for part in item]
    elif isinstance(item, dict):
        for key, value in item.items():
            item[key] = _renumber(value, seen)
    return item


def _id(found: str, seen: dict[str, str]) -> str:
    return seen.setdefault(found, f"{len(seen):032x}")


def untagged(notebook: NotebookNode) -> list[str]:
    """The cells that took long and are not tagged so, after a run."""
    found = []
    for cell in _code(notebook):
        took = _seconds(cell.metadata.get("execution", {}))
        if took > SLOW and "slow" not in cell.metadata.get("tags", []):
            line = cell.source.splitlines()[0]
            found.append(f"a cell took {took:.0f} s and lacks the tag slow: {line}")
    return found


def _seconds(times: dict[str, str]) -> float:
    names = "iopub.execute_input", "shell.execute_reply"
    moments = [datetime.fromisoformat(times[name]) for name in names if name in times]
    return (moments[-1] - moments[0]).total_seconds() if moments else 0.0


def complaints(notebook: NotebookNode) -> list[str]:
    """What is wrong with a frozen notebook: stale code, no outputs, warnings, size."""
    found = []
    if notebook.metadata.get("stylelab", {}).get("code") != digest(notebook):
        found.append("its code was changed and not run again: python tools/freeze.py")
    for cell in _code(notebook):
        for output in cell.outputs:
            if output.output_type == "error" or output.get("name") == "stderr":
                found.append(f"a cell ended in an error or warning: {cell.source[:60]}")
    if len(nbformat.writes(notebook)) > LARGEST:
        found.append(f"it is larger than {LARGEST / 1e6} MB")
    return found


def freeze(path: Path) -> None:
    """Runs a notebook and writes it back with its outputs."""
    notebook = nbformat.read(path, 4)
    run(notebook, path.parent, ENVIRONMENT)
    for note in untagged(notebook):
        print(f"{path.name}: {note}", file=sys.stderr)
    normalise(notebook)
    show_labs(notebook, path.name[:2])
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


def main(arguments: list[str]) -> int:
    """Freezes or checks the notebooks named; 1 where a check finds something."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, complain")
    parser.add_argument("notebooks", nargs="+", type=Path)
    options, bad = parser.parse_args(arguments), 0
    for path in options.notebooks:
        if not options.check:
            freeze(path)
        for complaint in complaints(nbformat.read(path, 4)):
            print(f"{path.name}: {complaint}", file=sys.stderr)
            bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
