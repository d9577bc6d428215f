"""Grey of many bits and floating point: the white of the file, or a guess that is told.

The oracle is a ramp: whatever its numbers are, its middle is grey.
"""

import re
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from test_photos import notes_of
from test_picture_sources import SETTINGS, SIDES, array, noise, refused

from stylelab.pictures import files, greys

RAMP = np.linspace(0, 1, 2400).reshape(40, 60)
EXACT = np.rint(255 * RAMP)


@pytest.fixture(autouse=True)
def _nothing_said_yet():
    files._note.cache_clear()


def tiff(path: Path, data: bytes, bits: int, kind: int = 1, **more: float) -> Path:
    """A grey TIFF of 60 x 40 pixels, written by hand: photo, largest: further tags."""
    largest = more.get("largest")
    tags = [(256, 3, 60), (257, 3, 40), (258, 3, bits), (259, 3, 1)]
    tags += [(262, 3, more.get("photo", 1)), (273, 4, 8 + 2 + 12 * 11 + 4)]
    tags += [(277, 3, 1), (278, 3, 40), (279, 4, len(data)), (339, 3, kind)]
    tags += [(341, 11, largest) if largest else (340, 3, 0)]
    body = struct.pack("<H", len(tags))
    for tag, of, value in tags:
        body += struct.pack("<HHI", tag, of, 1)
        body += struct.pack({3: "<H2x", 4: "<I", 11: "<f"}[of], value)
    path.write_bytes(b"II*\0\x08\0\0\0" + body + bytes(4) + data)
    return path


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 15, 16])
@pytest.mark.parametrize("kind", ["png", "tif"])
def test_the_smallest_usual_white_that_fits_is_taken_and_said(tmp_path, bits, kind):
    path, top = tmp_path / f"ramp.{kind}", 2**bits - 1
    Image.fromarray(np.rint(top * RAMP).astype(np.uint16)).save(path)
    if bits < 15:
        pixels = notes_of(path, f"ramp.{kind}", f"{top} is taken for white")
        assert np.abs(pixels - EXACT[..., None]).max() <= 1
    else:  # the box is full, or half full: no guess
        assert np.abs(array(path)[..., 0] - EXACT * top / 65535).max() <= 1


@pytest.mark.parametrize("top", [1, 255, 4095, 65535, 10**6, 2**31 - 1])
def test_whole_numbers_of_32_bits_are_read_by_their_range(top):
    values = np.rint(top * RAMP).astype(np.int32)
    image = Image.fromarray(values)
    pixels = (
        array(image)
        if top == 65535
        else notes_of(image, re.escape(f"{top:g} is taken"))
    )
    assert np.abs(pixels[..., 0] - 255 * (values / top)).max() <= 1


@pytest.mark.parametrize(
    ("top", "white"),
    [
        *((0.5, 1), (1, 1), (1.0001, 1), (1.04, 1), (1.7, 1.7), (40, 40), (200, 255)),
        *((255.3, 255), (4095, 4095), (65535, 65535), (1e6, 1e6)),
    ],
)
def test_floating_point_is_read_by_its_range(tmp_path, top, white):
    """A few numbers over white, as resizing makes them, do not darken a picture."""
    path = tmp_path / "f.tif"
    Image.fromarray((top * RAMP).astype(np.float32)).save(path)
    pixels = (
        array(path) if white == 1 else notes_of(path, re.escape(f"{white:g} is taken"))
    )
    expected = (255 * top / white * RAMP).clip(0, 255)
    assert np.abs(pixels[..., 0] - expected).max() <= 1


def test_numbers_below_zero_are_shown_and_said():
    values = np.array([[-1.0, 0.0, 1.0]], dtype=np.float32)
    said = "its smallest number, -1, is taken for black and its largest, 1, for white"
    assert notes_of(Image.fromarray(values), said)[0, :, 0].tolist() == [0, 128, 255]
    assert notes_of(Image.fromarray(values * 0 - 7), "-7").max() == 0
    whole = Image.fromarray(np.array([[-1000, 500, 2000]], dtype=np.int32))
    assert notes_of(whole, "-1000")[0, :, 0].tolist() == [0, 128, 255]
    resized = Image.fromarray(values.clip(-0.03, 1))
    assert array(resized)[0, :, 0].tolist() == [0, 0, 255]


