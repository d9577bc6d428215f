"""The painter and TransferLab's further controls, without kernel or browser."""

from __future__ import annotations

import numpy as np
import pytest

import stylelab as sl
from stylelab.labs import TransferLab
from stylelab.labs.style_controls import PAINTED
from stylelab.labs.widgets.mask_painter import MaskPainter
from stylelab.pictures import images

SMALL = {"size": 48, "steps": 2}


def paint(painter: MaskPainter, mask: np.ndarray) -> None:
    """As the browser sends it."""
    levels = memoryview((255 * mask.astype(np.uint8)).tobytes())
    painter.set_state({"painted": levels})


def upper(painter: MaskPainter) -> np.ndarray:
    width, height = painter.size
    return np.arange(height)[:, None].repeat(width, 1) < height // 3


@pytest.fixture
def lab() -> TransferLab:
    return TransferLab("palace", "starry_night", **SMALL)


def test_what_the_browser_sends_is_an_array_of_bools() -> None:
    painter = MaskPainter(size=(6, 4))
    assert not painter.mask.any()
    assert painter.mask.shape == (4, 6)
    mask = upper(painter)
    paint(painter, mask)
    assert np.array_equal(painter.mask, mask)
    painter.mask = ~mask
    assert np.array_equal(painter.mask, ~mask)
    with pytest.raises(ValueError, match=r"has shape \[4, 6\], not \[6, 4\]"):
        painter.mask = mask.T


def test_another_picture_has_nothing_painted() -> None:
    painter = MaskPainter(size=(6, 4))
    painter.mask = upper(painter)
    painter.show(b"", (9, 5), "another")
    assert painter.mask.shape == (5, 9)
    assert not painter.mask.any()


def test_without_a_second_style_nothing_is_said_of_one(lab: TransferLab) -> None:
    job = lab.make_job()
    assert job.sources == {"photo": "palace", "style": "starry_night"}
    assert (job.recipe.mix, job.recipe.layer_weights) == ((), ())


def add_the_wave(lab: TransferLab) -> None:
    lab.pickers["style"].chosen = ["starry_night", "great_wave"]


def test_a_second_style_is_mixed_in_by_its_share(lab: TransferLab) -> None:
    add_the_wave(lab)
    assert lab.make_job().recipe.mix == ()
    lab.mixture.shares.numbers["starry_night"].value = 3
    job = lab.make_job()
    assert job.sources["style"] == ["starry_night", "great_wave"]
    assert job.recipe.mix == (3, 1)
    assert "masks" not in job.sources
    assert '["starry_night", "great_wave"]' in lab.call()
    same = eval(lab.call(), {"sl": sl}).result(iter)
    lab.panel.run.click()
    assert lab.panel.live.join(300) == "done", lab.panel.message.value
    assert (lab.result.picture == same.picture).all()


def test_a_second_style_goes_where_it_is_painted(lab: TransferLab) -> None:
    add_the_wave(lab)
    lab.mixture.how.value = PAINTED
    with pytest.raises(ValueError, match="nothing is painted: paint on the photo"):
        lab.make_job()
    assert lab.call() == ""
    painter = lab.mixture.mask.painter
    paint(painter, upper(painter))
    first, second = lab.make_job().sources["masks"]
    assert first.shape == images.open_picture("palace").size[::-1]
    assert np.array_equal(first, ~second)
    assert second.mean() == pytest.approx(1 / 3, abs=0.01)
    same = eval(lab.call(), {"sl": sl, "lab": lab}).result(iter)
    lab.panel.run.click()
    assert lab.panel.live.join(300) == "done", lab.panel.message.value
    assert (lab.result.picture == same.picture).all()
    names = [one["name"] for one in lab.result.record["pictures"]["style"]]
    assert names == ["starry_night", "great_wave"]


def test_each_photo_keeps_its_mask(
    lab: TransferLab,
) -> None:
    add_the_wave(lab)
    lab.mixture.how.value = PAINTED
    painter = lab.mixture.mask.painter
    paint(painter, upper(painter))
    before = painter.size
    lab.pickers["photo"].chosen = ["astronaut"]
    assert painter.size != before
    assert not painter.mask.any()
    lab.pickers["photo"].chosen = ["palace"]
    assert np.array_equal(painter.mask, upper(painter))


def test_every_style_layer_has_a_strength(lab: TransferLab) -> None:
    lab.strengths.numbers["relu4_1"].value = 0
    assert lab.make_job().recipe.layer_weights == (1, 1, 1, 0, 1)
    lab.controls["style_layers"].value = ["relu2_1", "relu4_1"]
    assert [*lab.strengths.numbers] == ["relu2_1", "relu4_1"]
    assert lab.make_job().recipe.layer_weights == (1, 0)
    lab.strengths.numbers["relu4_1"].value = 1
    assert lab.make_job().recipe.layer_weights == ()


def test_first_values_are_taken_from_the_call() -> None:
    styles, weights = ["brick", "gravel"], (1, 0, 2, 1, 1)
    lab = TransferLab("cat", styles, mix=(3, 1), layer_weights=weights, **SMALL)
    job = lab.make_job()
    assert job.sources["style"] == styles
    assert (job.recipe.mix, job.recipe.layer_weights) == ((3, 1), weights)


def test_on_paper_both_styles_are_shown(lab: TransferLab) -> None:
    add_the_wave(lab)
    assert "The Starry Night" in lab.words()
    assert "Great Wave" in lab.words()
