"""Figures of notebook 07: curves with a control's band, photos x styles, readouts."""

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor

from stylelab.core.style_transfer import Step
from stylelab.figures.growing import Canvas
from stylelab.figures.plots import (
    BLACK,
    BLUE,
    GREEN,
    LARGE,
    MEDIUM,
    ORANGE,
    SMALL,
    Plate,
    Shown,
    label,
    show,
)
from stylelab.lessons.nb07_why.separate import Readout
from stylelab.runs.job import Job
from stylelab.runs.run import Result, Run
from stylelab.runs.sweep import sweep

Readouts = Mapping[str, tuple[Readout, Readout]]  # by layer: of maps, of Gram matrices


def against_chance(
    trained: Mapping[str, float],
    random: Sequence[Mapping[str, float]],
    pixels: float,
    claim: str,
    y: str,
) -> Plate:
    """A curve over the layers, the band of networks with random weights, the pixels."""

    def words(values: Mapping[str, float]) -> str:
        return ", ".join(f"{name} {value:.2f}" for name, value in values.items())

    plate = Plate(claim, f"{y}. Trained: {words(trained)}.", 10, 4.6)
    axes, names = plate.subplots(), [*trained]
    axes.axhline(pixels, color="0.4", ls=":", lw=2.5, label="pixels")
    line = {"color": BLUE, "lw": 3.5, "ms": 10, "label": "trained"}
    axes.plot(names, [*trained.values()], "o-", **line)
    top = max(pixels, *trained.values())
    if random:
        curves = torch.tensor([[one[name] for name in names] for one in random])
        low, mean, high = curves.amin(0), curves.mean(0), curves.amax(0)
        seeds = f"random\nweights,\n{len(random)} seeds"
        axes.fill_between(names, low, high, color=ORANGE, alpha=0.3, lw=0)
        axes.plot(names, mean, "s--", color=ORANGE, lw=2.5, ms=9, label=seeds)
        means = words(dict(zip(names, mean.tolist(), strict=True)))
        plate.alt += f" Random weights, mean of {len(random)} seeds: {means}."
        top = max(top, high.max().item())
    label(axes, "layer", y)
    axes.set_xlim(-0.35, len(names) - 0.65)
    axes.set_ylim(0, 1.12 * top)
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
    trained: Readouts, random: Sequence[Readouts], chance: float, claim: str
) -> Plate:
    """How often maps and Gram matrices tell style and photo, 0..1, by layer.

    Thick lines: the trained network. Thin ones: the mean of those with random weights.
    """
    words = "; ".join(
        f"{layer}: style by Gram {g.style:.2f}, by maps {m.style:.2f}; photo by maps "
        f"{m.photo:.2f}, by Gram {g.photo:.2f}"
        for layer, (m, g) in trained.items()
    )
    plate = Plate(claim, f"Trained: {words}.", 10, 4.9)
    panels = plate.subplots(1, 2, sharey=True)
    for axes, question in zip(panels, ("style", "photo"), strict=True):
        axes.axhline(chance, color=BLACK, ls=":", lw=2)
        axes.text(0, chance - 0.02, "guessing", fontsize=MEDIUM, va="top")
        for which, name, mark, colour in (
            (1, "Gram matrix", "s", ORANGE),
            (0, "feature maps", "o", BLUE),
        ):
            curve, *controls = (
                [getattr(pair[which], question) for pair in one.values()]
                for one in (trained, *random)
            )
            thick = {"color": colour, "lw": 3.5, "ms": 10, "zorder": 3}
            axes.plot([*trained], curve, mark + "-", label=name, **thick)
            mean = torch.tensor(controls).mean(0) if random else []
            thin = {"color": colour, "label": f"{name}, random weights"}
            axes.plot([*trained][: len(mean)], mean, mark + ":", **thin)
        axes.set_title(f"Which {question}?", fontsize=LARGE)
        label(axes, "layer", "share right" if axes is panels[0] else "")
        axes.set_ylim(0, 1.06)
        axes.margins(x=0.1)
    handles = panels[0].get_legend_handles_labels()
    plate.legend(*handles, loc="outside lower center", ncols=2, fontsize=SMALL)
    return plate


def verdicts(
    judged: Sequence[tuple[str, Shown, float, str]],
    places: int,
    claim: str,
    name: str,
    x: str,
) -> Plate:
    """Pictures, and below each a bar for the probability of `name`.

    judged: caption, picture, probability, and the network's first answer. There is room
    for `places` pictures, so that a row can grow.
    """
    captions, pictures, values, answers = zip(*judged, strict=True)
    alt = "; ".join(
        f"{caption}: {name} {value:.2f}, first {answer}"
        for caption, value, answer in zip(captions, values, answers, strict=True)
    )
    plate = Plate(claim, alt, 10, 5.0)
    above, below = plate.subplots(2, 1, height_ratios=(2, 3))
    above.set_axis_off()
    for at, picture in enumerate(pictures):
        place = at - 0.46, 0, 0.92, 1
        inset = above.inset_axes(place, transform=above.transData)
        show(inset, picture)
        inset.spines[:].set_visible(False)
    bars = below.bar(range(len(judged)), values, color=GREEN, width=0.6)
    below.bar_label(bars, [f"{v:.2f}" for v in values], fontsize=MEDIUM, padding=3)
    label(below, x, f"probability of {name}")
    below.set_xticks(range(len(judged)), captions, fontsize=MEDIUM)
    above.set_xlim(-0.55, places - 0.45)
    below.set(xlim=above.get_xlim(), ylim=(0, 1.12))
    return plate
