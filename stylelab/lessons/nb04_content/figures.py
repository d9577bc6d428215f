"""The figure of notebook 04: what each layer keeps of a photo."""

from collections.abc import Mapping, Sequence

from stylelab.figures.plots import MEDIUM, Plate, label, strokes


def by_layer(
    panels: Mapping[str, Mapping[str, Sequence[float]]],
    layers: Sequence[str],
    claim: str,
    alt: str,
) -> Plate:
    """A panel per measure, named with its unit, with named curves over the layers."""
    plate = Plate(claim, alt, 10, 4.4)
    row = plate.subplots(1, len(panels), squeeze=False)[0]
    for axes, (measure, curves) in zip(row, panels.items(), strict=True):
        for (name, values), stroke in zip(curves.items(), strokes(), strict=False):
            axes.plot(layers, values, marker="o", **stroke, lw=2.5, label=name)
        label(axes, "", measure)
        axes.tick_params(axis="x", rotation=40)
        highest = max(max(values) for values in curves.values())
        axes.set_ylim(0, 1.05 * highest)  # what hardly changes should look like it
    if any(len(curves) > 1 for curves in panels.values()):
        row[0].legend(fontsize=MEDIUM, frameon=False)
    return plate
