"""What a lab remembers of its runs: pictures, what made them, and the way back."""

from __future__ import annotations

import io

import numpy as np
import PIL.Image
import pytest
import torch

from stylelab.labs import TextureLab, TransferLab, run_memory
from stylelab.labs.recall import BUSY, GONE
from stylelab.labs.run_lab import RunLab
from stylelab.labs.run_memory import Kept
from stylelab.labs.run_view import caption
from stylelab.labs.style_controls import MIXED, PAINTED
from stylelab.pictures import images
from stylelab.pictures.files import read_record
from stylelab.runs.recipe import recipe_for

SMALL = {"size": 48, "steps": 2}


def run(lab: RunLab) -> None:
    lab.panel.run.click()
    assert lab.panel.live.join(300) == "done", lab.panel.message.value


def press(lab: RunLab, **message: int) -> None:
    """As the browser sends a click on the strip."""
    lab.recall.strip._handle_custom_msg(message, [])


def captions(lab: RunLab) -> list[str]:
    return [item["caption"] for item in lab.recall.strip.items]


def test_a_caption_says_what_made_a_picture() -> None:
    names = {"photo": "cat", "style": ("starry_night", "great_wave")}
    plain = recipe_for("transfer", {"size": 128})
    assert caption(plain, names | {"style": "starry_night"}, 100) == (
        "cat × starry_night · β/α 30 · 128 px · 100 steps"
    )
    other = {"mix": (3, 1), "colors": "luminance", "brush": 0.5, "size": 64}
    assert caption(recipe_for("transfer", other), names, 7) == (
        "cat × starry_night + great_wave · β/α 30 · mix 3 1 · brush 0.5 · "
        "colors luminance · 64 px · 7 steps"
    )
    layers = recipe_for("texture", {"style_layers": ["relu1_1", "pool2"], "size": 32})
    assert caption(layers, {"style": "gravel"}, 9) == (
        "gravel · relu1_1 pool2 · 32 px · 9 steps"
    )
    photo = recipe_for("reconstruct", {"content_layers": ["relu2_2"]})
    assert caption(photo, {"photo": "cat"}, 1).startswith("cat · relu2_2 · 256 px")


def test_a_kept_result_is_small_and_saves_the_same_picture(tmp_path) -> None:
    lab = TextureLab(**SMALL)
    run(lab)
    kept, result = lab.recall.memory.kept[1], lab.result
    assert not any(isinstance(value, torch.Tensor) for value in kept.rest.values())
    for name, one in (("a.png", result), ("b.png", kept.result())):
        one.save(tmp_path / name)
    assert read_record(tmp_path / "a.png") == read_record(tmp_path / "b.png")
    first, second = (images.load(tmp_path / name) for name in ("a.png", "b.png"))
    assert torch.equal(first, second)


