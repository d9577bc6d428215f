"""Figures of notebook 03."""

import PIL.Image
import torch

from stylelab.analysis import receptive_field
from stylelab.lessons.nb03_fields import figures


def test_every_field_is_framed_and_named_largest_first():
    layers = ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1", "pool5"]
    fields = {name: receptive_field.box(name, 2, 3) for name in [*layers, "pool4"]}
    plate = figures.boxes(fields, PIL.Image.new("RGB", (144, 96)), "Claim", "alt")
    assert plate._repr_mimebundle_()[0]["text/plain"] == "alt"
    (axes,) = plate.axes
    names = [text.get_text() for text in axes.texts]
    assert len(names) == 7
    assert names[:2] == ["pool5: 268 px", "relu5_1: 156 px"]
    assert names[-1] == "relu1_1: 3 px"
    assert axes.patches[0].get_width() == 268
    assert axes.patches[-1].get_xy() == (3 - 1 - 0.5, 2 - 1 - 0.5)


def test_growth_is_drawn_as_computed_as_measured_and_without_pooling():
    plate = figures.growth({"relu1_1": 3, "relu2_1": 8}, "Claim", "alt")
    assert plate._repr_mimebundle_()[0]["text/plain"] == "alt"
    full, effective, unpooled = plate.axes[0].lines
    assert full.get_ydata()[-1] == 268
    assert [*effective.get_xdata()] == ["conv1_1", "conv2_1"]
    assert [*effective.get_ydata()] == [3, 8]
    assert unpooled.get_ydata()[-1] == 33


def test_a_map_of_influence_is_cut_out_to_its_field():
    heat, box = torch.rand(40, 60), receptive_field.box("relu2_1", 0, 12)
    plate = figures.influences([("a", heat, box), ("b", heat, box)], "Claim", "alt")
    assert plate._repr_mimebundle_()[0]["text/plain"] == "alt"
    image = plate.axes[0].images[0]
    top, left, bottom, right = box.clipped(40, 60)
    assert (image.get_array() == heat[top:bottom, left:right].numpy()).all()
    assert image.get_extent() == [left - 0.5, right - 0.5, bottom - 0.5, top - 0.5]
