"""What is saved with a picture makes it again, and tells nothing of the machine."""

import base64
import contextlib
import copy
import io
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from stylelab.core import vgg
from stylelab.core.layers import CONVS
from stylelab.pictures import images
from stylelab.pictures.files import PictureError
from stylelab.runs import device, originals, record, tasks
from stylelab.runs.recipe import recipe_for
from stylelab.runs.run import Run

NOWHERE = Path("nowhere")
QUICK = {"size": 16, "steps": 2, "style_layers": ["relu1_1"], "content_weight": 0}
TEXTURE = {"size": 16, "steps": 2, "style_layers": ["relu1_1"]}


def picture_file(path: Path, seed: int = 0) -> str:
    pixels = torch.rand(3, 20, 24, generator=torch.Generator().manual_seed(seed))
    images.save(pixels, path)
    return str(path)


def weights_file(path: Path, seed: int = 0) -> str:
    """Weights in Gatys' format; all but block 1 are zeros that take no space."""
    net = vgg.load("random", seed=seed)
    state = {}
    for name in CONVS:
        kernel, bias = net.kernels[name], net.biases[name]
        zeros = torch.zeros(1).expand(kernel.shape)
        state[f"{name}.weight"] = kernel if name < "conv2" else zeros
        state[f"{name}.bias"] = bias.clone()
    torch.save(state, path)
    return str(path)


def saved(run: Run) -> dict:
    """The record as it comes back from a file."""
    return json.loads(json.dumps(run.record))


def made(found: tuple) -> torch.Tensor:
    """The picture that a recalled recipe makes."""
    recipe, sources = found
    return tasks.prepare(recipe, **sources).result(iter).picture


def recall(saved: dict, folder: Path = NOWHERE, options=(), sources=()) -> tuple:
    return record.recall(saved, folder, dict(options), dict(sources))


def test_a_record_holds_everything_that_decides_the_picture():
    run = tasks.transfer("palace", "brick", seed=3, precision="float32", **QUICK)
    before = saved(run)
    assert before["recipe"] == json.loads(json.dumps(run.recipe.to_dict()))
    for role, name in (("photo", "palace"), ("style", "brick")):
        expected = {"name": name, "sha256": images.fingerprint(name)}
        assert before["pictures"][role] == expected
    assert before["weights_sha256"] == vgg.load().sha256
    assert before["computed_in"] == "float32"
    assert before["threads"] == torch.get_num_threads()
    assert before["torch"] == torch.__version__.split("+")[0]
    assert before["processor"] == device.processor()


def test_an_empty_list_of_masks_is_no_file_to_look_for():
    run = tasks.transfer("palace", "brick", masks=[], **QUICK)
    _, sources = recall(saved(run))
    assert sources == {"photo": "palace", "style": "brick"}


def test_the_precision_that_was_chosen_is_told(monkeypatch):
    for chosen in ("float32", "bfloat16"):
        monkeypatch.setattr(device, "default_precision", lambda device, c=chosen: c)
        before = saved(tasks.texture("brick", **TEXTURE))
        assert (before["recipe"]["precision"], before["computed_in"]) == (
            "auto",
            chosen,
        )


def test_a_record_never_holds_a_path(tmp_path):
    folder = tmp_path / "Ada's own"
    folder.mkdir()
    photo, style, start = (
        picture_file(folder / f"{name}.png", seed)
        for seed, name in enumerate(("photo 1", "style", "start"))
    )
    weights = weights_file(folder / "weights.pth")
    run = tasks.transfer(photo, Path(style), start=start, weights=weights, **QUICK)
    text = json.dumps(run.result(iter).record)
    assert "Ada" not in text
    assert "/" not in text
    assert "\\" not in text
    names = [about["name"] for about in run.record["pictures"].values()]
    assert names == ["photo 1.png", "style.png", "start.png"]
    assert run.record["recipe"]["start"] == "start.png"
    assert run.record["recipe"]["weights"] == "weights.pth"


def test_samples_are_found_again():
    run = tasks.transfer("palace", "brick", **QUICK)
    assert recall(saved(run)) == (run.recipe, {"photo": "palace", "style": "brick"})


