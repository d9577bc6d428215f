"""Figures of notebook 02."""

import PIL.Image

from stylelab.analysis.recognize import Guess
from stylelab.lessons.nb02_layers import figures


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


def test_a_bar_is_as_wide_as_there_are_maps_and_as_high_as_they_are():
    plate = figures.shapes(["relu1_1", "pool5"], 224, 160, "Claim")
    assert plate._repr_mimebundle_()[0]["text/plain"].startswith("Bars for relu1_1")
    (axes,) = plate.axes
    sizes = [(bar.get_width(), bar.get_height()) for bar in axes.patches]
    assert sizes == [(64, 224), (512, 7)]
    assert [text.get_text() for text in axes.texts][1] == "512\nmaps of\n5 × 7"
