"""How one number of a first-layer map is made: 27 products. It knows no widget."""

from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor

from stylelab.core import layers, vgg
from stylelab.core.language import _, later

COLOURS = (later("red"), later("green"), later("blue"))
TINTS = ((1, 0, 0), (0, 1, 0), (0, 0, 1))


@dataclass(frozen=True, eq=False)
class FirstSum:
    """The arithmetic behind one neuron of relu1_1. The tensors: colour, row, column."""

    patch: Tensor  # [3, 3, 3], 0..1; 0 beyond the picture
    pixels: Tensor  # [3, 3, 3], as the network takes them: 255 * patch - mean
    weights: Tensor  # [3, 3, 3], the channel's kernel
    bias: float

    @property
    def products(self) -> Tensor:
        return self.pixels * self.weights

    @property
    def total(self) -> float:
        """What conv1_1 gives: all products and the bias."""
        return self.products.sum().item() + self.bias

    @property
    def value(self) -> float:
        """What relu1_1 makes of it."""
        return max(0.0, self.total)


def first_sum(picture: Tensor, channel: int, row: int, column: int) -> FirstSum:
    """The sum of the neuron at `row` and `column` in a picture [1, 3, H, W], 0..1."""
    net = vgg.load()

    def around(values: Tensor) -> Tensor:
        padded = F.pad(values, (1, 1, 1, 1))[0]
        return padded[:, row : row + 3, column : column + 3].cpu()

    kernel, bias = net.kernels["conv1_1"][channel], net.biases["conv1_1"][channel]
    pixels = around(255 * picture - vgg.MEAN)
    return FirstSum(around(picture), pixels, kernel.cpu(), bias.item())


def elsewhere(layer: str) -> str:
    """Why the sum of another layer is not drawn."""
    before = layers.LAYERS[layers.LAYERS.index(layer) - 1]
    if layer.startswith("pool"):
        text = _(
            "{} adds nothing: it keeps the largest of 2 × 2 numbers of {}. Go to "
            "relu1_1 to see how a number is made of pixels."
        )
        return text.format(layer, before)
    maps = layers.channels(layers.LAYERS[layers.LAYERS.index(layer) - 2])
    text = _(
        "One number of {} is a sum of 3 × 3 × {} = {} products, too many to draw. Go "
        "to relu1_1: there 3 × 3 × 3 = 27 are drawn."
    )
    return text.format(layer, maps, f"{9 * maps:,}")


def drawing(one: FirstSum, channel: int) -> str:
    """The sum as HTML: per colour the pixels, weights and products; then the total."""
    heads = ("", _("pixels − mean"), "", _("weights"), "", _("products"), "", _("sum"))
    parts = [f'<span class="sl-sum-head">{head}</span>' for head in heads]
    for i, colour in enumerate(COLOURS):
        patch, weights, products = one.patch[i], one.weights[i], one.products[i]
        parts += [
            f'<b class="sl-sum-colour">{_(colour)}</b>',
            cells(one.pixels[i], ".0f", [light(v, TINTS[i]) for v in numbers(patch)]),
            "<span>×</span>",
            cells(weights, ".2f", signs(weights, one.weights)),
            "<span>=</span>",
            cells(products, ".1f", signs(products, one.products)),
            "<span>→</span>",
            f'<b class="sl-number">{signed(products.sum().item())}</b>',
        ]
    terms = [signed(s) for s in one.products.sum(dim=(1, 2)).tolist()]
    bias = _("{} (bias)").format(signed(one.bias))
    whole = " + ".join([*terms, bias]).replace("+ −", "− ")
    answer = f"relu = <b class='sl-number'>{one.value:.1f}</b>"
    line = f"{whole} = <b>{signed(one.total)}</b>, {answer}"
    about = f'role="img" aria-label="{words(one, channel)}"'
    grid = f'<div class="sl-sum" {about}>{"".join(parts)}</div>'
    return f'{grid}<p class="sl-sum-line">{line}</p>'


def words(one: FirstSum, channel: int) -> str:
    """The sum in one sentence, for screen readers."""
    terms = one.products.sum(dim=(1, 2)).tolist()
    sums = zip(map(_, COLOURS), terms, strict=True)
    named = ", ".join(f"{colour} {signed(term)}" for colour, term in sums)
    text = _(
        "Channel {}: the nine products of each colour sum to {}; with the bias {} this "
        "is {}, and relu makes {} of it."
    )
    bias, total, value = signed(one.bias), signed(one.total), f"{one.value:.1f}"
    return text.format(channel, named, bias, total, value)


def numbers(values: Tensor) -> list[float]:
    return values.flatten().tolist()


def signed(value: float, form: str = ".1f") -> str:
    """A number with a true minus, as a column of numbers needs it; never minus zero."""
    text = f"{value:{form}}"
    return text.replace("-", "−") if float(text) else f"{0:{form}}"


def short(value: float, form: str) -> str:
    """As `signed`, but .13 for 0.13: for a narrow cell."""
    text = signed(value, form)
    return text.replace("0.", ".") if abs(value) < 1 else text


def cells(values: Tensor, form: str, colours: list[str]) -> str:
    """Nine numbers in a square, each on its colour."""
    squares = zip(numbers(values), colours, strict=True)
    parts = [f'<i style="{c}">{short(v, form)}</i>' for v, c in squares]
    return f'<span class="sl-nine">{"".join(parts)}</span>'


def light(value: float, tint: tuple[int, int, int]) -> str:
    """A pixel's one colour as a background, and ink that is legible on it."""
    red, green, blue = (round(255 * value * part) for part in tint)
    # Relative luminance; from 0.18 on, black has the higher contrast.
    r, g, b = (value**2.2 * part for part in tint)
    ink = "#000" if 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 else "#fff"
    return f"background:rgb({red},{green},{blue});color:{ink}"


def signs(values: Tensor, all_values: Tensor) -> list[str]:
    """Blue below zero, orange above: the farther from zero, the stronger."""
    top = all_values.abs().max().item() or 1.0
    return [sign(value / top) for value in numbers(values)]


def sign(share: float) -> str:
    hue = (86, 180, 233) if share < 0 else (230, 159, 0)
    mixed = (round(255 - abs(share) * (255 - part)) for part in hue)
    return f"background:rgb({','.join(map(str, mixed))});color:#000"
