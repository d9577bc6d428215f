"""LayerLab without a browser: what it computes, and that its controls do it."""

from __future__ import annotations

import gc
import io
import subprocess
import sys
import weakref

import numpy as np
import PIL.Image
import pytest
import torch

from stylelab.analysis import receptive_field
from stylelab.core import vgg
from stylelab.labs import LayerLab
from stylelab.labs import __all__ as labs
from stylelab.labs.field_view import FieldView
from stylelab.labs.layer_view import LAYERS, PAGE, LayerView
from stylelab.labs.shading import percent
from stylelab.labs.small_picture import LONGEST, SIZE, shrink
from stylelab.labs.tradeoff_view import TradeoffView
from stylelab.pictures import images
from stylelab.pictures.samples import Sample


@pytest.fixture(scope="module")
def view() -> LayerView:
    return LayerView("cat")


@pytest.fixture
def lab() -> LayerLab:
    return LayerLab("gravel")


def upload(lab: LayerLab, name: str, content: bytes) -> None:
    """As the browser sends a file."""
    lab.picker._on_message(lab.picker, {"name": name}, [memoryview(content)])


def test_the_maps_are_those_of_the_network(view: LayerView) -> None:
    features = vgg.load().features(view.picture.pixels, LAYERS)
    for layer in LAYERS:
        assert torch.equal(view.maps[layer], features[layer][0])


@pytest.mark.parametrize("order", ["strength", "index"])
def test_the_pages_hold_every_channel_once_and_in_order(
    view: LayerView, order: str
) -> None:
    for layer in LAYERS:
        view.choose(layer, order)
        channels = []
        for page in range(view.pages):
            view.turn_to(page)
            assert view.channel == view.on_page[0]
            assert len(view.tiles()) == len(view.on_page) <= PAGE
            channels += view.on_page
        assert sorted(channels) == list(range(len(view.maps[layer])))
        if order == "index":
            assert channels == sorted(channels)
        else:
            strengths = [view.strength(channel) for channel in channels]
            assert strengths[0] == 1
            assert strengths == sorted(strengths, reverse=True)


def test_there_is_no_page_before_the_first_or_after_the_last(view: LayerView) -> None:
    view.choose("relu1_1")
    view.turn_to(-1)
    assert view.page == 0
    view.turn_to(99)
    assert (view.page, view.page_range()) == (3, "61–64 of 64")


@pytest.mark.parametrize("layer", ["relu1_1", "pool2", "relu5_4"])
def test_the_point_lies_in_what_its_neuron_sees(view: LayerView, layer: str) -> None:
    view.choose(layer)
    width, height = view.picture.image.size
    for x, y in [(0, 0), (100, 57), (width - 1, height - 1)]:
        view.point = x, y
        box, neuron = view.field.box, view.field.neuron
        assert box == receptive_field.box(layer, *neuron)
        assert box.left <= x < box.left + box.size + 15
        assert box.top <= y < box.top + box.size + 15
        assert view.reading()[0][0] == f"{view.map[neuron]:.0f}"


def test_the_enlarged_map_is_bright_where_the_neuron_is_strong(view: LayerView) -> None:
    view.choose("relu4_1")
    row, column = divmod(int(view.map.argmax()), view.map.shape[1])
    view.point = 8 * column + 4, 8 * row + 4
    assert view.field.neuron == (row, column)
    square = view.field.square
    pixels = np.asarray(view.enlarged()).astype(float)
    middle = 2 * (square.top + 4), 2 * (square.left + 4)
    assert pixels[middle].sum() > 600  # the light end of the scale


