"""Pictures come in from anything, go out whole, and every bad one gets a sentence."""

import errno
import http.server
import json
import os
import random
import socket
import struct
import subprocess
import sys
import textwrap
import threading
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import EpsImagePlugin, Image, features

from stylelab.pictures import files as picture_files
from stylelab.pictures import images, samples
from stylelab.pictures.files import PictureError, read_record
from stylelab.pictures.writing import check_writable

SETTINGS = settings(deadline=None, max_examples=25)
SIDES = st.integers(1, 24)


def noise(height: int, width: int, channels: int = 3, seed: int = 0) -> np.ndarray:
    """Random bytes [H,W,C]."""
    shape = (height, width, channels)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def array(source: images.Source) -> np.ndarray:
    """The bytes [H,W,3] that `source` opens as."""
    image = images.open_picture(source)
    assert image.mode == "RGB"
    assert image.info == {}
    return np.asarray(image)


def refused(source: object, *words: str) -> str:
    """The sentence that refuses `source`; it names each of `words`."""
    with pytest.raises(PictureError) as caught:
        images.open_picture(source)
    return one_sentence(caught, *words)


def one_sentence(caught: pytest.ExceptionInfo, *words: str) -> str:
    text = str(caught.value)
    assert "\n" not in text
    assert text.endswith((".", "?"))
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    for word in words:
        assert str(word) in text
    return text


# ---- what just works


@SETTINGS
@given(height=SIDES, width=SIDES, seed=st.integers(0, 99))
def test_saved_pictures_come_back_exactly(tmp_path_factory, height, width, seed):
    path = tmp_path_factory.mktemp("round") / "p.png"
    pixels = noise(height, width, seed=seed)
    assert images.save(Image.fromarray(pixels), path) == path
    loaded = images.load(path)
    assert loaded.shape == (1, 3, height, width)
    assert loaded.dtype == torch.float32
    assert torch.equal(loaded[0].permute(1, 2, 0), torch.tensor(pixels) / 255)
    again = path.with_name("again.png")
    images.save(loaded, again)
    assert again.read_bytes() == path.read_bytes()


@SETTINGS
@given(height=SIDES, width=SIDES, batch=st.booleans(), half=st.booleans())
def test_tensors_open_as_their_nearest_bytes(height, width, batch, half):
    shape = [1, 3, height, width] if batch else [3, height, width]
    tensor = torch.rand(shape, dtype=torch.bfloat16 if half else torch.float32)
    exact = tensor.float().reshape(3, height, width).permute(1, 2, 0) * 255
    assert np.abs(array(tensor) - exact.numpy()).max() <= 0.5 + 1e-4
    assert images.to_image(tensor.requires_grad_()).size == (width, height)


def test_out_of_range_tensors_are_clipped_when_written_and_refused_when_read():
    tensor = torch.full((3, 2, 2), 1.5)
    tensor[0] = -0.5
    assert (np.asarray(images.to_image(tensor)) == [0, 255, 255]).all()
    refused(tensor, "-0.5", "1.5", "0..1")
    refused(-tensor, "0..1")
    array(torch.full((3, 2, 2), 1 + 1e-6))


def test_grey_is_the_same_in_every_channel(tmp_path):
    grey = noise(5, 7)[..., 0]
    Image.fromarray(grey).save(tmp_path / "grey.png")
    assert (array(tmp_path / "grey.png") == grey[..., None]).all()
    Image.fromarray(grey > 99).save(tmp_path / "bits.png")
    assert (array(tmp_path / "bits.png") == (grey > 99)[..., None] * 255).all()


def test_palettes_give_their_colours(tmp_path):
    image = Image.fromarray(noise(6, 6)).quantize(16)
    image.save(tmp_path / "palette.png")
    assert (array(tmp_path / "palette.png") == np.asarray(image.convert("RGB"))).all()


