"""The choice of one picture or several: samples with credits, and one's own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path

import anywidget
import PIL.Image
import traitlets

from stylelab.labs.widgets.base import page_code
from stylelab.pictures import samples as pictures
from stylelab.pictures.images import Source, base_name, jpeg, open_picture
from stylelab.runs.live import in_words
from stylelab.studio.uploads import MEGABYTES, read_upload

HERE = Path(__file__).parent
THUMB, SHOWN = 112, 640  # pixels of the longer side
OWN = 5  # that many uploads are kept


class PicturePicker(anywidget.AnyWidget):
    """Pictures to choose from; `sources` are those chosen, in the order of choosing."""

    _esm = page_code("picture_picker.js", HERE)

    label = traitlets.Unicode().tag(sync=True)
    items = traitlets.List().tag(sync=True)  # dicts of key, title, thumb
    chosen = traitlets.List().tag(sync=True)  # keys
    most = traitlets.Int(1).tag(sync=True)  # as many may be chosen at once
    megabytes = traitlets.Int(MEGABYTES).tag(sync=True)
    shown = traitlets.List().tag(sync=True)  # encoded pictures
    caption = traitlets.Unicode().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)  # what is wrong with an upload

    def __init__(self, label: str, names: Sequence[str], most: int = 1) -> None:
        super().__init__(label=label, most=most)
        # Only keys of this dict are ever opened: another might name a file here.
        self.known: dict[str, Source] = {name: name for name in names}
        self.items = [_item(name, name, _title(name)) for name in names]
        self.observe(self._show, "chosen")
        self.on_msg(self._received)
        self.chosen = [names[0]]

    @property
    def held(self) -> list[str]:
        """What is chosen: at least one of the known, at most `most`."""
        chosen = [key for key in self.chosen if key in self.known]
        return chosen[: self.most] or [self.items[0]["key"]]

    @property
    def sources(self) -> list[Source]:
        return [self.known[key] for key in self.held]

    @property
    def titles(self) -> dict[str, str]:
        """What the chosen are called, in a few words, by their keys."""
        samples = pictures.samples()
        return {
            key: samples[key].title.partition(",")[0]
            if key in samples
            else key.split(" ", 2)[-1]
            for key in self.held
        }

    def take(self, name: str, content: bytes, mix: bool = False) -> None:
        """An uploaded file: chosen if it is a picture, else refused in words."""
        name = base_name(name)[:60]
        try:
            image = read_upload(name, content)
        except (ValueError, OSError, MemoryError) as error:
            self.message = in_words(error)
            return
        key = f"own {uuid.uuid4().hex} {name}"
        own = [item for item in self.items if item["key"].startswith("own ")]
        for dropped in own[OWN - 1 :]:
            del self.known[dropped["key"]]
        self.known[key] = image
        kept = [item for item in self.items if item["key"] in self.known]
        self.items = [_item(key, image, name), *kept]
        self.chosen = [*(self.held if mix else []), key][-self.most :]

    def _received(self, _: object, content: dict, buffers: list) -> None:
        if isinstance(content, dict) and buffers:
            name, mix = str(content.get("name", "")), bool(content.get("mix"))
            self.take(name, bytes(buffers[0]), mix)

    def _show(self, _: object) -> None:
        self.message = ""
        images = [open_picture(source) for source in self.sources]
        self.shown = [_encoded(image, SHOWN) for image in images]
        self.caption = " + ".join(_credit(key) for key in self.held)


def _item(key: str, source: Source, title: str) -> dict:
    thumb = _encoded(open_picture(source), THUMB)
    return {"key": key, "title": title, "thumb": thumb}


def _encoded(image: PIL.Image.Image, longest: int) -> bytes:
    small = image.copy()
    small.thumbnail((longest, longest))
    return jpeg(small)


def _title(name: str) -> str:
    sample = pictures.samples()[name]
    return f"{sample.title}, {sample.author}"


def _credit(key: str) -> str:
    if key not in pictures.samples():
        return key.split(" ", 2)[-1]
    sample = pictures.samples()[key]
    return f"{sample.title}. {sample.author}. {sample.rights}"
