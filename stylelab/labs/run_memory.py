"""The results of a lab's last runs: kept small, to go back to and to compare."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import PIL.Image

from stylelab.labs.widgets.pictures import MemoryStrip
from stylelab.pictures import images
from stylelab.runs.run import Result

MOST = 12  # results; the oldest goes
SMALL = 112  # pixels of a thumbnail's longer side


@dataclass(frozen=True)
class Kept:
    """A result without its tensor, what made it, and the settings that did."""

    caption: str
    settings: Mapping[str, Any]  # as the lab reads and sets them
    facts: str  # as HTML
    total: int  # steps that the run would have had
    png: bytes = field(repr=False)
    rest: Mapping[str, Any] = field(repr=False)  # what else a Result has

    @classmethod
    def of(
        cls, result: Result, caption: str, settings: Mapping, facts: str, total: int
    ) -> Kept:
        """Keeps a result: some 100 kB at 256 px."""
        rest = {f.name: getattr(result, f.name) for f in fields(result)}
        del rest["picture"]
        png = images.png(result.image())
        return cls(caption, settings, facts, total, png, rest)

    def image(self) -> PIL.Image.Image:
        """The picture, in 8 bits as the result was saved."""
        return PIL.Image.open(io.BytesIO(self.png)).convert("RGB")

    def result(self) -> Result:
        """The result once more; its picture is clipped and rounded to 8 bits."""
        return Result(picture=images.load(self.image()), **self.rest)


class RunMemory:
    """The last results of a lab by their numbers, and the strip that shows them."""

    def __init__(self) -> None:
        self.kept: dict[int, Kept] = {}  # by number, the oldest first
        self.count = 0
        self.strip = MemoryStrip()

    def add(self, kept: Kept) -> None:
        """Keeps one more result, which is the one that the lab shows."""
        self.count += 1
        self.kept[self.count] = kept
        for old in [*self.kept][:-MOST]:
            del self.kept[old]
        small = kept.image()
        small.thumbnail((SMALL, SMALL))
        item = {"key": self.count, "caption": kept.caption, "thumb": images.jpeg(small)}
        items = [one for one in self.strip.items if one["key"] in self.kept]
        with self.strip.hold_sync():
            self.strip.items = [item, *items]
            self.strip.chosen, self.strip.against = self.count, 0

    def pair(self) -> tuple[Kept, Kept] | None:
        """The result that the lab shows and the one beside it; None if none is."""
        both = self.kept.get(self.strip.chosen), self.kept.get(self.strip.against)
        return (both[0], both[1]) if both[0] and both[1] else None
