"""The choice of one picture or several: samples with credits, and the visitor's own.

Uploads are checked before they are decoded, and kept in memory alone.
"""

import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import anywidget
import traitlets

from stylelab.labs.widgets.base import page_code
from stylelab.pictures.files import CHOOSABLE
from stylelab.pictures.images import Source, base_name, jpeg, open_picture
from stylelab.pictures.samples import samples
from stylelab.pictures.uploads import LONGEST, MEGABYTES, open_upload
from stylelab.runs.live import in_words

HERE = Path(__file__).parent
SMALL, LARGE = 112, 640  # pixels of the longer side, as shown
UPLOADS = 5  # that many are kept


class Choice(NamedTuple):
    """A picture on the list, and what the page says of it."""

    source: Source
    title: str  # a few words
    label: str  # with the author
    credit: str  # with the author and the licence


class PicturePicker(anywidget.AnyWidget):
    """Pictures to choose from; `sources` are those chosen, in the order of choosing."""

    _esm = page_code("upload.js") + (HERE / "picture_picker.js").read_text("utf-8")

    label = traitlets.Unicode().tag(sync=True)
    items = traitlets.List().tag(sync=True)  # dicts of key, title, thumb
    chosen = traitlets.List().tag(sync=True)  # keys, as the browser sent them
    most = traitlets.Int(1).tag(sync=True)  # as many may be chosen at once
    accept = traitlets.Unicode(CHOOSABLE).tag(sync=True)  # of the browser's dialog
    megabytes = traitlets.Int(MEGABYTES).tag(sync=True)  # of a file, as sent
    longest = traitlets.Int(LONGEST).tag(sync=True)  # pixels of it that are kept
    large = traitlets.List().tag(sync=True)  # the chosen pictures, encoded
    caption = traitlets.Unicode().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)  # what is wrong with an upload

    def __init__(self, label: str, names: Sequence[str], most: int = 1) -> None:
        super().__init__(label=label, most=most)
        # Only these pictures are ever opened: any other key might name a file here.
        self.choices: dict[str, Choice] = {}
        for name in names:
            title, author = samples()[name].title, samples()[name].author
            credit = f"{title}. {author}. {samples()[name].rights}"
            texts = title.partition(",")[0], f"{title}, {author}", credit
            self.choices[name] = Choice(name, *texts)
        self.items = [self._item(name) for name in names]
        self.observe(self._show, "chosen")
        self.on_msg(self._on_message)
        self.chosen = [names[0]]

    @property
    def chosen_keys(self) -> list[str]:
        """The keys of the chosen pictures: at least one, at most `most`."""
        keys = [key for key in self.chosen if key in self.choices]
        return keys[: self.most] or [self.items[0]["key"]]

    @property
    def sources(self) -> list[Source]:
        return [self.choices[key].source for key in self.chosen_keys]

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the chosen pictures by their keys, in a few words each."""
        return {key: self.choices[key].title for key in self.chosen_keys}

    def add_upload(self, name: str, content: bytes, mix: bool = False) -> None:
        """Chooses the picture in a file, or says in `message` why there is none.

        mix: beside the pictures that are chosen already.
        """
        try:
            image = open_upload(name, content)
        except (ValueError, OSError, MemoryError) as error:
            self.message = in_words(error)
            return
        key = f"own {uuid.uuid4().hex}"
        # Not of `items`, which a browser could change: the first are the oldest.
        uploads = [old for old in self.choices if old.startswith("own ")]
        for old in uploads[: 1 - UPLOADS]:
            del self.choices[old]
        self.choices[key] = Choice(image, *(3 * [base_name(image)]))
        kept = [item for item in self.items if item.get("key") in self.choices]
        self.items = [self._item(key), *kept]
        self.chosen = [*(self.chosen_keys if mix else []), key][-self.most :]

    def _on_message(self, _: object, content: dict, buffers: list) -> None:
        if isinstance(content, dict) and buffers:
            name, mix = str(content.get("name", "")), bool(content.get("mix"))
            self.add_upload(name, bytes(buffers[0]), mix)

    def _item(self, key: str) -> dict:
        choice = self.choices[key]
        thumb = thumbnail(choice.source, SMALL)
        return {"key": key, "title": choice.label, "thumb": thumb}

    def _show(self, _: object) -> None:
        self.message = ""
        self.large = [thumbnail(source, LARGE) for source in self.sources]
        self.caption = " + ".join(self.choices[key].credit for key in self.chosen_keys)


def thumbnail(source: Source, longest: int) -> bytes:
    """A picture as a JPEG whose longer side has at most `longest` pixels."""
    image = open_picture(source)
    image.thumbnail((longest, longest))
    return jpeg(image)
