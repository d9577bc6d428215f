"""The labs with runs, without kernel or browser: controls, pictures and stills."""

from __future__ import annotations

import base64
import io
import itertools
from types import SimpleNamespace

import numpy as np
import PIL.Image
import psutil
import pytest
import torch
from ipywidgets import HTML
from jupyter_client.manager import start_new_kernel

import stylelab as sl
from stylelab.labs import TextureLab, TransferLab, run_view
from stylelab.labs import __all__ as labs
from stylelab.labs.controls import Controls
from stylelab.labs.lab import descendants
from stylelab.labs.markup import escaped
from stylelab.labs.run_lab import RunLab
from stylelab.labs.run_status import WORDS
from stylelab.labs.small_picture import shrink
from stylelab.labs.widgets.buttons import LayerButtons
from stylelab.labs.widgets.log_slider import LogSlider
from stylelab.pictures import images
from stylelab.runs import guess
from stylelab.runs.job import Job
from stylelab.runs.recipe import Recipe, fields_of, recipe_for

SMALL = {"size": 48, "steps": 3}
MAKERS = [TextureLab, TransferLab]

every_lab = pytest.mark.parametrize("lab_of", MAKERS, ids=lambda lab: lab.__name__)


def upload(lab: RunLab, role: str, name: str, image: PIL.Image.Image) -> None:
    """As the browser sends a file."""
    content = io.BytesIO()
    image.save(content, "PNG")
    picker = lab.pickers[role]
    picker._on_message(picker, {"name": name}, [memoryview(content.getvalue())])


def run(lab: RunLab) -> None:
    lab.panel.run.click()
    assert lab.panel.live.join(300) == "done", lab.panel.message.value


# --- Controls -------------------------------------------------------------------------


@pytest.mark.parametrize("task", ["transfer", "texture", "reconstruct"])
def test_the_controls_are_the_recipes_fields(task: str) -> None:
    controls = Controls(task, {}, lambda: None, {})
    specs = fields_of(task)
    lists = {n for n, s in specs.items() if s.default == () and "low" in s.metadata}
    assert controls.widgets.keys() == specs.keys() - lists - {"task"}
    assert controls.make_job({}).recipe == recipe_for(task, {})
    for name, widget in controls.widgets.items():
        limits = specs[name].metadata
        help = widget.help if isinstance(widget, LayerButtons) else widget.tooltip
        assert help == limits["help"]
        if "choices" in limits:
            assert {*widget.options} <= {*limits["choices"]}
        elif "low" in limits:
            assert (widget.min, widget.max) == (limits["low"], limits["high"])


def test_what_a_task_does_not_have_is_not_offered() -> None:
    def starts(task: str) -> tuple:
        return Controls(task, {}, lambda: None, {})["start"].options

    assert starts("transfer") == ("noise", "photo", "style", "guess")
    assert starts("texture") == ("noise", "phases", "style")
    assert starts("reconstruct") == ("noise", "photo")


def test_every_control_changes_the_recipe_and_tells() -> None:
    changes = itertools.count()
    controls = Controls("transfer", {}, lambda: next(changes), {})
    other = {
        "size": 64,
        "start": "noise",
        "content_layers": ["relu2_2"],
        "style_weight": 5.0,
        "statistic": "mean_std",
        "space": "pixels",
        "seed": 4,
    }
    for name, value in other.items():
        controls[name].value = value
    assert next(changes) == len(other)
    other["content_layers"] = ("relu2_2",)
    assert controls.make_job({}).recipe == Recipe(**other)


def test_first_values_may_be_given_even_files_and_lists_of_numbers() -> None:
    first = {"start": "great_wave", "mix": [1, 2], "style_layers": ["conv1_1", "pool4"]}
    controls = Controls("transfer", first, lambda: None, {})
    assert controls.make_job({}).recipe == recipe_for("transfer", first)
    with pytest.raises(TypeError, match="no option 'sizes'; did you mean size"):
        TransferLab(sizes=3)


def test_a_set_of_layers_offers_convolutions_only_where_one_was_chosen() -> None:
    assert [len(block) for block in LayerButtons(["relu1_1"]).blocks] == [3, 3, 5, 5, 5]
    offered = LayerButtons(["conv3_1", "relu1_1"]).blocks
    assert offered[2][0] == "conv3_1"
    assert len(offered[2]) == 6


