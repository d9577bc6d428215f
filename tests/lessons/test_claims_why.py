"""Claims C6, C13, C14 and C19: lighting, separability, and why it is VGG.

The bounds leave room for another processor. What was seen stands beside them.
"""

import statistics

import pytest

from stylelab.core import style_transfer, vgg
from stylelab.lessons.nb07_why import invariance, naming, other_network, separate
from stylelab.lessons.nb07_why.light import (
    LIGHTS,
    plaster_head,
    relight,
    square,
    turn_hues,
)
from stylelab.runs.sweep import sweep

LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
SIDE = 96
SEEDS = range(5)


@pytest.fixture(scope="module")
def trained():
    return vgg.load()


@pytest.fixture(scope="module")
def photos():
    names = ("cat", "coffee", "palace", "astronaut", "rocket")
    return [square(name, SIDE) for name in names]


@pytest.fixture(scope="module")
def lit(photos):
    """A head and five photos, each under four lights."""
    heads = [plaster_head(light, SIDE) for light in LIGHTS]
    return [heads, *([relight(p, light) for light in LIGHTS] for p in photos)]


def test_c14_light_matters_less_and_less_and_this_is_learnt(trained, lit):
    ours = invariance.ratios(trained, lit, LAYERS)
    pixels = invariance.pixel_ratio(lit)
    assert ours["relu5_1"] < ours["relu3_1"] < ours["relu1_1"] < pixels
    assert ours["relu5_1"] < 0.5 * pixels  # 0.12 and 0.30 were seen
    assert ours["relu5_1"] < 0.6 * ours["relu1_1"]
    for seed in SEEDS:
        theirs = invariance.ratios(vgg.load("random", seed=seed), lit, LAYERS)
        assert theirs["relu5_1"] > 0.7 * theirs["relu1_1"]
        assert theirs["relu5_1"] > 1.7 * ours["relu5_1"]  # 0.26 to 0.48


@pytest.mark.slow
def test_c14_what_is_learnt_is_the_fall_after_block_2(trained, lit):
    """Random networks with first kernels that see no brightness: nothing is learnt."""
    ours = invariance.ratios(trained, lit, LAYERS)
    random, blind = [], []
    for seed in SEEDS:
        net = vgg.load("random", seed=seed)
        random.append(invariance.ratios(net, lit, ["relu5_1"])["relu5_1"])
        theirs = invariance.ratios(invariance.zero_sum(net), lit, LAYERS)
        # Nothing is left of the first two blocks' advantage: 0.22 and 0.21 were seen.
        assert theirs["relu1_1"] < 1.1 * ours["relu1_1"]  # 0.25
        assert theirs["relu2_1"] < 1.3 * ours["relu2_1"]  # 0.19
        assert theirs["relu5_1"] > 0.95 * theirs["relu2_1"]  # 0.23 to 0.26: no fall
        assert theirs["relu5_1"] > 1.7 * ours["relu5_1"]  # 0.12
        blind.append(theirs["relu5_1"])
    # And it is a good part of the way from random weights, 0.26 to 0.48.
    assert sum(blind) < 0.8 * sum(random)


def test_c14_the_lamp_is_not_forgotten_though_people_are_learnt(trained):
    people = [[plaster_head(light, SIDE, p) for light in LIGHTS] for p in range(4)]
    assert invariance.pixel_ratio(people) > 0.9  # 1.01: two lamps are like two people
    right = {}
    for net in (trained, *(vgg.load("random", seed=seed) for seed in SEEDS)):
        tables = separate.tables(net, people, ["relu4_1", "relu5_1"])
        ratio = invariance.ratio([*tables["relu4_1"].maps])
        if net is trained:
            assert ratio < 0.8  # 0.58 was seen
            # What a table calls a style is the lamp here, and a photo the person.
            assert separate.readout(tables["relu5_1"].maps).style > 0.9  # 1
        else:
            assert ratio > 0.9  # 1.03
        right[net.sha256] = separate.readout(tables["relu4_1"].maps).photo
    ours = right.pop(trained.sha256)
    assert ours > 0.9  # 1
    assert ours > max(right.values()) + 0.2  # 0.56


def test_c6_deep_layers_care_less_about_colour_than_about_the_object(trained, photos):
    turned = [[turn_hues(p, t) for t in (0, 60, 150, 240)] for p in photos]
    ours = invariance.ratios(trained, turned, LAYERS)
    assert ours["relu5_1"] < ours["relu3_1"] < ours["relu1_1"]
    assert ours["relu5_1"] < invariance.pixel_ratio(turned)
    # But here random weights do it as well: colour is averaged away, not learnt away.
    theirs = invariance.ratios(vgg.load("random"), turned, LAYERS)
    assert theirs["relu5_1"] < theirs["relu1_1"]


def test_c13_quarters_of_paintings_find_each_other_by_gram(trained):
    names = "starry_night great_wave composition_viii moulin_de_la_galette auvers"
    pictures = [square(name, 2 * SIDE) for name in names.split()]
    rows = [
        [p[..., t:, l:][..., :SIDE, :SIDE] for t in (0, SIDE) for l in (0, SIDE)]
        for p in pictures
    ]
    for table in separate.tables(trained, rows, ["relu3_1", "relu5_1"]).values():
        # 0.85 and 0.95 were seen at 128 px; guessing: 3 in 19.
        assert separate.same_row(table.grams) > 0.6


