"""Damaged pictures of every kind: whatever is in a file, it is a picture or a sentence.

Case number n is the same everywhere: a failure names it, and `damaged(n)` makes it.
"""

import io
import random
import struct
import time
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin, features

from stylelab.pictures import files
from stylelab.pictures.files import PictureError

SECONDS = 50  # of the long test
MOST = 1_000_000  # pixels: a size that is a lie shall not cost all the memory
RECORD = b'{"recipe": {"task": "texture", "size": 32}, "pictures": {}}'
EXTREMES = (b"\0", b"\1", b"\x7f", b"\x80", b"\xff", b"\0\0\0\0", b"\xff" * 4)
EXTREMES += (b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x80\0\0\0", b"\0\1\0\0")


def pictures() -> dict[str, bytes]:
    """A small, sound file of each kind."""
    colours = Image.effect_noise((24, 20), 60).convert("RGB")
    orientation, text = Image.Exif(), PngImagePlugin.PngInfo()
    orientation[0x0112] = 6
    text.add_text("stylelab", RECORD.decode(), zip=True)
    kinds: dict[str, tuple[str, str, dict]] = {
        "png": ("PNG", "RGB", {"pnginfo": text, "exif": orientation}),
        "png palette": ("PNG", "P", {"transparency": 3}),
        "png 16 bit": ("PNG", "I;16", {}),
        "png alpha": ("PNG", "RGBA", {}),
        "apng": ("PNG", "RGB", {"save_all": True, "append_images": [colours] * 2}),
        "jpeg": ("JPEG", "RGB", {"comment": RECORD, "exif": orientation}),
        "jpeg progressive": ("JPEG", "RGB", {"progressive": True}),
        "jpeg cmyk": ("JPEG", "CMYK", {}),
        "jpeg grey": ("JPEG", "L", {}),
        "gif": ("GIF", "P", {"save_all": True, "append_images": [colours] * 2}),
        "tiff": ("TIFF", "RGB", {}),
        "tiff lzw": ("TIFF", "RGB", {"compression": "tiff_lzw"}),
        "tiff jpeg": ("TIFF", "RGB", {"compression": "jpeg"}),
        "tiff fax": ("TIFF", "1", {"compression": "group4"}),
        "tiff zip": ("TIFF", "I;16", {"compression": "tiff_adobe_deflate"}),
        "tiff float": ("TIFF", "F", {}),
        "webp": ("WEBP", "RGB", {}),
        "webp lossless": ("WEBP", "RGBA", {"lossless": True}),
        "bmp": ("BMP", "RGB", {}),
        "bmp palette": ("BMP", "P", {}),
        "ppm": ("PPM", "RGB", {}),
        "pgm": ("PPM", "L", {}),
    }
    if features.check("avif"):
        kinds["avif"] = ("AVIF", "RGB", {})
    found = {}
    for name, (kind, mode, options) in kinds.items():
        through = "L" if mode == "I;16" else mode
        colours.convert(through).convert(mode).save(
            file := io.BytesIO(), kind, **options
        )
        found[name] = file.getvalue()
    return found


SOUND = pictures()


def flipped(data: bytes, draw: random.Random) -> bytes:
    """A few bytes are others."""
    spoilt = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 5, 20))):
        spoilt[draw.randrange(len(spoilt))] = draw.randrange(256)
    return bytes(spoilt)


def cut(data: bytes, draw: random.Random) -> bytes:
    """The end is missing."""
    return data[: draw.randrange(len(data))]


def lying(data: bytes, draw: random.Random) -> bytes:
    """The head holds extreme numbers."""
    place, lie = draw.randrange(min(len(data), 200)), draw.choice(EXTREMES)
    return data[:place] + lie + data[place + len(lie) :]


def spliced(data: bytes, draw: random.Random) -> bytes:
    """A piece of another file, or of this one, stands somewhere in it."""
    other = draw.choice([data, *SOUND.values()])
    start = draw.randrange(len(other))
    piece = other[start : start + draw.choice((1, 4, 30, 500))]
    place = draw.randrange(len(data))
    over = draw.choice((0, len(piece), draw.randrange(100)))
    return data[:place] + piece + data[place + over :]


