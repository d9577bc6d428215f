"""The plaster heads, as shipped and as drawn by the tool, and photos relit."""

from itertools import combinations

import draw_faces
import pytest
import torch

from stylelab.lessons.nb07_why.light import (
    GAMMA,
    HEADS,
    LIGHTS,
    Light,
    plaster_head,
    relight,
    turn_hues,
)
from stylelab.pictures import images

STEP = 0.02
ALONG = STEP * torch.arange(-50, 51)
RIGHT, UP = ALONG[None, :], -ALONG[:, None]
FLAT = torch.zeros(101, 101)


@pytest.mark.parametrize("light", LIGHTS, ids=lambda light: light.name)
def test_a_ball_is_lit_as_lambert_says(light):
    inside = 1 - RIGHT**2 - UP**2
    ball = inside.clamp(min=0).sqrt()
    right, up, front = light.direction
    lambert = RIGHT * right + UP * up + ball * front
    shading = draw_faces.shade(ball, 0 * ball, light, STEP)
    # Nearer to its edge the lamp, which is not a point, is half set.
    clear = (inside > 0.3) & (lambert > 0.3)
    assert clear.sum() > 1000
    assert (shading - lambert)[clear].abs().max() < 0.01
    assert not shading[(inside > 0.3) & (lambert < -0.05)].any()


@pytest.mark.parametrize("front", [0.5, 1.0, 2.0])
def test_a_walls_shadow_is_as_long_as_geometry_says(front):
    tall = 0.3
    wall = torch.where((RIGHT > 0.5) & (RIGHT < 0.56), tall, FLAT)
    lamp = Light("from the right", 1, 0, front).direction
    row = draw_faces.lit(wall, lamp, STEP)[50]
    length = tall / front
    dark = ALONG[row < 0.5]
    assert dark.max() == pytest.approx(0.5, abs=2 * STEP)
    assert dark.min() == pytest.approx(0.5 - length, abs=3 * STEP + 0.1 * length)
    assert row[ALONG > 0.6].min() == 1


def test_a_lamp_straight_ahead_casts_no_shadow():
    bumpy = torch.rand(40, 40)
    lamp = Light("ahead", 0, 0, 1).direction
    assert draw_faces.lit(bumpy, lamp, STEP).min() == 1


def test_sky_is_open_above_a_plain_and_closed_in_a_shaft():
    assert draw_faces.open_sky(FLAT, STEP).min() == 1
    shaft = torch.full((101, 101), 2.0)
    shaft[49:52, 49:52] = 0
    assert draw_faces.open_sky(shaft, STEP)[50, 50] < 0.02
    # At the foot of a wall that fills half the view, half of the sky is hidden.
    cliff = torch.where(RIGHT > 0, 50.0, 0.0) + FLAT
    assert draw_faces.open_sky(cliff, STEP)[50, 48] == pytest.approx(0.55, abs=0.06)


def test_normals_of_a_slope():
    normal = draw_faces.normals(0.5 * RIGHT + 0 * UP, STEP)[:, 20, 20]
    assert torch.allclose(normal, torch.tensor([-0.5, 0, 1]) / 1.25**0.5, atol=1e-4)


def test_a_head_is_as_broad_to_both_sides():
    left, right = (
        draw_faces.plaster_head(Light("", side, 0.3, 0.5), 48) for side in (-1.0, 1.0)
    )
    assert torch.allclose(left.flip(3), right, atol=1e-3)


def test_shipped_heads_are_pictures_and_each_person_is_another():
    everyone = [plaster_head(LIGHTS[0], 48, person) for person in range(4)]
    for head in everyone:
        assert head.shape == (1, 3, 48, 48)
        assert head.min() >= 0
        assert 0.9 < head.max() <= 1
    for one, other in combinations(everyone, 2):
        assert (one - other).abs().mean() > 0.03  # 0.05 and more was seen
    assert HEADS.stat().st_size < 300_000


@pytest.mark.parametrize(
    ("person", "light", "size", "bound"),
    [
        (3, LIGHTS[2], 256, 0.006),  # what the JPEG changes
        (0, LIGHTS[1], 96, 0.03),  # made smaller, edges are softer as well
    ],
)
def test_shipped_heads_are_those_that_the_tool_draws(person, light, size, bound):
    shipped = plaster_head(light, size, person)
    drawn = draw_faces.plaster_head(light, size, person)
    assert (shipped - drawn).square().mean().sqrt() < bound


def test_shipped_light_falls_on_the_side_it_comes_from():
    front, left, below, above = (plaster_head(light, 64) for light in LIGHTS)
    assert left[..., :32].mean() > 1.5 * left[..., 32:].mean()
    assert above[..., 32:].mean() > 1.2 * above[..., :32].mean()
    # The chin and the forehead of the same head, each in the brighter light.
    assert below[..., 50:58, 28:36].mean() > 1.5 * below[..., 6:14, 28:36].mean()
    assert front[..., 6:14, 28:36].mean() > 1.5 * below[..., 6:14, 28:36].mean()


def test_an_unknown_person_or_light_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="no person 4; accepted are 0 to 3"):
        plaster_head(LIGHTS[0], person=4)
    with pytest.raises(ValueError, match="'from behind'; accepted are 'from the fr"):
        plaster_head(Light("from behind", 0, 0, -1))


def test_drawn_light_falls_on_the_side_it_comes_from():
    head = draw_faces.plaster_head(Light("", -1, 0, 0.3), 48)
    assert head[..., :24].mean() > 1.5 * head[..., 24:].mean()
    head = draw_faces.plaster_head(Light("", 0, 1, 0.3), 48)
    assert head[..., :24, :].mean() > head[..., 24:, :].mean()


def test_relighting_multiplies_light_and_not_pixels():
    grey = torch.full((1, 3, 9, 9), 0.2)
    lit = relight(grey, Light("", 1, 0, 0), stops=1) ** GAMMA
    assert torch.allclose(lit[..., -1] / lit[..., 0], torch.tensor(4.0), rtol=1e-4)
    assert torch.allclose(lit[..., 4], grey[..., 4] ** GAMMA, rtol=1e-4)
    assert torch.allclose(relight(grey, LIGHTS[1], stops=0), grey, atol=1e-6)


def test_relit_photos_stay_pictures_and_light_comes_from_the_lamp():
    photo = images.load("coffee", 48)
    for light in LIGHTS:
        lit = relight(photo, light)
        assert lit.shape == photo.shape
        assert lit.min() >= 0
        assert lit.max() <= 1
    below = relight(photo, Light("", 0, -1, 0))
    assert (below - photo)[..., -8:, :].mean() > 0 > (below - photo)[..., :8, :].mean()


def test_turned_colours_keep_greys_and_brightness():
    draws = torch.Generator().manual_seed(0)
    photo = 0.4 + 0.2 * torch.rand(1, 3, 8, 8, generator=draws)
    assert torch.allclose(turn_hues(photo, 360), photo, atol=1e-5)
    third = turn_hues(photo, 120)
    assert any(torch.allclose(third, photo.roll(i, 1), atol=1e-5) for i in (1, 2))
    turned = turn_hues(photo, 77)
    assert torch.allclose(turned.mean(1), photo.mean(1), atol=1e-5)
    grey = photo.mean(1, keepdim=True).repeat(1, 3, 1, 1)
    assert torch.allclose(turn_hues(grey, 77), grey, atol=1e-5)
