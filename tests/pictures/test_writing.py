"""Where a picture's file is written, and what is refused before a run."""

import os
import stat
import sys
from pathlib import Path

import pytest
from PIL import Image

from stylelab.pictures import images
from stylelab.pictures.files import PictureError
from stylelab.pictures.writing import check_writable

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")
SQUARE = Image.new("RGB", (4, 4))


def refused(path: str | Path, *words: str) -> None:
    """Both before a run and when it is saved, in one sentence with these words."""
    for attempt in (check_writable, lambda path: images.save(SQUARE, path)):
        with pytest.raises(PictureError) as caught:
            attempt(path)
        assert str(caught.value).count("\n") == 0
        assert all(word in str(caught.value) for word in words), caught.value


@posix
@pytest.mark.parametrize("old", [True, False], ids=["a file", "nothing yet"])
def test_a_link_stays_and_its_file_is_written(tmp_path, old):
    file, link = tmp_path / "real" / "p.png", tmp_path / "link.png"
    file.parent.mkdir()
    if old:
        file.write_text("old")
    link.symlink_to(Path("real", "p.png"))
    images.save(SQUARE, link)
    assert link.is_symlink()
    assert images.open_picture(file).size == (4, 4)
    assert [*file.parent.iterdir()] == [file]


@posix
def test_a_link_into_no_folder_or_to_itself_is_refused(tmp_path):
    (tmp_path / "a.png").symlink_to(tmp_path / "missing" / "p.png")
    refused(tmp_path / "a.png", "a.png' needs the folder", "missing' first")
    (tmp_path / "b.png").symlink_to(tmp_path / "b.png")
    refused(tmp_path / "b.png", "b.png' cannot be written")


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_file_keeps_its_permissions(tmp_path, mode):
    file = images.save(SQUARE, tmp_path / "p.png")
    os.chmod(file, mode)
    images.save(SQUARE, file)
    assert stat.S_IMODE(file.stat().st_mode) == mode


@posix
def test_a_pipe_and_a_device_are_not_replaced(tmp_path):
    pipe, link = tmp_path / "pipe.png", tmp_path / "null.png"
    os.mkfifo(pipe)
    link.symlink_to("/dev/null")
    for path in (pipe, link):
        refused(path, f"'{path}' is a pipe or a device; give another name")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_an_empty_name_and_a_slash_at_its_end_are_refused(tmp_path):
    refused("", "the file name is empty")
    refused(f"{tmp_path}/p.png/", "p.png/' is a directory")
    assert [*tmp_path.iterdir()] == []


def test_a_read_only_file_is_refused(tmp_path, monkeypatch):
    file = images.save(SQUARE, tmp_path / "p.png")
    os.chmod(file, stat.S_IREAD)
    if os.access(file, os.W_OK):  # root may write everything
        monkeypatch.setattr(os, "access", lambda *_: False)
    refused(file, "p.png' is read-only; give another name")
    os.chmod(file, stat.S_IREAD | stat.S_IWRITE)


@posix
def test_another_user_s_file_in_a_folder_for_all_is_refused(tmp_path, monkeypatch):
    """Its name cannot be taken, although files can be made beside it."""
    file = images.save(SQUARE, tmp_path / "p.png")
    another = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: another)
    assert check_writable(file) == file
    tmp_path.chmod(0o1777)
    refused(file, "p.png' belongs to another user; give another name")
    assert check_writable(tmp_path / "new.png") == tmp_path / "new.png"
