"""Figures of notebook 07: curves with a control's band, photos x styles, readouts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import torch
from matplotlib.axes import Axes
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
from stylelab.runs.run import Result, Run
from stylelab.runs.sweep import Job, sweep

KINDS = "style", "photo"


def against_chance(
    trained: Mapping[str, float],
    random: Sequence[Mapping[str, float]],
    pixels: float,
    claim: str,
    y: str,
) -> Plate:
    """A curve over the layers, the band of networks with random weights, the pixels."""
    plate = Plate(claim, f"{y}. Trained: {_told(trained)}.", 10, 4.6)
    axes, names = plate.subplots(), [*trained]
    axes.axhline(pixels, color="0.4", ls=":", lw=2.5, label="pixels")
    line = {"color": BLUE, "lw": 3.5, "ms": 10, "label": "trained"}
    axes.plot(names, [*trained.values()], "o-", **line)
    top = max(pixels, *trained.values())
    if random:
        mean, high = _band(axes, names, random)
        plate.alt += f" Random weights, mean of {len(random)} seeds: {_told(mean)}."
        top = max(top, high)
    label(axes, "layer", y)
    axes.set_xlim(-0.35, len(names) - 0.65)
    axes.set_ylim(0, 1.12 * top)
    beside = {"loc": "center left", "bbox_to_anchor": (1, 0.5), "frameon": False}
    axes.legend(fontsize=MEDIUM, **beside)
    return plate


def _band(
    axes: Axes, names: Sequence[str], random: Sequence[Mapping[str, float]]
) -> tuple[dict[str, float], float]:
    """Draws what the seeds gave; returns their mean by layer, and the highest."""
    runs = torch.tensor([[one[name] for name in names] for one in random])
    low, mean, high = runs.amin(0), runs.mean(0), runs.amax(0)
    axes.fill_between(names, low, high, color=ORANGE, alpha=0.3, lw=0)
    words = f"random\nweights,\n{len(random)} seeds"
    axes.plot(names, mean, "s--", color=ORANGE, lw=2.5, ms=9, label=words)
    return dict(zip(names, mean.tolist(), strict=True)), high.max().item()


def _told(values: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {float(value):.2f}" for name, value in values.items())


def crossed(
    photos: Sequence[Shown],
    styles: Sequence[Shown],
    made: Mapping[int, Tensor],
    claim: str,
    alt: str,
) -> Plate:
    """Square photos at the left, square styles on top, and the pictures made of both.

    made: by index, all styles of the first photo first; what is missing stays empty.
    """
    rows, columns = len(photos) + 1, len(styles) + 1
    plate = Plate(claim, alt, 10, 0.5 + 9.6 * rows / columns)
    axes = plate.subplots(rows, columns)
    for one in axes.flat:
        one.set_axis_off()
    for one, shown in zip(axes[0, 1:], styles, strict=True):
        _framed(one, shown, ORANGE)
    for one, shown in zip(axes[1:, 0], photos, strict=True):
        _framed(one, shown, BLUE)
    axes[0, 0].text(0.95, 0.6, "styles →", color="#8a5f00", ha="right", fontsize=LARGE)
    axes[0, 0].text(0.5, 0.1, "photos ↓", color=BLUE, ha="center", fontsize=LARGE)
    for index, picture in made.items():
        show(axes[1 + index // len(styles), 1 + index % len(styles)], picture)
    return plate


def _framed(axes: Axes, shown: Shown, colour: str) -> None:
    axes.set_axis_on()
    show(axes, shown)
    axes.spines[:].set(color=colour, linewidth=5)


def watch_crossed(
    jobs: Sequence[Job],
    photos: Sequence[Shown],
    styles: Sequence[Shown],
    claim: str,
    alt: str,
) -> list[Result]:
    """The results of `jobs`, a transfer for each photo and style, shown as they grow.

    Those made before come from the disk. An interrupt keeps what is finished there.
    """
    made: dict[int, Tensor] = {}
    results: dict[int, Result] = {}
    canvas = Canvas(lambda: crossed(photos, styles, made, claim, alt))

    def watch(run: Run) -> Iterator[Step]:
        at = min(set(range(len(jobs))) - results.keys())
        for step in run:
            made[at] = step.picture
            canvas.update()
            yield step

    for index, result in sweep(jobs, watch=watch):
        results[index], made[index] = result, result.picture
    canvas.update(now=True)
    return [results[index] for index in range(len(jobs))]


def readouts(
    trained: Mapping[str, tuple[Readout, Readout]],
    random: Sequence[Mapping[str, tuple[Readout, Readout]]],
    chance: float,
    claim: str,
) -> Plate:
    """By layer, what feature maps (first) and Gram matrices (second) tell, 0..1.

    Lines: the trained network. Thin ones: the mean of those with random weights.
    """
    plate = Plate(claim, f"Trained: {_said(trained)}.", 10, 4.9)
    for axes, asked in zip(plate.subplots(1, 2, sharey=True), KINDS, strict=True):
        axes.axhline(chance, color=BLACK, ls=":", lw=2)
        axes.text(0, chance - 0.02, "guessing", fontsize=MEDIUM, va="top")
        _answers(axes, asked, trained, random)
        axes.set_title(f"Which {asked}?", fontsize=LARGE)
        label(axes, "layer", "share right" if asked == KINDS[0] else "")
        axes.set_ylim(0, 1.06)
        axes.margins(x=0.1)
    handles = plate.axes[0].get_legend_handles_labels()
    plate.legend(*handles, loc="outside lower center", ncols=2, fontsize=SMALL)
    return plate


def _answers(
    axes: Axes,
    asked: str,
    trained: Mapping[str, tuple[Readout, Readout]],
    random: Sequence[Mapping[str, tuple[Readout, Readout]]],
) -> None:
    """What Gram matrices and maps answered, and the mean answer of random weights."""
    for which, name, mark, colour in (
        (1, "Gram matrix", "s", ORANGE),
        (0, "feature maps", "o", BLUE),
    ):
        curves = [
            [getattr(pair[which], asked) for pair in one.values()]
            for one in (trained, *random)
        ]
        kind = {"color": colour, "lw": 3.5, "ms": 10, "zorder": 3}
        axes.plot([*trained], curves[0], mark + "-", label=name, **kind)
        words = f"{name}, random weights"
        control = torch.tensor(curves[1:]).mean(0) if random else []
        along = [*trained][: len(control)]
        axes.plot(along, control, mark + ":", color=colour, label=words)


def _said(found: Mapping[str, tuple[Readout, Readout]]) -> str:
    return "; ".join(
        f"{layer}: style by Gram {g.style:.2f}, by maps {m.style:.2f}; photo by maps "
        f"{m.photo:.2f}, by Gram {g.photo:.2f}"
        for layer, (m, g) in found.items()
    )


def verdicts(
    shown: Sequence[tuple[str, Shown, float, str]],
    places: int,
    claim: str,
    name: str,
    x: str,
) -> Plate:
    """Pictures with a caption, a probability of `name`, and what they are taken for.

    There is room for `places` of them, so that a row can grow.
    """
    alt = "; ".join(f"{c}: {name} {p:.2f}, first {best}" for c, _, p, best in shown)
    plate = Plate(claim, alt, 10, 5.0)
    pictures, bars = plate.subplots(2, 1, height_ratios=(2, 3))
    pictures.set_axis_off()
    for at, (_, picture, _, _) in enumerate(shown):
        inset = pictures.inset_axes(
            (at - 0.46, 0, 0.92, 1), transform=pictures.transData
        )
        show(inset, picture)
        inset.spines[:].set_visible(False)
    values = [p for _, _, p, _ in shown]
    drawn = bars.bar(range(len(shown)), values, color=GREEN, width=0.6)
    bars.bar_label(drawn, [f"{v:.2f}" for v in values], fontsize=MEDIUM, padding=3)
    label(bars, x, f"probability of {name}")
    bars.set_xticks(range(len(shown)), [c for c, *_ in shown], fontsize=MEDIUM)
    pictures.set_xlim(-0.55, places - 0.45)
    bars.set(xlim=pictures.get_xlim(), ylim=(0, 1.12))
    return plate
