"""Figures of notebook 02."""

import PIL.Image
import torch

from stylelab.analysis.recognize import Guess
from stylelab.lessons.nb02_layers import figures
from stylelab.lessons.nb02_layers.channels import Patch


def test_the_best_guess_is_drawn_on_top():
    photo = PIL.Image.new("RGB", (30, 20))
    best = (Guess("espresso", 0.75), Guess("cup", 0.125))
    plate = figures.guesses([("coffee", photo, best)] * 2, "Claim", "alt")
    assert plate._repr_mimebundle_()[0]["text/plain"] == "alt"
    left, right = plate.axes[:2]
    assert left.get_title() == "coffee"
    assert [bar.get_width() for bar in right.patches] == [0.75, 0.125]
    tops = {
        t.get_text(): right.transData.transform((0, y))[1]
        for y, t in zip(right.get_yticks(), right.get_yticklabels(), strict=True)
    }
    assert tops["espresso"] > tops["cup"]
    assert [axes.get_xlabel() for axes in plate.axes[1::2]] == ["", "probability"]


def test_maps_are_drawn_on_one_scale_with_their_numbers():
    maps = {"relu1_1": torch.rand(1, 64, 224, 160), "pool5": torch.rand(1, 512, 7, 5)}
    plate = figures.sizes(maps, "Claim", "alt")
    (axes,) = plate.axes
    extents = [image.get_extent() for image in axes.images]
    assert [(right - left, top) for left, right, _, top in extents] == [
        (160, 224),
        (5, 7),
    ]
    assert extents[1][0] > extents[0][1]
    assert "512 maps\n5 × 7 px\n17,920" in axes.texts[1].get_text()


def test_rows_of_patches_are_named_and_patches_have_their_full_source():
    patch = Patch("moulin_de_la_galette", torch.rand(1, 3, 24, 24), 2858.4)
    plate = figures.patches({"relu3_1\nchannel 58": [patch] * 2}, "Claim", "alt")
    left, right = plate.axes
    assert left.get_ylabel() == "relu3_1\nchannel 58"
    assert right.get_title() == "moulin de la galette\n2,858"