def rechunked(data: bytes, draw: random.Random) -> bytes:
    """A PNG whose checksums are right, with a chunk spoilt, doubled, moved or lost."""
    if not data.startswith(b"\x89PNG"):
        return spliced(data, draw)
    chunks, place = [], 8
    while place + 12 <= len(data):
        (size,) = struct.unpack(">I", data[place : place + 4])
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + size]
        chunks.append((kind, body))
        place += 12 + size
    if not chunks:
        return data
    which = draw.randrange(len(chunks))
    kind, body = chunks[which]
    way = draw.randrange(5)
    if way == 0 and body:
        chunks[which] = kind, draw.choice((flipped, lying, cut))(body, draw)
    elif way == 1:
        chunks.insert(draw.randrange(len(chunks)), (kind, body))
    elif way == 2:
        chunks.insert(draw.randrange(len(chunks)), chunks.pop(which))
    elif way == 3:
        del chunks[which]
    else:
        chunks[which] = draw.choice((b"tEXt", b"zTXt", b"iCCP", b"eXIf", kind)), body
    return data[:8] + b"".join(
        struct.pack(">I", len(b)) + k + b + struct.pack(">I", zlib.crc32(k + b))
        for k, b in chunks
    )


WAYS: list[Callable[[bytes, random.Random], bytes]] = [
    flipped,
    cut,
    lying,
    spliced,
    rechunked,
]


def damaged(case: int) -> tuple[str, bytes]:
    """The kind and the content of file number `case`."""
    draw = random.Random(case)
    kind = draw.choice([*SOUND])
    data = SOUND[kind]
    for _ in range(draw.choice((1, 1, 2, 3))):
        data = draw.choice(WAYS)(data, draw) or b"\0"
    return kind, data


def check(case: int, path: Path) -> bool:
    """Whether file number `case` is a picture; fails for anything but a sentence."""
    kind, data = damaged(case)
    path.write_bytes(data)
    sound = False
    for read in (
        lambda: files.decode(io.BytesIO(data), f"'{path.name}'", MOST),
        lambda: files.read_record(path),
    ):
        try:
            sound = bool(read()) or sound
        except PictureError as error:
            text = str(error)
            short = len(text) < 300 + len(str(path.parent))
            good = short and "\n" not in text and path.name in text
            assert good, f"case {case}, {kind}: {text}"
        except Exception as error:
            pytest.fail(f"case {case}, {kind}: {error!r}")
    return sound


def run(path: Path, most: int, seconds: float) -> str:
    """Tries at most `most` files for at most so long, and says how many there were."""
    began, sound, case, slowest = time.monotonic(), 0, 0, 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        while case < most and (before := time.monotonic()) - began < seconds:
            sound += check(case, path)
            slowest = max(slowest, time.monotonic() - before)
            case += 1
    return f"{case} damaged pictures, {sound} still sound, slowest {slowest:.1f} s"


def test_the_sound_ones_are_read(tmp_path):
    for kind, data in SOUND.items():
        with warnings.catch_warnings(action="ignore"):
            image = files.decode(io.BytesIO(data), kind)
        assert sorted(image.size) == [20, 24]
    for kind in ("png", "jpeg"):
        (tmp_path / "x").write_bytes(SOUND[kind])
        assert files.read_record(tmp_path / "x")["recipe"]["task"] == "texture"


def test_a_few_hundred_damaged_pictures(tmp_path):
    assert run(tmp_path / "x.png", 400, 60).startswith("400 ")


@pytest.mark.slow
def test_damaged_pictures_for_most_of_a_minute(tmp_path, capsys):
    told = run(tmp_path / "x.png", 10**9, SECONDS)
    with capsys.disabled():
        print(f"\n{told}")
    assert int(told.split()[0]) > 400
