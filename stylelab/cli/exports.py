"""What nbconvert needs to keep the pictures' descriptions in HTML."""

import html
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
        for output in cell.get("outputs", []):
            for mime, known in output.get("metadata", {}).items():
                data = output.get("data", {})
                if mime in data and isinstance(known, dict) and "alt" in known:
                    alt = html.escape(known["alt"])
                    source = f"data:{mime};base64,{data[mime].strip()}"
                    data["text/html"] = f'<img alt="{alt}" src="{source}">'
        return cell, resources