@pytest.mark.filterwarnings("ignore:.*transparent:UserWarning")
@pytest.mark.parametrize("transparency", [0, b"\x00\xff\x80"])
def test_transparent_palette_entries_are_white(tmp_path, transparency):
    image = Image.new("P", (3, 1))
    image.putpalette([10, 20, 30, 200, 100, 0, 0, 0, 0])
    image.putdata([0, 1, 2])
    image.save(tmp_path / "p.png", transparency=transparency)
    pixels = array(tmp_path / "p.png")[0].tolist()
    last = [0, 0, 0] if transparency == 0 else [127, 127, 127]
    assert pixels == [[255, 255, 255], [200, 100, 0], last]


@pytest.mark.filterwarnings("ignore:.*transparent:UserWarning")
@SETTINGS
@given(seed=st.integers(0, 99), grey=st.booleans())
def test_alpha_lies_over_white(seed, grey):
    pixels = noise(4, 4, 2 if grey else 4, seed).astype(np.float64)
    colours, alpha = pixels[..., :-1], pixels[..., -1:] / 255
    image = Image.fromarray(pixels.astype(np.uint8), "LA" if grey else "RGBA")
    assert np.abs(array(image) - (colours * alpha + 255 * (1 - alpha))).max() <= 1


@pytest.mark.parametrize("name", ["grey.png", "grey.tif"])
def test_sixteen_bits_are_scaled_not_clipped(tmp_path, name):
    values = np.array([[0, 257, 40000, 65535]], dtype=np.uint16)
    Image.fromarray(values).save(tmp_path / name)
    assert array(tmp_path / name)[0, :, 1].tolist() == [0, 1, 156, 255]


def test_sixteen_bits_survive_any_byte_order_and_colour(tmp_path):
    values = np.array([[0, 257, 40000, 65535]])
    for kind in ("<u2", ">u2", "<i4"):
        image = Image.fromarray(values.astype(kind))
        assert array(image)[0, :, 1].tolist() == [0, 1, 156, 255]
    (tmp_path / "colour.png").write_bytes(png(4, 1, 16, 2, bytes(range(0, 240, 10))))
    high_bytes = np.arange(0, 240, 10).reshape(4, 3, 2)[..., 0]
    assert np.abs(array(tmp_path / "colour.png")[0].astype(int) - high_bytes).max() <= 1


def test_cmyk_has_its_colours(tmp_path):
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "c.jpg", quality=100)
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "c.tif")
    for name in ("c.jpg", "c.tif"):
        assert np.abs(array(tmp_path / name).astype(int) - [255, 0, 0]).max() <= 3


UPRIGHT = {
    1: lambda stored: stored,
    2: np.fliplr,
    3: lambda stored: np.rot90(stored, 2),
    4: np.flipud,
    5: lambda stored: stored.swapaxes(0, 1),
    6: lambda stored: np.rot90(stored, -1),
    7: lambda stored: np.rot90(stored, 2).swapaxes(0, 1),
    8: lambda stored: np.rot90(stored, 1),
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["png", "tif", "jpg"])
def test_turned_cameras_give_upright_pictures(tmp_path, orientation, suffix):
    blocks = np.kron(noise(2, 3), np.ones((16, 16, 1), dtype=np.uint8))
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"turned.{suffix}"
    options = {"quality": 100, "subsampling": 0} if suffix == "jpg" else {}
    Image.fromarray(blocks).save(path, exif=exif, **options)
    expected = UPRIGHT[orientation](blocks)
    pixels = array(path)
    assert pixels.shape == expected.shape
    assert np.abs(pixels.astype(int) - expected).max() <= (8 if suffix == "jpg" else 0)


