"""Every option of a run, once: its name, default, range and help.

The same fields are keyword arguments, the command line's options, the widgets'
controls, the points of a sweep and the JSON saved with a picture. This loads no torch.
"""

import contextlib
import difflib
import numbers
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields, replace
from typing import Any

from stylelab.core.layers import check_layers, check_side, check_tile
from stylelab.core.words import shown

# What can be made, and from which pictures.
ROLES = {
    "transfer": ("photo", "style"),
    "texture": ("style",),
    "reconstruct": ("photo",),
}
TASKS = tuple(ROLES)
STYLED, CONTENTED = ("transfer", "texture"), ("transfer", "reconstruct")
# Pictures that a task may have beside those: where each of several styles goes.
EXTRAS = {"transfer": ("masks",)}
STARTS = ("noise", "phases", "photo", "style", "guess")  # or a picture file
SMALLEST = 16  # pixels of a shorter side
LARGE = 384  # shorter side in pixels from which a run goes from coarse to fine
STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
STATISTICS = ("gram", "mean_std", "sliced_wasserstein")
NETWORKS = ("original", "torchvision", "random")
PER_LAYER = {"one": "style layer", "low": 0, "high": 1e6}
PER_STYLE = {"one": "style", "low": 0, "high": 1e6}


def option(default: Any, help: str, tasks: Sequence[str] = TASKS, **limits: Any) -> Any:
    """A field with its `help`, the `tasks` that use it, `low`/`high` or `choices`."""
    return field(default=default, metadata={"help": help, "tasks": tasks, **limits})


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a picture is made. Checked when made: a wrong value never reaches a run."""

    task: str = option("transfer", "what is made", choices=TASKS)
    size: int = option(
        256, "shorter side of the result, in pixels", low=SMALLEST, high=16_384
    )
    steps: int = option(
        100, "evaluations of network and loss at the first size", low=1, high=100_000
    )
    levels: int = option(
        0,
        "sizes from coarse to fine, each half of the next, with half of the steps of "
        "the one before; 0: one below 384 px, then one more with each doubling",
        low=0,
        high=6,
    )
    tile: int = option(
        0,
        "side in pixels of the tiles in which slopes are computed, to save memory; "
        "0: tiles of 512 px where the whole picture does not fit",
        low=0,
        high=4096,
    )
    start: str = option(
        "photo", "first picture", choices=STARTS, or_else=("a picture file",)
    )
    losses: str = option(
        "relative",
        "distances relative to their goals, or absolute as in Gatys' own code, which "
        "pads with zeros",
        choices=("relative", "absolute"),
    )
    content_layers: tuple[str, ...] = option(
        ("relu4_2",), "layers whose feature maps are matched", CONTENTED
    )
    content_weight: float = option(
        1.0, "weight of the content loss (alpha)", CONTENTED, low=0, high=1e12
    )
    style_layers: tuple[str, ...] = option(
        STYLE_LAYERS, "layers whose statistics are matched", STYLED
    )
    style_weight: float = option(
        30.0, "weight of the style loss (beta)", STYLED, low=0, high=1e12
    )
    statistic: str = option(
        "gram", "what of the style is matched", STYLED, choices=STATISTICS
    )
    layer_weights: tuple[float, ...] = option(
        (), "weights of the style layers; none: 1 for each", STYLED, **PER_LAYER
    )
    mix: tuple[float, ...] = option(
        (), "shares of several styles; none: alike", STYLED, **PER_STYLE
    )
    brush: float = option(
        1.0,
        "size of the style picture beside the result's; smaller: finer strokes",
        STYLED,
        low=0.25,
        high=4.0,
    )
    colors: str = option(
        "style",
        "whose colours: the style's, or the photo's by luminance or by statistics",
        ("transfer",),
        choices=("style", "luminance", "statistics"),
    )
    spectrum_weight: float = option(
        0.03,
        "weight of the spectrum beside the other losses of the style, or of the photo "
        "where there is no style: detail of each size and colours as strong as there; "
        "not with absolute losses",
        low=0,
        high=1e6,
    )
    smoothness: float = option(0.0, "weight of the total variation", low=0, high=1e12)
    optimizer: str = option("lbfgs", "how the picture moves", choices=("lbfgs", "adam"))
    space: str = option("spectrum", "what is optimised", choices=("spectrum", "pixels"))
    weights: str = option(
        "original", "network's weights", choices=NETWORKS, or_else=("a weights file",)
    )
    pooling: str = option("max", "network's pooling", choices=("max", "average"))
    precision: str = option(
        "auto",
        "number format of the feature maps; auto: bfloat16 where it is native",
        choices=("auto", "float32", "bfloat16"),
    )
    seed: int = option(
        0, "seed of the noise and of random weights", low=0, high=2**31 - 1
    )

    def __post_init__(self) -> None:
        for f in fields(self):
            object.__setattr__(self, f.name, _converted(f, getattr(self, f.name)))
        if self.start in STARTS and self.start not in (own := starts_of(self.task)):
            problem = f"start is '{self.start}', but {self.task} has no {self.start}"
            raise ValueError(f"{problem}: give {', '.join(own)}, or a picture file")
        if self.losses == "absolute" and self.statistic != "gram":
            matrices = f"of Gram matrices, not of {self.statistic}"
            raise ValueError(f"absolute losses are {matrices}: choose losses=relative")
        coarsest = self.stages[0][0]
        if coarsest < SMALLEST:
            problem = f"levels is {self.levels}, and the first would have {coarsest} px"
            raise ValueError(f"{problem}: accepted are levels of {SMALLEST} px or more")
        if self.layers:
            what = "size" if coarsest == self.size else "the size of the first level"
            check_side(coarsest, self.layers, what)
            check_tile(self.tile, self.layers)
        elif not self.smoothness:
            raise ValueError("there is nothing to minimise: every weight is zero")
        if self.style_strengths:
            what = f"the style's shorter side, at size {coarsest} and this brush,"
            check_side(round(coarsest * self.brush), self.style_strengths, what)

    @property
    def style_strengths(self) -> dict[str, float]:
        """The style layers that count, each with its part of the style's weight."""
        if self.task not in STYLED or not self.style_weight:
            return {}
        layers, weights = self.style_layers, self.layer_weights
        if len(weights) not in (0, len(layers)):
            wanted = f"give one number for each style layer ({', '.join(layers)})"
            raise ValueError(f"layer_weights is {shown(weights)}: {wanted}")
        pairs = zip(layers, weights or (1.0,) * len(layers), strict=True)
        return self._shares({layer: weight for layer, weight in pairs if weight})

    @property
    def stages(self) -> tuple[tuple[int, int], ...]:
        """Size and steps of each level, from coarse to fine."""
        sizes = [self.size]
        while len(sizes) < self.levels or (not self.levels and sizes[0] >= LARGE):
            sizes.insert(0, round(self.size / 2 ** len(sizes)))
        steps = (max(1, round(self.steps / 2**k)) for k in range(len(sizes)))
        return tuple(zip(sizes, steps, strict=True))

    @property
    def content_strengths(self) -> dict[str, float]:
        """The content layers, each with its part of the content's weight."""
        if self.task not in CONTENTED or not self.content_weight:
            return {}
        return self._shares(dict.fromkeys(self.content_layers, 1.0))

    def _shares(self, strengths: dict[str, float]) -> dict[str, float]:
        """Relative losses are a mean over layers; absolute ones are Gatys' sum."""
        total = sum(strengths.values()) if self.losses == "relative" else 1.0
        return {layer: strength / total for layer, strength in strengths.items()}

    @property
    def style_size(self) -> int:
        """The shorter side of the style pictures that the network is shown."""
        return round(self.size * self.brush)

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that the run needs: those of its task that have a weight."""
        return (*self.style_strengths, *self.content_strengths)

    def to_dict(self) -> dict[str, Any]:
        """The options that the task uses, ready for JSON."""
        return {name: getattr(self, name) for name in fields_of(self.task)}


def starts_of(task: str) -> tuple[str, ...]:
    """The STARTS that `task` has."""
    # A photo's own waves in random places are worse than noise to rebuild it from.
    own = {"transfer": ("guess",), "texture": ("phases",)}
    return ("noise", *ROLES[task], *own.get(task, ()))


def fields_of(task: str) -> dict[str, Field]:
    """The fields of a Recipe that `task` uses, by name."""
    return {f.name: f for f in fields(Recipe) if task in f.metadata["tasks"]}


def recipe_for(task: str, options: Mapping[str, Any]) -> Recipe:
    """The default recipe of `task` with `options` changed; unknown ones are refused."""
    names = [name for name in fields_of(task) if name != "task"]
    for name in options:
        if name not in names:
            near = difflib.get_close_matches(name, names, 1, 0.55)
            hint = f"; did you mean {near[0]}?" if near else ""
            problem = f"{task} has no option {shown(name)}{hint}"
            raise TypeError(f"{problem} ({', '.join(names)})")
    return replace(DEFAULTS[task], **options)


def in_digits(number: float) -> str:
    """All digits of a whole number, at most six of another: 2147483647, 1e+12."""
    return str(number) if isinstance(number, int) else f"{number:g}"


def _converted(spec: Field, value: Any) -> Any:
    """`value` in the field's type; or a ValueError: field, value, what is accepted."""
    kind: Any = type(spec.default)
    limits = spec.metadata
    problem = f"accepted {_accepted(spec)}"
    if kind is tuple and "low" not in limits:
        try:
            return check_layers(value)
        except (TypeError, ValueError) as error:
            problem = str(error) if isinstance(error, ValueError) else problem
    elif kind is tuple:
        weights = _listed(value)
        fits = all(_fits_number(weight, float, limits) for weight in weights)
        if fits and (not weights or any(weights)):
            return tuple(float(weight) for weight in weights)
    elif kind is str:
        other = "or_else" in limits and value != ""
        if isinstance(value, str) and (value in limits["choices"] or other):
            return value
    elif _fits_number(value, kind, limits):
        return kind(value)
    raise ValueError(f"{spec.name} is {shown(value)}: {problem}")


