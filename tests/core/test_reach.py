"""What the engine must reach: real network, 128 px, from noise, 150 evaluations."""

import pytest
import torch
import torch.nn.functional as F

import stylelab as sl
from stylelab.analysis.measure import (
    autocorrelation,
    coloured_noise,
    patch_distribution,
)
from stylelab.runs.recipe import STYLE_LAYERS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "layer", ["relu1_2", "relu2_2", "relu3_2", "relu4_2", "relu5_2"]
)
@pytest.mark.parametrize("photo", ["palace", "cat"])
def test_reconstruction_finds_the_features_again(photo, layer):
    run = sl.reconstruct(photo, size=128, steps=150, content_layers=layer)
    picture = run.result(iter).picture
    with torch.no_grad():
        found, wanted = (
            run.network.to(torch.float32).features(shown, [layer])[layer].flatten()
            for shown in (picture, sl.load(photo, 128))
        )
    assert F.cosine_similarity(found, wanted, dim=0) >= 0.97


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("source", ["gravel", "starry_night"])
def test_texture_matches_its_layers_and_what_was_not_optimised(source, depth):
    layers = STYLE_LAYERS[:depth]
    result = sl.texture(source, size=128, steps=150, style_layers=layers).result(iter)
    assert result.loss < 0.03 * result.history[0]
    original = sl.load(source, 128)
    noise = coloured_noise(original)
    for statistic in (patch_distribution, autocorrelation):
        ours, theirs = (
            (statistic(shown) - statistic(original)).square().mean().sqrt()
            for shown in (result.picture, noise)
        )
        assert ours < theirs, statistic.__name__
