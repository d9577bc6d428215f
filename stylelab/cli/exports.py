"""What nbconvert and the book need to keep the pictures' descriptions in HTML."""

import html
from collections.abc import Iterator
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode


class DescribedPictures(Preprocessor):
    """Writes each picture with a description as an <img> that has it as `alt`.

    nbconvert's own templates leave it out.
    """

    enabled = True

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Adds the HTML to each output; HTML comes before a picture in an export."""
        for output, mime, alt in described(cell):
            source = f"data:{mime};base64,{output.data[mime].strip()}"
            image = f'<img alt="{html.escape(alt)}" src="{source}">'
            output.data["text/html"] = image
        return cell, resources


def described(cell: NotebookNode) -> Iterator[tuple[NotebookNode, str, str]]:
    """A cell's pictures with a description: the output, its type, the words."""
    for output in cell.get("outputs", []):
        for mime, known in output.get("metadata", {}).items():
            has_words = isinstance(known, dict) and "alt" in known
            if has_words and mime in output.get("data", {}):
                yield output, mime, known["alt"]
