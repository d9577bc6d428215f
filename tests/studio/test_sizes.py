"""Sizes on the studio's page: what a visitor begins with, and what is larger."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest
from studio_visits import make_as_there, wait_until

from stylelab.labs import run_status
from stylelab.pictures.files import read_record
from stylelab.runs.cost import StepTime
from stylelab.runs.job import Job
from stylelab.runs.recipe import Recipe
from stylelab.studio import job_messages, painting_panel, words
from stylelab.studio.job_messages import larger, seconds_of
from stylelab.studio.page import FIRST, Page, first_size
from stylelab.studio.painting_panel import PaintingPanel


def pace(seconds: float) -> dict[str, dict[str, float]]:
    """Step times with which the first run takes so long, of a photo of 3 to 2."""
    whole = StepTime(0.0, 1.0).of_run(Recipe(**FIRST), 1.5 * FIRST["size"] ** 2)
    return {"gram": {"fixed": 0.0, "per_pixel": seconds / whole}}


def flat(width: int, height: int) -> PIL.Image.Image:
    return PIL.Image.fromarray(np.full((height, width, 3), 90, np.uint8))


@pytest.mark.parametrize(
    ("seconds", "size"), [(1, 512), (119, 512), (121, 384), (9999, 256)]
)
def test_a_first_run_takes_two_minutes_at_most(seconds: float, size: int) -> None:
    assert first_size(pace(seconds)) == size
    assert size in words.SIZES.values()


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    """A page whose studio takes 200 seconds for a first run, and guesses nothing."""
    facts = {"step_times": pace(200), "before": 0, "waiting": 0, "seconds": 0.0}
    monkeypatch.setattr("stylelab.studio.page.outlook", lambda: facts)
    monkeypatch.setattr(painting_panel, "guess_there", lambda job: None)
    return Page(make_as_there)


def test_the_pace_sets_the_first_size_once(page: Page) -> None:
    page.panel.ahead.join(60)
    assert page.controls["size"].value == 384
    assert "This takes about" in page.panel.forecast.value
    assert "iB" not in page.panel.forecast.value
    page.controls["size"].value = 512
    page.panel.ahead.join(60)
    assert page.controls["size"].value == 512


@pytest.mark.parametrize(
    ("size", "steps", "photo", "seconds", "wanted"),
    [
        (256, 80, "palace", 1, 512),
        (512, 80, "palace", 1, 1024),
        (512, 80, "palace", 140, 768),  # twice the size would take over five minutes
        (512, 80, "palace", 290, None),
        (512, 150, "palace", 1, 768),  # or too many pixels times steps
        (384, 20, flat(400, 100), 1, 576),  # or too many pixels
        (1024, 20, "palace", 1, None),
    ],
)
def test_larger_is_what_the_studio_makes(size, steps, photo, seconds, wanted) -> None:
    job = Job(Recipe(size=size, steps=steps), {"photo": photo, "style": "auvers"})
    found, step_times = larger(job, pace(seconds)), pace(seconds)
    assert (found and found.recipe.size) == wanted
    if found:
        job_messages.pack_job(found, seconds_of(found, step_times) or 0.0)
        # It begins as the smaller picture did.
        assert found.recipe.stages[0][1] == job.recipe.stages[0][1]
        assert found.sources is job.sources


def test_nobody_keeps_others_waiting_for_longer_than_five_minutes() -> None:
    job = Job(Recipe(size=64, steps=9), {"photo": "cat", "style": "brick"})
    job_messages.pack_job(job, 300.0)
    with pytest.raises(ValueError, match=r"^this takes about 5 min 1 s here, and the"):
        job_messages.pack_job(job, 301.0)


def test_the_larger_picture_is_the_one_that_goes_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setattr(painting_panel, "outlook", lambda: {"step_times": pace(1)})
    job = Job(Recipe(size=48, steps=4), {"photo": "cat", "style": "brick"})
    panel = PaintingPanel(lambda: job, make_as_there, lambda job: "Soon.", {})
    panel.start()
    assert panel.live.join(120) == "done"
    wait_until(lambda: panel.larger_job)
    assert panel.larger.description == "⤢ Larger (about 1 min)"
    assert panel.forecast.value == ""
    panel.larger.click()
    assert panel.live.join(120) == "done"
    wait_until(lambda: panel.larger_job.recipe.size == 192)  # and larger still
    files: list = []  # that the browser is sent
    monkeypatch.setattr(panel.heartbeat, "download", lambda *file: files.append(file))
    panel.save.click()
    (tmp_path / "a.png").write_bytes(files[0][1])
    with PIL.Image.open(tmp_path / "a.png") as image:
        assert min(image.size) == 96
    assert read_record(tmp_path / "a.png")["recipe"]["size"] == 96
    assert "144 x 96 pixels" in panel.message.value


def test_what_is_not_yet_painted_is_an_alarm_for_who_wants_to_run(page: Page) -> None:
    page.style.chosen = ["great_wave", "brick"]
    page.mixture.how.index = 1
    page.panel.ahead.join(60)
    assert 'role="status"' in page.panel.message.value
    assert "Nothing is painted: paint on the photo" in page.panel.message.value
    page.panel.start()
    assert 'role="alert"' in page.panel.message.value


def test_one_file_has_all_words_of_the_panel() -> None:
    assert words.PANEL.keys() == run_status.WORDS.keys()
    for name, text in words.PANEL.items():
        assert text.count("{}") == run_status.WORDS[name].count("{}")
