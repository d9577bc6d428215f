"""Photos as phones, cameras and printers leave them: profiles, HEIC, AVIF, notes."""

import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from color_profiles import (
    DISPLAY_P3,
    P3,
    SRGB,
    TONE,
    as_srgb,
    curve,
    decoded,
    encoded,
    icc,
    matrix,
)
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, features
from test_picture_sources import SETTINGS, SIDES, UPRIGHT, array, noise, refused

from stylelab.pictures import files, images

needs_avif = pytest.mark.skipif(
    not features.check("avif"), reason="this Pillow has no AVIF"
)
PHONE = ["heic", pytest.param("avif", marks=needs_avif)]


@pytest.fixture(autouse=True)
def _nothing_said_yet():
    files._note.cache_clear()


def notes_of(source: images.Source, *words: str) -> np.ndarray:
    """The bytes of `source`, which is opened twice with a single note of `words`."""
    with pytest.warns(UserWarning, match=".*".join(words)):
        pixels = array(source)
    assert (array(source) == pixels).all()  # another warning would be an error
    return pixels


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    """`image` in the format that the suffix of `path` names, as well as it can."""
    pillow_heif.register_heif_opener()
    image.save(path, quality=100, **options)
    return path


@SETTINGS
@given(height=SIDES, width=SIDES, seed=st.integers(0, 99), alpha=st.booleans())
def test_wide_colours_become_the_srgb_that_looks_alike(height, width, seed, alpha):
    pixels = noise(height, width, seed=seed)
    image = Image.fromarray(pixels)
    if alpha:
        image.putalpha(255)
    image.info["icc_profile"] = DISPLAY_P3
    assert np.abs(array(image) - as_srgb(pixels)).max() <= 1.5
    assert (array(images.open_picture(image)) == array(image)).all()  # not once more


ADOBE = [[0.60974, 0.31111, 0.01947], [0.20528, 0.62567, 0.06087]]
ADOBE += [[0.14919, 0.06322, 0.74457]]
PROPHOTO = [[0.79767, 0.28804, 0], [0.13519, 0.71188, 0], [0.03134, 0.00009, 0.82491]]


@pytest.mark.parametrize(
    ("primaries", "gamma"),
    [(ADOBE, 2.2), (PROPHOTO, 1.8), (SRGB, 1.0), (P3, 2.2)],
    ids=["Adobe RGB", "ProPhoto", "linear sRGB", "P3 with a gamma"],
)
def test_other_rgb_becomes_the_srgb_that_looks_alike(tmp_path, primaries, gamma):
    """The oracle: through XYZ, by the matrices alone."""
    pixels = noise(30, 40)
    tone = curve(np.linspace(0, 1, 4096) ** gamma)
    path = tmp_path / "p.png"
    Image.fromarray(pixels).save(path, icc_profile=matrix(primaries, tone))
    light = (pixels / 255) ** gamma @ np.array(primaries) @ np.linalg.inv(SRGB)
    error = np.abs(array(path) - encoded(light))
    assert error.max() <= 3  # next to black, a level of 8 bits is steep
    assert error.mean() <= 0.4
    assert np.abs(pixels - encoded(light)).mean() > 5


@pytest.mark.parametrize("kind", ["png", "tif", "webp", "jpg", *PHONE])
def test_the_profile_of_a_file_is_used(tmp_path, kind):
    path = tmp_path / f"photo.{kind}"
    for colour in ([255, 0, 0], [128, 128, 128], [90, 140, 60]):
        image = Image.new("RGB", (32, 32), tuple(colour))
        saved(path, image, icc_profile=DISPLAY_P3, lossless=True)
        error = np.abs(array(path) - as_srgb(np.array(colour))).max()
        assert error <= (1.5 if kind in ("png", "tif", "webp") else 5)
    assert as_srgb(np.array([255, 0, 0])).round().tolist() == [255, 0, 0]


def test_palettes_and_what_is_half_transparent_have_profiles_too(tmp_path):
    path = tmp_path / "p.png"
    image = Image.new("P", (2, 1))
    image.putpalette([90, 140, 60, 90, 140, 60])
    image.putdata([0, 1])
    image.save(path, icc_profile=DISPLAY_P3, transparency=b"\xff\x80")
    opaque, half = notes_of(path, "p.png", "transparent")[0]
    expected = as_srgb(np.array([90, 140, 60]))
    assert np.abs(opaque - expected).max() <= 1
    assert np.abs(half - (expected * 128 + 255 * 127) / 255).max() <= 1.5