def transfers(photos, styles, **options):
    """The pictures of all photos in all styles, by photo and style."""
    jobs = separate.jobs(photos, styles, **options)
    results = dict(sweep(jobs))
    pictures = [results[index].picture for index in range(len(jobs))]
    width = len(styles)
    return [pictures[i : i + width] for i in range(0, len(pictures), width)]


def test_c13_two_photos_in_two_styles(trained, photos):
    styles = [square(name, 64) for name in ("starry_night", "composition_viii")]
    small = [square(name, 64) for name in ("cat", "coffee")]
    rows = transfers(small, styles, size=64, steps=20)
    tables = separate.tables(trained, rows, ["relu2_1", "relu4_2"])
    assert separate.readout(tables["relu2_1"].grams).style == 1
    assert separate.readout(tables["relu4_2"].maps).photo == 1
    assert separate.shares(tables["relu2_1"].grams)["style"] > 0.7


def painted(side, **options):
    """Four photos in four styles, as in notebook 07: rows keep the photo."""
    photos = [square(n, side) for n in ("cat", "coffee", "palace", "rocket")]
    names = "starry_night great_wave composition_viii moulin_de_la_galette"
    styles = [square(name, side) for name in names.split()]
    return transfers(photos, styles, size=side, **options)


@pytest.fixture(scope="module")
def sixteen():
    """Painted with Gatys' own losses, to which relu5_1 is next to nothing."""
    return painted(128, losses="absolute", steps=50, style_weight=20)


@pytest.mark.slow
def test_c13_each_half_of_a_layer_tells_its_own_and_some_of_the_other(trained, sixteen):
    tables = separate.tables(trained, sixteen, [*LAYERS, "relu4_2"])
    for layer in LAYERS[1:]:
        assert separate.readout(tables[layer].grams).style > 0.9
        assert separate.readout(tables[layer].maps).photo > 0.9
    leaks = [separate.readout(tables[layer].grams).photo for layer in LAYERS]
    assert leaks[1] < 0.65  # 0.44
    assert leaks[4] > leaks[1] + 0.2  # 1: deep Gram matrices know about objects
    assert separate.readout(tables["relu4_2"].maps).style > 0.8  # 1; guessing: 0.25
    for layer in LAYERS[1:4]:
        assert separate.shares(tables[layer].grams)["style"] > 0.85
    assert separate.shares(tables["relu5_1"].grams)["photo"] > 0.1


@pytest.mark.slow
def test_c13_random_weights_tell_style_from_photo_less_well(sixteen):
    right, parts = [], []
    for seed in SEEDS:
        net = vgg.load("random", seed=seed)
        grams = separate.tables(net, sixteen, ["relu4_1"])["relu4_1"].grams
        right.append(separate.readout(grams).style)
        parts.append(separate.shares(grams)["style"])
    assert sum(right) / len(right) < 0.9  # trained: 1
    assert sum(parts) / len(parts) < 0.85  # trained: 0.99


@pytest.mark.slow
def test_c13_a_deep_gram_matrix_tells_the_photo_even_where_it_was_matched(trained):
    """With relative losses, as in notebook 07; the chance of guessing is 0.25."""
    rows = painted(96, steps=25)

    def told(net, layer):
        return separate.readout(separate.tables(net, rows, [layer])[layer].grams).photo

    shallow, deep = told(trained, "relu1_1"), told(trained, "relu5_1")
    assert deep > shallow + 0.2  # 0.73 and 0.27 were seen
    by_chance = [told(vgg.load("random", seed=seed), "relu5_1") for seed in SEEDS]
    assert sum(by_chance) / len(by_chance) < deep - 0.1  # 0.50


@pytest.mark.slow
def test_c13_a_name_survives_some_style_and_is_lost_with_more():
    """Three photos in two styles: the mean probability of their right names."""
    photos = {name: square(name, 128) for name in naming.RIGHT}
    styles = {n: square(n, 128) for n in ("starry_night", "composition_viii")}
    weights = (0.1, 1, 30)
    found = [*naming.named(photos, styles, weights, size=128, steps=25)]
    mean = {
        weight: statistics.fmean(one.right for one in found if one.weight == weight)
        for weight in (0, *weights)
    }
    assert mean[0] > 0.5
    assert mean[0] > mean[1] > mean[30]
    assert mean[30] < 0.2


@pytest.mark.slow
def test_c19_vgg_makes_better_bricks_than_efficientnet_and_smoothing_helps():
    """By the distance of patches, which no network judges: five noises each."""
    source = square("brick", SIDE)
    found = {name: [] for name in other_network.NETWORKS}
    for trial in other_network.trials({"brick": source}, SEEDS, 50):
        found[trial.network].append(trial.distance)
    vggs, plain, smoothed = found.values()
    assert max(vggs) < min(plain)
    assert statistics.median(vggs) < 0.6 * statistics.median(plain)
    assert statistics.median(smoothed) < 0.9 * statistics.median(plain)
    assert max(vggs) < min(smoothed)


def test_the_style_loss_is_a_mean_discrepancy_of_feature_vectors(trained):
    pair = [square(name, 32) for name in ("starry_night", "cat")]
    maps = [trained.features(p, ["relu3_1"])["relu3_1"] for p in pair]
    a, b = (f[0].flatten(1).T.double() for f in maps)
    true = separate.gram_distance(a, b)
    assert abs(separate.mean_discrepancy(a, b) / true - 1) < 1e-10
    in_engine = (
        (style_transfer.gram(maps[0]) - style_transfer.gram(maps[1])).square().sum()
    )
    assert in_engine.item() == pytest.approx(true.item(), rel=1e-4)
