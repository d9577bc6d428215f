"""Are pictures alike to a network? On networks whose answers are known."""

from dataclasses import dataclass

import pytest
import torch

from stylelab.lessons.nb02_layers import control


@dataclass(frozen=True)
class Constant:
    """Answers with the picture, and a constant that is much larger."""

    constant: float

    def features(self, pictures, layers):
        return {layer: pictures + self.constant for layer in layers}


@pytest.fixture
def pictures():
    draws = torch.Generator().manual_seed(0)
    # Columns differ little, so a mirrored picture is like its original.
    return torch.rand(10, 3, 8, 1, generator=draws).expand(-1, -1, -1, 8)


def test_a_constant_makes_answers_alike_until_it_is_subtracted(pictures):
    small, large = (control.likeness(Constant(c), pictures, ["a"]) for c in (0, 100))
    assert small.cosine[0] < 0.9 < 0.999 < large.cosine[0]
    assert large.centred == pytest.approx(small.centred, abs=1e-3)
    assert large.centred[0] == pytest.approx(-1 / 9, abs=0.03)
    assert large.found == small.found == [10]


def test_squares_are_the_middles_of_the_pictures():
    assert control.squares(32, ["cat", "palace"]).shape == (2, 3, 32, 32)
    assert len(control.PICTURES) == 10
