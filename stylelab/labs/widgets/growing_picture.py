"""A picture while it grows, with its progress, and how its loss falls."""

from __future__ import annotations

from collections.abc import Callable

import anywidget
import traitlets

from stylelab.labs.widgets.base import page_code


class GrowingPicture(anywidget.AnyWidget):
    """The picture of a run. Any thread may set the traits.

    gone: called when no page shows the widget any more, as after its cell is run again.
    """

    _esm = page_code("growing_picture.js")

    value = traitlets.Bytes(b"").tag(sync=True)  # JPEG or PNG; empty: no picture yet
    label = traitlets.Unicode("the picture").tag(sync=True)  # for screen readers
    hint = traitlets.Unicode("").tag(sync=True)  # in the place of a picture
    status = traitlets.Unicode("").tag(sync=True)  # how the run stands
    step = traitlets.Int(0).tag(sync=True)
    total = traitlets.Int(1).tag(sync=True)  # steps of the whole run
    curve = traitlets.List().tag(sync=True)  # pairs of step and loss

    def __init__(self, gone: Callable[[], None], **traits: object) -> None:
        super().__init__(**traits)
        self.gone, self.views = gone, 0
        self.on_msg(self._count_views)

    def _count_views(self, _: object, message: dict, __: list) -> None:
        self.views += message["views"]
        if self.views <= 0:
            self.gone()
