"""Masks: what is refused, what is forgiven, and that a guided Gram is one of a part."""

import warnings
from types import SimpleNamespace

import numpy as np
import PIL.Image
import pytest
import torch

import stylelab as sl
from stylelab.core import statistics, style_transfer
from stylelab.core.layers import map_shape
from stylelab.pictures import images
from stylelab.pictures.files import PictureError
from stylelab.runs import masks as regions
from stylelab.runs import record
from stylelab.runs.masks import load
from stylelab.runs.run import Run

SMALL = {"size": 48, "steps": 3, "style_layers": ["relu1_1", "relu2_1"]}
STYLES = ["starry_night", "great_wave"]


def upper(height: int = 427, width: int = 640, share: float = 0.5) -> np.ndarray:
    """A mask in the size of palace: true in its upper part."""
    mask = np.zeros((height, width), bool)
    mask[: round(share * height)] = True
    return mask


SKY, GROUND = upper(), ~upper()


def masked(*masks, styles=STYLES, **options) -> Run:
    return sl.transfer("palace", styles, masks=[*masks], **SMALL | options)


def refused(*masks, **options) -> str:
    with pytest.raises(ValueError, match="mask") as caught:
        masked(*masks, **options)
    message = str(caught.value)
    assert "\n" not in message
    return message


# --- What is refused, and what is forgiven --------------------------------------------


def test_masks_have_to_fit_the_styles_in_number():
    assert "(masks: 3, styles: 2)" in refused(SKY, GROUND, GROUND)
    assert "(masks: 1, styles: 3)" in refused(SKY, styles=[*STYLES, "brick"])
    assert "masks need the statistic gram" in refused(SKY, statistic="mean_std")


def test_an_empty_mask_is_refused():
    assert refused(SKY, SKY & False).startswith("mask 2 ('picture') is empty: white")
    assert "nothing is left for the last style" in refused(SKY | True)


def test_masks_that_overlap_are_refused():
    message = refused(upper(share=0.7), GROUND)
    assert message.startswith("masks 1 and 2 overlap on 21% of the photo")
    three = refused(SKY, GROUND, GROUND, styles=[*STYLES, "brick"])
    assert three.startswith("masks 2 and 3 overlap on 50%")


def test_masks_that_leave_gaps_are_refused():
    message = refused(upper(share=0.3), GROUND)
    assert "leave 21% of the photo without a style" in message
    alone = refused(SKY, styles="starry_night")
    assert "the mask leaves 50% of the photo without a style: give a second" in alone


def test_a_border_too_much_or_too_little_is_forgiven():
    for share in (0.495, 0.505):
        terms = masked(upper(share=share), GROUND).objective.terms
        assert len([t for t in terms if t.name.startswith("style")]) == 4


def test_the_rest_is_where_no_other_mask_is():
    one, two = masked(SKY), masked(SKY, GROUND)
    assert loss(one) == loss(two)
    loaded = load([SKY], 2, "palace", 32, 48)
    assert torch.equal(loaded[0] + loaded[1], torch.ones(1, 1, 32, 48))


def loss(run: Run) -> dict[str, float]:
    return next(iter(run)).losses


def test_a_mask_may_be_a_file_or_an_image_and_grey(tmp_path):
    """More than half white is white; one file is like one array."""
    image = PIL.Image.fromarray(np.where(SKY, 200, 90).astype(np.uint8))
    image.save(tmp_path / "sky.png")
    expected = loss(masked(SKY))
    assert loss(masked(image)) == expected
    assert loss(masked(str(tmp_path / "sky.png"))) == expected


