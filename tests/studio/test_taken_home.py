"""A picture that was made in the studio or in a lab is made again at home."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from stylelab.labs.run_lab import TransferLab
from stylelab.labs.style_controls import PAINTED
from stylelab.pictures import images
from stylelab.pictures.files import read_record
from stylelab.pictures.uploads import LONGEST, open_upload
from stylelab.pictures.writing import encode
from stylelab.runs.here import make_here
from stylelab.runs.job import Job
from stylelab.runs.recipe import recipe_for
from stylelab.studio.job_messages import (
    pack_job,
    pack_progress,
    unpack_job,
    unpack_progress,
)

SMALL = {"size": 48, "steps": 6, "precision": "float32", "start": "photo"}


def phone_photo(path: Path, left: str = "cat") -> Path:
    """A photo of 3000 x 2000 pixels that lies on its side, as a phone saves it."""
    image = images.open_picture("palace").resize((3000, 2000))
    image.paste(images.open_picture(left).resize((1000, 2000)))
    exif = PIL.Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    image.transpose(PIL.Image.Transpose.ROTATE_90).save(path, exif=exif, quality=95)
    return path


def browsers(path: Path) -> bytes:
    """The photo as a browser makes it smaller: upright, by another filter, as JPEG."""
    image, file = images.open_picture(path), io.BytesIO()
    image.thumbnail((LONGEST, LONGEST))
    small = images.open_picture(path).resize(image.size, PIL.Image.Resampling.BOX)
    small.save(file, "JPEG", quality=92)
    return file.getvalue()


def painted(photo: PIL.Image.Image) -> list[np.ndarray]:
    """Where two styles go: the second in a circle."""
    rows, columns = np.ogrid[-1 : 1 : photo.height * 1j, -1 : 1 : photo.width * 1j]
    circle = rows**2 + columns**2 < 0.5
    return [~circle, circle]


def take_home(folder: Path, photo: PIL.Image.Image) -> Path:
    """Paints `photo` as the studio does, and saves what its page would download."""
    sources = {"photo": photo, "style": ["brick", "gravel"], "masks": painted(photo)}
    job = unpack_job(pack_job(Job(recipe_for("transfer", SMALL), sources)))
    *_, last = make_here(job, threading.Event())
    result = unpack_progress(pack_progress(last))
    saved = folder / "out.png"
    saved.write_bytes(encode(result.image(), "PNG", result.record))
    return saved


def difference(one: Path, other: Path) -> float:
    """Between two pictures: the mean, in levels of 255."""
    a, b = (np.asarray(images.open_picture(path), float) for path in (one, other))
    return np.abs(a - b).mean()


def test_a_photo_that_the_studio_made_smaller_and_masks_that_were_painted(
    tmp_path: Path, ask
) -> None:
    photo = phone_photo(tmp_path / "IMG_1.jpg")
    saved = take_home(tmp_path, open_upload(photo.name, photo.read_bytes()))
    again = tmp_path / "again.png"
    code, _, err = ask("transfer", "--recipe", saved, "-o", again)
    assert (code, "note:" in err) == (0, False), err
    assert images.fingerprint(again) == images.fingerprint(saved)
    # What was made again can be made once more: all of it is in the new record, too.
    assert read_record(again) == read_record(saved)
    # The visitor may have another name for the photo by now.
    photo.rename(tmp_path / "holiday.jpg")
    code, _, err = ask("transfer", "--recipe", saved, "-o", again)
    assert code == 2
    assert "needs 'IMG_1.jpg' (photo), which was not found" in err
    words = ("--recipe", saved, tmp_path / "holiday.jpg", "-o", again)
    assert ask("transfer", *words)[0] == 0
    assert images.fingerprint(again) == images.fingerprint(saved)


def test_a_photo_that_a_browser_made_smaller_gives_nearly_the_same_picture(
    tmp_path: Path, ask
) -> None:
    photo = phone_photo(tmp_path / "IMG_1.jpg")
    saved = take_home(tmp_path, open_upload(photo.name, browsers(photo)))
    again = tmp_path / "again.png"
    code, _, err = ask("transfer", "--recipe", saved, "-o", again)
    assert code == 0, err
    assert err.count("note:") == 1
    assert "by some 5 to 10 of 255 on average: " in err
    assert "IMG_1.jpg', at 2048 x 1365, are not quite as then" in err
    assert difference(saved, again) < 5
    # A picture that goes on holds the record of the one before.
    longer = tmp_path / "longer.png"
    assert ask("transfer", "--continue", saved, "--steps", 2, "-o", longer)[0] == 0
    saved.unlink()
    assert ask("transfer", "--recipe", longer, "-o", again)[0] == 0
    # It is the only copy of the visitor's photo.
    code, _, err = ask("transfer", "--recipe", longer, "-o", photo)
    assert code == 2
    assert "IMG_1.jpg' is one of the given pictures" in err


@pytest.mark.parametrize("other", ["coffee", "a crop"])
def test_another_photo_of_that_name_is_refused(tmp_path: Path, ask, other: str) -> None:
    photo = phone_photo(tmp_path / "IMG_1.jpg")
    saved = take_home(tmp_path, open_upload(photo.name, browsers(photo)))
    if other == "a crop":
        images.open_picture(photo).crop((0, 0, 2997, 1900)).save(photo)
    else:
        phone_photo(photo, other)
    code, _, err = ask("transfer", "--recipe", saved, "-o", tmp_path / "again.png")
    assert code == 2
    assert "needs 'IMG_1.jpg' (photo), which has changed: put the original" in err


def test_masks_that_were_painted_in_a_lab(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask
) -> None:
    monkeypatch.chdir(tmp_path)
    lab = TransferLab(style=["brick", "gravel"], **SMALL)
    lab.mixture.how.value = PAINTED
    painter = lab.mixture.mask.painter
    mask = np.zeros(painter.size[::-1], bool)
    mask[:, : mask.shape[1] // 3] = True
    painter.mask = mask
    lab.panel.run.click()
    assert lab.panel.live.join(300) == "done", lab.panel.live.error
    lab.panel.save.click()
    (saved,) = tmp_path.iterdir()
    assert ask("transfer", "--recipe", saved, "-o", "again.png")[0] == 0
    assert images.fingerprint("again.png") == images.fingerprint(saved)
