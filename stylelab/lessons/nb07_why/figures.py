"""Figures of notebook 07: layers and controls, photos x styles, other networks."""

from collections.abc import Iterator, Mapping, Sequence

import torch
from matplotlib.figure import SubFigure
from torch import Tensor

from stylelab.core.style_transfer import Step
from stylelab.figures.growing import Canvas
from stylelab.figures.plots import (
    BLACK,
    BLUE,
    COLOURS,
    GREEN,
    LARGE,
    MEDIUM,
    ORANGE,
    SMALL,
    Curve,
    Plate,
    Shown,
    label,
    show,
)
from stylelab.lessons.nb07_why.naming import Judged
from stylelab.lessons.nb07_why.other_network import NETWORKS, Trial
from stylelab.lessons.nb07_why.separate import Readout
from stylelab.runs.job import Job
from stylelab.runs.run import Result, Run
from stylelab.runs.sweep import sweep

Readouts = Mapping[str, tuple[Readout, Readout]]  # by layer: of maps, of Gram matrices


def by_layer(
    found: Sequence[tuple[str, Mapping[str, float]]],
    pixels: float,
    claim: str,
    alt: str,
    y: str,
    guess: Mapping[str, Curve] | None = None,
    level: str = "pixels",
) -> Plate:
    """A line through the means of each name in `found`, and a dot per network.

    found: a network's name, and its numbers by layer; names repeat, for networks that
    differ in nothing but their random weights. guess: a curve that was predicted.
    `level` names the dotted line at `pixels`.
    """
    named: dict[str, list[list[float]]] = {}
    for name, values in found:
        named.setdefault(name, []).append([*values.values()])
    layers = [*found[0][1]]
    plate = Plate(claim, alt, 10, 4.9)
    axes = plate.subplots()
    axes.axhline(pixels, color="0.4", ls=":", lw=2.5, label=level)
    for (name, curves), colour, mark in zip(
        named.items(), (BLUE, ORANGE, GREEN), "osD", strict=False
    ):
        means = torch.tensor(curves).mean(0).tolist()
        line = {"color": colour, "lw": 3.5, "label": name}
        axes.plot(layers, means, mark + "-", ms=10 if len(curves) == 1 else 0, **line)
        for number, curve in enumerate(curves if len(curves) > 1 else ()):
            beside = [at + 0.05 * (number - 2) for at in range(len(layers))]
            axes.plot(beside, curve, mark, color=colour, ms=7, alpha=0.7, mec="white")
        numbers = ", ".join(f"{v:.2f}" for v in means)
        plate.alt += f" {' '.join(name.split())}: {numbers}."
    for name, (along, up) in (guess or {}).items():
        axes.plot([*along], [*up], "x--", color=BLACK, lw=2, ms=9, label=name)
    label(axes, "layer", y)
    axes.set_xlim(-0.35, len(layers) - 0.65)
    axes.set_ylim(0, 1.04 * max(0.58, axes.get_ylim()[1]))
    beside = {"loc": "center left", "bbox_to_anchor": (1, 0.5), "frameon": False}
    axes.legend(fontsize=MEDIUM, **beside)
    return plate


