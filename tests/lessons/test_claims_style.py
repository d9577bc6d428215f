"""C16, style taken apart: each control moves its own measure, and hardly the others.

Numbers are bounds that leave room for another processor, not what one run gave.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch

import stylelab as sl
from stylelab.core import vgg
from stylelab.lessons.nb08_style import style_ruler
from stylelab.lessons.nb08_style.style_ruler import Reading
from stylelab.runs import colors

SIZE, STEPS = 80, 30
STYLES = ["starry_night", "great_wave"]


def sky() -> np.ndarray:
    """The sky of palace: from the top of each column to the first dark pixel."""
    bright = colors.luminance(sl.load("palace"))[0, 0] > 0.6
    above = bright.cummin(0).values
    above[205:] = False  # the horizon
    return above.numpy()


CONTROLS = {
    "colours": {"colors": "luminance"},
    "brush": {"brush": 0.5},
    "mixture": {"mix": (0, 1)},
    "place": {"masks": [sky()]},
    "forms": {"layer_weights": (1, 1, 1, 0, 0)},
}


@pytest.fixture(scope="module")
def measured() -> dict[str, Reading]:
    """The readings of a picture in two styles, and with each control moved alone."""
    ruler = style_ruler.ruler(vgg.load(), "palace", STYLES, sky(), SIZE)
    readings = {}
    for name, options in {"plain": {}, **CONTROLS}.items():
        run = sl.transfer("palace", STYLES, size=SIZE, steps=STEPS, **options)
        readings[name] = ruler.measure(run.result(iter).picture)
    return readings


@pytest.mark.parametrize("name", CONTROLS)
def test_c16_a_control_moves_its_own_measure_and_hardly_the_others(measured, name):
    table = style_ruler.effects(measured["plain"], {n: measured[n] for n in CONTROLS})
    row = table[name]
    print(name, measured[name], row)
    assert row[name] == 1
    others = {other: abs(effect) for other, effect in row.items() if other != name}
    assert max(others.values()) < 0.5, others


def test_c16_measures_move_the_way_they_should(measured):
    plain = measured["plain"]
    assert measured["colours"].colours < 0.3 * plain.colours
    assert measured["brush"].brush < plain.brush - 0.2
    assert measured["mixture"].mixture < plain.mixture - 0.2
    assert measured["place"].place > plain.place + 0.3
    assert measured["forms"].forms < plain.forms - 0.15


def test_the_ends_of_the_scales_are_the_styles_themselves():
    ruler = style_ruler.ruler(vgg.load(), "palace", STYLES, sky(), 96)
    one, other = ruler.styles
    assert style_ruler.position(one, other, one) == pytest.approx(1)
    assert style_ruler.position(other, other, one) == pytest.approx(0)
    halfway = style_ruler.mean(ruler.styles)
    assert style_ruler.position(halfway, other, one) == pytest.approx(0.5)
    photo = ruler.measure(ruler.photo)
    assert (photo.colours, photo.forms) == (0, pytest.approx(0, abs=1e-6))


def test_strokes_know_neither_colour_nor_light_nor_contrast():
    picture = sl.load("starry_night", 64)
    drawn = style_ruler.strokes(picture, 3)
    grey = style_ruler.strokes(colors.grey(picture), 3)
    assert torch.allclose(drawn, grey, atol=1e-5)
    ramp = torch.linspace(0, 0.3, 64)[:, None]
    shaded = style_ruler.strokes(0.5 * picture + ramp, 3)
    assert (shaded - drawn).abs().mean() < 0.02


def test_effects_are_in_units_of_the_controls_own():
    plain, moved = Reading(*range(5)), Reading(2, 1, 2, 3, 4)
    other = Reading(1, 5, 2, 3, 4)
    table = style_ruler.effects(plain, {"colours": moved, "brush": other})
    assert table["colours"] == {"colours": 1, "brush": 0}
    assert table["brush"] == {"colours": 0.5, "brush": 1}