# --- Labs -----------------------------------------------------------------------------


def test_the_constructors_are_simple() -> None:
    assert (
        TransferLab("cat", "great_wave")
        .call()
        .startswith('sl.transfer("cat", "great_wave", size=256, steps=100)')
    )
    assert TextureLab("brick").call() == 'sl.texture("brick", size=256, steps=100)'
    brick = TextureLab("brick", style_layers="pool4", size=64)
    assert 'style_layers=["pool4"]' in brick.call()


@every_lab
def test_the_line_of_code_makes_the_picture_of_the_lab(lab_of: type[RunLab]) -> None:
    lab = lab_of(**SMALL)
    run(lab)
    same = eval(lab.call(), {"sl": sl}).result(iter)
    assert torch.equal(same.picture, lab.result.picture)
    assert same.record == lab.result.record


def test_the_slider_rounds_what_is_dragged_but_not_what_is_written() -> None:
    slider = LogSlider(123.45, -2, 3, ("left", "right"), "A number")
    assert slider.value == slider.slider.value == 123.45
    slider.slider.value = 112.2
    assert slider.value == slider.slider.value == 110
    slider.value = 5000
    assert (slider.value, slider.slider.value) == (5000, 1000)


def test_the_ratio_of_the_weights_is_what_counts() -> None:
    lab = TransferLab(content_weight=4.0, style_weight=80.0)
    assert lab.ratio.value == 20
    recipe = lab.make_job().recipe
    assert (recipe.content_weight, recipe.style_weight) == (1, 20)
    lab.ratio.value = 0.03
    assert lab.make_job().recipe.style_weight == 0.03
    with pytest.raises(ValueError, match="content_weight is 0"):
        TransferLab(content_weight=0)


def test_a_result_says_how_far_it_is_from_its_pictures() -> None:
    lab = TransferLab(**SMALL, content_weight=4.0, style_weight=80.0)
    run(lab)
    weighted = {kind: [] for kind in ("style", "content")}
    for name, loss in lab.result.losses.items():
        weighted.get(name.split()[0], []).append(loss)
    facts = lab.panel.facts.value
    assert f">{sum(weighted['content']):.2g}<" in facts
    assert "content: 0 is the photo's, 1 is as wrong as black" in facts
    assert f">{sum(weighted['style']) / 20:.2g}<" in facts
    lab.controls["losses"].value = "absolute"
    run(lab)
    assert lab.panel.facts.value == ""


def test_any_set_of_layers_and_a_statistic_make_a_texture() -> None:
    lab = TextureLab("brick", **SMALL)
    lab.controls["style_layers"].value = ["relu1_1", "pool2"]
    lab.controls["statistic"].value = "sliced_wasserstein"
    run(lab)
    assert {*lab.result.losses} == {"style relu1_1", "style pool2", "spectrum"}


def test_no_layer_at_all_is_said_in_words() -> None:
    lab = TextureLab(**SMALL)
    lab.controls["style_layers"].value = []
    lab.panel.ahead.join(300)
    assert "style_layers is []: no layer was named" in lab.panel.message.value
    assert lab.code.value == ""
    lab.panel.run.click()
    assert lab.panel.live.state == "ready"
    lab.controls["style_layers"].value = ["relu1_1"]
    assert lab.panel.message.value == ""


def test_pictures_are_chosen_or_uploaded_and_keep_their_size_and_name() -> None:
    lab = TransferLab(**SMALL)
    lab.pickers["style"].chosen = ["great_wave"]
    assert "Katsushika Hokusai" in lab.pickers["style"].caption
    mine = PIL.Image.effect_noise((600, 400), 60).convert("RGB")
    upload(lab, "photo", "<my> holiday.png", mine)
    sources = lab.make_job().sources
    assert sources["photo"].size == (600, 400)
    assert sources["style"] == "great_wave"
    assert lab.pickers["photo"].caption == "<my> holiday.png"
    assert "&lt;my&gt; holiday.png" in lab.code.value
    assert ", once '&lt;my&gt; holiday.png' lies beside the" in lab.code.value
    assert ", once" not in TransferLab(**SMALL).code.value
    run(lab)
    photo = lab.result.record["pictures"]["photo"]
    assert photo["name"] == "<my> holiday.png"
    assert photo["sha256"] == images.fingerprint(mine)


