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
from stylelab.core import layers, vgg
from stylelab.labs import LayerLab, first_sum, loudest
from stylelab.labs import __all__ as labs
from stylelab.labs.field_view import FieldView
from stylelab.labs.layer_view import PAGE, LayerView
from stylelab.labs.picture_maps import LAYERS
from stylelab.labs.shading import percent
from stylelab.labs.small_picture import LONGEST, SIZE, shrink
from stylelab.labs.tradeoff_view import TradeoffView
from stylelab.labs.widgets import network_map
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
            strengths = [view.strengths(channel)[0] for channel in channels]
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
        view.sides[0].point = x, y
        box, neuron = view.field().box, view.field().neuron
        assert box == receptive_field.box(layer, *neuron)
        assert box.left <= x < box.left + box.size + 15
        assert box.top <= y < box.top + box.size + 15
        assert view.reading()[0][0] == f"{view.map[neuron]:.0f}"


def test_the_enlarged_map_is_bright_where_the_neuron_is_strong(view: LayerView) -> None:
    view.choose("relu4_1")
    row, column = divmod(int(view.map.argmax()), view.map.shape[1])
    view.sides[0].point = 8 * column + 4, 8 * row + 4
    assert view.field().neuron == (row, column)
    square = view.field().square
    pixels = np.asarray(view.enlarged()).astype(float)
    middle = 2 * (square.top + 4), 2 * (square.left + 4)
    assert pixels[middle].sum() > 600  # the light end of the scale


