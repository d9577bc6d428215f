"""What a lab does with the results of its last runs: goes back, and compares two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from stylelab.core.language import _, later
from stylelab.labs import run_view
from stylelab.labs.lab import show
from stylelab.labs.run_memory import Kept, RunMemory
from stylelab.labs.widgets.pictures import BeforeAfter
from stylelab.pictures import images
from stylelab.runs.run import Result

if TYPE_CHECKING:
    from stylelab.labs.run_panel import RunPanel

BUSY = later("A run is at work: press Stop first, or wait for its end.")
GONE = later("Its own picture is no longer kept: upload it again for another run.")
LINE = later("How much of the left picture is shown")


class Remembering(Protocol):
    """A lab whose runs can be remembered."""

    panel: RunPanel
    settings: Mapping[str, Any]

    def names(self) -> dict[str, str | tuple[str, ...]]:
        """What the pictures are called, by role."""


class Recall:
    """Keeps the results of a lab, whose panel then shows one again, or two of them.

    `strip` belongs under the panel.
    """

    def __init__(self, lab: Remembering) -> None:
        self.lab, self.memory = lab, RunMemory()
        self.strip, self.compared = self.memory.strip, BeforeAfter(first=50)
        panel = lab.panel
        place = panel.children.index(panel.growing)
        before, after = panel.children[:place], panel.children[place:]
        panel.children = [*before, self.compared, *after]
        self._compare(0)
        panel.starting, panel.ended = self._start, self._keep
        self.strip.on_msg(lambda strip, message, buffers: self._hear(message))

    def _start(self) -> None:
        # During the run the controls may be changed.
        self._compare(0)
        self.settings, self.names = self.lab.settings, self.lab.names()

    def _keep(self, result: Result) -> None:
        panel = self.lab.panel
        recipe, steps = panel.job.recipe, len(result.history)
        caption = run_view.caption(recipe, self.names, steps)
        rest = self.settings, panel.facts.value, panel.growing.total
        self.memory.add(Kept.of(result, caption, *rest))

    def _hear(self, message: Mapping[str, int]) -> None:
        if self.lab.panel.live.busy:
            self.lab.panel.complain(ValueError(_(BUSY)))
        elif (key := message.get("restore")) in self.memory.kept:
            self._restore(key)
        elif "compare" in message:
            self._compare(message["compare"])

    def _restore(self, key: int) -> None:
        self._compare(0)
        kept, panel = self.memory.kept[key], self.lab.panel
        self.lab.settings = kept.settings
        panel.show_again(kept.result(), kept.facts, kept.total)
        self.strip.chosen = key
        if self.lab.settings["pictures"] != kept.settings["pictures"]:
            panel.complain(ValueError(_(GONE)))

    def _compare(self, key: int) -> None:
        """Shows the result of this key beside the one that the lab shows; 0: none."""
        self.strip.against = 0 if key == self.strip.chosen else key
        pair = self.memory.pair()
        if pair:
            captions = tuple(kept.caption for kept in pair)
            with self.compared.hold_sync():
                self.compared.sides = captions
                self.compared.names = (*captions, _(LINE))
                self.compared.pictures = [images.jpeg(kept.image()) for kept in pair]
        show(self.compared, pair is not None)
        show(self.lab.panel.growing, pair is None)
        show(self.lab.panel.facts, pair is None)