def test_files_are_found_beside_the_record_and_here(tmp_path, monkeypatch):
    """Every file of a run: the pictures, the first picture, and the weights."""
    photo, start = (picture_file(tmp_path / f"{i}.png", i) for i in range(2))
    options = QUICK | {"start": start, "weights": weights_file(tmp_path / "w.pth")}
    run = tasks.transfer(photo, "brick", **options)
    expected = run.result(iter).picture
    beside = recall(saved(run), tmp_path)
    assert torch.equal(made(beside), expected)
    monkeypatch.chdir(tmp_path)
    here = recall(saved(run), NOWHERE)
    assert torch.equal(made(here), expected)


def test_a_picture_may_have_another_format_by_now(tmp_path):
    """The hash is of the pixels: a picture saved again without loss is the same."""
    run = tasks.texture(picture_file(tmp_path / "a.png"), **TEXTURE)
    Image.open(tmp_path / "a.png").save(tmp_path / "b.bmp")
    (tmp_path / "b.bmp").replace(tmp_path / "a.png")
    assert recall(saved(run), tmp_path)[1] == {"style": str(tmp_path / "a.png")}


def test_a_sample_that_a_file_hides_is_not_taken_for_it(tmp_path):
    """A file named like a sample, without a suffix, beside the record."""
    picture_file(tmp_path / "x.png")
    (tmp_path / "x.png").replace(tmp_path / "brick")
    run = tasks.texture(str(tmp_path / "brick"), **TEXTURE)
    assert recall(saved(run), tmp_path)[1] == {"style": str(tmp_path / "brick")}
    with pytest.raises(PictureError, match="has changed"):
        recall(saved(run), NOWHERE)


@pytest.mark.parametrize("what", ["photo", "style", "start", "weights"])
def test_a_missing_or_changed_file_gets_a_sentence(tmp_path, what):
    paths = {r: tmp_path / f"{r}.png" for r in ("photo", "style", "start")}
    photo, style, start = map(picture_file, paths.values())
    paths["weights"] = tmp_path / "weights.png"
    options = QUICK | {"start": start, "weights": weights_file(paths["weights"])}
    before = saved(tasks.transfer(photo, style, **options))
    write = weights_file if what == "weights" else picture_file
    write(paths[what], seed=9)
    with pytest.raises(PictureError, match=rf"'{what}\.png' \({what}\), which has ch"):
        recall(before, tmp_path)
    paths[what].unlink()
    with pytest.raises(PictureError, match=rf"'{what}\.png' \({what}\), which was not"):
        recall(before, tmp_path)


def test_what_is_given_is_not_looked_for(tmp_path):
    photo, start = (picture_file(tmp_path / f"{i}.png", i) for i in range(2))
    options = QUICK | {"start": start, "weights": weights_file(tmp_path / "w.pth")}
    before = saved(tasks.transfer(photo, "brick", **options))
    changed = {"start": "noise", "weights": "random", "steps": 7}
    recipe, sources = recall(before, NOWHERE, changed, {"photo": "cat"})
    assert sources == {"photo": "cat", "style": "brick"}
    assert recipe == recipe_for("transfer", QUICK | changed)


def test_a_tensor_has_to_be_given_again():
    picture = torch.rand(1, 3, 20, 20)
    before = saved(tasks.texture(picture, **TEXTURE))
    with pytest.raises(PictureError, match=r"'picture' \(style\), which was not found"):
        recall(before)
    assert recall(before, sources={"style": picture})[1]["style"] is picture


def test_several_styles_and_masks_are_found_again(tmp_path):
    """Each by its own name and hash; one of several may have changed."""
    files = [picture_file(tmp_path / f"{i}.png", seed=i) for i in range(2)]
    mask = torch.zeros(3, 427, 640)
    mask[:, :200] = 1
    images.save(mask, tmp_path / "sky.png")
    masks = [tmp_path / "sky.png", 1 - mask]
    run = tasks.transfer("palace", files, masks, mix=(1, 2), brush=1.5, **QUICK)
    before = saved(run)
    assert [one["name"] for one in before["pictures"]["style"]] == ["0.png", "1.png"]
    names = [one["name"] for one in before["pictures"]["masks"]]
    assert names == ["sky.png", "picture"]
    assert torch.equal(made(recall(before, tmp_path)), run.result(iter).picture)
    picture_file(tmp_path / "1.png", seed=9)
    with pytest.raises(PictureError, match=r"'1\.png' \(style\), which has changed"):
        recall(before, tmp_path)


BOMB = 5000 * 5000  # pixels of one colour: a PNG of 3 KB


