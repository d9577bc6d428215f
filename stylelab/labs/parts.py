"""What the labs share: a frame with a still of itself, and the choice of a picture."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

import ipywidgets

from stylelab.figures.plots import Plate
from stylelab.labs.small_picture import SmallPicture, shrink, shrink_upload
from stylelab.labs.widgets.base import Style
from stylelab.labs.widgets.fold_button import FoldButton
from stylelab.pictures import samples


class Lab(ipywidgets.VBox):
    """A lab: on a page that runs nothing, a still picture stands in its place."""

    def __init__(self, children: Sequence[ipywidgets.Widget]) -> None:
        super().__init__([*children, Style()])
        self.add_class("stylelab")

    def still(self) -> Plate:
        """What the lab shows now, as a figure."""
        raise NotImplementedError

    def words(self) -> str:
        """The same in one sentence."""
        return self.still().alt

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        data = dict(super()._repr_mimebundle_(**kwargs))
        still, metadata = self.on_paper()
        return data | still, metadata

    def on_paper(self) -> tuple[dict, dict]:
        """The still and the sentence as a page takes them, and how they are read."""
        return self.still()._repr_mimebundle_()


def side_by_side(*children: ipywidgets.Widget, kind: str = "sl-row") -> ipywidgets.Box:
    """Widgets side by side, as far as there is room; `kind` are classes of labs.css."""
    box = ipywidgets.Box(children)
    for name in kind.split():
        box.add_class(name)
    return box


def button(text: str, tooltip: str, pressed: Callable[[], None]) -> ipywidgets.Button:
    """A button that calls `pressed` without arguments."""
    made = ipywidgets.Button(description=text, tooltip=tooltip)
    made.on_click(lambda _: pressed())
    return made


def choice(label: str, options: Sequence, value: str) -> ipywidgets.Dropdown:
    """A labelled list to choose from."""
    return ipywidgets.Dropdown(
        description=label,
        options=options,
        value=value,
        style={"description_width": "initial"},
    )


def escaped(text: str) -> str:
    """`text` as HTML that shows it as it is."""
    return html.escape(text, quote=False)


def facts_html(found: Sequence[tuple[str, str]]) -> str:
    """Numbers and what they count, as HTML that is legible from the last row."""
    one = '<span class="sl-fact"><b class="sl-number">{}</b> <span class="sl-unit">{}'
    return "".join(
        one.format(escaped(number), escaped(unit)) + "</span></span>"
        for number, unit in found
    )


def note_html(text: str) -> str:
    """A sentence as HTML."""
    return f'<p class="sl-note">{escaped(text)}</p>'


class Fold(ipywidgets.Box):
    """Controls behind a button, for those who ask for them."""

    def __init__(self, title: str, children: Sequence[ipywidgets.Widget]) -> None:
        self.inner = side_by_side(*children, kind="sl-row sl-fold")
        self.toggle = FoldButton(title=title)
        self.toggle.observe(lambda _: self._show(), "value")
        self._show()
        super().__init__([self.toggle, self.inner])
        self.add_class("sl-column")

    def add(self, *children: ipywidgets.Widget) -> None:
        """Further controls, behind the others."""
        self.inner.children = (*self.inner.children, *children)

    def _show(self) -> None:
        self.inner.layout.display = None if self.toggle.value else "none"


class PictureChooser(ipywidgets.Box):
    """A sample from a list, or an upload.

    label: what the picture is. `message` says in words what is wrong with a picture;
    the lab puts it where it fits.
    """

    def __init__(
        self,
        seen: SmallPicture,
        opened: Callable[[SmallPicture], None],
        label: str = "Picture",
    ) -> None:
        self.opened = opened
        self.own: dict[str, SmallPicture] = {}
        names = [(sample.title, name) for name, sample in samples.samples().items()]
        self.list = choice(label, names, names[0][1])
        self.upload = ipywidgets.FileUpload(
            accept="image/*", description="Your own", tooltip="Your own …"
        )
        self.message = ipywidgets.HTML()
        self.list.observe(self._chosen, "value")
        self._add(seen)
        self.upload.observe(self._uploaded, "value")
        super().__init__([self.list, self.upload])
        self.add_class("sl-row")

    def _add(self, seen: SmallPicture) -> SmallPicture:
        """Chooses `seen` on the list; what is no sample is put first on it."""
        key, options = seen.name, self.list.options
        if key not in samples.samples():
            key = f"own {seen.name}"
            self.own[key] = seen
            options = [(seen.name, key), *(one for one in options if one[1] != key)]
        self._show(options, key)
        return seen

    def _show(self, options: Sequence[tuple[str, str]], key: str) -> None:
        """The list with `key` chosen; nothing is opened by it."""
        self.list.unobserve(self._chosen, "value")
        self.list.options = options
        self.list.value = key
        self.list.observe(self._chosen, "value")

    def _chosen(self, change: dict) -> None:
        key = change["new"]
        if not self._try(lambda: self.own.get(key) or shrink(key)):
            self._show(self.list.options, change["old"])  # what is still open

    def _uploaded(self, change: dict) -> None:
        for file in change["new"]:
            name, content = file["name"], bytes(file["content"])
            self._try(lambda n=name, c=content: self._add(shrink_upload(n, c)))
        # So that the same file can be given again.
        self.upload.value = ()

    def _try(self, find: Callable[[], SmallPicture]) -> bool:
        """Whether there was a picture; the lab may still complain of it."""
        self._say("status", "Looking at the picture …")
        found = None
        try:
            found = find()
            self.opened(found)
            self._say("status", "")
        except (ValueError, RuntimeError, OSError, MemoryError) as error:
            self.complain(error)
        return found is not None

    def complain(self, error: Exception) -> None:
        """Shows what went wrong, in the words of the error."""
        self._say("alert", str(error) or type(error).__name__)

    def _say(self, role: str, text: str) -> None:
        said = f'<div role="{role}" class="sl-{role}">{escaped(text)}</div>'
        self.message.value = said if text else ""