@pytest.mark.parametrize("points", [26, 1024, 4096, None])
def test_srgb_stays_what_it_is(tmp_path, points):
    """Saved recipes hold the fingerprints of such photos."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if points is not None:
        profile = matrix(SRGB, curve(decoded(np.linspace(0, 1, points))))
    for mode in ("RGB", "L", "P"):
        image = Image.fromarray(noise(40, 40)).convert(mode)
        plain = images.fingerprint(image)
        image.save(tmp_path / "p.png", icc_profile=profile)
        assert images.fingerprint(tmp_path / "p.png") == plain


def test_what_only_calls_itself_srgb_is_converted():
    image = Image.new("RGB", (1, 1), (100, 100, 100))
    image.info["icc_profile"] = matrix(SRGB, curve(np.linspace(0, 1, 2)))
    assert np.abs(array(image) - encoded(np.array(100 / 255))).max() <= 1


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_grey_has_profiles(tmp_path, kind):
    path, top = tmp_path / "grey.png", np.iinfo(kind).max
    profile = icc(b"GRAY", {b"kTRC": curve(np.linspace(0, 1, 512) ** 1.8)})
    grey = np.linspace(0, top, 52).astype(kind)[None]
    Image.fromarray(grey).save(path, icc_profile=profile)
    expected = encoded((grey / top) ** 1.8)[..., None]
    # Next to black, a level of 8 bits is steep.
    assert np.abs(array(path) - expected)[:, 2:].max() <= 1.5
    # Grey in a colour profile is grey.
    Image.fromarray(grey).save(path, icc_profile=DISPLAY_P3)
    assert np.ptp(array(path), axis=2).max() <= 1


def printer() -> bytes:
    """A profile for CMYK in which every ink alone takes the lightness linearly to 0."""
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0])
    table += struct.pack(">9i", *(65536 * (i % 4 == 0) for i in range(9)))
    lightness = [255 if corner == 0 else 0 for corner in range(16)]
    corners = b"".join(bytes([level, 128, 128]) for level in lightness)
    ramp = bytes(range(256))
    return icc(b"CMYK", {b"A2B0": table + 4 * ramp + corners + 3 * ramp}, b"Lab ")


@pytest.mark.parametrize("kind", ["tif", "jpg"])
def test_ink_has_the_colours_of_its_profile(tmp_path, kind):
    path = tmp_path / f"ink.{kind}"
    for ink in (0, 64, 128, 255):
        image = Image.new("CMYK", (8, 8), (0, 0, 0, ink))
        image.save(path, icc_profile=printer(), quality=100)
        lightness = 100 * (1 - ink / 255)
        low = lightness / 903.3
        light = low if lightness <= 8 else ((lightness + 16) / 116) ** 3
        assert np.abs(array(path) - encoded(np.array(light))).max() <= 2.5


def test_lab_is_read_as_it_was(tmp_path):
    path = tmp_path / "lab.tif"
    lab = Image.fromarray(noise(4, 4)).convert("LAB")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    lab.save(path, icc_profile=profile)
    assert (array(path) == np.asarray(lab.convert("RGB"))).all()


GREY = icc(b"GRAY", {b"kTRC": TONE})


@pytest.mark.parametrize("bad", [b"junk", DISPLAY_P3[:300], GREY, printer()])
def test_profiles_that_cannot_be_used_are_named(tmp_path, bad):
    path = tmp_path / "odd.png"
    Image.fromarray(noise(4, 4)).save(path, icc_profile=bad)
    assert (notes_of(path, "profile", "odd.png", "ignored") == noise(4, 4)).all()


# ---- transparency


def test_transparency_is_told_once_and_only_where_it_is(tmp_path):
    image = Image.fromarray(noise(4, 4, 4))
    image.putalpha(255)
    image.save(tmp_path / "opaque.png")
    array(tmp_path / "opaque.png")
    palette = Image.fromarray(noise(4, 4)).quantize(4)
    palette.save(tmp_path / "unused.png", transparency=200)
    array(tmp_path / "unused.png")
    image.putpixel((1, 1), (0, 0, 0, 254))
    image.save(tmp_path / "cut.png")
    notes_of(tmp_path / "cut.png", "cut.png", "transparent", "white")


PEAK = """if True:
    import resource, sys, warnings
    from PIL import Image
    from stylelab.pictures import images
    Image.new("RGB", (9, 9)).save(sys.argv[1])  # loads what Pillow loads late
    images.open_picture(sys.argv[1])
    image = Image.new(sys.argv[2], (5000, 3000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    warnings.simplefilter("ignore")
    images.open_picture(image)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in kilobytes there")
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "F"])
def test_a_large_picture_is_in_memory_once_more_at_most(tmp_path, mode):
    command = [sys.executable, "-c", PEAK, str(tmp_path / "p.png"), mode]
    root = Path(images.__file__).parents[2]
    child = subprocess.run(command, cwd=root, capture_output=True, text=True)
    picture = 5000 * 3000 * 4 / 1024  # Pillow takes four bytes for a pixel of RGB
    assert int(child.stdout) < 1.5 * picture, child.stderr