def test_another_size_is_resized_with_a_warning(tmp_path):
    small = upper(60, 90)
    with pytest.warns(UserWarning, match=r"mask 1 .* 90 x 60 pixels .* photo 640 x"):
        run = masked(small)
    assert loss(run)["style relu2_1"] == pytest.approx(
        loss(masked(SKY))["style relu2_1"], rel=0.05
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        masked(SKY)
        masked(upper(48, 72))  # the size of the result


def layer(tmp_path, paint, mode="RGBA", behind=0, name="layer.png"):
    """A file as painting programs export it: the sky painted, nothing elsewhere."""
    pixels = np.full((*SKY.shape, 4), (90, 200, 30, behind), np.uint8)  # hidden
    pixels[SKY] = (*paint, 255)
    image = PIL.Image.fromarray(pixels)
    if mode == "P":
        image = image.convert("RGB").quantize(2)
        clear = image.getpixel((0, 400))
        image.save(tmp_path / name, transparency=clear)
    else:
        image.convert(mode).save(tmp_path / name)
    return tmp_path / name


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
@pytest.mark.parametrize("grey", [255, 0, 128])
def test_paint_on_a_transparent_layer_is_the_mask(tmp_path, mode, grey):
    """As GIMP, Procreate and Photoshop export it, in whatever colour."""
    path = layer(tmp_path, (grey,) * 3, mode)
    with pytest.warns(UserWarning, match=r"mask 1 \('layer.png'\).*what is painted"):
        loaded = load([path], 2, "palace", 427, 640)
    assert (loaded[0][0, 0].numpy() == SKY).all()
    assert (loaded[1][0, 0].numpy() == GROUND).all()


def test_white_and_black_paint_mean_what_they_say_over_nothing(tmp_path):
    """Only half of the paint is white; what was not painted is black."""
    path = layer(tmp_path, (255,) * 3)
    pixels = np.array(PIL.Image.open(path))
    pixels[:100, :, :3] = 0
    PIL.Image.fromarray(pixels).save(path)
    with pytest.warns(UserWarning, match="black is put behind it"):
        loaded = load([path], 2, "palace", 427, 640)
    found = loaded[0][0, 0].numpy() == 1
    assert not found[:100].any()
    assert (found[100:] == SKY[100:]).all()


def test_an_opaque_layer_is_read_by_its_colours_without_a_word(tmp_path):
    path = layer(tmp_path, (255,) * 3, behind=255)
    pixels = np.array(PIL.Image.open(path))
    pixels[GROUND, :3] = 0
    PIL.Image.fromarray(pixels).save(path)
    loaded = load([path], 2, "palace", 427, 640)
    assert (loaded[0][0, 0].numpy() == SKY).all()


def test_nothing_painted_is_an_empty_mask(tmp_path):
    PIL.Image.new("RGBA", (640, 427)).save(tmp_path / "empty.png")
    with pytest.warns(UserWarning, match="transparent"):
        assert "('empty.png') is empty" in refused(tmp_path / "empty.png")


def test_a_record_tells_transparent_masks_apart(tmp_path):
    """White paint on a layer is white everywhere when it is seen on white paper."""
    path = layer(tmp_path, (255,) * 3)
    with pytest.warns(UserWarning, match="mask 1"):
        run = masked(path)
    options, folder = {}, tmp_path
    _, pictures = record.recall(run.record, folder, options, {})
    assert pictures["masks"] == str(path)
    pixels = np.array(PIL.Image.open(path))
    pixels[..., 3] = 255 - pixels[..., 3]
    PIL.Image.fromarray(pixels).save(path)
    with pytest.raises(PictureError, match=r"'layer.png' \(masks\), which has changed"):
        record.recall(run.record, folder, options, {})


# --- A start of another shape ---------------------------------------------------------


def test_a_start_of_another_shape_is_stretched_with_a_note(tmp_path):
    path = tmp_path / "pano.png"
    PIL.Image.new("RGB", (400, 100), "red").save(path)
    said = r"the start \('pano.png'\) is 400 x 100 pixels and the result 72 x 48: it"
    with pytest.warns(UserWarning, match=said):
        run = sl.transfer("palace", "brick", start=str(path), **SMALL)
    assert run.start.shape == (1, 3, 48, 72)
    PIL.Image.new("RGB", (35, 24), "red").save(path)  # the photo's, but for a pixel
    assert sl.transfer("palace", "brick", start=str(path), **SMALL).start.min() == 0


def test_a_start_that_is_too_long_is_refused_by_its_shape(tmp_path):
    path = tmp_path / "line.png"
    PIL.Image.new("RGB", (2000, 2)).save(path)
    said = r"the start \('line.png'\) is 2000 x 2 pixels and the result 72 x 48: give"
    with pytest.raises(ValueError, match=said):
        sl.transfer("palace", "brick", start=str(path), **SMALL)


def test_a_mask_that_a_deep_layer_cannot_see_is_said():
    speck = SKY & False
    speck[-20:, -40:] = True  # in the rows that pooling leaves over
    with pytest.raises(ValueError, match="covers nothing that relu5_1 sees"):
        masked(~speck, size=60, style_layers=["relu5_1"])


# --- Guided Gram matrices -------------------------------------------------------------


def normal(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


def test_a_guided_gram_is_that_of_the_region_alone():
    mask = torch.zeros(1, 1, 12, 20)
    mask[..., :6, :] = 1
    maps = normal(1, 5, 12, 20).relu()
    guided = style_transfer.gram(maps * regions.guide(mask, "relu1_1"))
    assert torch.allclose(guided, style_transfer.gram(maps[..., :6, :]), atol=1e-5)


def test_the_whole_picture_as_a_region_is_no_region():
    whole = torch.ones(1, 1, 35, 50)
    for layer in ("relu1_1", "relu3_1", "relu5_1"):
        guide = regions.guide(whole, layer)
        assert guide.shape[-2:] == map_shape(layer, 35, 50)[1:]
        assert torch.equal(guide, torch.ones_like(guide))
    plain = sl.transfer("palace", "starry_night", **SMALL)
    assert loss(masked(SKY | True, styles="starry_night")) == loss(plain)


def test_cells_at_a_border_count_by_their_share():
    mask = torch.zeros(1, 1, 8, 8)
    mask[..., :3, :] = 1
    guide = regions.guide(mask, "relu2_1")[0, 0, :, 0]
    expected = torch.tensor([1, 0.5, 0, 0]) / (1.25 / 4) ** 0.5
    assert torch.allclose(guide, expected)


def test_two_regions_of_one_style_weigh_as_much_as_none():
    """Each region counts by its area, so that none is painted more strongly."""
    whole = sl.transfer("palace", "starry_night", **SMALL)
    parts = masked(upper(share=0.2), styles=["starry_night"] * 2)
    weights = {"style relu1_1": 0.0, "style relu2_1": 0.0}
    for term in parts.objective.terms:
        if term.name in weights:
            weights[term.name] += term.weight
    for term in whole.objective.terms:
        if term.name in weights:
            assert weights[term.name] == pytest.approx(term.weight, rel=1e-5)


def test_mix_weighs_the_regions():
    def weights(**options) -> list[float]:
        terms = masked(SKY, **options).objective.terms
        return [t.weight for t in terms if t.name == "style relu1_1"]

    plain, tilted = weights(), weights(mix=(3, 1))
    assert [t / p for t, p in zip(tilted, plain, strict=True)] == [1.5, 0.5]


# --- Mixtures -------------------------------------------------------------------------


@pytest.mark.parametrize("statistic", statistics.STATISTICS)
def test_a_mixture_aims_at_the_mean_of_the_statistics(statistic):
    """And, for absolute distances, has the slope of the weighted sum of both losses."""
    one, other = normal(1, 4, 8, 8).relu(), normal(1, 4, 8, 8).flip(2).exp()
    measure = statistics.STATISTICS[statistic]

    def aim(shares: dict) -> style_transfer.Objective:
        """The objective of a network that shows its layers the pictures themselves."""
        net = SimpleNamespace(features=lambda maps, layers: dict.fromkeys(layers, maps))
        paintings, parts, layer = [*shares], [*shares.values()], {"relu1_1": 1.0}
        return style_transfer.texture(net, paintings, parts, layer, measure, False)

    mixed = aim({one: 0.75, other: 0.25})
    alone = [aim({maps: 1.0}) for maps in (one, other)]
    both = 0.75 * alone[0] + 0.25 * alone[1]
    slopes = []
    for objective in (mixed, both):
        maps = (normal(1, 4, 8, 8) + 0.5).requires_grad_()
        net = SimpleNamespace(features=lambda _, layers, m=maps: {"relu1_1": m})
        total = sum(objective.losses(maps, net).values())
        slopes.append(torch.autograd.grad(total, maps)[0])
    assert torch.allclose(*slopes, rtol=1e-3, atol=1e-4 * slopes[1].abs().max().item())


def test_one_style_given_twice_is_one_style():
    twice = sl.transfer("palace", ["brick", "brick"], mix=(1, 3), **SMALL)
    once = sl.transfer("palace", "brick", **SMALL)
    for name, value in loss(once).items():
        assert loss(twice)[name] == pytest.approx(value, rel=1e-4)


def test_a_style_without_a_share_does_nothing():
    alone = loss(sl.texture("brick", **SMALL))
    assert loss(sl.texture(["brick", "gravel"], mix=(2, 0), **SMALL)) == alone
    assert loss(sl.texture(["brick"], mix=[7], **SMALL)) == alone


def test_only_styles_may_be_several():
    with pytest.raises(ValueError, match="one photo is needed, and 2 were given"):
        sl.reconstruct(["cat", "palace"], size=48)


def test_no_style_at_all_is_refused():
    with pytest.raises(ValueError, match="no style was given"):
        sl.texture([], **SMALL)


# --- Brush and layers -----------------------------------------------------------------


@pytest.mark.parametrize("brush", [0.5, 2])
def test_a_brush_changes_the_styles_size_and_not_the_results(brush):
    for run in (
        sl.transfer("palace", "brick", brush=brush, **SMALL),
        sl.texture("great_wave", brush=brush, **SMALL),
    ):
        assert min(run.start.shape[-2:]) == 48
    shape = sl.texture("great_wave", **SMALL).start.shape
    assert sl.texture("great_wave", brush=brush, **SMALL).start.shape == shape


def test_a_brush_is_the_style_at_another_size():
    """The losses at the start are those of the same picture, made smaller before."""
    small = images.resized(images.open_picture("brick"), 24)
    expected = loss(sl.transfer("palace", small, brush=0.5, **SMALL))
    assert loss(sl.transfer("palace", "brick", brush=0.5, **SMALL)) == expected


@pytest.mark.parametrize("losses", ["relative", "absolute"])
def test_layer_weights_are_shares_of_relative_and_factors_of_absolute_losses(losses):
    options = {"losses": losses, "spectrum_weight": 0} | SMALL
    one, two = (0.5, 3) if losses == "absolute" else (2 / 7, 12 / 7)
    plain = loss(sl.texture("brick", **options))
    scaled = loss(sl.texture("brick", layer_weights=(0.5, 3), **options))
    assert scaled["style relu1_1"] == pytest.approx(one * plain["style relu1_1"])
    assert scaled["style relu2_1"] == pytest.approx(two * plain["style relu2_1"])
    only = loss(sl.texture("brick", layer_weights=(0, 1), **options))
    times = 1 if losses == "absolute" else 2
    assert only == {"style relu2_1": pytest.approx(times * plain["style relu2_1"])}