def test_damaged_exif_does_not_spoil_the_picture(tmp_path):
    path = tmp_path / "exif.png"
    Image.fromarray(noise(3, 4)).save(path, exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert (array(path) == noise(3, 4)).all()


@pytest.mark.parametrize("name", ["a.gif", "a.png", "a.webp"])
def test_animations_give_their_first_frame(tmp_path, name):
    if name == "a.webp" and not features.check("webp"):
        pytest.skip("this Pillow has no WebP")
    frames = [Image.new("RGB", (9, 6), colour) for colour in ("red", "lime", "blue")]
    more = {"save_all": True, "append_images": frames[1:], "duration": 50}
    frames[0].save(tmp_path / name, **more)
    assert np.abs(array(tmp_path / name).astype(int) - [255, 0, 0]).max() <= 4


def test_opening_leaves_a_pil_image_as_it_was():
    image = Image.fromarray(noise(4, 4))
    image.info["comment"] = "mine"
    opened = images.open_picture(image)
    opened.putpixel((0, 0), (1, 2, 3))
    assert (np.asarray(image) == noise(4, 4)).all()
    assert image.info == {"comment": "mine"}


# ---- sizes


@SETTINGS
@given(height=SIDES, width=SIDES, size=st.integers(1, 40))
def test_size_is_the_shorter_side_and_keeps_the_aspect(height, width, size):
    loaded = images.load(Image.fromarray(noise(height, width)), size)
    assert min(loaded.shape[2:]) == size
    longer = size * max(height, width) / min(height, width)
    assert abs(max(loaded.shape[2:]) - longer) <= 0.5
    assert (loaded.shape[2] - loaded.shape[3]) * (height - width) >= 0
    assert 0 <= loaded.min() <= loaded.max() <= 1


def test_resampling_is_pillows_bilinear_on_bytes():
    image = images.open_picture("cat")
    expected = np.asarray(image.resize((96, 64), Image.Resampling.BILINEAR))
    assert image.size == (451, 300)
    assert torch.equal(
        images.load("cat", 64)[0].permute(1, 2, 0), torch.tensor(expected) / 255
    )


@pytest.mark.parametrize("size", [0, -1, 2.5, "256", float("nan")])
def test_impossible_sizes_are_refused(size):
    with pytest.raises(PictureError) as caught:
        images.load("cat", size)
    one_sentence(caught, "'cat'", size)


def test_a_disk_that_fails_is_told_with_the_files_name(tmp_path, monkeypatch):
    def failing(*_: object, **__: object) -> Image.Image:
        raise OSError(errno.EIO, "Input/output error")

    file = tmp_path / "torn.png"
    file.write_bytes(b"something")
    monkeypatch.setattr(picture_files, "decode", failing)
    refused(file, "torn.png' cannot be read: Input/output error.")


def test_threads_that_read_leave_the_warnings_as_they_were(monkeypatch):
    """One thread's filters must not become what another one puts back."""
    before, at_once = list(warnings.filters), threading.Barrier(2)

    def slow(*rest: object, **options: object) -> Image.Image:
        with suppress(threading.BrokenBarrierError):
            at_once.wait(0.2)  # two would meet here if they could
            met.append(True)
        return real(*rest, **options)

    real, met = Image.open, []
    monkeypatch.setattr(Image, "open", slow)
    with ThreadPoolExecutor(2) as pool:
        for image in pool.map(images.open_picture, ["cat", "brick"]):
            assert min(image.size) > 1
    assert not met
    assert warnings.filters == before


def test_one_pixel_grows_and_a_thread_does_not(tmp_path):
    assert images.load(Image.new("RGB", (1, 1), "red"), 8).shape == (1, 3, 8, 8)
    thread = tmp_path / "thread.png"
    Image.new("RGB", (4000, 3)).save(thread)
    assert images.load(thread).shape == (1, 3, 3, 4000)
    assert images.load(thread, 6).shape == (1, 3, 6, 8000)
    for source, size in ((thread, 13), (thread, 256), ("cat", 10**6)):
        with pytest.raises(PictureError) as caught:
            images.load(source, size)
        one_sentence(caught, images.base_name(source), size, 16384)


# ---- bad input


def png(width: int, height: int, bits: int, colour: int, row: bytes = b"") -> bytes:
    """A PNG file that claims any size and holds one row."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0" + row))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


def test_missing_files_are_answered_with_the_nearest_sample(tmp_path):
    refused("palce", "'palce'", "'palace'")
    refused(tmp_path / "Starry-Night.jpg", "Starry-Night.jpg", "'starry_night'")
    text = refused("holiday", "'holiday'")
    assert all(name in text for name in samples.samples())
    refused("no\0name", "no\0name")
    refused("x" * 5000, "xxx")


@pytest.mark.parametrize("source", [None, 3, b"cat", np.zeros((3, 4, 4)), ["cat"]])
def test_other_objects_are_refused(source):
    refused(source, type(source).__name__)


def test_what_is_no_picture_is_refused(tmp_path):
    refused(tmp_path, tmp_path, "directory")
    refused("", "directory")
    (tmp_path / "empty.png").touch()
    refused(tmp_path / "empty.png", "empty.png", "empty")
    (tmp_path / "text.png").write_text("Dear diary,\n" * 99)
    refused(tmp_path / "text.png", "text.png", "JPEG")


def test_postscript_is_refused_without_running_it(tmp_path, monkeypatch):
    runs = []
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *_: runs.append(1))
    Image.new("RGB", (4, 4)).save(tmp_path / "program.eps")
    refused(tmp_path / "program.eps", "program.eps", "JPEG")
    assert runs == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipes_are_refused_instead_of_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    refused(tmp_path / "pipe.png", "pipe.png")


@pytest.mark.parametrize("side", [10_001, 12_000, 60_000])
def test_bombs_are_refused_before_decoding(tmp_path, side):
    path = tmp_path / "bomb.png"
    path.write_bytes(png(side, side, 8, 2))
    refused(path, "bomb.png", "100 million")


def test_pictures_without_pixels_are_refused():
    refused(Image.new("RGB", (0, 5)), "0 x 5")
    refused(torch.zeros(3, 0, 5), "[3, 0, 5]")


@pytest.mark.parametrize("shape", [(4, 4), (1, 4, 4), (4, 4, 3), (2, 3, 4, 4), ()])
def test_tensors_of_other_shapes_are_refused(shape):
    refused(torch.zeros(shape), list(shape), "[1,3,H,W]")
    with pytest.raises(PictureError):
        images.to_image(torch.zeros(shape))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_tensors_that_are_not_finite_are_refused(tmp_path, value):
    tensor = torch.zeros(1, 3, 4, 4)
    tensor[0, 1, 2, 3] = value
    refused(tensor, "NaN")
    with pytest.raises(PictureError):
        images.save(tensor, tmp_path / "p.png")
    assert list(tmp_path.iterdir()) == []
    refused(Image.fromarray(np.full((2, 2), value, dtype=np.float32)), "NaN")


def test_tensors_of_whole_numbers_are_refused():
    refused(torch.zeros(3, 4, 4, dtype=torch.uint8), "torch.uint8", "floating point")


@pytest.mark.parametrize("kind", ["jpg", "png", "tif", "gif", "bmp", "webp"])
def test_damaged_files_give_a_picture_or_a_sentence(tmp_path, kind):
    whole = tmp_path / f"whole.{kind}"
    Image.fromarray(noise(40, 40)).save(whole)
    data, dice = whole.read_bytes(), random.Random(0)
    broken = tmp_path / f"broken.{kind}"
    for _ in range(60):
        damaged = bytearray(data[: dice.randrange(1, len(data))])
        for _ in range(dice.randrange(3)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        broken.write_bytes(damaged)
        with suppress(PictureError):
            assert array(broken).size


def test_truncated_photos_are_refused(tmp_path):
    path = tmp_path / "half.jpg"
    data = (samples.FOLDER / "cat.jpg").read_bytes()
    path.write_bytes(data[: len(data) // 2])
    refused(path, "half.jpg", "cut short")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything"
)
def test_unreadable_files_are_refused(tmp_path):
    path = tmp_path / "secret.png"
    path.write_bytes(b"x")
    path.chmod(0)
    refused(path, "secret.png")


# ---- names and fingerprints


@SETTINGS
@given(height=SIDES, width=SIDES, seed=st.integers(0, 99))
def test_fingerprints_are_of_pixels_alone(tmp_path_factory, height, width, seed):
    folder = tmp_path_factory.mktemp("prints")
    image = Image.fromarray(noise(height, width, seed=seed))
    image.save(folder / "a.png", dpi=(72, 72))
    image.save(folder / "b.bmp")
    tensor = images.load(folder / "a.png")
    sources = (image, folder / "a.png", str(folder / "b.bmp"), tensor, tensor[0])
    assert len({images.fingerprint(source) for source in sources}) == 1


def test_fingerprints_tell_pixels_and_shapes_apart():
    image = Image.fromarray(noise(4, 6))
    others = [image.copy(), image.transpose(Image.Transpose.ROTATE_90)]
    others[0].putpixel((3, 3), (0, 0, 1))
    others.append(Image.frombytes("RGB", (8, 3), image.tobytes()))
    prints = {images.fingerprint(picture) for picture in [image, *others]}
    assert len(prints) == 4
    assert all(len(digits) == 64 for digits in prints)


def test_base_names_hold_no_folder(tmp_path):
    assert images.base_name("palace") == "palace"
    assert images.base_name("/home/ada/holiday.jpg") == "holiday.jpg"
    assert images.base_name(Path("a") / "b" / "c.png") == "c.png"
    assert images.base_name("C:\\Users\\ada\\holiday.jpg") == "holiday.jpg"
    assert images.base_name("/") == "picture"
    assert images.base_name(torch.zeros(3, 2, 2)) == "picture"
    assert images.base_name(Image.new("RGB", (2, 2))) == "picture"
    Image.new("RGB", (2, 2)).save(tmp_path / "p.png")
    with Image.open(tmp_path / "p.png") as image:
        assert images.base_name(image) == "p.png"


# ---- writing


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=8,
)


@SETTINGS
@given(
    record=st.dictionaries(st.text(), JSON, max_size=4),
    name=st.sampled_from(["p.png", "p.jpg"]),
)
def test_records_come_back(tmp_path_factory, record, name):
    path = tmp_path_factory.mktemp("records") / name
    images.save(torch.rand(1, 3, 4, 4), path, record)
    assert read_record(path) == record


def test_pngs_hold_the_record_and_nothing_of_the_machine(tmp_path):
    photo, path = tmp_path / "photo.png", tmp_path / "out.png"
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.fromarray(noise(4, 4)).save(photo, exif=exif)
    record = {"photo": images.base_name(photo), "hash": images.fingerprint(photo)}
    with Image.open(photo) as image:
        images.save(image, path, record)
    data = path.read_bytes()
    assert b"photo.png" in data
    assert b"taken at home" not in data
    assert str(tmp_path).encode() not in data
    with Image.open(path) as image:
        assert json.loads(image.text["stylelab"]) == record


def test_files_without_a_record_say_so(tmp_path):
    plain, text = tmp_path / "plain.png", tmp_path / "text.png"
    images.save(torch.rand(3, 4, 4), plain)
    text.write_text("no picture")
    for path in (plain, text, tmp_path, tmp_path / "missing.png"):
        with pytest.raises(PictureError) as caught:
            read_record(path)
        one_sentence(caught, path)
    Image.new("RGB", (4, 4)).save(tmp_path / "p.jpg", comment=b"taken at home")
    images.save(torch.rand(3, 4, 4), tmp_path / "long.jpg", {"seed": "1" * 70_000})
    for name in ("p.jpg", "long.jpg"):  # another's comment, and one without room
        with pytest.raises(PictureError, match="holds no recipe"):
            read_record(tmp_path / name)


@pytest.mark.parametrize("text", ["", "{", "[1]", "3", "[" * 99_999])
def test_damaged_records_say_so(tmp_path, text):
    path = tmp_path / "p.png"
    images.save(torch.rand(3, 4, 4), path, {"seed": 1})
    chunk = b"stylelab\0" + text.encode()
    data = path.read_bytes()
    old = data.index(b"tEXt") - 4
    end = old + 12 + struct.unpack(">I", data[old : old + 4])[0]
    check = struct.pack(">I", zlib.crc32(b"tEXt" + chunk))
    new = struct.pack(">I", len(chunk)) + b"tEXt" + chunk + check
    path.write_bytes(data[:old] + new + data[end:])
    with pytest.raises(PictureError) as caught:
        read_record(path)
    one_sentence(caught, path, "damaged")


@pytest.mark.parametrize("name", ["p.png", "p.JPG", "p.jpeg"])
def test_writable_paths_are_left_untouched(tmp_path, name):
    assert check_writable(str(tmp_path / name)) == tmp_path / name
    assert list(tmp_path.iterdir()) == []
    images.save(torch.rand(3, 9, 5), tmp_path / name)
    assert images.load(tmp_path / name).shape == (1, 3, 9, 5)


def test_paths_that_cannot_be_written_are_refused_beforehand(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "folder.png").mkdir()
    for path in (
        tmp_path / "p.gif",
        tmp_path / "p",
        tmp_path / "folder.png",
        tmp_path / "missing" / "p.png",
        tmp_path / "file" / "p.png",
        tmp_path / ("x" * 300 + ".png"),
        tmp_path / "null\0.png",
    ):
        for attempt in (check_writable, write):
            with pytest.raises(PictureError) as caught:
                attempt(path)
            one_sentence(caught, path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.png"]


def write(path: Path) -> None:
    images.save(torch.rand(3, 4, 4), path)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs /proc")
def test_folders_that_refuse_files_are_refused_even_to_root():
    with pytest.raises(PictureError) as caught:
        check_writable("/proc/self/p.png")
    one_sentence(caught, "/proc/self/p.png")


FULL_DISK = """
    import resource, sys, torch
    from stylelab.pictures import files, images
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    try:
        images.save(torch.rand(3, 200, 200), sys.argv[1])
    except files.PictureError as error:
        sys.exit(f"REFUSED {error}")
"""


def test_a_full_disk_leaves_the_old_picture(tmp_path):
    pytest.importorskip("resource")
    path = tmp_path / "p.png"
    images.save(torch.zeros(3, 4, 4), path)
    before = path.read_bytes()
    command = [sys.executable, "-c", textwrap.dedent(FULL_DISK), str(path)]
    root = Path(images.__file__).parents[2]
    child = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert child.returncode == 1
    assert child.stderr.startswith(f"REFUSED '{path}'"), child.stderr
    assert child.stderr.count("\n") == 1
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_pictures_are_replaced_not_written_over(tmp_path):
    path, reader = tmp_path / "p.png", tmp_path / "reader"
    images.save(torch.zeros(3, 4, 4), path)
    before = path.read_bytes()
    os.link(path, reader)
    images.save(torch.ones(3, 4, 4), path)
    assert path.read_bytes() != before
    assert reader.read_bytes() == before


def test_an_interrupt_while_writing_leaves_the_old_picture(tmp_path, monkeypatch):
    path = tmp_path / "p.png"
    images.save(torch.zeros(3, 4, 4), path)
    before = path.read_bytes()

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        images.save(torch.ones(3, 4, 4), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX permissions")
def test_others_may_read_the_picture(tmp_path):
    path = images.save(torch.zeros(3, 4, 4), tmp_path / "p.png")
    plain = tmp_path / "plain"
    plain.touch()
    assert path.stat().st_mode == plain.stat().st_mode


def test_a_picture_file_is_opened_resized_and_saved_with_little(tmp_path):
    code = """if True:
        import sys
        from stylelab.pictures import images
        picture = images.resized(images.open_picture("cat"), 20)
        images.fingerprint(images.save(picture, sys.argv[1]))
        print({"torch", "pillow_heif"} & sys.modules.keys())
    """
    command = [sys.executable, "-c", code, str(tmp_path / "cat.png")]
    root = Path(images.__file__).parents[2]
    child = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert (child.stdout, child.stderr) == ("set()\n", "")


# ---- samples


def bundled() -> list[str]:
    return [name for name in samples.samples() if name != "neckarfront"]


def test_the_table_and_the_folder_agree():
    files = {path.name for path in samples.FOLDER.glob("*.*") if path.suffix != ".md"}
    assert files == {samples.samples()[name].file for name in bundled()}
    assert sum((samples.FOLDER / file).stat().st_size for file in files) < 3_000_000
    assert {"starry_night", "palace", "coffee", "cat", "gravel"} <= set(bundled())
    for name, sample in samples.samples().items():
        assert name == sample.name == Path(sample.file).stem
        assert all((sample.title, sample.author, sample.rights, sample.origin))


@pytest.mark.parametrize("name", bundled())
def test_every_sample_opens(name):
    height, width, _ = array(name).shape
    assert 300 <= min(height, width) <= max(height, width) <= 720
    assert array(name).std() > 10
    if name in ("brick", "grass", "gravel"):
        assert np.ptp(array(name), axis=2).max() == 0


@pytest.fixture
def served(tmp_path):
    """A folder, and its address on a server of this machine."""
    folder = tmp_path / "served"
    folder.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return tmp_path / "cache" / "stylelab"


def sample_at(url: str) -> samples.Sample:
    return samples.Sample("bridge", "a bridge", "Ada", "CC0", url, "bridge.png")


def test_downloads_are_kept(served, cache):
    folder, url = served
    Image.fromarray(noise(4, 5)).save(folder / "bridge.png")
    path = samples.sample_path(sample_at(f"{url}/bridge.png"))
    assert path == cache / "bridge.png"
    (folder / "bridge.png").unlink()
    assert samples.sample_path(sample_at(f"{url}/bridge.png")) == path
    assert (array(path) == noise(4, 5)).all()
    assert list(cache.iterdir()) == [path]


def test_bad_downloads_are_not_kept(served, cache, monkeypatch):
    folder, url = served
    (folder / "bridge.png").write_text("<html>Welcome to our hotel</html>")
    for address in (f"{url}/bridge.png", f"{url}/missing.png", "http://127.0.0.1:1/"):
        with pytest.raises(PictureError) as caught:
            samples.sample_path(sample_at(address))
        one_sentence(caught, "'bridge'")
    monkeypatch.setattr(samples, "MAX_BYTES", 10)
    with pytest.raises(PictureError) as caught:
        samples.sample_path(sample_at(f"{url}/bridge.png"))
    one_sentence(caught, "'bridge'", "larger", "'palace'")
    assert not cache.exists()


def test_a_cache_that_cannot_be_written_is_named(served, cache):
    folder, url = served
    Image.fromarray(noise(4, 5)).save(folder / "bridge.png")
    cache.parent.touch()
    with pytest.raises(PictureError) as caught:
        samples.sample_path(sample_at(f"{url}/bridge.png"))
    one_sentence(caught, "'bridge'", cache)


def test_without_a_network_the_neckarfront_says_what_works(cache, monkeypatch):
    def refuse(*_, **__):
        raise OSError("no network in this test")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    refused("neckarfront", "'neckarfront'", "network", "'palace'")
    assert images.load("palace", 16).shape[2] == 16
    assert images.base_name("neckarfront") == "neckarfront"


def test_the_cache_is_in_the_users_folder(monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if sys.platform != "win32":
        monkeypatch.setenv("HOME", "/home/ada")
        assert samples.cache_folder() == Path("/home/ada/.cache/stylelab")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    assert samples.cache_folder() == Path("/local/stylelab")
