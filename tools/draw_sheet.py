"""Draws the sheet of docs/teaching that students take home: one page A4, PDF and PNG.

`python tools/draw_sheet.py` draws it in seconds, from the pictures in
docs/teaching/sheet. `python tools/draw_sheet.py pictures` first makes these anew, in a
minute. The words are in sheet.toml.
"""

import sys
import tomllib
from pathlib import Path

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image, ImageOps

import stylelab as sl
from stylelab.analysis import receptive_field
from stylelab.core.layers import map_shape
from stylelab.pictures import images
from stylelab.runs.recipe import STYLE_LAYERS

FOLDER = Path(__file__).parents[1] / "docs" / "teaching"
PICTURES = FOLDER / "sheet"
PHOTO, PAINTING = "palace", "starry_night"
STAGES = {1: ": noise", 12: "", 40: "", 150: ": our answer"}  # steps that are shown
WIDE, HIGH = 210, 297  # millimetres: all places below
LEFT, RIGHT = 15, 195
BLACK, GREY, RED, BLUE = "black", "#595959", "#b00000", "#0040b0"
LOOK = {"font.family": "STIXGeneral", "mathtext.fontset": "stix", "pdf.fonttype": 42}
LOOK |= {"text.hinting": "none", "image.composite_image": False}
WORDS = tomllib.loads(Path(__file__).with_name("sheet.toml").read_text("utf-8"))


def make_pictures() -> None:
    """What the layers keep of photo and painting, and the picture that grows."""
    PICTURES.mkdir(exist_ok=True)
    small = {"size": 128, "steps": 60, "spectrum_weight": 0.0}
    for k, layer in enumerate(STYLE_LAYERS):
        run = sl.reconstruct(PHOTO, content_layers=(layer,), **small)
        _store(run.result().image(), f"content{k}")
        run = sl.texture(PAINTING, style_layers=STYLE_LAYERS[: k + 1], **small)
        _store(run.result().image(), f"style{k}")
    options = {"size": 160, "steps": max(STAGES), "start": "noise", "style_weight": 5}
    for step in sl.transfer(PHOTO, PAINTING, **options):
        if step.index in STAGES:
            _store(step.image(), f"step{step.index}")


def _store(image: Image.Image, name: str) -> None:
    image.save(PICTURES / f"{name}.jpg", quality=88)


def say(ax: Axes, x: float, y: float, text: str, size: float = 10, **more) -> None:
    """Writes lines of `text` below y, from x on; or one line, with its middle at y."""
    text = text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")
    high = size * 25.4 / 72
    for i, line in enumerate(text.splitlines()):
        low = y if more.get("va") else y - (0.78 + 1.13 * i) * high
        ax.text(x, low, line, size=size, **more)


def heading(ax: Axes, y: float, text: str, x: float = LEFT) -> None:
    ax.plot([x, RIGHT], [y + 2, y + 2], color=BLACK, lw=0.8)
    say(ax, x, y, text, size=13, weight="bold")


def arrow(ax: Axes, start: tuple, end: tuple, color: str = BLACK) -> None:
    style = {"arrowstyle": "-|>", "lw": 1.2, "color": color, "mutation_scale": 11}
    ax.annotate("", end, start, arrowprops=style | {"shrinkA": 0, "shrinkB": 0})


def frame(ax: Axes, x: float, y: float, w: float, h: float, **more) -> None:
    look = {"fill": False, "ec": BLACK, "lw": 0.6} | more
    ax.add_patch(Rectangle((x, y), w, h, **look))


def picture(ax: Axes, source: str | Path, x: float, y: float, w: float) -> None:
    """The middle of a picture, 3 to 2, with its lower left corner at (x, y)."""
    pixels = round(w * 5.2), round(w * 5.2 / 1.5)  # 132 an inch
    small = ImageOps.fit(images.open_picture(source), pixels)
    small = small.quantize(256).convert("RGB")  # a third of the bytes in a PDF
    ax.imshow(small, extent=(x, x + w, y, y + w / 1.5), aspect="auto")
    frame(ax, x, y, w, w / 1.5)


def question(ax: Axes, y: float) -> None:
    """Photo + painting = ?"""
    w, h = 48, 32
    xs = (LEFT, LEFT + 66, RIGHT - w)
    for x, name in zip(xs, (PHOTO, PAINTING), strict=False):
        picture(ax, name, x, y, w)
    frame(ax, xs[2], y, w, h, ec=RED, lw=1.4)
    middle = {"ha": "center", "va": "center"}
    say(ax, xs[2] + w / 2, y + h / 2, "?", size=60, color=RED, **middle)
    for x, sign in ((xs[1] - 9, "+"), (xs[2] - 9, "=")):
        say(ax, x, y + h / 2, sign, size=32, **middle)
    for x, caption in zip(xs, WORDS["captions"], strict=True):
        say(ax, x + w / 2, y - 1.2, caption, ha="center", style="italic", size=11)


