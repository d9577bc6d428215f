"""What a recipe asks for, beside the same losses written out in plain torch."""

from pathlib import Path

import pytest
import torch

import stylelab as sl
from stylelab.core.statistics import powers, spectrum
from stylelab.runs import record, tasks
from stylelab.runs.objectives import network_for
from stylelab.runs.run import Run

LAYERS = ["relu1_1", "relu2_1"]
EXACT = {"size": 32, "precision": "float32", "style_layers": LAYERS}


def gram(maps: torch.Tensor) -> torch.Tensor:
    flat = maps[0].flatten(1)
    return flat @ flat.T / flat.shape[1]


def losses(run: Run, shown: torch.Tensor) -> dict[str, float]:
    found = run.objective.losses(shown, run.network)
    return {name: loss.item() for name, loss in found.items()}


@pytest.fixture
def shown() -> torch.Tensor:
    return torch.rand(1, 3, 32, 48, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("kind", ["relative", "absolute"])
def test_a_transfer_asks_for_what_its_weights_say(shown, kind):
    relative = kind == "relative"
    options = {"content_layers": ["relu2_2", "pool2"], "layer_weights": (1, 3)}
    weights = {"content_weight": 2, "style_weight": 50, "spectrum_weight": 4}
    run = sl.transfer("palace", "brick", losses=kind, **EXACT, **options, **weights)
    photo, style = sl.load("palace", 32)[..., :48], sl.load("brick", 32)
    assert photo.shape == shown.shape
    net = sl.core.vgg.load(padding="replicate" if relative else "zero")
    maps, wanted, painted = (
        net.features(p, [*LAYERS, "relu2_2", "pool2"]) for p in (shown, photo, style)
    )
    expected = {}
    for layer in options["content_layers"]:
        apart = (maps[layer] - wanted[layer]).square()
        size = wanted[layer].square().sum() if relative else apart.numel()
        expected[f"content {layer}"] = 2 * (0.5 if relative else 1) * apart.sum() / size
    for layer, weight in zip(LAYERS, options["layer_weights"], strict=True):
        goal, share = gram(painted[layer]), weight / 4 if relative else weight
        size = goal.square().sum() if relative else len(goal) ** 4
        apart = (gram(maps[layer]) - goal).square().sum() / size
        expected[f"style {layer}"] = 50 * share * apart
    if relative:
        (term,) = spectrum(powers(style)).terms
        expected["spectrum"] = 50 * 4 * term.distance(powers(shown))
    assert losses(run, shown) == pytest.approx(
        {name: loss.item() for name, loss in expected.items()}, rel=1e-4
    )


def test_padding_follows_the_losses():
    for kind, padding in (("relative", "replicate"), ("absolute", "zero")):
        run = sl.texture("brick", losses=kind, **EXACT)
        assert (run.network.padding, network_for(run.recipe).padding) == (padding,) * 2


def test_the_spectrum_of_a_reconstruction_is_the_photos(shown):
    for weight in (0, 2):
        run = sl.reconstruct("cat", size=32, spectrum_weight=weight)
        assert ("spectrum" in losses(run, shown)) == bool(weight)
    photo = sl.load("cat", 32)
    assert losses(run, photo)["spectrum"] == 0


@pytest.mark.parametrize(
    ("options", "shares"),
    [({}, (0.5, 0.5)), ({"mix": (3, 1)}, (0.75, 0.25)), ({"masks": 8}, (0.25, 0.75))],
)
def test_several_spectra_count_by_their_shares_or_areas(options, shares):
    """A picture of exactly the mixed spectrum there is none; black tells of it."""
    if "masks" in options:
        mask = torch.zeros(3, 427, 640)
        mask[:, : 427 * options["masks"] // 32] = 1
        options = {"masks": [mask]}
    names = ["brick", "great_wave"]
    run = sl.transfer("palace", names, spectrum_weight=1, **EXACT, **options)
    goal = sum(a * powers(sl.load(n, 32)) for a, n in zip(shares, names, strict=True))
    (term,) = (t for t in run.objective.terms if t.name == "spectrum")
    assert term.distance(goal).item() == pytest.approx(0, abs=1e-3)
    assert term.distance(powers(sl.load("brick", 32))) > 0.01


def test_a_style_of_one_colour_does_not_blow_a_run_up():
    flat = torch.tensor([0.8, 0.3, 0.1]).view(1, 3, 1, 1).expand(1, 3, 48, 48)
    for style in (flat, torch.zeros_like(flat)):
        result = sl.transfer("palace", style, size=32, steps=5).result(iter)
        assert result.picture.isfinite().all()
        assert result.loss < 0.5 * result.history[0] < float("inf")


def test_the_smallest_pictures_are_made():
    """At 16 px the first octave holds no wave."""
    result = sl.texture("brick", size=16, steps=8).result(iter)
    assert result.picture.isfinite().all()
    assert result.loss < result.history[0]


def test_a_record_without_losses_is_read_as_absolute_ones_at_one_level():
    """So the first edition saved it."""
    options = {"size": 32, "steps": 2, "losses": "absolute", "levels": 1}
    run = sl.texture("brick", style_layers="relu2_1", **options)
    saved = run.record | {"recipe": dict(run.record["recipe"])}
    for name in ("losses", "levels", "tile", "spectrum_weight"):
        del saved["recipe"][name]
    recipe, sources = record.recall(saved, Path("nowhere"), {}, {})
    assert recipe == run.recipe
    again = tasks.prepare(recipe, **sources).result(iter)
    assert torch.equal(again.picture, run.result(iter).picture)
