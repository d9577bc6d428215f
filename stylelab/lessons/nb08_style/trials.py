"""One control of style at a time, for several photos and from noise (claim C16)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import permutations
from statistics import median

import numpy as np

import stylelab as sl
from stylelab.core import vgg
from stylelab.lessons.nb08_style import style_ruler
from stylelab.lessons.nb08_style.style_ruler import Reading, effects

# By the measure that a control is for. "place" has a mask as well: the upper half.
CONTROLS: Mapping[str, Mapping[str, object]] = {
    "colours": {"colors": "luminance"},
    "brush": {"brush": 0.5},
    "mixture": {"mix": (0, 1)},
    "place": {},
    "forms": {"layer_weights": (1, 1, 1, 0, 0)},
}
PAIRS = (
    ("palace", "starry_night", "great_wave"),
    ("cat", "auvers", "composition_viii"),
    ("astronaut", "great_wave", "moulin_de_la_galette"),
    ("coffee", "starry_night", "composition_viii"),
    ("rocket", "great_wave", "auvers"),
)
SEEDS = range(5)


@dataclass(frozen=True)
class Trial:
    """A photo in two styles, 1 : 1, and with each control moved alone."""

    photo: str
    styles: tuple[str, str]
    start: Mapping[str, object] = field(default_factory=dict)

    def readings(self, size: int, steps: int) -> dict[str, Reading]:
        """What the ruler reads: by control, and "plain" with none of them moved."""
        height, width = sl.load(self.photo, size).shape[-2:]
        upper = np.arange(height)[:, None].repeat(width, 1) < height // 2
        ruler = style_ruler.ruler(vgg.load(), self.photo, self.styles, upper, size)
        recipe, found = {"size": size, "steps": steps, **self.start}, {}
        for name, options in {"plain": {}, **CONTROLS}.items():
            masks = [upper] if name == "place" else None
            run = sl.transfer(self.photo, self.styles, masks, **recipe, **options)
            found[name] = ruler.measure(run.result(iter).picture)
        return found


TRIALS = [Trial(photo, styles) for photo, *styles in PAIRS]
TRIALS += [
    Trial(TRIALS[0].photo, TRIALS[0].styles, {"start": "noise", "seed": seed})
    for seed in SEEDS
]
Readings = list[tuple[Trial, dict[str, Reading]]]


def run(size: int, steps: int, trials: list[Trial] = TRIALS) -> Iterator[Readings]:
    """One trial after another; yields what all of them found so far."""
    done: Readings = []
    for trial in trials:
        done = [*done, (trial, trial.readings(size, steps))]
        yield done


def medians(readings: Readings) -> dict[str, dict[str, float]]:
    """The median over all trials of how far each control moves each measure."""
    tables = [table(found) for _, found in readings]

    def middle(control: str, measure: str) -> float:
        return median(moves[control][measure] for moves in tables)

    return {c: {m: middle(c, m) for m in CONTROLS} for c in CONTROLS}


def near(readings: Readings) -> str:
    """How many of the other controls' moves are less than half of the own one."""
    moves = [
        abs(table(found)[control][measure]) < 0.5
        for _, found in readings
        for control, measure in permutations(CONTROLS, 2)
    ]
    return f"less than half as far: {sum(moves)} of {len(moves)} dots"


def table(found: Mapping[str, Reading]) -> dict[str, dict[str, float]]:
    """How far each control moves each measure in one trial; 1: as far as its own."""
    return effects(found["plain"], {name: found[name] for name in CONTROLS})
