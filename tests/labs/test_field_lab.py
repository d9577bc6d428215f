"""FieldLab without a browser: what it computes, and that its controls do it."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch

from stylelab.analysis import receptive_field
from stylelab.analysis.receptive_field import Box
from stylelab.core import vgg
from stylelab.labs import FieldLab, shading
from stylelab.labs.field_view import (
    START,
    FieldView,
    ReceptiveField,
    cut,
    influence_of,
)
from stylelab.labs.newest_only import NewestOnly


@pytest.fixture(scope="module")
def view() -> FieldView:
    return FieldView("palace")


@pytest.fixture
def lab() -> FieldLab:
    lab = FieldLab("cat")
    lab.slow.join(300)
    return lab


def field(view: FieldView, layer: str) -> ReceptiveField:
    return next(field for field in view.fields() if field.layer == layer)


@pytest.mark.parametrize("layer", ["relu1_1", "pool2", "relu4_1", "relu5_1"])
@pytest.mark.parametrize("at", ["corner", "inside", "end"])
def test_the_influence_of_the_part_is_that_of_the_whole(
    view: FieldView, layer: str, at: str
) -> None:
    pixels, net = view.picture.pixels[..., :131, :149], vgg.load()
    points = {"corner": (0, 0), "inside": (60, 70), "end": (130, 148)}
    row, column = receptive_field.neuron_at(layer, *points[at], 131, 149)
    part = influence_of(net, pixels, layer, row, column)
    whole = receptive_field.influence(net, pixels, layer, row, column)
    assert torch.allclose(part, whole, rtol=1e-3, atol=1e-5 * whole.max().item())


def test_a_share_counts_only_what_lies_in_the_picture(view: FieldView) -> None:
    width, height = view.picture.image.size
    view.point = width // 2, height // 2
    inside = field(view, "relu3_1")
    assert inside.share == pytest.approx(24**2 / (width * height))
    view.point = 0, 0
    corner = field(view, "relu3_1")
    assert corner.share < inside.share / 2
    assert corner.facts()[0] == ("24 × 24", "px")


def test_a_patch_has_every_pixel_of_the_field(view: FieldView) -> None:
    view.point = 100, 100
    relu5_1 = field(view, "relu5_1")
    top, left, bottom, right = relu5_1.box.clipped(*view.picture.pixels.shape[2:])
    inside = np.asarray(view.picture.image)[top:bottom, left:right]
    patch = np.asarray(relu5_1.patch())
    assert patch.shape == (156, 156, 3)
    corner = top - relu5_1.box.top, left - relu5_1.box.left
    shown = patch[corner[0] : bottom - relu5_1.box.top, corner[1] :][:, : right - left]
    assert np.array_equal(shown, inside)


def test_what_is_cut_outside_of_the_picture_has_a_colour_of_its_own() -> None:
    part = cut(torch.ones(1, 1, 4, 4), Box(-1, 2, 3), 0.5)[0, 0]
    assert part.tolist() == [[0.5, 0.5, 0.5], [1, 1, 0.5], [1, 1, 0.5]]


def test_less_matters_than_is_seen(view: FieldView) -> None:
    view.point = 120, 150
    for one in view.fields():
        influence = one.measure()
        assert 0 < influence.size < one.box.size
        assert influence.heat.size == (one.box.size,) * 2


def test_two_to_four_layers_are_compared(view: FieldView) -> None:
    for chosen in (["relu1_1"], ["relu1_1"] * 5):
        with pytest.raises(ValueError, match="two to four"):
            view.choose(chosen)
    with pytest.raises(ValueError, match="nearest: relu4_2"):
        view.choose(["relu4_2", "relu42"])


def test_a_layer_is_compared_once(view: FieldView, lab: FieldLab) -> None:
    with pytest.raises(ValueError, match="relu3_1 is compared already"):
        view.choose(["relu3_1", "relu2_1", "relu3_1"])
    lab.layers[1].value = "relu2_1"
    assert [dropdown.value for dropdown in lab.layers] == list(START)
    assert "relu2_1 is compared already" in lab.picker.message
    assert len(lab.cards.cards) == 4
    lab.layers[1].value = "relu2_2"
    lab.slow.join(300)
    assert lab.picker.message == ""
    assert lab.view.layers == ("relu2_1", "relu2_2", "relu4_1", "relu5_1")


def test_the_squares_and_cards_are_those_of_the_layers(lab: FieldLab) -> None:
    assert [box["size"] for box in lab.photo.boxes] == [10, 24, 68, 156]
    assert len({box["hue"] for box in lab.photo.boxes}) == 4
    assert len({box["dash"] for box in lab.photo.boxes}) == 4
    assert [card["title"] for card in lab.cards.cards] == list(START)
    for card in lab.cards.cards:
        patch, measured = card["figures"]
        assert patch["inner"] == 0
        assert 0 < measured["inner"] < 1
        assert "90% within" in measured["caption"]


def test_a_click_moves_every_square(lab: FieldLab) -> None:
    before = lab.photo.boxes, lab.cards.cards
    lab.photo.point = 40, 50
    lab.slow.join(300)
    assert (lab.photo.boxes, lab.cards.cards) != before
    for box in lab.photo.boxes:
        assert abs(box["left"] + box["size"] / 2 - 40) <= 9
        assert abs(box["top"] + box["size"] / 2 - 50) <= 9
    assert "Column 40, row 50" in lab.photo.label


def test_the_third_and_fourth_layer_can_be_left_out(lab: FieldLab) -> None:
    lab.layers[3].value = "–"
    lab.layers[2].value = "–"
    lab.layers[0].value = "pool1"
    lab.slow.join(300)
    assert lab.view.layers == ("pool1", "relu3_1")
    assert [card["title"] for card in lab.cards.cards] == ["pool1", "relu3_1"]


def test_the_fourth_layer_moves_up_where_the_third_is_left_out(lab: FieldLab) -> None:
    lab.layers[2].value = "–"
    assert [dropdown.value for dropdown in lab.layers[2:]] == ["relu5_1", "–"]
    assert [card["hue"] for card in lab.cards.cards] == list(shading.HUES[:3])
    assert lab.view.layers == ("relu2_1", "relu3_1", "relu5_1")


def test_a_fast_hand_leaves_no_queue(lab: FieldLab) -> None:
    for x in range(10, 200, 10):
        lab.photo.point = x, 100
    lab.slow.join(300)
    *_, deep = lab.cards.cards
    assert deep["figures"][1]["caption"].startswith("What matters")
    last = field(lab.view, "relu2_1").measure()
    assert last.caption == lab.cards.cards[0]["figures"][1]["caption"]


def test_another_picture(lab: FieldLab) -> None:
    lab.picker.chosen = ["brick"]
    lab.slow.join(300)
    assert lab.view.picture.name == "brick"
    assert lab.photo.size == lab.view.picture.image.size


def test_a_measurement_that_fails_is_told_in_words(
    lab: FieldLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError("no memory left")

    with monkeypatch.context() as patched:
        patched.setattr(receptive_field, "influence", fail)
        lab.photo.point = 20, 20
        lab.slow.join(300)
    assert "no memory left" in lab.picker.message
    lab.photo.point = 30, 30
    lab.slow.join(300)
    assert "90% within" in lab.cards.cards[3]["figures"][1]["caption"]


def test_a_page_that_runs_nothing_shows_a_still_and_words(lab: FieldLab) -> None:
    data, metadata = lab.still()._repr_mimebundle_()
    (mime,) = metadata
    assert data["text/plain"] == metadata[mime]["alt"] == lab.words()
    assert "relu2_1 10 px, relu3_1 24 px" in lab.words()
    assert len(data[mime]) < 250_000


def test_only_the_newest_wish_is_worked_on_to_the_end() -> None:
    begun, go, done = threading.Event(), threading.Event(), []

    def work(wish: int):
        begun.set()
        go.wait(10)
        yield
        done.append(wish)

    latest = NewestOnly(work, done.append)
    latest.want(1)
    begun.wait(10)
    latest.want(2)
    latest.want(3)
    go.set()
    latest.join(10)
    assert done == [3]