def test_a_bad_upload_changes_nothing() -> None:
    lab = TextureLab(**SMALL)
    picker = lab.pickers["style"]
    picker.add_upload("a.txt", b"no picture")
    assert "'a.txt' holds no picture" in picker.message
    assert picker.chosen == ["gravel"]
    assert lab.make_job().sources == {"style": "gravel"}


def test_saving_an_upload_takes_no_folder_along(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    lab = TextureLab(**SMALL)
    noise = PIL.Image.effect_noise((64, 64), 60).convert("RGB")
    upload(lab, "style", "../a: b?.png", noise)
    run(lab)
    lab.panel.save.click()
    assert [path.name for path in tmp_path.iterdir()] == ["texture-_b_.png"]


@every_lab
def test_a_still_shows_what_the_lab_shows_and_stays_small(lab_of: type[RunLab]) -> None:
    lab = lab_of(**SMALL)
    before, _ = lab.still()._repr_mimebundle_()
    lab.panel.ahead.join(300)
    run(lab)
    after, metadata = lab.still()._repr_mimebundle_()
    lab.panel.ahead.join(300)
    sizes = []
    for data in (before, after):
        (mime,) = [mime for mime in data if mime.startswith("image/")]
        assert len(base64.b64decode(data[mime])) < 150_000
        still = PIL.Image.open(io.BytesIO(base64.b64decode(data[mime])))
        sizes.append(still.width / still.height)
    assert sizes[1] > 1.2 * sizes[0]  # the result stands beside the others
    assert "before a run" in before["text/plain"]
    assert "after 3 steps" in after["text/plain"]
    assert lab.call() in after["text/plain"]
    assert metadata[mime]["alt"] == after["text/plain"]


def test_the_forecast_waits_until_the_lab_is_shown() -> None:
    lab = TextureLab(**SMALL)
    assert lab.panel.forecast.value == ""
    lab.shown()
    lab.panel.ahead.join(300)
    assert "This takes about" in lab.panel.forecast.value


def test_what_few_need_is_folded_away() -> None:
    lab = TransferLab()
    assert lab.more.inner.layout.display == "none"
    lab.more.toggle.value = True
    assert lab.more.inner.layout.display != "none"
    folded = [*descendants(lab.more.inner)]
    assert lab.controls["start"] in folded
    assert lab.controls["content_layers"] in folded
    assert lab.ratio not in folded
    assert {lab.controls["levels"], lab.controls["losses"]} <= {*folded}
    assert "tile" not in lab.controls.widgets


def test_each_folded_option_is_explained_under_a_heading() -> None:
    for lab in (TransferLab(), TextureLab()):
        main, fields = lab.main_options, fields_of(lab.task)
        words = [w.value for w in descendants(lab.more.inner) if isinstance(w, HTML)]
        folded = lab.controls.widgets.keys() - {*main}
        for name in folded:
            help = fields[name].metadata["help"]
            assert any(escaped(help[1:]) in text for text in words), name
            assert lab.controls[name] in [*descendants(lab.more.inner)], name
        for heading in ("Colour and brush", "Layers and losses", "Start and optimiser"):
            assert any(f">{heading}<" in text for text in words)


def test_a_line_of_code_is_short_and_exact() -> None:
    recipe = recipe_for("transfer", {"seed": 1234567, "style_layers": ["relu1_1"]})
    assert run_view.call(recipe, {"photo": "a.jpg", "style": "b"}) == (
        'sl.transfer("a.jpg", "b", size=256, steps=100, style_layers=["relu1_1"], '
        "seed=1234567)"
    )


def test_a_line_of_code_loses_no_digit_and_quotes_any_name() -> None:
    recipe = recipe_for("texture", {"style_weight": 1234.5678, "brush": 0.5})
    name = 'a "b" \\ ü.jpg'
    line = run_view.call(recipe, {"style": name})
    assert "ü.jpg" in line
    assert "brush=0.5" in line
    echo = SimpleNamespace(texture=lambda style, **options: (style, options))
    style, options = eval(line, {"sl": echo})
    assert style == name
    assert recipe_for("texture", options) == recipe


def test_an_upload_is_called_by_its_name_alone() -> None:
    image = PIL.Image.new("RGB", (64, 64))
    image.filename = "/home/ada/a.png"
    assert shrink(image).name == "a.png"


def test_all_labs_are_named() -> None:
    assert {lab.__name__ for lab in MAKERS} <= {*labs}


# --- In a kernel ----------------------------------------------------------------------


def test_a_kernel_answers_beside_a_run_and_ends_with_it() -> None:
    manager, client = start_new_kernel(kernel_name="python3")
    try:

        def cell(code: str) -> str:
            printed: list[str] = []
            reply = client.execute_interactive(
                code,
                timeout=120,
                output_hook=lambda m: printed.append(m["content"].get("text", "")),
            )
            assert reply["content"]["status"] == "ok", reply["content"]
            return "".join(printed).strip()

        lab = "from stylelab.labs import TextureLab as Lab"
        cell(f"{lab}\nlab = Lab(size=64, steps=100_000)\nlab.panel.start()")
        cell("import time\nwhile not lab.panel.live.shot: time.sleep(0.05)")
        assert cell("print(6 * 7, lab.panel.live.state)") == "42 running"
        process = psutil.Process(int(cell("import os; print(os.getpid())")))
        started = [process, *process.children(recursive=True)]
        client.stop_channels()
        manager.shutdown_kernel()
        assert psutil.wait_procs(started, timeout=20)[1] == []
    finally:
        if manager.is_alive():
            manager.shutdown_kernel(now=True)


# --- A guess before the run -----------------------------------------------------------


def guess_of(lab: TransferLab) -> np.ndarray:
    lab.changed()
    lab.panel.ahead.join(300)
    assert lab.panel.growing.status == WORDS["guessed"]
    return np.asarray(PIL.Image.open(io.BytesIO(lab.panel.growing.value)), dtype=float)


def test_a_transfer_is_guessed_and_follows_the_slider() -> None:
    lab = TransferLab(**SMALL)
    photo = np.asarray(images.resized(images.open_picture("palace"), 48), dtype=float)
    far = []
    for ratio in (0.1, 4, 1000):
        lab.ratio.value = ratio
        far.append(np.abs(guess_of(lab) - photo).mean())
    assert far[0] < far[1] < far[2]


def test_without_its_networks_nothing_is_guessed(monkeypatch) -> None:
    monkeypatch.setattr(guess, "PACKAGES", ("no_such_package",))
    guess._network.cache_clear()
    lab = TransferLab(**SMALL)
    for said in ("a guess needs no_such_package, not installed here", ""):
        lab.changed()
        lab.panel.ahead.join(300)
        assert said in lab.panel.message.value
        assert said or not lab.panel.message.value
        assert lab.panel.growing.value == b""
        assert "This takes about" in lab.panel.forecast.value


def test_a_guess_follows_masks_and_the_photos_colours() -> None:
    """Painted all over with the second style, it is the guess of that style."""
    sources = {"photo": "palace", "style": ["brick", "starry_night"]}
    left = np.zeros((427, 640), dtype=bool)
    left[:, :40] = True
    options = {"size": 48, "style_weight": 1e9}

    def picture(sources: dict, **more: object) -> np.ndarray:
        job = Job(recipe_for("transfer", options | more), sources)
        image = PIL.Image.open(io.BytesIO(run_view.guessed(job)))
        return np.asarray(image, dtype=float)

    parted = picture(sources | {"masks": [left]})[:, 8:]
    second = picture(sources | {"style": "starry_night"})[:, 8:]
    assert np.abs(parted - second).mean() < 3
    photo = np.asarray(images.resized(images.open_picture("palace"), 48), dtype=float)
    plain, kept = picture(sources), picture(sources, colors="luminance")
    chroma = [(p - p.mean(2, keepdims=True)) for p in (photo, plain, kept)]
    assert (
        np.abs(chroma[2] - chroma[0]).mean()
        < 0.5 * np.abs(chroma[1] - chroma[0]).mean()
    )