def test_what_pooling_leaves_over_stays_uncovered() -> None:
    view = LayerView(torch.rand(3, 50, 61, generator=torch.Generator().manual_seed(0)))
    view.choose("relu5_1")
    height, width = view.map.shape
    picture = view.picture.image
    assert (height, width) == (picture.height // 16, picture.width // 16)
    pixels, bare = np.asarray(view.enlarged()), np.asarray(view.behind)
    assert (pixels[:, 2 * 16 * width :] == bare[:, 2 * 16 * width :]).all()


def test_a_tile_keeps_the_maximum_of_its_map(view: LayerView) -> None:
    view.choose("relu1_1")
    levels = [np.asarray(tile).max() for tile in view.tiles()]
    assert set(levels) == {255}


def test_a_panorama_is_made_small_and_a_strip_refused(lab: LayerLab) -> None:
    image = shrink(PIL.Image.new("RGB", (2000, 400))).image
    assert max(image.size) <= LONGEST
    assert min(image.size) < SIZE
    file = io.BytesIO()
    PIL.Image.new("RGB", (2000, 20)).save(file, "PNG")
    upload(lab, "strip.png", file.getvalue())
    assert "'strip.png' is 2000 x 20 pixels, too narrow" in lab.picker.message


def test_percentages_keep_two_digits() -> None:
    texts = [percent(share) for share in (0, 0.004, 0.09949, 0.0996, 1, 1.43)]
    assert texts == ["0%", "0.4%", "9.9%", "10%", "100%", "143%"]


def test_a_layer_changes_the_page_the_map_and_the_numbers(lab: LayerLab) -> None:
    photo, page = lab.photo.value, lab.tiles.page
    lab.layer.value = "relu4_2"
    assert lab.photo.value != photo
    assert lab.tiles.page != page
    assert "84 × 84 px" in lab.facts.value
    assert lab.photo.step == 8
    lab.deeper.click()
    assert lab.layer.value == "relu4_3"
    lab.layer.value = LAYERS[-1]
    assert lab.deeper.disabled


def test_order_page_and_channel(lab: LayerLab) -> None:
    lab.order.value = "index"
    assert [tile["key"] for tile in lab.tiles.page["tiles"]] == list(range(PAGE))
    lab.next.click()
    assert lab.tiles.chosen == PAGE
    assert "21–40 of 256" in lab.range.value
    photo = lab.photo.value
    lab.tiles.chosen = PAGE + 3
    assert lab.photo.value != photo
    assert "in channel 23," in lab.reading.value
    lab.previous.click()
    assert lab.previous.disabled


def test_a_click_moves_the_squares(lab: LayerLab) -> None:
    lab.photo.point = 40, 60
    square, box = lab.photo.boxes
    assert square["left"] <= 40 < square["left"] + square["size"]
    assert (box["size"], box["tag"]) == (24, "sees 24 px")
    assert "row 15, column 10" in lab.reading.value


def test_another_sample_and_an_upload(lab: LayerLab) -> None:
    lab.picker.chosen = ["coffee"]
    assert lab.view.picture.name == "coffee"
    file = io.BytesIO()
    PIL.Image.new("RGB", (300, 200), "red").save(file, "PNG")
    upload(lab, "red.png", file.getvalue())
    assert lab.view.picture.name == "red.png"
    assert lab.photo.size == lab.view.picture.image.size
    (key,) = lab.picker.chosen
    lab.picker.chosen = ["coffee"]
    assert lab.picker.title == "a cup of coffee at the Pikolo Espresso Bar"
    lab.picker.chosen = [key]
    assert lab.view.picture.name == lab.picker.title == "red.png"
    assert lab.picker.message == ""


def test_a_sample_that_cannot_be_had_is_not_named(
    lab: LayerLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(sample: Sample) -> None:
        raise OSError(f"'{sample.name}' needs the internet")

    before = lab.view.picture
    monkeypatch.setattr(images, "sample_path", offline)
    lab.picker.chosen = ["neckarfront"]
    assert "neckarfront" in lab.picker.message
    assert lab.picker.chosen == [before.name]
    assert lab.view.picture is before


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_a_bad_upload_is_refused_in_words_and_changes_nothing(
    lab: LayerLab, content: bytes
) -> None:
    before = lab.view.picture, lab.photo.value
    upload(lab, "<b>holiday.jpg", content)
    message = lab.picker.message
    assert "'<b>holiday.jpg'" in message
    assert "accepted are JPEG" in message
    assert (lab.view.picture, lab.photo.value) == before


def test_a_page_that_runs_nothing_shows_a_still_and_words(lab: LayerLab) -> None:
    data, metadata = lab.still()._repr_mimebundle_()
    (mime,) = metadata
    assert data["text/plain"] == metadata[mime]["alt"] == lab.words()
    assert "256 feature maps of 56 × 56" in lab.words()
    assert len(data[mime]) < 250_000


@pytest.mark.parametrize("view", [LayerView, FieldView, TradeoffView])
def test_nothing_keeps_a_view_but_its_lab(view: type) -> None:
    views = [view() for _ in range(3)]
    if view is not TradeoffView:
        views[0].open(shrink("brick"))
        views[0].figure()
    left = [weakref.ref(one) for one in views]
    del views
    gc.collect()
    assert [one() for one in left] == [None] * 3


def test_what_the_labs_compute_needs_no_widgets() -> None:
    views = ("layer_view", "field_view", "tradeoff_view", "run_view")
    names = ", ".join(f"stylelab.labs.{view}" for view in views)
    code = f"import sys, {names}; print('ipywidgets' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout == "False\n"


def test_the_labs_are_named_without_being_loaded() -> None:
    assert labs == sorted(labs)
    code = "import sys, stylelab.labs; print('ipywidgets' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout == "False\n"
