"""Measures by layer, and the controls as dots."""

import pytest

from stylelab.lessons.by_layer import by_layer


def test_curves_by_layer_show_what_each_panel_holds():
    plate = by_layer(
        {"PSNR, dB": {"a": [30, 20], "b": [25, 15]}, "cosine": {"a": [1, 0.9]}},
        ["relu1_1", "relu2_1"],
        "Claim",
        "alt",
    )
    left, right = plate.axes
    assert [*left.lines[1].get_ydata()] == [25, 15]
    assert left.get_ylabel() == "PSNR, dB"
    assert left.get_ylim() == pytest.approx((0, 31.5))  # from 0
    assert left.get_legend() is not None
    assert right.get_legend() is None


def test_no_curve_is_left_out_and_no_two_look_alike():
    curves = {f"curve {number}": [1.0, number] for number in range(8)}
    plate = by_layer({"measure": curves}, ["a", "b"], "Claim", "alt")
    lines = plate.axes[0].get_lines()
    assert [line.get_label() for line in lines] == [*curves]
    assert len({(line.get_color(), line.get_linestyle()) for line in lines}) == 8


def test_seeds_are_dots_around_the_line_of_their_mean():
    seeds = [[0.2, 0.4], [0.4, 0.8]]
    curves = {"trained": [0.1, -0.1], "random": seeds}
    (axes,) = by_layer({"cosine": curves}, ["a", "b"], "Claim", "alt").axes
    _, one, other, mean = axes.lines
    assert [[*dots.get_ydata()] for dots in (one, other)] == seeds
    assert {dots.get_linestyle() for dots in (one, other)} == {"None"}
    assert [*mean.get_ydata()] == pytest.approx([0.3, 0.6])
    assert mean.get_label() == "random, 2 seeds"
    low, high = axes.get_ylim()
    assert low < -0.1
    assert high > 0.8


def test_a_guess_that_was_drawn_in_part_is_shown_as_far():
    curves = {"trained": [0.1, 0.3], "your prediction": [None, 0.5]}
    (axes,) = by_layer({"cosine": curves}, ["a", "b"], "Claim", "alt").axes
    assert axes.get_ylim() == pytest.approx((0, 0.525))
    assert axes.lines[1].get_ydata()[1] == 0.5