def network(ax: Axes, y: float) -> None:
    """Five blocks of VGG-19, and what each keeps of the photo and of the painting."""
    w, step, x0 = 28, 31, LEFT + 28
    for k, layer in enumerate(STYLE_LAYERS):
        maps, side, _ = map_shape(layer, 256, 256)
        x, edge, copies = x0 + k * step, 4 + side / 32, min(5, 1 + maps // 128)
        left = x + (w - edge - copies + 1) / 2
        for copy in reversed(range(copies)):
            frame(ax, left + copy, y - 12 + copy, edge, edge, fill=True, fc="white")
        label = f"{layer}\n{maps} maps, sees {receptive_field.field(layer).size} px"
        say(ax, x + w / 2, y - 12.8, label, ha="center", size=8.9)
        if k:
            arrow(ax, (x - 6, y - 6), (x + 2, y - 6))
        picture(ax, PICTURES / f"content{k}.jpg", x, y - 39, w)
        picture(ax, PICTURES / f"style{k}.jpg", x, y - 59.6, w)
    for top, row in zip((0, -21.5, -42.5), WORDS["rows"], strict=True):
        say(ax, LEFT, y + top, row["title"], weight="bold", size=11)
        say(ax, LEFT, y + top - 4.6, row["words"])


def losses(ax: Axes, y: float) -> None:
    """Content, style and both, each with its formula."""
    w, middle = 57, {"ha": "center", "va": "center"}
    for k, (one, color) in enumerate(
        zip(WORDS["boxes"], (BLACK, BLUE, RED), strict=True)
    ):
        x, formulas = LEFT + k * (w + 4.5), one["formulas"]
        frame(ax, x, y - 33, w, 33, ec=color, lw=1.2)
        x += w / 2
        say(ax, x, y - 4.2, one["title"], weight="bold", color=color, size=11, **middle)
        for i, formula in enumerate(formulas):
            down = 15.6 + 8.2 * (i - (len(formulas) - 1) / 2)
            say(ax, x, y - down, formula, size=11.5, **middle)
        say(ax, x, y - 24.6, one["words"], size=9, ha="center")


def growth(ax: Axes, y: float) -> None:
    """From noise to the answer, in four stages."""
    w = 40.5
    step = (RIGHT - LEFT - w) / 3
    for k, index in enumerate(STAGES):
        x = LEFT + k * step
        picture(ax, PICTURES / f"step{index}.jpg", x, y - 27, w)
        label = f"step {index}{STAGES[index]}"
        say(ax, x + w / 2, y - 28.2, label, ha="center", style="italic", size=10)
        if k:
            arrow(ax, (x - step + w + 0.8, y - 13.5), (x - 0.8, y - 13.5), RED)


def remember(ax: Axes, y: float) -> None:
    """Five sentences, and where to go on."""
    heading(ax, y, WORDS["remember"])
    for k, sentence in enumerate(WORDS["five"]):
        say(ax, LEFT, y - 7.5 - 8.9 * k, str(k + 1), weight="bold", color=RED)
        say(ax, LEFT + 5, y - 7.5 - 8.9 * k, sentence)
    heading(ax, y, WORDS["go_on"], 113)
    for k, one in enumerate(WORDS["next"]):
        top = y - 7.5 - 15 * k
        say(ax, 113, top, one["title"], weight="bold")
        say(ax, 113, top - 4.2, one.get("words", ""))
        say(ax, 113, top - 5, one.get("code", ""), 7.8, family="DejaVu Sans Mono")


def draw(path: Path) -> None:
    """Draws the sheet into `path`, a .pdf or a .png."""
    vector = path.suffix == ".pdf"
    sampling = {"image.interpolation": "none" if vector else "antialiased"}
    with rc_context(LOOK | sampling):
        figure = Figure(figsize=(WIDE / 25.4, HIGH / 25.4))
        ax = figure.add_axes((0, 0, 1, 1))
        say(ax, LEFT, 288, WORDS["title"], size=24, weight="bold")
        question(ax, 233.5)
        heading(ax, 224, WORDS["keeps"])
        network(ax, 217)
        heading(ax, 152.5, WORDS["losses"])
        losses(ax, 145)
        heading(ax, 107, WORDS["growth"])
        say(ax, RIGHT, 107, WORDS["step"], ha="right", size=12.5)
        growth(ax, 99.5)
        remember(ax, 63.5)
        say(ax, WIDE / 2, 9.5, WORDS["sources"], ha="center", size=7.5, color=GREY)
        ax.set(xlim=(0, WIDE), ylim=(0, HIGH))
        ax.axis("off")
        metadata = {"CreationDate": None} if vector else {"Software": None}
        figure.savefig(path, dpi=90, metadata=metadata)
    if not vector:  # a third of the bytes
        page = Image.open(path).convert("RGB")
        page.quantize(palette=page.quantize(256, Image.Quantize.FASTOCTREE)).save(
            path, optimize=True
        )


if __name__ == "__main__":
    if "pictures" in sys.argv[1:]:
        make_pictures()
    for name in ("sheet.pdf", "sheet.png"):
        draw(FOLDER / name)
        print(FOLDER / name)
