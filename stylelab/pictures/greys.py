"""Grey of many bits or floating point, whose white few files tell, as 8 bits."""

import itertools
from collections.abc import Iterator, Mapping

import numpy as np
from PIL import Image

from stylelab.core.language import _

# The largest numbers of 1, 8, 10, 12, 14 and 16 bits.
WHITES = (1, 255, 1023, 4095, 16383, 65535)
OVER = 0.05  # share of white by which floating point may pass it, as resizing makes it
DARKEST = 0.25  # share of a usual white that the brightest number reaches at least
# Tags of TIFF, the number of bits, and the largest number by its two names.
BITS, BRIGHTEST, PHOTOMETRIC, KIND = 258, (341, 281), 262, 339
WHITE_IS_ZERO, UNSIGNED = 0, 1


def is_deep(image: Image.Image) -> bool:
    """Whether `image` is grey of more than 8 bits."""
    return image.mode.startswith("I") or image.mode == "F"


def to_8_bits(image: Image.Image, file: Image.Image) -> tuple[Image.Image, str]:
    """`image` as grey of 8 bits, and how its numbers were read, if that is a guess.

    file: the image as it was opened, which may tell its white. A ValueError for NaN.
    """
    tags: Mapping = getattr(file, "tag_v2", {})
    unsigned = image.mode == "I" and tags.get(BITS) == (32,)
    unsigned = unsigned and tags.get(KIND, (UNSIGNED,)) == (UNSIGNED,)
    darkest, brightest = np.inf, -np.inf
    for _top, strip in strips(image):
        values = _numbers(strip, unsigned)
        if not np.isfinite(values).all():
            raise ValueError(_("holds NaN or infinity; accepted are finite values."))
        darkest = min(darkest, float(values.min()))
        brightest = max(brightest, float(values.max()))
    black, white, guess = _range(image.mode, darkest, brightest, _told(file, tags))
    inverted = tags.get(PHOTOMETRIC) == WHITE_IS_ZERO  # Pillow turns only 8 bits round
    grey = Image.new("L", image.size)
    for top, strip in strips(image):
        scaled = (_numbers(strip, unsigned) - black) * (255 / ((white - black) or 1))
        levels = np.rint(scaled).clip(0, 255).astype(np.uint8)
        grey.paste(Image.fromarray(255 - levels if inverted else levels), (0, top))
    return grey, guess


def strips(image: Image.Image, height: int = 256) -> Iterator[tuple[int, Image.Image]]:
    """`image` in pieces, each with its top: a whole copy may not fit into memory."""
    tops = [*range(0, image.height, height), image.height]
    for top, bottom in itertools.pairwise(tops):
        yield top, image.crop((0, top, image.width, bottom))


def _numbers(strip: Image.Image, unsigned: bool) -> np.ndarray:
    """The pixels in double precision, which holds every number of 32 bits."""
    values = np.asarray(strip)
    return (values.view(np.uint32) if unsigned else values).astype(np.float64)


def _told(file: Image.Image, tags: Mapping) -> float | None:
    """The number that is white, if the file says so."""
    if file.format == "PPM" and file.mode == "I":  # Pillow brings it there
        return 65535
    for tag in BRIGHTEST:
        values = tags.get(tag) or (0,)
        white = values[0] if isinstance(values, tuple) else values
        if 0 < white < np.inf:
            return float(white)
    # 16 and 32 bits are the usual boxes for fewer ones.
    bits = (tags.get(BITS) or (16,))[0]
    return 2**bits - 1 if bits < 16 else None


def _range(
    mode: str, darkest: float, brightest: float, told: float | None
) -> tuple[float, float, str]:
    """The numbers that are black and white, and how they were found, if by a guess."""
    over = OVER if mode == "F" else 0.0
    if told is not None and darkest >= 0 and brightest <= told * (1 + over):
        return 0.0, told, ""
    fitting = (w for w in WHITES if brightest <= w * (1 + over))
    white = next(fitting, brightest)
    if mode == "F" and white > 1 and brightest < DARKEST * white:
        white = brightest
    if darkest < -over * white:  # no custom says what these numbers are
        guess = f"its smallest number, {darkest:g}, is taken for black and "
        return darkest, brightest, f"{guess}its largest, {brightest:g}, for white"
    certain = brightest <= 0 or white == (1 if mode == "F" else 65535)
    return 0.0, white, "" if certain else f"{white:g} is taken for white"