# ---- HEIC and AVIF


@pytest.mark.parametrize("kind", PHONE)
@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA"])
def test_photos_of_phones_open(tmp_path, kind, mode):
    blocks = np.kron(noise(2, 3), np.ones((32, 32, 1), dtype=np.uint8))
    image = Image.fromarray(blocks).convert(mode)
    expected = np.asarray(image.convert("RGB")).astype(float)
    path = saved(tmp_path / f"p.{kind}", image)
    assert np.abs(array(path) - expected).mean() < 4
    wrong = path.with_name("IMG_0001.jpg")
    wrong.write_bytes(path.read_bytes())
    assert (array(wrong) == array(path)).all()
    if mode == "RGBA":
        image.putalpha(128)
        pixels = notes_of(saved(path, image), "transparent")
        assert np.abs(pixels - (expected * 128 + 255 * 127) / 255).mean() < 4


@pytest.mark.parametrize("kind", PHONE)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_phones_are_turned_once(tmp_path, kind, orientation):
    """Phones say it twice, in EXIF and beside it; the writers here do the same."""
    blocks = np.kron(noise(2, 3), np.ones((32, 32, 1), dtype=np.uint8))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.fromarray(blocks)
    pixels = array(saved(tmp_path / f"p.{kind}", image, exif=exif.tobytes()))
    expected = UPRIGHT[orientation](blocks)
    assert pixels.shape == expected.shape
    assert np.abs(pixels.astype(float) - expected).mean() < 4


def test_ten_bits_are_scaled(tmp_path):
    values = np.full((32, 32, 3), 40_000, dtype=np.uint16)
    photo = pillow_heif.from_bytes("RGB;16", (32, 32), values.tobytes())
    photo.save(tmp_path / "ten.heic", quality=100)
    assert np.abs(array(tmp_path / "ten.heic").astype(int) - 156).max() <= 2


@pytest.mark.parametrize("kind", PHONE)
def test_large_and_short_files_are_refused(tmp_path, kind):
    path = saved(tmp_path / f"p.{kind}", Image.fromarray(noise(64, 64)))
    whole = path.read_bytes()
    size = struct.pack(">4x2I", 64, 64)
    assert b"ispe" + size in whole
    larger = b"ispe" + struct.pack(">4x2I", 12_000, 12_000)
    path.write_bytes(whole.replace(b"ispe" + size, larger))
    refused(path, path.name, "12000 x 12000", "100 million")
    for length in range(1, len(whole), 99):
        path.write_bytes(whole[:length])
        refused(path, path.name, "JPEG")


def test_heic_is_read_by_who_has_not_heard_of_it(tmp_path):
    path = saved(tmp_path / "p.heic", Image.new("RGB", (64, 48)))
    code = "import sys; from stylelab.pictures import images as i; "
    code += "print(i.open_picture(sys.argv[1]).size)"
    command = [sys.executable, "-c", code, str(path)]
    root = Path(images.__file__).parents[2]
    child = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert (child.stdout, child.stderr) == ("(64, 48)\n", "")


@needs_avif
def test_avif_is_not_taken_for_heic(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    path = saved(tmp_path / "a.avif", Image.new("RGB", (16, 16), "red"))
    path.write_bytes(path.read_bytes().replace(b"ftypavif", b"ftypmif1", 1))
    assert array(path).shape == (16, 16, 3)


def test_what_reads_neither_says_so(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    monkeypatch.setattr(features, "check", lambda name: False)
    path = tmp_path / "IMG_0001.jpg"
    for brand in ("heic", "heix", "mif1", "msf1", "avif", "avis"):
        kind = "avif" if brand.startswith("av") else "heic"
        content = f"\0\0\0\x18ftyp{brand}\0\0\0\0mif1{kind}".encode() + bytes(50)
        path.write_bytes(content)
        refused(path, "IMG_0001.jpg", kind.upper(), "JPEG")
    for length in range(1, 60):
        path.write_bytes(content[:length])
        refused(path, "IMG_0001.jpg")
    path.write_bytes(b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(50))
    assert "export" not in refused(path, "IMG_0001.jpg")
