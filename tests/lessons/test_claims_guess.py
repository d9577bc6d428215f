"""C18: a guess is worth a part of the search, and no more."""

import pytest
import torch

from stylelab.lessons.nb09_guess import checks, one_style
from stylelab.lessons.nb09_guess.figures import flat
from stylelab.lessons.nb09_guess.race import race
from stylelab.pictures import images
from stylelab.runs.guess import style_numbers


def test_c18_the_guess_is_ahead_first_and_the_search_in_the_end():
    *_, last = race("palace", "starry_night", size=96, steps=30)
    assert last.seconds < last.from_photo[0][0] + last.from_photo[-1][0]
    assert last.guessed < last.from_photo[0][1]
    step, seconds = last.crossing
    assert 1 < step < 30
    assert last.seconds < seconds
    assert last.from_photo[-1][1] < 0.8 * last.guessed
    assert last.steps_saved > 0


@pytest.mark.slow
def test_c18_a_network_learns_a_style_for_all_photos():
    network = one_style.painter()
    shown = images.load("palace", 64)[..., :64, :96]
    steps = [*one_style.learning(network, "starry_night", shown, 120)]
    losses = torch.tensor([step.loss for step in steps])
    assert losses[-20:].mean() < 0.6 * losses[:20].mean()
    assert steps[-1].picture.shape == shown.shape


def test_styles_that_are_alike_lie_near_each_other():
    """Two crops of a painting are nearer to each other than to another painting."""
    crops = []
    for name in ("starry_night", "great_wave", "brick"):
        picture = images.load(name, 384)
        crops += [picture[..., :300, :300], picture[..., -300:, -300:]]
    places = torch.tensor(
        flat(torch.tensor([[*style_numbers(c)] for c in crops]).numpy())
    )
    apart = torch.cdist(places, places).fill_diagonal_(torch.inf)
    assert apart.argmin(1).tolist() == [1, 0, 3, 2, 5, 4]


def test_a_students_normalisation_is_checked():
    def right(maps, mean, deviation):
        own = maps.mean((2, 3), keepdim=True), maps.std((2, 3), keepdim=True)
        plain = (maps - own[0]) / own[1]
        return plain * deviation[:, None, None] + mean[:, None, None]

    def whole(maps, mean, deviation):
        plain = (maps - maps.mean()) / maps.std()
        return plain * deviation[:, None, None] + mean[:, None, None]

    def early(maps, mean, deviation):
        own = maps.mean((2, 3), keepdim=True), maps.std((2, 3), keepdim=True)
        return ((maps - own[0]) / own[1] + mean[:, None, None]) * deviation[
            :, None, None
        ]

    assert checks.conditional_normalisation(right)
    assert "own mean first" in checks.conditional_normalisation(whole).text
    assert "after the scaling" in checks.conditional_normalisation(early).text
    assert "nothing" in checks.conditional_normalisation(lambda *a: None).text
    assert not checks.conditional_normalisation(...)


def test_a_students_mixture_is_checked():
    assert checks.between(lambda one, other, share: (1 - share) * one + share * other)
    for wrong, hint in [
        (
            lambda one, other, share: share * one + (1 - share) * other,
            "exchange the two",
        ),
        (lambda one, other, share: one + share * other, "nothing of the first"),
        (lambda one, other, share: (one + other) / 2, "first style, unchanged"),
        (lambda one, other, share: one if share < 0.5 else other, "three quarters"),
        (lambda one, other, share: one[:50], "has the shape [50]"),
        (lambda one, other, share: None, "nothing"),
    ]:
        assert hint in checks.between(wrong).text
    assert not checks.between(...)
