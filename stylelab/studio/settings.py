"""All that a visitor has set, as what JSON can hold, and back again."""

from __future__ import annotations

import base64
import contextlib
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import traitlets

if TYPE_CHECKING:
    from stylelab.labs.style_controls import Strengths


def settings_of(page: Any) -> dict[str, Any]:
    """The chosen pictures of a Page by their keys, and what every control says."""
    painted = zlib.compress(page.mixture.mask.painter.painted)
    return {
        "photo": page.photo.chosen_keys,
        "style": page.style.chosen_keys,
        "controls": {name: one.value for name, one in page.controls.widgets.items()},
        "how": page.mixture.how.value,
        "shares": _numbers(page.mixture.shares),
        "strengths": _numbers(page.strengths),
        "painted": base64.b64encode(painted).decode(),
    }


def _numbers(strengths: Strengths) -> dict[str, float]:
    return {name: widget.value for name, widget in strengths.numbers.items()}


def apply(settings: Mapping[str, Any], page: Any) -> None:
    """Sets a Page as `settings` say, which come from a browser: what is wrong in
    them is left out.
    """
    for picker, keys in (page.photo, "photo"), (page.style, "style"):
        picker.chosen = [str(key) for key in settings[keys]]
    widgets = {**page.controls.widgets, "how": page.mixture.how}
    values = {**settings["controls"], "how": settings["how"]}
    _set(widgets, values)
    _set(page.mixture.shares.numbers, settings["shares"])
    _set(page.strengths.numbers, settings["strengths"])
    painter = page.mixture.mask.painter
    width, height = painter.size
    packed = base64.b64decode(settings["painted"])
    painter.painted = zlib.decompressobj().decompress(packed, width * height + 1)


def _set(widgets: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    for name in values.keys() & widgets.keys():
        with contextlib.suppress(traitlets.TraitError, TypeError, ValueError):
            if widgets[name].value != values[name]:
                widgets[name].value = values[name]