def test_what_a_tiff_tells_is_no_guess(tmp_path):
    twelve = np.rint(2000 * RAMP).astype(int)  # a dark picture of 12 bits
    packed = int("".join(f"{v:012b}" for v in twelve.flat), 2).to_bytes(3600, "big")
    dark = EXACT * 2000 / 4095
    for file in (
        tiff(tmp_path / "packed.tif", packed, 12),
        tiff(tmp_path / "told.tif", twelve.astype("<u2").tobytes(), 16, largest=4095),
    ):
        assert np.abs(array(file)[..., 0] - dark).max() <= 1
    values = (2000 * RAMP).astype("<f4").tobytes()
    file = tiff(tmp_path / "float.tif", values, 32, 3, largest=4095)
    assert np.abs(array(file)[..., 0] - dark).max() <= 1
    # A largest number that is not the largest is not believed.
    file = tiff(tmp_path / "wrong.tif", values, 32, 3, largest=1)
    assert notes_of(file, "4095 is taken").max() == round(255 * 2000 / 4095)


@pytest.mark.parametrize(("code", "kind"), [("<u2", 1), ("<f4", 3)])
def test_a_negative_is_turned_round(tmp_path, code, kind):
    """Photometric 0: zero is white. Scanners of film write that."""
    top = 65535 if kind == 1 else 1
    data = (top * RAMP).astype(code)
    file = tiff(tmp_path / "n.tif", data.tobytes(), 8 * data.itemsize, kind, photo=0)
    assert np.abs(array(file)[..., 0] - (255 - EXACT)).max() <= 1


def test_numbers_without_a_sign_use_all_32_bits(tmp_path):
    data = np.rint((2**32 - 1) * RAMP).astype("<u4").tobytes()
    pixels = notes_of(tiff(tmp_path / "u.tif", data, 32), "4.29497e")
    assert np.abs(pixels[..., 0] - EXACT).max() <= 1


@pytest.mark.parametrize("top", [1000, 4095, 65535])
def test_a_pgm_tells_its_white(tmp_path, top):
    values = np.rint(top * RAMP / 5).astype(">u2")  # a dark picture
    path = tmp_path / "p.pgm"
    path.write_bytes(b"P5 60 40 %d\n" % top + values.tobytes())
    assert np.abs(array(path)[..., 0] - EXACT / 5).max() <= 1


@SETTINGS
@given(height=SIDES, width=SIDES, seed=st.integers(0, 99), odd=st.booleans())
def test_turned_grey_is_the_same_grey(tmp_path_factory, height, width, seed, odd):
    """And so is every pixel of a picture of many strips."""
    values = noise(height * (90 if odd else 1), width, 1, seed)[..., 0] * np.uint16(257)
    values[0, 0] = 65535
    path = tmp_path_factory.mktemp("grey") / "g.tif"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(values).save(path, exif=exif)
    assert (array(path)[..., 0] == np.rot90(values // 257, -1)).all()


def test_black_stays_black_without_a_word():
    for kind in (np.uint16, np.int32, np.float32):
        assert array(Image.fromarray(np.zeros((3, 4), kind))).max() == 0


def test_not_a_number_is_refused(tmp_path):
    values = RAMP.astype(np.float32)
    for bad in (np.nan, np.inf, -np.inf):
        values[39, 59] = bad
        refused(Image.fromarray(values), "NaN")


def test_strips_are_the_picture():
    image = Image.fromarray(noise(700, 3))
    pieces = [*greys.strips(image, 256)]
    assert [top for top, _ in pieces] == [0, 256, 512]
    assert (np.vstack([piece for _, piece in pieces]) == np.asarray(image)).all()


def test_reading_grey_needs_no_copies_of_floating_point():
    image = Image.fromarray(np.zeros((2000, 1000), np.float32))
    tracemalloc.start()  # which sees what numpy asks for
    array(image)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * 2000 * 1000 * 4