def watch_crossed(
    jobs: Sequence[Job],
    photos: Sequence[Shown],
    styles: Sequence[Shown],
    claim: str,
    alt: str,
) -> list[Result]:
    """The results of `jobs`, a transfer per photo and style, shown as they grow.

    Photos stand at the left, styles on top; all are square. Results made before come
    from the disk. An interrupt keeps what is finished there.
    """
    pictures: dict[int, Tensor] = {}  # by index: all styles of the first photo first
    results: dict[int, Result] = {}

    def draw() -> Plate:
        rows, columns = len(photos) + 1, len(styles) + 1
        plate = Plate(claim, alt, 10, 0.5 + 9.6 * rows / columns)
        axes = plate.subplots(rows, columns)
        for one in axes.flat:
            one.set_axis_off()
        for edge, originals, colour in (
            (axes[0, 1:], styles, ORANGE),
            (axes[1:, 0], photos, BLUE),
        ):
            for one, original in zip(edge, originals, strict=True):
                one.set_axis_on()
                show(one, original)
                one.spines[:].set(color=colour, linewidth=5)
        corner = axes[0, 0]
        corner.text(0.95, 0.6, "styles →", color="#8a5f00", ha="right", fontsize=LARGE)
        corner.text(0.5, 0.1, "photos ↓", color=BLUE, ha="center", fontsize=LARGE)
        for index, picture in pictures.items():
            show(axes[1 + index // len(styles), 1 + index % len(styles)], picture)
        return plate

    def watch(run: Run) -> Iterator[Step]:
        index = min(set(range(len(jobs))) - results.keys())
        for step in run:
            pictures[index] = step.picture
            canvas.update()
            yield step

    canvas = Canvas(draw)
    for index, result in sweep(jobs, watch=watch):
        results[index], pictures[index] = result, result.picture
    canvas.update(now=True)
    return [results[index] for index in range(len(jobs))]


def readouts(
    trained: Readouts, random: Sequence[Readouts], chance: float, claim: str, alt: str
) -> Plate:
    """How often maps and Gram matrices tell style and photo, 0..1, by layer.

    Lines: the trained network. Dots: each of those with random weights. Gram matrices
    stand a little to the left and maps to the right, so that neither hides the other.
    """
    words = "; ".join(
        f"{layer}: style by Gram {g.style:.2f}, by maps {m.style:.2f}; photo by maps "
        f"{m.photo:.2f}, by Gram {g.photo:.2f}"
        for layer, (m, g) in trained.items()
    )
    plate = Plate(claim, f"{alt} {words}.", 10, 5.2)
    panels, places = plate.subplots(1, 2, sharey=True), torch.arange(len(trained))
    for axes, question in zip(panels, ("style", "photo"), strict=True):
        axes.axhline(chance, color=BLACK, ls=":", lw=2)
        axes.text(-0.3, chance - 0.06, "guessing", fontsize=MEDIUM, va="top")
        for which, name, mark, colour, aside in (
            (1, "Gram matrix", "s", ORANGE, -1),
            (0, "feature maps", "o", BLUE, 1),
        ):
            curve, *controls = (
                [getattr(pair[which], question) for pair in one.values()]
                for one in (trained, *random)
            )
            thick = {"color": colour, "lw": 3, "ms": 11, "zorder": 3}
            axes.plot(places + 0.08 * aside, curve, mark + "-", label=name, **thick)
            for number, one in enumerate(controls):
                title = f"{name}, random weights" if number == 0 else None
                faint = {"ms": 6, "mfc": "white", "mec": colour, "zorder": 2}
                beside = places + aside * (0.22 + 0.05 * number)
                axes.plot(beside, one, mark, label=title, **faint)
        axes.set_title(f"Which {question}?", fontsize=LARGE)
        label(axes, "layer", "share right" if axes is panels[0] else "")
        axes.set_xticks(places, [*trained])
        axes.set_ylim(0, 1.08)
    handles = panels[0].get_legend_handles_labels()
    plate.legend(*handles, loc="outside lower center", ncols=2, fontsize=SMALL)
    return plate


def verdicts(found: Sequence[Judged], claim: str, alt: str) -> Plate:
    """A row of pictures per photo in its first style, and all probabilities beside.

    Columns are weights of the style; weight 0 is the photo itself.
    """
    numbers = "; ".join(
        f"{o.photo} in {o.style} {o.weight:g}: {o.right:.2f}" for o in found
    )
    photos, styles, weights = (
        list(dict.fromkeys(getattr(one, what) for one in found))
        for what in ("photo", "style", "weight")
    )
    weights.sort()
    plate = Plate(claim, f"{alt} {numbers}.", 10, 0.6 + 1.75 * len(photos))
    left, right = plate.subfigures(1, 2, width_ratios=(5, 4))
    grid = left.subplots(len(photos), len(weights), squeeze=False)
    for row, colour in zip(grid, COLOURS, strict=False):
        for axes in row:
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set(color=colour, linewidth=3)
    for one in found:
        axes = grid[photos.index(one.photo), weights.index(one.weight)]
        if one.style == styles[0]:
            show(axes, one.picture)
            axes.set_title(f"{one.right:.2f}", fontsize=MEDIUM, pad=2)
    _draw_names(right, found, photos, styles, weights)
    return plate


def _draw_names(
    figure: SubFigure,
    found: Sequence[Judged],
    photos: Sequence[str],
    styles: Sequence[str],
    weights: Sequence[float],
) -> None:
    """The probability of a right name over the style's weight, per photo and style."""
    axes = figure.subplots()
    for photo, colour in zip(photos, COLOURS, strict=False):
        for style, mark in zip(styles, ("o-", "s:", "D--"), strict=False):
            here = [o for o in found if (o.photo, o.style) == (photo, style)]
            here.sort(key=lambda o: o.weight)
            along = [weights.index(o.weight) for o in here]
            axes.plot(along, [o.right for o in here], mark, color=colour, lw=2.5, ms=9)
            if photo == photos[0]:  # the frames of the pictures tell the colours
                axes.plot([], [], mark, color=BLACK, ms=9, label=style)
    axes.set_xticks(range(len(weights)), ["photo", *(f"{w:g}" for w in weights[1:])])
    axes.set(xlim=(-0.3, len(weights) - 0.7), ylim=(0, 1.05))
    label(axes, "weight of the style, β/α", "probability of a right name")
    axes.legend(fontsize=SMALL, frameon=False)


def why_vgg(
    found: Sequence[Trial], sources: Mapping[str, Shown], claim: str, alt: str
) -> Plate:
    """Textures by the first noise, a row per source, and all distances at the right."""
    names = list(dict.fromkeys(trial.network for trial in found))
    plate = Plate(claim, alt, 10, 0.6 + 2.35 * len(sources))
    widths = [1] * (1 + len(NETWORKS)) + [1.25]
    grid = plate.subplots(
        len(sources), 2 + len(NETWORKS), squeeze=False, width_ratios=widths
    )
    for row, (source, original) in zip(grid, sources.items(), strict=True):
        for axes in row[:-1]:
            axes.set_axis_off()
        show(row[0], original)
        row[0].set_title(source, fontsize=SMALL)
        for at, name in enumerate(names):
            trials = [t for t in found if (t.source, t.network) == (source, name)]
            if not trials:
                continue
            show(row[1 + at], trials[0].picture)
            row[1 + at].set_title(name, fontsize=SMALL)
            up = [trial.distance for trial in trials]
            row[-1].plot([at] * len(up), up, "o", color=COLOURS[at], ms=8, alpha=0.7)
            middle = sorted(up)[len(up) // 2]
            plate.alt += f" {source}, {' '.join(name.split())}: median {middle:.3f}."
        row[-1].set(xlim=(-0.5, len(NETWORKS) - 0.5))
        row[-1].set_ylim(0, 1.15 * row[-1].get_ylim()[1])
        label(row[-1], "", "distance of patches")
        row[-1].set_xticks(range(3), ["VGG", "Eff.", "smooth"])
    return plate
