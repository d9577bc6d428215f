"""`guess`: one pass, one picture, one line; what is wrong is said in a sentence."""

import PIL.Image
import pytest

from stylelab.pictures import images


def test_a_guess_is_saved_and_its_cost_is_said(ask, tmp_path):
    output = tmp_path / "guess.png"
    code, out, err = ask("guess", "cat", "brick", "--size", "64", "-o", output)
    assert code == 0, err
    assert out.startswith(f"{output}: guessed in ")
    assert out.endswith(" s\n")
    assert images.open_picture(output).size == (96, 64)


def test_a_guess_that_was_enlarged_says_so(ask, tmp_path):
    words = ("--size", "300", "--also", "auvers", "--mix", "2,1", "--strength", "0.5")
    output = tmp_path / "guess.jpg"
    code, out, err = ask("guess", "cat", "brick", *words, "-o", output)
    assert code == 0, err
    assert out.endswith(" s, at 384 pixels, then enlarged to 451\n")
    assert images.open_picture(output).size == (451, 300)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("no_such", "brick"), "no_such"),
        (
            ("cat", "brick", "--strength", "2"),
            "strength is 2: accepted is a number fro",
        ),
        (("cat", "brick", "--mix", "1,2"), "give one weight for each style (here 1)"),
        (
            ("cat", "brick", "--size", "many"),
            "'cat' cannot have the size many; accepted are",
        ),
        (
            ("cat", "brick", "--size", "99999999"),
            "accepted are sizes that keep the longer side",
        ),
        (("cat",), "the following arguments are required: STYLE"),
    ],
)
def test_what_is_wrong_is_said(ask, tmp_path, words, sentence):
    code, out, err = ask("guess", *words, "-o", tmp_path / "guess.png")
    assert code == 2
    assert out == ""
    assert sentence in err
    assert err.count("\n") <= 1
    assert [*tmp_path.iterdir()] == []


def test_a_given_picture_is_not_replaced(ask, tmp_path):
    photo = tmp_path / "photo.png"
    PIL.Image.new("RGB", (64, 64)).save(photo)
    code, _, err = ask("guess", photo, "brick", "-o", photo)
    assert code == 2
    assert "is one of the given pictures" in err
