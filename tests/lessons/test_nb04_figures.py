"""The figure of notebook 04."""

import pytest

from stylelab.lessons.nb04_content import figures


def test_curves_by_layer_show_what_each_panel_holds():
    plate = figures.by_layer(
        {"PSNR, dB": {"a": [30, 20], "b": [25, 15]}, "cosine": {"a": [1, 0.9]}},
        ["relu1_1", "relu2_1"],
        "Claim",
        "alt",
    )
    left, right = plate.axes
    assert [*left.lines[1].get_ydata()] == [25, 15]
    assert left.get_ylabel() == "PSNR, dB"
    assert left.get_ylim() == pytest.approx((0, 31.5))
    assert left.get_legend() is not None
    assert right.get_legend() is None


def test_no_curve_is_left_out_and_no_two_look_alike():
    curves = {f"curve {number}": [1.0, number] for number in range(8)}
    plate = figures.by_layer({"measure": curves}, ["a", "b"], "Claim", "alt")
    lines = plate.axes[0].get_lines()
    assert [line.get_label() for line in lines] == [*curves]
    assert len({(line.get_color(), line.get_linestyle()) for line in lines}) == 8
