import pytest
import torch

from stylelab.lessons.nb07_why import faces
from stylelab.lessons.nb07_why.light import (
    GAMMA,
    LIGHTS,
    Light,
    lit,
    normals,
    open_sky,
    recoloured,
    relit,
    shade,
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
    found = shade(ball, 0 * ball, light, STEP)
    # Nearer to its edge the lamp, which is not a point, is half set.
    clear = (inside > 0.3) & (lambert > 0.3)
    assert clear.sum() > 1000
    assert (found - lambert)[clear].abs().max() < 0.01
    assert not found[(inside > 0.3) & (lambert < -0.05)].any()


@pytest.mark.parametrize("front", [0.5, 1.0, 2.0])
def test_a_walls_shadow_is_as_long_as_geometry_says(front):
    tall = 0.3
    wall = torch.where((RIGHT > 0.5) & (RIGHT < 0.56), tall, FLAT)
    lamp = Light("from the right", 1, 0, front).direction
    row = lit(wall, lamp, STEP)[50]
    length = tall / front
    dark = ALONG[row < 0.5]
    assert dark.max() == pytest.approx(0.5, abs=2 * STEP)
    assert dark.min() == pytest.approx(0.5 - length, abs=3 * STEP + 0.1 * length)
    assert row[ALONG > 0.6].min() == 1


def test_a_lamp_straight_ahead_casts_no_shadow():
    bumpy = torch.rand(40, 40)
    lamp = Light("ahead", 0, 0, 1).direction
    assert lit(bumpy, lamp, STEP).min() == 1


def test_sky_is_open_above_a_plain_and_closed_in_a_shaft():
    assert open_sky(FLAT, STEP).min() == 1
    shaft = torch.full((101, 101), 2.0)
    shaft[49:52, 49:52] = 0
    assert open_sky(shaft, STEP)[50, 50] < 0.02
    # At the foot of a wall that fills half the view, half of the sky is hidden.
    cliff = torch.where(RIGHT > 0, 50.0, 0.0) + FLAT
    assert open_sky(cliff, STEP)[50, 48] == pytest.approx(0.55, abs=0.06)


def test_normals_of_a_slope():
    found = normals(0.5 * RIGHT + 0 * UP, STEP)[:, 20, 20]
    assert torch.allclose(found, torch.tensor([-0.5, 0, 1]) / 1.25**0.5, atol=1e-4)


def test_a_head_is_as_broad_to_both_sides():
    left, right = (
        faces.plaster_head(Light("", side, 0.3, 0.5), 48) for side in (-1.0, 1.0)
    )
    assert torch.allclose(left.flip(3), right, atol=1e-3)


def test_heads_are_pictures_and_every_person_is_another():
    everyone = [faces.plaster_head(LIGHTS[0], 48, person) for person in range(3)]
    for shown in everyone:
        assert shown.shape == (1, 3, 48, 48)
        assert shown.min() >= 0
        assert 0.9 < shown.max() <= 1
    assert (everyone[0] - everyone[1]).abs().mean() > 0.005
    assert (everyone[1] - everyone[2]).abs().mean() > 0.005


def test_light_falls_on_the_side_it_comes_from():
    shown = faces.plaster_head(Light("", -1, 0, 0.3), 48)
    assert shown[..., :24].mean() > 1.5 * shown[..., 24:].mean()
    shown = faces.plaster_head(Light("", 0, 1, 0.3), 48)
    assert shown[..., :24, :].mean() > shown[..., 24:, :].mean()


def test_relighting_multiplies_light_and_not_pixels():
    grey = torch.full((1, 3, 9, 9), 0.2)
    shown = relit(grey, Light("", 1, 0, 0), stops=1) ** GAMMA
    assert torch.allclose(shown[..., -1] / shown[..., 0], torch.tensor(4.0), rtol=1e-4)
    assert torch.allclose(shown[..., 4], grey[..., 4] ** GAMMA, rtol=1e-4)
    assert torch.allclose(relit(grey, LIGHTS[1], stops=0), grey, atol=1e-6)


def test_relit_photos_stay_pictures_and_light_comes_from_the_lamp():
    photo = images.load("coffee", 48)
    for light in LIGHTS:
        shown = relit(photo, light)
        assert shown.shape == photo.shape
        assert shown.min() >= 0
        assert shown.max() <= 1
    below = relit(photo, Light("", 0, -1, 0))
    assert (below - photo)[..., -8:, :].mean() > 0 > (below - photo)[..., :8, :].mean()


def test_turned_colours_keep_greys_and_brightness():
    draws = torch.Generator().manual_seed(0)
    photo = 0.4 + 0.2 * torch.rand(1, 3, 8, 8, generator=draws)
    assert torch.allclose(recoloured(photo, 360), photo, atol=1e-5)
    third = recoloured(photo, 120)
    assert any(torch.allclose(third, photo.roll(i, 1), atol=1e-5) for i in (1, 2))
    turned = recoloured(photo, 77)
    assert torch.allclose(turned.mean(1), photo.mean(1), atol=1e-5)
    grey = photo.mean(1, keepdim=True).repeat(1, 3, 1, 1)
    assert torch.allclose(recoloured(grey, 77), grey, atol=1e-5)
