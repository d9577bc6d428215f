"""A picture that goes into a run: what it is, whose it is, and another in its place."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable
from pathlib import Path

import ipywidgets

from stylelab.labs.parts import PictureChooser
from stylelab.labs.small_picture import SmallPicture, shrink
from stylelab.pictures import images, samples
from stylelab.pictures.images import Source


class SourceCard(ipywidgets.Box):
    """One picture with its credit, to be chosen from the samples or uploaded."""

    def __init__(
        self, label: str, source: Source, changed: Callable[[], None] | None = None
    ) -> None:
        self.label, self.seen, self.changed = label, shrink(source), changed
        self.picture = ipywidgets.HTML()
        self.chooser = PictureChooser(self.seen, self._open, label)
        self._show()
        super().__init__([self.chooser, self.chooser.message, self.picture])
        self.add_class("sl-column")

    @property
    def source(self) -> Source:
        """The picture in full size, as a run takes it."""
        return self.seen.source

    @property
    def is_own(self) -> bool:
        """Whether it is neither a sample nor a file here: an upload, say."""
        name = self.seen.name
        return name not in samples.samples() and not Path(name).is_file()

    def _open(self, seen: SmallPicture) -> None:
        self.seen = seen
        self._show()
        if self.changed:
            self.changed()

    def _show(self) -> None:
        sample = samples.samples().get(self.seen.name)
        credit = f"{sample.author}, {sample.rights}" if sample else "your own"
        data = base64.b64encode(images.jpeg(self.seen.image)).decode()
        alt = html.escape(f"{self.label}: {self.seen.title}")
        self.picture.value = (
            f'<figure class="sl-source"><img alt="{alt}" '
            f'src="data:image/jpeg;base64,{data}">'
            f"<figcaption>{html.escape(credit)}</figcaption></figure>"
        )