@pytest.mark.parametrize(
    ("mask", "whole"),
    [
        (torch.eye(64)[None].expand(3, -1, -1), True),
        (Image.new("RGBA", (64, 64), "white"), True),
        (torch.full((3, 64, 64), 0.5), False),  # grey
        (np.random.default_rng(0).random((400, 400)) < 0.5, False),  # too many bytes
        (np.ones((BOMB // 5000, 5000), bool), False),
        (Image.new("RGBA", (64, 64), (255, 255, 255, 9)), False),
    ],
)
def test_a_mask_without_a_file_is_kept_whole_if_it_is_black_and_white(mask, whole):
    found = originals.about("masks", mask)
    assert ("png" in found) == whole
    if whole:
        (again,) = [originals.find_all("masks", NOWHERE, found)]
        assert images.fingerprint(again) == images.fingerprint(mask)
        assert originals.about("masks", again) == found
    else:
        with pytest.raises(PictureError, match=r"'picture' \(masks\), which was not f"):
            originals.find_all("masks", NOWHERE, found)


def test_a_mask_in_a_record_is_bounded_and_checked():
    good = originals.about("masks", torch.eye(64)[None].expand(3, -1, -1))
    other = originals.about("masks", torch.eye(65)[None].expand(3, -1, -1))
    bomb = io.BytesIO()
    Image.new("1", (5000, BOMB // 5000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < originals.MASK_BYTES
    wrong = [None, 3, [], "", "x", "ü", good["png"] + "A", good["png"][:40]]
    wrong += [good["png"] * 400, other["png"]]
    wrong += [base64.b64encode(bomb.getvalue()).decode()]
    for png in wrong:
        with pytest.raises(
            PictureError, match="mask 'picture' is damaged or too large"
        ):
            originals.find_all("masks", NOWHERE, good | {"png": png})
    many = [good] * (originals.MOST + 1)
    with pytest.raises(PictureError, match="65 pictures are named as masks"):
        originals.find_all("masks", NOWHERE, many)


def test_a_record_from_before_there_were_controls_still_runs():
    run = tasks.transfer("palace", "brick", **QUICK)
    before = saved(run)
    for name in ("colors", "brush", "mix", "layer_weights"):
        del before["recipe"][name]
    assert recall(before) == (run.recipe, {"photo": "palace", "style": "brick"})


# As version 0.1.0 saved it, with everything that decided the picture.
SAVED_BY_0_1_0 = """{"stylelab": "0.1.0", "recipe": {"task": "transfer", "size": 32,
"steps": 3, "start": "noise", "content_layers": ["relu4_2"], "content_weight": 1.0,
"style_layers": ["relu1_1", "relu2_1"], "style_weight": 1000.0, "statistic": "gram",
"layer_weights": [], "mix": [], "brush": 1.0, "colors": "style", "smoothness": 0.0,
"optimizer": "lbfgs", "space": "spectrum", "weights": "original", "pooling": "max",
"precision": "float32", "seed": 0}, "pictures": {"photo": {"name": "palace", "sha256":
"c837dbeac475c5d4775963419d5f685db420fef381c40335ecf98f8b87235a3d"}, "style": {"name":
"brick", "sha256": "ca35f5de98e803f24f20afa449288ce3728901ac74e8cb239a285f54a812fbf3"}},
"weights_sha256": "c34748d2a8b1ad0a651c18a3addff1b0189af7f070cdaaa0dced0db6150b6af6",
"computed_in": "float32", "threads": 1, "finished": true, "steps_run": 3, "loss":
1366299.6052246094, "losses": {"content relu4_2": 1164350.5, "style relu1_1":
3374.277099609375, "style relu2_1": 198574.828125}}"""


SINCE = {"steps", "tile", "torch", "processor"}


def test_a_picture_saved_by_the_version_before_is_made_again():
    before = json.loads(SAVED_BY_0_1_0)
    recipe, sources = recall(before)
    assert recipe.size == 32
    result = tasks.prepare(recipe, **sources).result(iter)
    assert result.record.keys() == before.keys() | SINCE
    for key in ("pictures", "weights_sha256", "computed_in"):
        assert json.loads(json.dumps(result.record[key])) == before[key]
    since = {"losses": "absolute", "levels": 1, "tile": 0}
    since["spectrum_weight"] = recipe_for("transfer", {}).spectrum_weight
    assert json.loads(json.dumps(recipe.to_dict())) == before["recipe"] | since
    # Another processor adds up in another order.
    assert result.losses == pytest.approx(before["losses"], rel=1e-3)


def test_masks_may_be_given_to_a_recipe_without_them():
    sky = torch.zeros(1, 3, 427, 640)
    sky[..., :200, :] = 1
    before = saved(tasks.transfer("palace", ["brick", "gravel"], **QUICK))
    _, sources = recall(before, sources={"masks": [sky]})
    assert sources["style"] == ["brick", "gravel"]
    assert sources["masks"] == [sky]


GOOD = {
    "stylelab": "0.1.0",
    "recipe": recipe_for("texture", TEXTURE).to_dict(),
    "pictures": {
        "style": {"name": "brick", "sha256": images.fingerprint("brick")},
    },
    "weights_sha256": "abc",
}


@pytest.mark.parametrize("key", ["recipe", "pictures"])
def test_a_record_without_its_parts_is_not_complete(key):
    with pytest.raises(PictureError, match="no complete recipe"):
        recall({name: value for name, value in GOOD.items() if name != key})


def test_an_option_of_a_later_version_is_named():
    broken = copy.deepcopy(GOOD)
    broken["recipe"]["sparkle"] = 3
    with pytest.raises(PictureError, match="no option 'sparkle'"):
        recall(broken)


def test_a_recipe_of_a_later_version_asks_for_an_update():
    """Whatever it is in it that this version does not know."""
    changes = {"sparkle": 3, "task": "sculpture", "statistic": "moments", "size": 10**6}
    for name, value in changes.items():
        broken = copy.deepcopy(GOOD) | {"stylelab": "10.2.0"}
        broken["recipe"][name] = value
        with pytest.raises(PictureError, match=r"by stylelab '10\.2\.0', and this is"):
            recall(broken)
        for other in ("0.0.9", "0.1.0", None, 11, ["11.0"], "x"):
            with pytest.raises(ValueError, match=name) as caught:
                recall(broken | {"stylelab": other})
            assert "update" not in str(caught.value)
    assert recall(GOOD | {"stylelab": "10.2.0"})[0].task == "texture"


def test_a_broken_record_gets_words_not_pythons(tmp_path):
    wrong = [
        None,
        3,
        "text",
        [1],
        [[1]],
        {},
        [{}],
        {"name": "x"},
        {"name": 1},
        "x" * 999,
    ]
    places_of_dicts = [("recipe",), ("pictures",), ("pictures", "style")]
    for path in [*places_of_dicts, ("recipe", "task"), ("pictures", "style", "name")]:
        for value in wrong:
            if path[-1] != "name" or not isinstance(value, str):
                broken = copy.deepcopy(GOOD)
                parent = broken
                for key in path[:-1]:
                    parent = parent[key]
                parent[path[-1]] = value
                with pytest.raises(
                    PictureError, match="no complete recipe: "
                ) as caught:
                    recall(broken)
                assert len(str(caught.value)) < 300
                assert path[-1] in str(caught.value) or path == ("pictures",)
    long = copy.deepcopy(GOOD)
    long["pictures"]["style"]["name"] = "x" * 10_000  # longer than any file's
    with pytest.raises(PictureError, match=r"'xxx.*which was not found") as caught:
        recall(long, tmp_path)
    assert len(str(caught.value)) < 300


def test_a_value_out_of_range_is_named():
    broken = copy.deepcopy(GOOD)
    broken["recipe"]["size"] = 10**6
    with pytest.raises(ValueError, match="size is 1000000: accepted"):
        recall(broken)


def places(value: object, path: tuple = ()) -> list[tuple]:
    """Where something stands in a record: ("recipe", "size") and all others."""
    inside = value.items() if isinstance(value, dict) else ()
    return [path, *(p for k, v in inside for p in places(v, (*path, k)))][not path :]


@settings(deadline=None)
@given(
    st.sampled_from(places(GOOD)),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=4,
    ),
)
def test_a_damaged_record_is_a_value_error_and_nothing_else(path, value):
    broken = copy.deepcopy(GOOD)
    parent = broken
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = value
    with contextlib.suppress(ValueError):
        recipe, sources = recall(broken)
        assert recipe.task == "texture"
        assert sources == {"style": "brick"}