def test_a_click_brings_back_a_texture_and_its_controls(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    lab = TextureLab("gravel", **SMALL)
    run(lab)
    first, facts, code = lab.panel.growing.value, lab.panel.facts.value, lab.call()
    lab.pickers["style"].chosen = ["brick"]
    lab.controls["style_layers"].value = ["relu1_1"]
    lab.controls["steps"].value = 3
    run(lab)
    assert captions(lab) == [
        "brick · relu1_1 · 48 px · 3 steps",
        "gravel · 48 px · 2 steps",
    ]
    press(lab, restore=1)
    lab.panel.ahead.join(300)
    assert lab.panel.growing.value == first
    assert (lab.panel.growing.step, lab.panel.growing.total) == (2, 2)
    assert (lab.panel.facts.value, lab.call()) == (facts, code)
    assert lab.recall.strip.chosen == 1
    assert len(captions(lab)) == 2  # a result that is shown again is no new one
    lab.panel.save.click()
    assert read_record("texture-gravel.png")["recipe"]["steps"] == 2
    run(lab)
    assert captions(lab)[0] == "gravel · 48 px · 2 steps"
    assert lab.panel.growing.value == first


def test_a_click_brings_back_styles_their_shares_and_the_mask() -> None:
    lab = TransferLab("palace", ["starry_night", "great_wave"], **SMALL)
    lab.mixture.shares.numbers["starry_night"].value = 3
    lab.strengths.numbers["relu4_1"].value = 0
    run(lab)
    lab.mixture.how.value = PAINTED
    painter = lab.mixture.mask.painter
    upper = np.zeros(painter.size[::-1], bool)
    upper[:20] = True
    painter.mask = upper
    run(lab)
    lab.pickers["style"].chosen = ["brick"]
    lab.pickers["photo"].chosen = ["cat"]
    lab.ratio.value = 3.0
    lab.strengths.numbers["relu4_1"].value = 1
    run(lab)
    press(lab, restore=1)
    job = lab.make_job()
    assert (job.recipe.mix, job.recipe.style_weight) == ((3, 1), 30)
    assert job.recipe.layer_weights == (1, 1, 1, 0, 1)
    assert job.sources["style"] == ["starry_night", "great_wave"]
    assert lab.mixture.how.value == MIXED
    press(lab, restore=2)
    assert lab.mixture.how.value == PAINTED
    assert np.array_equal(painter.mask, upper)
    assert lab.make_job().sources["photo"] == "palace"


def test_the_oldest_result_goes(monkeypatch) -> None:
    monkeypatch.setattr(run_memory, "MOST", 2)
    lab = TextureLab(**SMALL)
    for steps in (1, 2, 3):
        lab.controls["steps"].value = steps
        run(lab)
    assert [text[-7:] for text in captions(lab)] == ["3 steps", "2 steps"]
    assert [*lab.recall.memory.kept] == [2, 3]
    press(lab, restore=1)  # from a page that has not heard of it yet
    assert lab.controls["steps"].value == 3


def test_two_results_are_compared_until_another_is_shown() -> None:
    lab = TextureLab(**SMALL)
    for steps in (1, 2):
        lab.controls["steps"].value = steps
        run(lab)
    compared, growing = lab.recall.compared, lab.panel.growing
    assert compared.layout.display == "none"
    press(lab, compare=1)
    assert (compared.layout.display, growing.layout.display) == (None, "none")
    assert compared.sides == ("gravel · 48 px · 2 steps", "gravel · 48 px · 1 step")
    one, two = (PIL.Image.open(io.BytesIO(p)) for p in compared.pictures)
    assert one.size == two.size
    assert min(one.size) == 48
    press(lab, compare=0)
    assert (compared.layout.display, growing.layout.display) == ("none", None)
    for end in (lambda: press(lab, restore=2), lambda: run(lab)):
        press(lab, compare=1)
        end()
        assert compared.layout.display == "none"
        assert lab.recall.strip.against == 0


def test_a_run_at_work_is_not_replaced() -> None:
    lab = TextureLab(**SMALL)
    run(lab)
    lab.controls["steps"].value = 100_000
    lab.panel.run.click()
    press(lab, restore=1)
    assert BUSY in lab.panel.message.value
    assert lab.controls["steps"].value == 100_000
    lab.panel.stop.click()
    lab.panel.live.join(300)


def test_a_picture_that_is_no_longer_kept_is_said() -> None:
    lab = TextureLab(**SMALL)
    run(lab)
    kept = lab.recall.memory.kept[1]
    gone = kept.settings | {"pictures": {"style": ["own 7"]}}
    rest = kept.facts, kept.total, kept.png, kept.rest
    lab.recall.memory.kept[1] = Kept(kept.caption, gone, *rest)
    press(lab, restore=1)
    assert GONE in lab.panel.message.value
    assert lab.make_job().sources == {"style": "gravel"}


def test_controls_changed_in_a_run_do_not_change_what_is_kept_of_it() -> None:
    lab = TextureLab(size=48, steps=40)
    lab.panel.run.click()
    lab.controls["steps"].value = 7
    assert lab.panel.live.join(300) == "done"
    assert captions(lab) == ["gravel · 48 px · 40 steps"]
    press(lab, restore=1)
    assert lab.controls["steps"].value == 40


@pytest.mark.parametrize("steps", [1, 2])
def test_one_step_is_no_steps(steps: int) -> None:
    text = caption(recipe_for("texture", {}), {"style": "gravel"}, steps)
    assert text.endswith("1 step" if steps == 1 else "2 steps")