def test_what_pooling_leaves_over_stays_uncovered() -> None:
    view = LayerView(torch.rand(3, 50, 61, generator=torch.Generator().manual_seed(0)))
    view.choose("relu5_1")
    height, width = view.map.shape
    picture = view.picture.image
    assert (height, width) == (picture.height // 16, picture.width // 16)
    pixels, bare = np.asarray(view.enlarged()), np.asarray(view.sides[0].behind)
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
    shares = 0, 0.00012, 0.0005, 0.004, 0.09949, 0.0996, 1, 1.43
    texts = [percent(share) for share in shares]
    expected = ["0%", "< 0.1%", "0.1%", "0.4%", "9.9%", "10%", "100%", "143%"]
    assert texts == expected


def test_a_layer_changes_the_page_the_map_and_the_numbers(lab: LayerLab) -> None:
    (photo,), page = lab.photos, lab.tiles.page
    before = photo.value
    lab.map.chosen = "relu4_2"
    assert photo.value != before
    assert lab.tiles.page != page
    assert ["84 × 84 px", "seen by a neuron"] in [[*fact] for fact in lab.map.facts]
    assert photo.step == 8
    lab.map.chosen = "relu1_1"
    assert lab.map.facts[3][0] == "< 0.1%"


def test_order_page_and_channel(lab: LayerLab) -> None:
    lab.order.value = ""
    assert [tile["key"] for tile in lab.tiles.page["tiles"]] == list(range(PAGE))
    lab.next.click()
    assert lab.tiles.chosen == PAGE
    assert "21–40 of 256" in lab.range.value
    photo = lab.photos[0].value
    lab.tiles.chosen = PAGE + 3
    assert lab.photos[0].value != photo
    assert "channel 23 over the photo" in lab.photos[0].label
    lab.previous.click()
    assert lab.previous.disabled


def test_a_click_moves_the_squares(lab: LayerLab) -> None:
    lab.photos[0].point = 40, 60
    square, box = lab.photos[0].boxes
    assert square["left"] <= 40 < square["left"] + square["size"]
    assert (box["size"], box["tag"]) == (24, "sees 24 px")
    assert "row 15, column 10" in lab.readings[0].value


def test_another_sample_and_an_upload(lab: LayerLab) -> None:
    lab.picker.chosen = ["coffee"]
    assert lab.view.picture.name == "coffee"
    file = io.BytesIO()
    PIL.Image.new("RGB", (300, 200), "red").save(file, "PNG")
    upload(lab, "red.png", file.getvalue())
    assert lab.view.picture.name == "red.png"
    assert lab.photos[0].size == lab.view.picture.image.size
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
    before = lab.view.picture, lab.photos[0].value
    upload(lab, "<b>holiday.jpg", content)
    message = lab.picker.message
    assert "'<b>holiday.jpg'" in message
    assert "accepted are JPEG" in message
    assert (lab.view.picture, lab.photos[0].value) == before


# --- The map of the network -----------------------------------------------------------


def test_the_blocks_are_as_high_and_wide_as_the_layers_maps() -> None:
    blocks = {block["name"]: block for block in network_map.drawing()}
    assert tuple(blocks) == layers.LAYERS
    first = blocks["conv1_1"]
    assert (first["left"], first["height"]) == (0, 1)
    for name, block in blocks.items():
        channels, height, _ = layers.map_shape(name, SIZE, SIZE)
        assert block["height"] ** 2 == pytest.approx(height / SIZE)
        assert (block["width"] / first["width"]) ** 2 == pytest.approx(channels / 64)
        assert block["choice"] in LAYERS
    rights = [block["left"] + block["width"] for block in blocks.values()]
    lefts = [block["left"] for block in blocks.values()]
    assert all(left > right for left, right in zip(lefts[1:], rights, strict=False))
    assert rights[-1] == pytest.approx(1)


# --- Two pictures ---------------------------------------------------------------------


def test_two_pictures_share_one_scale(lab: LayerLab) -> None:
    lab.comparing.value = "on"
    view = lab.view
    first, second = view.sides
    assert second.picture.name == "starry_night"
    channel = int(second.means["relu2_1"].argmax())
    lab.order.value = ""
    lab.map.chosen = "relu2_1"
    maps = [side.maps["relu2_1"] for side in (first, second)]
    means = [one.mean(dim=(1, 2)) for one in maps]
    top = max(one.max() for one in means)
    expected = [(one[channel] / top).item() for one in means]
    assert view.strengths(channel) == pytest.approx(expected)
    view.channel = channel
    assert view.top == max(one[channel].max() for one in maps)
    tile = lab.tiles.page["tiles"][0]
    assert tile["strengths"] == view.strengths(0)
    assert len(tile["strengths"]) == 2
    before = lab.photos[1].value
    lab.tiles.chosen = 5
    assert lab.photos[1].value != before
    assert "The Starry Night" in lab.photos[1].label


def test_a_second_picture_that_is_removed_leaves_no_maps(lab: LayerLab) -> None:
    lab.comparing.value = "on"
    lab.partner.children[0].chosen = ["brick"]
    assert lab.view.sides[1].picture.name == "brick"
    maps = weakref.ref(lab.view.sides[1].maps["relu1_1"])
    lab.comparing.value = ""
    gc.collect()
    assert maps() is None
    assert len(lab.tiles.page["tiles"][0]["strengths"]) == 1
    assert lab.pair.children[1].layout.display == "none"


def test_the_photo_is_seen_in_its_colours_without_the_map(lab: LayerLab) -> None:
    lab.picker.chosen = ["coffee"]
    lab.cover.value = ""
    shown = np.asarray(PIL.Image.open(io.BytesIO(lab.photos[0].value))).astype(float)
    image = lab.view.picture.image
    photo = np.asarray(image.resize((2 * image.width, 2 * image.height))).astype(float)
    assert np.abs(shown - photo).mean() < 3
    lab.cover.value = "map"
    covered = np.asarray(PIL.Image.open(io.BytesIO(lab.photos[0].value))).astype(float)
    assert np.abs(covered - photo).mean() > 20


# --- What excites a channel, and how a number is made ---------------------------------


def test_the_patches_are_what_the_loudest_neurons_see(
    lab: LayerLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["cat", "gravel", "coffee"]
    monkeypatch.setattr(loudest, "album", lambda: names)
    lab.map.chosen = "relu2_2"
    lab.panel.value = "patches"
    lab.slow.join(300)
    layer, channel = "relu2_2", lab.view.channel
    patches = loudest.patches(layer, channel, names)
    responses = [patch.response for patch in patches]
    assert responses == sorted(responses, reverse=True)
    for patch in patches:
        picture, size = shrink(patch.name), receptive_field.field(layer).size
        maps = vgg.load().features(picture.pixels, [layer])[layer][0]
        rows, columns = receptive_field.inside(layer, *picture.pixels.shape[2:])
        inner = maps[channel, rows.start : rows.stop, columns.start : columns.stop]
        assert patch.response == pytest.approx(inner.max().item(), rel=1e-5)
        row, column = divmod(int(inner.argmax()), len(columns))
        box = receptive_field.box(layer, rows[row], columns[column])
        corners = box.left, box.top, box.left + size, box.top + size
        assert patch.image.tobytes() == picture.image.crop(corners).tobytes()
    assert lab.patches.value.count("<img") == 3
    assert f"channel {channel} of relu2_2" in lab.patches.value.replace("C", "c")


def test_a_search_looks_at_each_sample_once(
    lab: LayerLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loudest, "album", lambda: ["brick", "grass"])
    monkeypatch.setattr(loudest, "KEPT", {})
    looked = []
    look = loudest._answers
    monkeypatch.setattr(loudest, "_answers", lambda n: looked.append(n) or look(n))
    assert looked == []
    lab.panel.value = "patches"
    for layer in ("relu1_1", "relu5_4"):
        lab.map.chosen = layer
        lab.slow.join(300)
        assert lab.patches.value.count("<img") == 2
    assert looked == ["brick", "grass"]


def test_a_neuron_that_sees_more_than_the_picture_is_taken_from_the_middle() -> None:
    image = PIL.Image.new("RGB", (224, 224), "red")
    maps = torch.zeros(1, 14, 14)
    maps[0, 0, 0], maps[0, 6, 7] = 9, 5
    responses, (box,) = loudest.strongest("relu5_4", maps, image)
    assert responses.tolist() == [5]
    assert box == receptive_field.box("relu5_4", 6, 7)
    patch = np.asarray(loudest.cropped(image, box))
    assert patch.shape == (252, 252, 3)
    assert tuple(patch[0, 0]) == loudest.GREY
    assert tuple(patch[126, 126]) == (255, 0, 0)


@pytest.mark.parametrize("at", [(0, 0), (40, 60), (-1, -1)])
def test_the_sum_of_the_products_is_the_networks_number(
    view: LayerView, at: tuple[int, int]
) -> None:
    pixels = view.picture.pixels
    features = vgg.load().features(pixels, ["conv1_1", "relu1_1"])
    row, column = at[0] % pixels.shape[2], at[1] % pixels.shape[3]
    for channel in (0, 17, 63):
        one = first_sum.first_sum(pixels, channel, row, column)
        raw, value = (maps[0, channel, row, column] for maps in features.values())
        assert one.total == pytest.approx(raw.item(), rel=1e-3, abs=1e-3)
        assert one.value == pytest.approx(value.item(), rel=1e-3, abs=1e-3)
        assert one.products.shape == (3, 3, 3)


def test_the_sum_follows_the_point_and_says_elsewhere_why_not(lab: LayerLab) -> None:
    lab.map.chosen = "relu1_1"
    lab.panel.value = "sum"
    assert lab.sum.value.count("<i ") == 81
    before = lab.sum.value
    lab.photos[0].point = 30, 31
    assert lab.sum.value != before
    value = lab.view.map[31, 30].item()
    assert f"{value:.1f}</b></p>" in lab.sum.value
    lab.map.chosen = "relu3_2"
    assert "3 × 3 × 256 = 2,304 products" in lab.sum.value
    lab.map.chosen = "relu2_1"
    assert "3 × 3 × 64 = 576 products" in lab.sum.value
    lab.map.chosen = "pool1"
    assert "the largest of 2 × 2 numbers of relu1_2" in lab.sum.value


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
    views = (
        *("layer_view", "picture_maps", "loudest", "first_sum"),
        *("field_view", "tradeoff_view", "run_view"),
    )
    names = ", ".join(f"stylelab.labs.{view}" for view in views)
    code = f"import sys, {names}; print('ipywidgets' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout == "False\n"


def test_the_labs_are_named_without_being_loaded() -> None:
    assert labs == sorted(labs)
    code = "import sys, stylelab.labs; print('ipywidgets' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout == "False\n"
