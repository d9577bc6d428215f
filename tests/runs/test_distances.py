"""Distances in words: 0 is equal, 1 is as wrong as black, whatever the weights are."""

import pytest
import torch

from stylelab.core.style_transfer import gram
from stylelab.pictures import images
from stylelab.runs.distances import distances, in_brief
from stylelab.runs.recipe import Recipe
from stylelab.runs.tasks import transfer


def test_distances_are_shares_of_the_goals_whatever_the_weights():
    options = {"size": 32, "steps": 1, "precision": "float32", "smoothness": 1.0}
    options |= {"style_layers": ["relu1_1", "relu2_1"], "layer_weights": [3, 1]}
    run = transfer("cat", "brick", style_weight=7, content_weight=2, **options)
    (step,) = run
    net, style = run.network, images.load("brick", 32)
    layers = ("relu1_1", "relu2_1", "relu4_2")
    with torch.no_grad():
        ours, theirs, photos = (
            net.features(p, layers) for p in (step.picture, style, run.inputs.photo)
        )

    def relative(found: torch.Tensor, goal: torch.Tensor) -> float:
        return ((found - goal).square().sum() / goal.square().sum()).item()

    one, two = (relative(gram(ours[n]), gram(theirs[n])) for n in layers[:2])
    found = distances(run.recipe, step.losses)
    assert found["style"] == pytest.approx(0.75 * one + 0.25 * two, rel=1e-3)
    content = relative(ours["relu4_2"], photos["relu4_2"])
    assert found["content"] == pytest.approx(content, rel=1e-3, abs=1e-6)


def test_what_has_no_such_scale_is_told_as_a_loss():
    losses = {"content relu4_2": 3.0, "style relu1_1": 2.0}
    both = Recipe(style_weight=50.0)
    assert in_brief(both, losses | {"spectrum": 9.0}) == "style 0.04, content 3"
    assert in_brief(Recipe(losses="absolute"), losses) == "loss 5"
    assert in_brief(both, {"spectrum": 9.0}) == "loss 9"
