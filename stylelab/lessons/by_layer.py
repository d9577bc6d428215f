"""A figure that many notebooks need: measures by layer, with controls as dots."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from stylelab.figures.plots import MEDIUM, Plate, label, strokes

Curve = Sequence[float] | Sequence[Sequence[float]]  # or one of several seeds each


def by_layer(
    panels: Mapping[str, Mapping[str, Curve]],
    layers: Sequence[str],
    claim: str,
    alt: str,
) -> Plate:
    """A panel per measure, named with its unit, with named curves over the layers.

    Curves of several seeds become a dot each, and a thin line through their mean.
    """
    plate = Plate(claim, alt, 10, 4.6)
    row = plate.subplots(1, len(panels), squeeze=False)[0]
    for axes, (measure, curves) in zip(row, panels.items(), strict=True):
        for (name, values), stroke in zip(curves.items(), strokes(), strict=False):
            _draw(axes, layers, name, values, stroke)
        label(axes, "", measure)
        axes.tick_params(axis="x", rotation=40)
        axes.margins(x=0.08)
        axes.set_ylim(*_limits(curves))
    if any(len(curves) > 1 for curves in panels.values()):
        row[0].legend(fontsize=MEDIUM, frameon=False)
    return plate


def _draw(
    axes: Axes, layers: Sequence[str], name: str, values: Curve, stroke: dict[str, str]
) -> None:
    if not isinstance(values[0], Sequence):
        axes.plot(layers, values, marker="o", **stroke, lw=2.5, label=name)
        return
    for seed in values:
        dots = {"ls": "", "marker": "o", "ms": 6, "mec": "none", "alpha": 0.55}
        axes.plot(layers, seed, color=stroke["color"], **dots)
    means = [sum(column) / len(column) for column in zip(*values, strict=True)]
    axes.plot(layers, means, **stroke, lw=1.2, label=f"{name}, {len(values)} seeds")


def _limits(curves: Mapping[str, Curve]) -> tuple[float, float]:
    """From 0, or from below the lowest: what hardly changes should look like it.

    Up to the highest; to 1, where none is above 0, as with cosines. A guess that was
    drawn in part has None at the other places.
    """
    values: list[float] = []
    for curve in curves.values():
        for part in curve:
            values += part if isinstance(part, Sequence) else [part]
    values = [value for value in values if value is not None]
    return min(0.0, 1.15 * min(values)), 1.05 * max(*values, 0.0) or 1.0