def _listed(value: Any) -> tuple:
    """The members of a list, a tuple, an array, ...; (None,) for anything else."""
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | dict):
        with contextlib.suppress(TypeError):  # as of a tensor that is one number
            return tuple(value)
    return (None,)


def _fits_number(value: Any, kind: type, limits: Mapping) -> bool:
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return False
    return limits["low"] <= value <= limits["high"] and kind(value) == value


def _accepted(spec: Field) -> str:
    """What a field accepts: "is a whole number from 16 to 4096"."""
    limits, kind = spec.metadata, type(spec.default)
    if kind is str:
        words = (*limits["choices"], *limits.get("or_else", ()))
        return f"is {', '.join(words[:-1])} or {words[-1]}"
    if "low" not in limits:
        return "are names of layers, such as relu4_2"
    around = f"from {in_digits(limits['low'])} to {in_digits(limits['high'])}"
    if kind is tuple:
        return f"are numbers {around}, one for each {limits['one']}, not all of them 0"
    return f"is {'a whole number' if kind is int else 'a number'} {around}"


DEFAULTS = {
    "transfer": Recipe(),
    "texture": Recipe(task="texture", start="noise"),
    # One deep layer holds the detail less firmly than five layers of style do.
    "reconstruct": Recipe(task="reconstruct", start="noise", spectrum_weight=0.3),
}
