"""Draws the board drawings of docs/teaching: `python tools/draw_board.py`, seconds.

Black lines on white, one red and one blue chalk. The package knows VGG-19's numbers.
"""

import itertools
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from stylelab.analysis import receptive_field
from stylelab.core.layers import map_shape

FOLDER = Path(__file__).parents[1] / "docs" / "teaching" / "board"
BLACK, RED, BLUE = "black", "#c00000", "#0040c0"
STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
WIDE, HIGH = 16.0, 9.0  # the board, in its own units


def say(ax: Axes, x: float, y: float, text: str, color: str = BLACK, **more) -> None:
    """Writes `text` around (x, y), large enough for the last row."""
    more = {"size": 22, "ha": "center", "va": "center"} | more
    ax.text(x, y, text, color=color, **more)


def box(ax: Axes, x: float, y: float, w: float, h: float, color: str = BLACK) -> None:
    """An empty box with its lower left corner at (x, y)."""
    ax.add_patch(Rectangle((x, y), w, h, fill=False, ec=color, lw=3))


def arrow(ax: Axes, start: tuple, end: tuple, color: str = BLACK) -> None:
    """An arrow between two points."""
    style = {"arrowstyle": "-|>", "lw": 3, "color": color, "mutation_scale": 26}
    ax.annotate("", end, start, arrowprops=style)


def grid(ax: Axes, x: float, y: float, rows: list, cell: float = 1.0) -> None:
    """A table of `rows`, from its upper left corner at (x, y)."""
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            left, low = x + j * cell, y - (i + 1) * cell
            box(ax, left, low, cell, cell)
            say(ax, left + cell / 2, low + cell / 2, str(value))


def convolution(ax: Axes) -> None:
    """A 3 x 3 table on a picture with an upright edge: multiply, add up."""
    picture = [[0, 0, 1, 1, 1]] * 5
    table = [[-1, 0, 1]] * 3
    total = sum(picture[i][j] * table[i][j] for i in range(3) for j in range(3))
    grid(ax, 0.5, 7.4, picture)
    ax.add_patch(Rectangle((0.5, 4.4), 3, 3, fill=False, ec=RED, lw=7))
    grid(ax, 7, 7.4, table)
    say(ax, 6.2, 5.9, "×", size=40)
    say(ax, 10.7, 5.9, "=", size=40)
    box(ax, 11.6, 5.3, 1.2, 1.2, RED)
    say(ax, 12.2, 5.9, str(total), RED, size=30)
    say(ax, 3, 8.2, "picture")
    say(ax, 8.5, 8.2, "filter")
    say(ax, 12.2, 8.2, "feature map")
    say(ax, 8, 1.2, "multiply the nine pairs · add them up · move on by one", size=26)


def receptive_fields(ax: Axes) -> None:
    """Three rows of dots: what one neuron sees, one and two layers below."""
    rows = (("layer 2", 5, 7.4, 1), ("layer 1", 7, 5, 3), ("picture", 9, 2.6, 5))
    for name, count, y, seen in rows:
        say(ax, 1.4, y, name)
        say(ax, 14.5, y, str(seen), RED, size=28)
        for i in range(count):
            offset = i - count // 2
            fill = RED if abs(offset) <= seen // 2 else "white"
            x = 8 + 1.2 * offset
            ax.plot(x, y, "o", ms=22, mfc=fill, mec=BLACK, mew=3)
    for top, low, half in ((7.4, 5, 0), (5, 2.6, 1)):
        for side in (-1.2, 1.2):
            ends = 8 + side * half, 8 + side * (half + 1)
            ax.plot(ends, [top - 0.4, low + 0.4], color=RED, lw=3)
    sizes = [f"{l}: {receptive_field.field(l).size}" for l in STYLE_LAYERS]
    say(ax, 8, 1.3, "VGG-19, in pixels:", size=20)
    say(ax, 8, 0.6, "    ".join(sizes), size=22)


