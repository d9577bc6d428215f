"""The choice of a picture: a sample or an upload, alone or with the picture below."""

import html
from collections.abc import Callable
from pathlib import Path

import ipywidgets

from stylelab.labs.lab import choice
from stylelab.labs.markup import image_html, message_html
from stylelab.labs.small_picture import SmallPicture, shrink
from stylelab.pictures import images, samples
from stylelab.pictures.files import CHOOSABLE
from stylelab.pictures.images import Source
from stylelab.pictures.uploads import open_upload


class PictureChooser(ipywidgets.Box):
    """A list of the samples, and a button for an upload.

    opened: called with every other picture that is chosen. label: what the picture is.
    `message` says what is wrong with a picture; the lab puts it where it fits.
    """

    def __init__(
        self,
        picture: SmallPicture,
        opened: Callable[[SmallPicture], None],
        label: str = "Picture",
    ) -> None:
        self.opened = opened
        self.uploads: dict[str, SmallPicture] = {}  # by the list's keys
        names = [(sample.title, name) for name, sample in samples.samples().items()]
        self.list = choice(label, names, names[0][1])
        self.upload = ipywidgets.FileUpload(
            accept=CHOOSABLE, description="Your own", tooltip="Your own …"
        )
        self.message = ipywidgets.HTML()
        self._add(picture)
        self.list.observe(self._choose, "value")
        self.upload.observe(self._take_uploads, "value")
        super().__init__([self.list, self.upload])
        self.add_class("sl-row")

    def _add(self, picture: SmallPicture) -> SmallPicture:
        """Chooses `picture` on the list, which begins with it if it is no sample."""
        self.key = picture.name  # of the list's entry that is open
        if self.key not in samples.samples():
            self.key = f"own {picture.name}"
            self.uploads[self.key] = picture
            others = [option for option in self.list.options if option[1] != self.key]
            self.list.options = [(picture.name, self.key), *others]
        self.list.value = self.key
        return picture

    def _choose(self, change: dict) -> None:
        key, before = change["new"], self.key
        if key != before:
            self.key = key
            if not self._open(lambda: self.uploads.get(key) or shrink(key)):
                self.key = before
                self.list.value = before

    def _take_uploads(self, change: dict) -> None:
        for file in change["new"]:
            name, content = file["name"], bytes(file["content"])
            self._open(lambda n=name, c=content: self._add(shrink(open_upload(n, c))))
        self.upload.value = ()  # so that the same file can be uploaded again

    def _open(self, read: Callable[[], SmallPicture]) -> bool:
        """Whether `read` gave a picture; the lab may still have complained of it."""
        self.message.value = message_html("status", "Looking at the picture …")
        picture = None
        try:
            picture = read()
            self.opened(picture)
            self.message.value = ""
        except (ValueError, RuntimeError, OSError, MemoryError) as error:
            self.complain(error)
        return picture is not None

    def complain(self, error: Exception) -> None:
        """Shows what went wrong, in the words of the error."""
        self.message.value = message_html("alert", str(error) or type(error).__name__)


class SourceCard(ipywidgets.Box):
    """A picture that goes into a run: its choice, the picture itself, and its credit.

    source: the first picture. changed: called when another one is chosen.
    """

    def __init__(self, label: str, source: Source, changed: Callable[[], None]) -> None:
        self.label, self.picture, self.changed = label, shrink(source), changed
        self.figure = ipywidgets.HTML()
        self.chooser = PictureChooser(self.picture, self._open, label)
        self._show()
        super().__init__([self.chooser, self.chooser.message, self.figure])
        self.add_class("sl-column")

    @property
    def is_upload(self) -> bool:
        """Whether no sample and no file here has the picture's name."""
        name = self.picture.name
        return name not in samples.samples() and not Path(name).is_file()

    def _open(self, picture: SmallPicture) -> None:
        self.picture = picture
        self._show()
        self.changed()

    def _show(self) -> None:
        sample = samples.samples().get(self.picture.name)
        credit = f"{sample.author}, {sample.rights}" if sample else "your own"
        alt = f"{self.label}: {self.picture.title}"
        image = image_html(images.jpeg(self.picture.image), alt)
        caption = f"<figcaption>{html.escape(credit)}</figcaption>"
        self.figure.value = f'<figure class="sl-source">{image}{caption}</figure>'
