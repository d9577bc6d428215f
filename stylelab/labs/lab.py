"""The frame of every lab, and the small parts that all labs are built of."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import ipywidgets
from IPython import get_ipython
from IPython.display import display
from ipywidgets import Widget

from stylelab.core.language import _
from stylelab.labs.markup import message_html
from stylelab.labs.saved_still import SavedStill
from stylelab.labs.widgets.base import PageLink
from stylelab.labs.widgets.buttons import FoldButton, PresentButton
from stylelab.labs.widgets.pictures import GrowingPicture

if TYPE_CHECKING:
    from stylelab.figures.plots import Plate
    from stylelab.runs.live import LiveRun

VIEW = "application/vnd.jupyter.widget-view+json"
LEFT = _("Stopped: no page showed this lab any more")
INITIAL = {"description_width": "initial"}  # a label takes the room that it needs


class Lab(ipywidgets.VBox):
    """A lab: on a page that runs nothing, a still picture stands in its place.

    When a notebook runs a cell again, the labs of the cell's last run are closed.
    """

    # Whether the still follows each change, or only the results of runs.
    follows_controls: ClassVar[bool] = True
    # By cell: its newest execution, and the labs that this execution has made.
    by_cell: ClassVar[dict[str, tuple[str, weakref.WeakSet[Lab]]]] = {}

    def __new__(cls, *arguments: object, **options: object) -> Lab:
        # Before the new lab is built: two labs at once would take twice the memory.
        labs = cls._close_earlier()
        lab = super().__new__(cls, *arguments, **options)
        labs.add(lab)
        return lab

    def __init__(self, children: Sequence[Widget]) -> None:
        self.link, self.saved_still = PageLink(), SavedStill(self.still)
        self.link.still = self.saved_still.name
        self.was_left = False  # whether a run goes on that no page shows any more
        super().__init__([*children, PresentButton(), self.link])
        self.add_class("stylelab")

    @classmethod
    def _close_earlier(cls) -> weakref.WeakSet[Lab]:
        """Closes the labs of this cell's last run; returns the set for the new ones.

        Outside a notebook, and where its page does not name the cell, closes nothing.
        """
        request = getattr(get_ipython(), "get_parent", dict)()
        cell = request.get("metadata", {}).get("cellId")
        execution = request.get("header", {}).get("msg_id")
        before, labs = cls.by_cell.get(cell, (execution, weakref.WeakSet()))
        if before != execution:
            for lab in [*labs]:
                lab.close()
            labs = weakref.WeakSet()
        if cell:
            cls.by_cell[cell] = execution, labs
        return labs

    def close(self) -> None:
        """Ends the lab's run and frees the memory of all that it consists of.

        ipywidgets keeps every widget that is not closed. IPython's Out keeps the lab
        itself, so the lab must give up its attributes.
        """
        if self.children:
            self.saved_still.close()
        for child in self.children:
            close(child)
        self.children = ()
        for name in [name for name in vars(self) if not name.startswith("_")]:
            delattr(self, name)
        self.layout.close()
        super().close()

    def still(self) -> Plate:
        """What the lab shows now, as a figure."""
        return self.view.figure()

    def words(self) -> str:
        """What the lab shows now, in one sentence."""
        return self.still().alt

    def _ipython_display_(self) -> None:
        # Two outputs: JupyterLab shows no still in the place of a widget that is lost.
        # An export, which has no widgets, takes the empty HTML.
        view = {VIEW: self._repr_mimebundle_()[VIEW], "text/html": ""}
        display(view, raw=True)
        self.shown()
        self.saved_still.show(self.still())
        for widget in descendants(self) if self.follows_controls else ():
            # A growing picture changes all the time: its run says when it has ended.
            if not isinstance(widget, GrowingPicture):
                widget.observe(self.saved_still.changed)

    def shown(self) -> None:
        """Called when a cell shows the lab."""

    def follow(self, live: LiveRun, message: ipywidgets.HTML) -> None:
        """What a run panel calls after all news of its run, in the run's thread."""
        if live.busy:
            self.was_left = self.was_left or self.link.is_left()
            if self.was_left:
                live.stop()
        else:
            if self.was_left:
                message.value = message_html("status", LEFT)
            self.was_left = False
            self.saved_still.renew()


def descendants(widget: Widget) -> Iterator[Widget]:
    """`widget` and all the widgets in it, their layouts and styles included."""
    yield widget
    for name in widget.keys:
        value = getattr(widget, name)
        for part in value if isinstance(value, list | tuple) else [value]:
            if isinstance(part, Widget):
                yield from descendants(part)


def close(widget: Widget) -> None:
    """Closes `widget` and all the widgets in it, which ipywidgets would else keep."""
    for part in [*descendants(widget)]:
        part.close()


class Fold(ipywidgets.Box):
    """Controls behind a button that shows and hides them."""

    def __init__(self, title: str, children: Sequence[Widget]) -> None:
        self.inner = side_by_side(*children, kind="sl-row sl-fold")
        self.toggle = FoldButton(title=title)
        self.toggle.observe(lambda change: show(self.inner, change["new"]), "value")
        show(self.inner, False)
        super().__init__([self.toggle, self.inner])
        self.add_class("sl-column")


def show(widget: Widget, visible: bool) -> None:
    """Shows or hides a widget."""
    widget.layout.display = None if visible else "none"


def side_by_side(*children: Widget, kind: str = "sl-row") -> ipywidgets.Box:
    """Widgets side by side, as far as there is room; `kind` are classes of labs.css."""
    box = ipywidgets.Box(children)
    for name in kind.split():
        box.add_class(name)
    return box


def button(text: str, tooltip: str, pressed: Callable[[], None]) -> ipywidgets.Button:
    """A button that calls `pressed` without arguments."""
    widget = ipywidgets.Button(description=text, tooltip=tooltip)
    widget.on_click(lambda _: pressed())
    return widget


def choice(
    label: str, options: Sequence, value: object, help: str | None = None
) -> ipywidgets.Dropdown:
    """A labelled list to choose from."""
    shown = [
        (_(option), option) if isinstance(option, str) else option for option in options
    ]
    options = options if all(shown == option for shown, option in shown) else shown
    return ipywidgets.Dropdown(
        description=label,
        options=options,
        value=value,
        tooltip=help or label,
        style=INITIAL,
    )


def number(
    label: str, value: float, limits: Mapping, step: float, help: str
) -> ipywidgets.BoundedIntText | ipywidgets.BoundedFloatText:
    """A labelled field for a number from limits["low"] to limits["high"]."""
    whole = isinstance(step, int)
    field = ipywidgets.BoundedIntText if whole else ipywidgets.BoundedFloatText
    low, high = limits["low"], limits["high"]
    about = {"description": label, "tooltip": help, "style": INITIAL}
    return field(value, min=low, max=high, step=step, **about)
