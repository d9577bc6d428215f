"""Words, numbers and pictures as HTML, in the classes of labs.css. No widget."""

import base64
import html
from collections.abc import Sequence

from stylelab.core.language import _


def escaped(text: str) -> str:
    """`text` as HTML that shows it as it is."""
    return html.escape(text, quote=False)


def facts_html(facts: Sequence[tuple[str, str]]) -> str:
    """Numbers, each with what it counts, in HTML: legible from the last row."""
    return "".join(
        f'<span class="sl-fact"><b class="sl-number">{escaped(number)}</b> '
        f'<span class="sl-unit">{escaped(unit)}</span></span>'
        for number, unit in facts
    )


def note_html(text: str, kind: str = "sl-note") -> str:
    """A sentence as HTML; `kind` are classes of labs.css."""
    return f'<p class="{kind}">{escaped(text)}</p>'


def image_html(encoded: bytes, alt: str, kind: str = "", format: str = "jpeg") -> str:
    """An encoded picture as HTML; `kind` is a class of labs.css."""
    data = base64.b64encode(encoded).decode()
    source = f"data:image/{format};base64,{data}"
    return f'<img class="{kind}" alt="{html.escape(alt)}" src="{source}">'


def code_html(title: str, lines: str) -> str:
    """Lines of Python for a cell, with a button that copies them."""
    return (
        f'<div class="sl-code"><p class="sl-note">{escaped(title)}</p>'
        f"<pre><code>{escaped(lines)}</code></pre>"
        f'<button type="button" class="sl-tool sl-copy">{_("Copy")}</button></div>'
    )


def still_html(source: str, alt: str, kind: str) -> str:
    """The picture of a lab as HTML that needs no style sheet; `kind` is its class.

    Where JupyterLab cannot show the lab, it says so just before: that line is hidden.
    """
    place = ".jp-OutputArea-child"
    error = f"{place}:has(+ {place} .sl-still):not(:has(.stylelab))"
    return (
        f"<style>{error} {{ display: none; }}</style>"
        f'<img class="sl-still {kind}" alt="{html.escape(alt)}" '
        f'style="max-width: 100%" src="{source}">'
    )


def message_html(role: str, text: str, traceback: str = "") -> str:
    """A message as HTML, nothing if it is empty. role: "alert" or "status"."""
    if traceback:
        details = (
            f"<summary>{_('For the curious')}</summary><pre>{escaped(traceback)}</pre>"
        )
        traceback = f"<details>{details}</details>"
    message = f'<div role="{role}" class="sl-{role}">{escaped(text)}{traceback}</div>'
    return message if text else ""
