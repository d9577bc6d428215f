"""Predictions: what is kept, what is shown beside the result, and the score."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stylelab.figures import plots
from stylelab.lessons.lesson import FILE, Caption, Lesson

CAPTIONS = {
    "first": Caption("The eyes come first", "Four cats", answer="the eyes"),
    "deep": Caption("Deep layers forget pixels", within=3),
    "light": Caption("Light matters less and less", "Curves", within=0.1),
    "plain": Caption("A cat", "A cat"),
}


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    monkeypatch.chdir(tmp_path)
    return Lesson("04", CAPTIONS)


def kept() -> dict:
    return json.loads(Path(FILE).read_text("utf-8"))


def test_nothing_is_written_until_somebody_predicts(lesson: Lesson) -> None:
    lesson.predict("first", "the eyes", "the fur")
    lesson.predict("deep", number=(0, 60), unit="dB")
    assert lesson.caption("first") == ("The eyes come first", "Four cats")
    assert lesson.reveal("first") == "It is the eyes."
    assert lesson.reveal("deep", 14.04) == "It is 14 dB."
    assert lesson.drawn("light", [1, 0]) == {}
    assert lesson.score().startswith("**You predicted 0 of 3.**")
    assert [*Path().iterdir()] == []


def test_a_choice_stands_below_its_figure_right_or_wrong(lesson: Lesson) -> None:
    asked = lesson.predict("first", "the eyes", "the fur")
    asked.guess = "the fur"
    wrong = "✗ You predicted the fur, but it is the eyes."
    assert lesson.caption("first") == (f"The eyes come first\n{wrong}", "Four cats")
    asked.guess = "the eyes"
    right = "✓ You predicted the eyes, and it is the eyes."
    assert lesson.reveal("first") == right
    plate = plots.Plate(*lesson.caption("first"), 4, 3)
    assert plate.get_suptitle() == f"The eyes come first\n{right}"
    assert plate.alt == "Four cats"
    assert lesson.caption("plain") == ("A cat", "A cat")


def test_a_number_is_right_within_what_its_caption_allows(lesson: Lesson) -> None:
    asked = lesson.predict("deep", number=(0, 60), unit="dB")
    asked.guess = 17
    right = "✓ You predicted 17 dB, and it is 14 dB."
    assert lesson.reveal("deep", 14) == right
    asked.guess = 17.1
    assert lesson.reveal("deep", 14).startswith("✗ You predicted 17.1 dB, but")


def test_a_drawn_curve_lies_over_the_measured_one(lesson: Lesson) -> None:
    asked = lesson.predict("light", curve=["relu1_1", "relu2_1"], label="share")
    asked.guess = [0.5, 0.3]
    drawn = lesson.drawn("light", [0.4, 0.2])
    assert drawn == {"your prediction": (["relu1_1", "relu2_1"], [0.5, 0.3])}
    assert "✓ Light" in lesson.score()
    lesson.drawn("light", [0.4, 0.19])  # 0.105 beside it on average
    assert "✗ Light" in lesson.score()
    lesson.predict("light", curve=["relu1_1"])  # other places than were drawn over
    assert lesson.drawn("light", [0.4]) == {}


def test_the_score_counts_this_notebook_alone(lesson: Lesson) -> None:
    Lesson("05", CAPTIONS).predict("first", "the eyes").guess = "the eyes"
    assert lesson.score().startswith("**You predicted 0 of 3.**")
    lesson.predict("first", "the eyes", "the fur").guess = "the eyes"
    lesson.predict("deep", number=(0, 60)).guess = 14
    assert lesson.score().startswith("**You predicted 1 of 3.**")  # not yet measured
    lesson.reveal("deep", 15)
    assert lesson.score().splitlines() == [
        "**You predicted 2 of 3.**",
        "",
        "- ✓ The eyes come first",
        "- ✓ Deep layers forget pixels",
        "- – Light matters less and less",
    ]
    assert kept() == {
        "05": {"first": "the eyes"},
        "04": {"first": "the eyes", "deep": 14},
    }


def test_a_prediction_survives_a_restart_and_a_damaged_file(lesson: Lesson) -> None:
    lesson.predict("first", "the eyes", "the fur").guess = "the fur"
    again = Lesson("04", CAPTIONS)
    assert again.predict("first", "the eyes", "the fur").guess == "the fur"
    Path(FILE).write_text("{", "utf-8")
    assert again.reveal("first") == "It is the eyes."
    again.predict("first", "the eyes", "the fur").guess = "the eyes"
    assert kept() == {"04": {"first": "the eyes"}}


@pytest.mark.parametrize(
    "written",
    ["{", "[]", '{"04": []}', '{"04": {"first": [1], "deep": "x", "light": {}}}'],
)
def test_whatever_stands_in_the_file_a_result_is_shown(
    lesson: Lesson, written: str
) -> None:
    lesson.predict("light", curve=["relu1_1", "relu2_1"])
    Path(FILE).write_text(written, "utf-8")
    assert lesson.caption("first")[0].startswith("The eyes come first")
    assert "14" in lesson.reveal("deep", 14)
    assert lesson.drawn("light", [0.4, 0.2]) == {}
    assert lesson.score().startswith("**You predicted 0 of 3.**")
    lesson.predict("first", "the eyes").guess = "the eyes"
    assert kept()["04"]["first"] == "the eyes"
    assert lesson.score().startswith("**You predicted 1 of 3.**")


def test_in_a_folder_that_cannot_be_written_a_prediction_lives_until_the_end(
    lesson: Lesson,
) -> None:
    Path(f"{FILE}.part").mkdir()  # as good as a folder that is read-only
    lesson.predict("first", "the eyes", "the fur").guess = "the fur"
    assert "You predicted the fur" in lesson.reveal("first")
    assert not Path(FILE).exists()


def test_what_cannot_be_asked_is_refused_with_what_can(lesson: Lesson) -> None:
    with pytest.raises(ValueError, match="no 'frist', but first, deep, light, plain"):
        lesson.predict("frist", "the eyes")
    with pytest.raises(ValueError, match="'first' lack its answer"):
        lesson.predict("first", "the fur", "the tail")
    with pytest.raises(ValueError, match="'deep' is a number"):
        lesson.reveal("deep")


def test_on_paper_a_prediction_shows_what_was_asked(lesson: Lesson) -> None:
    asked = lesson.predict("first", "the eyes", "the fur")
    assert repr(asked) == "Your prediction: the eyes / the fur"
    asked = lesson.predict("deep", number=(0, 60), unit="dB")
    assert repr(asked) == "Your prediction: a number from 0 to 60 dB"
    asked = lesson.predict("light", curve=["a", "b"])
    assert repr(asked) == "Your prediction: a curve from 0 to 1"