def feature_map_shapes(ax: Axes) -> None:
    """Fewer places and more maps, block by block."""
    say(ax, 8, 8.3, "picture 256 × 256:  fewer places, more maps", size=26)
    x = 0.5
    for layer in STYLE_LAYERS:
        maps, height, width = map_shape(layer, 256, 256)
        side, copies = 0.45 + height / 100, min(5, 1 + maps // 128)
        for copy in reversed(range(copies)):
            shift = 0.16 * copy
            corner = (x + shift, 3.6 + shift)
            ax.add_patch(Rectangle(corner, side, side, fc="white", ec=BLACK, lw=3))
        say(ax, x + side / 2, 2.7, layer)
        say(ax, x + side / 2, 1.9, f"{height} × {width}", BLUE)
        say(ax, x + side / 2, 1.1, f"{maps} maps", RED)
        x += max(side, 2.2) + 0.9


def reconstruction(ax: Axes) -> None:
    """Noise is changed until a layer answers as it answered to the photo."""
    for y, name in ((6, "photo"), (1.4, "noise")):
        box(ax, 0.6, y, 2.6, 1.8)
        say(ax, 1.9, y + 0.9, name)
        arrow(ax, (3.2, y + 0.9), (5, y + 0.9))
        box(ax, 5, y, 3, 1.8)
        say(ax, 6.5, y + 0.9, "network")
        arrow(ax, (8, y + 0.9), (9.8, y + 0.9))
        box(ax, 9.8, y, 2, 1.8)
    say(ax, 10.8, 6.9, "P", BLUE, size=32, style="italic")
    say(ax, 10.8, 2.3, "F", BLUE, size=32, style="italic")
    arrow(ax, (10.8, 6), (10.8, 5.1), RED)
    arrow(ax, (10.8, 3.2), (10.8, 4.1), RED)
    say(ax, 11, 4.6, r"how different?  $\frac{1}{2}\sum(F-P)^2$", RED, size=26)
    ax.plot([7.2, 1.9], [4.6, 4.6], color=RED, lw=3)
    arrow(ax, (1.9, 4.6), (1.9, 3.3), RED)
    say(ax, 4.5, 5.1, "change the pixels", RED)
    say(ax, 8, 0.5, "the network stays as it is", size=24)


def gram(ax: Axes) -> None:
    """Two feature maps on four places: multiply place by place, add up."""
    first, second, third = [1, 0, 1, 0], [2, 0, 1, 0], [0, 3, 0, 1]
    maps = (first, second, third)
    products = [
        [sum(a * b for a, b in zip(u, v, strict=True)) for v in maps] for u in maps
    ]
    say(ax, 3.4, 8.2, "maps (rows) at 4 places")
    grid(ax, 1.2, 7.5, list(maps), 1.1)
    for i, name in enumerate("abc"):
        say(ax, 0.6, 6.95 - 1.1 * i, name, BLUE, size=26)
        say(ax, 9.3, 6.95 - 1.1 * i, name, BLUE, size=26)
        say(ax, 10.55 + 1.1 * i, 7.95, name, BLUE, size=26)
    arrow(ax, (6.2, 5.9), (8.5, 5.9))
    grid(ax, 10, 7.5, products, 1.1)
    say(ax, 11.6, 8.6, "Gram matrix  G")
    dots = " + ".join(f"{a}·{b}" for a, b in zip(first, second, strict=True))
    say(ax, 8, 3, f"a with b:  {dots} = {products[0][1]}", RED, size=28)
    say(ax, 8, 1.9, r"$G_{ij} = \sum_k F_{ik}\,F_{jk}$", size=30)
    say(ax, 8, 0.7, "shuffle the places: G stays the same", RED, size=26)


def transfer_losses(ax: Axes) -> None:
    """One picture x is asked for two things."""
    for y, name in ((6.2, "photo p"), (3.6, "picture x"), (1, "style a")):
        color = RED if name == "picture x" else BLACK
        box(ax, 0.5, y, 3, 1.6, color)
        say(ax, 2, y + 0.8, name, color)
        arrow(ax, (3.5, y + 0.8), (5, y + 0.8))
    box(ax, 5, 1, 2.4, 6.8)
    say(ax, 6.2, 4.4, "VGG", size=26)
    for y in (7, 4.4, 1.8):
        arrow(ax, (7.4, y), (8.7, y))
    say(ax, 9.5, 7, "maps")
    say(ax, 9.6, 4.7, "maps")
    say(ax, 9.6, 4.0, "Grams", BLUE)
    say(ax, 9.6, 1.8, "Grams", BLUE)
    say(ax, 13, 5.9, r"$\mathcal{L}_{content}$", size=32)
    say(ax, 13, 2.9, r"$\mathcal{L}_{style}$", BLUE, size=32)
    arrow(ax, (10.5, 7), (11.6, 6.2))
    arrow(ax, (10.5, 4.8), (11.6, 5.6))
    arrow(ax, (10.7, 3.9), (11.9, 3.2), BLUE)
    arrow(ax, (10.7, 1.8), (11.9, 2.6), BLUE)
    total = r"\mathcal{L}_{total}=\alpha\,\mathcal{L}_{content}"
    total += r"+\beta\,\mathcal{L}_{style}"
    say(ax, 11.6, 0.5, f"${total}$", RED, size=28)


def gradient_descent(ax: Axes) -> None:
    """A ball goes down the valley of a loss, step by step."""
    xs = [i / 50 for i in range(-200, 201)]
    ax.plot([8 + 1.5 * x for x in xs], [1.5 + 0.36 * x * x for x in xs], BLACK, lw=4)
    x, rate, points = -3.8, 0.36, []
    for _ in range(5):
        points.append((8 + 1.5 * x, 1.5 + 0.36 * x * x))
        x -= rate * 2 * 0.72 * x / 1.2
    for start, end in itertools.pairwise(points):
        arrow(ax, start, end, RED)
    for point in points:
        ax.plot(*point, "o", ms=16, color=RED)
    arrow(ax, (1, 0.9), (15, 0.9))
    arrow(ax, (1, 0.9), (1, 8.2))
    say(ax, 13.4, 0.35, "one pixel of x")
    say(ax, 1.9, 8.4, "loss", size=26)
    say(ax, 8.6, 7.6, "slope: which way is up?", size=26)
    say(ax, 8.6, 6.6, "go a little the other way, again and again", RED, size=24)


def guess_network(ax: Axes) -> None:
    """Above, a search for one picture; below, a network that learnt to guess."""
    say(ax, 2.2, 8.2, "SEARCH", BLACK, size=26)
    say(ax, 2.2, 3.7, "GUESS", BLUE, size=26)
    for x, y, name in ((0.8, 5.6, "noise\nor photo"), (7, 5.6, "picture")):
        box(ax, x, y, 3, 1.8)
        say(ax, x + 1.5, y + 0.9, name)
    arrow(ax, (3.8, 6.5), (7, 6.5))
    say(ax, 5.4, 7, "a little")
    arrow(ax, (10, 6.5), (12.4, 6.5))
    say(ax, 14, 6.5, "VGG: loss", RED)
    ax.plot([14, 14, 8.5], [6, 5, 5], color=RED, lw=3)
    arrow(ax, (8.5, 5), (8.5, 5.6), RED)
    say(ax, 11.4, 4.5, "100 times: the pixels change", RED)
    for x, name in ((0.8, "photo"), (6.4, "network"), (12, "picture")):
        box(ax, x, 1.4, 3, 1.8, BLUE if name == "network" else BLACK)
        say(ax, x + 1.5, 2.3, name, BLUE if name == "network" else BLACK)
    arrow(ax, (3.8, 2.3), (6.4, 2.3), BLUE)
    arrow(ax, (9.4, 2.3), (12, 2.3), BLUE)
    say(ax, 8, 0.6, "once: the loss changed its numbers before, in training", BLUE)


DRAWINGS: dict[str, Callable[[Axes], None]] = {
    "convolution": convolution,
    "receptive_field": receptive_fields,
    "feature_map_shapes": feature_map_shapes,
    "reconstruction": reconstruction,
    "gram": gram,
    "transfer_losses": transfer_losses,
    "gradient_descent": gradient_descent,
    "guess_network": guess_network,
}


def save(name: str, folder: Path) -> Path:
    """Draws one drawing into `folder`, as a PNG of 1200 x 675 pixels."""
    wobble = {"path.sketch": (1.5, 120, 3), "font.family": "DejaVu Sans"}
    with plt.rc_context(wobble):
        figure = plt.figure(figsize=(12, 6.75))
        ax = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDE), ylim=(0, HIGH))
        ax.axis("off")
        DRAWINGS[name](ax)
        path = folder / f"{name}.png"
        figure.savefig(path, dpi=100, metadata={"Software": None})
        plt.close(figure)
    return path


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for drawing in sys.argv[1:] or DRAWINGS:
        print(save(drawing, FOLDER))
