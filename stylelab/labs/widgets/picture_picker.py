"""The choice of one picture or several: samples with credits, and the visitor's own.

Uploads are checked before they are decoded, and kept in memory alone.
"""

import functools
import uuid
from collections.abc import Callable, Sequence
from typing import NamedTuple

import anywidget
import traitlets

from stylelab.core.language import _
from stylelab.labs.widgets.base import page_code
from stylelab.pictures.files import CHOOSABLE
from stylelab.pictures.images import Source, as_tuple, base_name, jpeg, open_picture
from stylelab.pictures.samples import samples
from stylelab.pictures.uploads import LONGEST, MEGABYTES, open_upload

SMALL, LARGE = 112, 640  # pixels of the longer side, as shown
UPLOADS = 5  # that many are kept
WORDS = {  # what the page says; {} is a picture or a photo, or a number
    "drop": _("Drop a {} here"),
    "file": _("Choose a file"),
    "camera": _("Camera"),
    "take": _("Take the photo"),
    "cancel": _("Cancel"),
    "refused": _(
        "The browser does not allow the camera: allow it there, or take a file."
    ),
    "broken": _("The camera does not answer: take a file."),
    "looking": _("Looking at the picture …"),
    "heavy": _("'{}' is a file of {} MB; accepted are pictures up to {} MB."),
    "samples": _("samples"),
    "mix": _("Mix up to {}"),
    "change": _("choose another"),
    "close": _("Close"),
}


class Choice(NamedTuple):
    """A picture on the list, and what the page says of it."""

    source: Source
    title: str  # a few words
    label: str  # with the author
    credit: str  # with the author and the licence


class PicturePicker(anywidget.AnyWidget):
    """Pictures to choose from; `sources` are those chosen, in the order of choosing.

    names: the samples on the list, as a rule all. first: what is chosen at first.
    compact: the list opens over the page. opened: called after every other choice; the
    page shows what it raises.
    """

    _esm = page_code("upload.js", "picture_picker.js")

    label = traitlets.Unicode().tag(sync=True)
    kind = traitlets.Unicode(_("picture")).tag(sync=True)  # what may be dropped
    compact = traitlets.Bool(False).tag(sync=True)
    words = traitlets.Dict(WORDS).tag(sync=True)
    items = traitlets.List().tag(sync=True)  # dicts: key, name, title, thumb
    chosen = traitlets.List().tag(sync=True)  # keys, as the browser sent them
    most = traitlets.Int(1).tag(sync=True)  # as many may be chosen at once
    accept = traitlets.Unicode(CHOOSABLE).tag(sync=True)  # of the browser's dialog
    megabytes = traitlets.Int(MEGABYTES).tag(sync=True)  # of a file, as sent
    longest = traitlets.Int(LONGEST).tag(sync=True)  # pixels of it that are kept
    large = traitlets.List().tag(sync=True)  # the chosen pictures, encoded
    title = traitlets.Unicode().tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)  # what is wrong with a picture

    def __init__(
        self,
        label: str,
        names: Sequence[str] = (),
        most: int = 1,
        *,
        first: Source | Sequence[Source] = (),
        opened: Callable[[], object] = lambda: None,
        **traits: object,
    ) -> None:
        super().__init__(label=label, most=most, **traits)
        # Only these pictures are ever opened: any other key might name a file here.
        self.choices: dict[str, Choice] = {}
        self.shown: list[str] = []  # keys
        chosen = [self._add(source) for source in as_tuple(first)]
        listed = [self._add(name) for name in names or samples()]
        own = [key for key in chosen if key not in listed]
        self.items = [self._item(key) for key in (*own, *listed)]
        self.chosen = chosen or listed[:1]
        self._look()
        self.opened = opened
        # Called with an upload's key, name and file; with no file when it is dropped.
        self.keep: Callable[[str, str, bytes], None] = lambda *_: None
        self.observe(self._show, "chosen")
        self.on_msg(self._on_message)

    @property
    def chosen_keys(self) -> list[str]:
        """The keys of the chosen pictures: at least one, at most `most`."""
        keys = [key for key in self.chosen if key in self.choices]
        return keys[: self.most] or self.shown or [*self.choices][:1]

    @property
    def sources(self) -> list[Source]:
        return [self.choices[key].source for key in self.chosen_keys]

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the chosen pictures by their keys, in a few words each."""
        return {key: self.choices[key].title for key in self.chosen_keys}

    def add_upload(
        self, name: str, content: bytes, mix: bool = False, key: str = ""
    ) -> None:
        """Chooses the picture in a file, or says in `message` why there is none.

        mix: beside the pictures that are chosen already. key: of one that was kept.
        """
        try:
            key = self._add(open_upload(name, content), key)
        except (ValueError, OSError, MemoryError) as error:
            self.complain(error)
            return
        # Not of `items`, which a browser could change: the first are the oldest.
        for old in [old for old in self.choices if old.startswith("own ")][:-UPLOADS]:
            del self.choices[old]
            self.keep(old, "", b"")
        kept = [item for item in self.items if item.get("key") in self.choices]
        self.items = [self._item(key), *kept]
        self.chosen = [*(self.chosen_keys if mix else []), key][-self.most :]
        self.keep(key, base_name(self.choices[key].source), content)

    def complain(self, error: Exception) -> None:
        """Shows what went wrong, in the words of the error."""
        self.message = str(error) or type(error).__name__

    def _on_message(self, _: object, content: dict, buffers: list) -> None:
        if isinstance(content, dict) and buffers:
            name, mix = str(content.get("name", "")), bool(content.get("mix"))
            self.add_upload(name, bytes(buffers[0]), mix)

    def _add(self, source: Source, key: str = "") -> str:
        """Makes a picture one that can be chosen; returns its key."""
        if isinstance(source, str) and source in samples():
            one = samples()[source]
            title, rights = _(one.title), _(one.rights)
            credit = f"{title}. {one.author}. {rights}"
            texts = title.partition(",")[0], f"{title}, {one.author}", credit
            key = source
        else:
            key, texts = key or f"own {uuid.uuid4().hex}", (base_name(source),) * 3
        self.choices[key] = Choice(source, *texts)
        return key

    def _item(self, key: str) -> dict:
        source, title, label, _ = self.choices[key]
        thumb = sample_thumbnail(key) if key in samples() else thumbnail(source, SMALL)
        return {"key": key, "name": title, "title": label, "thumb": thumb}

    def _show(self, _: object) -> None:
        """Shows what is chosen; what cannot be had is said, and not chosen."""
        self.message = ""
        if self.chosen_keys == self.shown:
            return
        try:
            self._look()
            self.opened()
        except (ValueError, RuntimeError, OSError, MemoryError) as error:
            self.chosen = self.shown
            self.complain(error)

    def _look(self) -> None:
        keys = self.chosen_keys
        self.large = [thumbnail(source, LARGE) for source in self.sources]
        self.shown, self.title = keys, " + ".join(self.titles.values())
        self.caption = " + ".join(self.choices[key].credit for key in keys)


@functools.cache
def sample_thumbnail(name: str) -> bytes:
    """A sample as a small JPEG; nothing of one that has to be downloaded."""
    far = samples()[name].origin.startswith("http")
    return b"" if far else thumbnail(name, SMALL)


def thumbnail(source: Source, longest: int) -> bytes:
    """A picture as a JPEG whose longer side has at most `longest` pixels."""
    image = open_picture(source)
    image.thumbnail((longest, longest))
    return jpeg(image)
