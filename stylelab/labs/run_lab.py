"""What the labs with runs share: pictures and options on one side, the run beside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import ipywidgets
from ipywidgets import Widget

from stylelab.figures.plots import Plate
from stylelab.labs import run_view
from stylelab.labs.controls import Controls
from stylelab.labs.parts import Fold, Lab, escaped, side_by_side
from stylelab.labs.run_panel import Facts, RunPanel
from stylelab.labs.source_card import SourceCard
from stylelab.pictures.images import Source
from stylelab.runs.inputs import Sources
from stylelab.runs.live import Make
from stylelab.runs.recipe import ROLES
from stylelab.runs.run import Result
from stylelab.runs.sweep import Job


class RunLab(Lab):
    """A lab that makes pictures. A subclass says of which task, and what it shows.

    given: the first pictures by role. options: first values of a Recipe's fields.
    instead: widgets in the place of the usual ones for some options, or None.
    """

    task: ClassVar[str]
    labels: ClassVar[tuple[str, ...]]  # what the pictures of ROLES[task] are called
    shown: ClassVar[tuple[str, ...]]  # options for everyone; the others are folded away

    def __init__(
        self,
        given: Mapping[str, Source],
        make: Make,
        options: Mapping[str, Any],
        instead: Mapping[str, Widget | None] | None = None,
    ) -> None:
        self.controls = Controls(self.task, options, self.changed, instead or {})
        self.panel = RunPanel(self.order, make, measure=self.measure)
        self.cards = {
            role: SourceCard(label, given[role], self.changed)
            for role, label in zip(ROLES[self.task], self.labels, strict=True)
        }
        self.more = Fold("More options", self.controls.others(self.shown))
        self.code = ipywidgets.HTML()
        shown = [self.controls[name] for name in self.shown]
        cards = side_by_side(*self.cards.values(), kind="sl-sources")
        left = side_by_side(
            cards, side_by_side(*shown), self.more, self.code, kind="sl-column"
        )
        super().__init__([side_by_side(left, self.panel, kind="sl-halves sl-runlab")])
        self._show_code()

    @property
    def result(self) -> Result | None:
        """What the last run came to."""
        return self.panel.result

    def sources(self) -> dict[str, Sources]:
        """The chosen pictures by role."""
        return {role: card.source for role, card in self.cards.items()}

    def shown_cards(self) -> list[SourceCard]:
        """The cards of the pictures that go into a run, the photo's first."""
        return [*self.cards.values()]

    def names(self) -> dict[str, str | tuple[str, ...]]:
        """What the pictures are called in Python, by role."""
        return {role: card.seen.name for role, card in self.cards.items()}

    def order(self) -> Job:
        """The run that the controls describe; a ValueError in words if none does."""
        return self.controls.order(self.sources())

    def measure(self, job: Job, result: Result) -> Facts:
        """Numbers with their units about a picture that was made."""
        return ()

    def changed(self) -> None:
        """To be called when a control or a picture has changed."""
        self._show_code()
        self.panel.refresh()

    def call(self) -> str:
        """The line of Python that makes the same; empty where the controls err."""
        try:
            return run_view.call(self.order().recipe, self.names())
        except ValueError:
            return ""

    def _show_code(self) -> None:
        names = [f"'{card.seen.name}'" for card in self.shown_cards() if card.is_own]
        once = f", once {' and '.join(names)} lies beside the notebook" if names else ""
        code = f"The same in a cell{escaped(once)}: <code>{escaped(self.call())}"
        self.code.value = (
            f'<p class="sl-note">{code}.result()</code></p>' if self.call() else ""
        )

    def still(self) -> Plate:
        given = [(card.label, card.seen) for card in self.shown_cards()]
        name = type(self).__name__
        return run_view.on_paper(name, self.call(), given, self.result)

    def on_paper(self) -> tuple[dict, dict]:
        self.panel.refresh()  # not before it is seen: it takes a second of computing
        return super().on_paper()
