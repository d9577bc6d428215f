import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from stylelab.core import style_transfer, vgg
from stylelab.lessons.nb07_why import invariance, separate
from stylelab.lessons.nb07_why.invariance import ratio
from stylelab.lessons.nb07_why.separate import (
    Readout,
    gram_distance,
    mean_discrepancy,
    readout,
    shares,
)


def noise(*shape, seed=0, dtype=torch.float32):
    draws = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=draws, dtype=dtype)


PHOTOS, STYLES = noise(5, 1, 40, seed=1), noise(1, 4, 40, seed=2)


def test_what_adds_up_is_read_without_fault_and_leaves_nothing_together():
    table = PHOTOS + STYLES
    assert readout(table) == Readout(photo=1, style=1)
    parts = shares(table)
    assert sum(parts.values()) == pytest.approx(1)
    assert parts["together"] == pytest.approx(0, abs=1e-5)
    assert 0.2 < parts["photo"] < 0.8


@pytest.mark.parametrize(("there", "missing"), [("photo", "style"), ("style", "photo")])
def test_what_is_not_there_is_only_guessed(there, missing):
    vectors = PHOTOS if there == "photo" else STYLES
    table = vectors + 0.01 * noise(5, 4, 40)
    answer = readout(table)
    assert getattr(answer, there) == 1
    assert abs(getattr(answer, missing) - (0.25 if missing == "style" else 0.2)) < 0.2
    assert shares(table)[there] > 0.99


def test_the_faintest_style_is_not_nearest_to_all():
    strength = torch.tensor([0.1, 1, 1, 1])[None, :, None]
    photos, styles = noise(5, 1, 2000, seed=1), noise(1, 4, 2000, seed=2)
    table = strength * (2 * photos + styles)
    assert readout(table).style == 1
    # By plain distance it is: what cosine_distances is for.
    away = torch.cdist(table[0], table[1])
    assert (away.argmin(1) == 0).all()


def test_rows_far_apart_are_found_and_noise_is_guessed():
    assert separate.same_row(10 * PHOTOS + noise(5, 4, 40)) == 1
    right = [separate.same_row(noise(5, 4, 40, seed=seed)) for seed in range(20)]
    assert sum(right) / 20 == pytest.approx(3 / 19, abs=0.05)


def test_a_cosine_distance_is_one_less_the_correlation_of_what_sets_vectors_apart():
    vectors = noise(6, 9)
    distances = separate.cosine_distances(vectors)
    rest = vectors - vectors.mean(0)
    true = 1 - torch.nn.functional.cosine_similarity(rest[1], rest[4], dim=0)
    assert torch.isclose(distances[1, 4], true, atol=1e-6)
    assert torch.allclose(distances.diag(), torch.zeros(6), atol=1e-6)
    assert torch.allclose(
        separate.cosine_distances(7 * vectors + 3), distances, atol=1e-5
    )


def test_noise_is_guessed_and_shared_by_degrees_of_freedom():
    readouts = [readout(noise(6, 4, 30, seed=s)) for s in range(20)]
    assert sum(f.photo for f in readouts) / 20 == pytest.approx(1 / 6, abs=0.04)
    assert sum(f.style for f in readouts) / 20 == pytest.approx(1 / 4, abs=0.04)
    parts = shares(noise(6, 4, 20_000))
    for name, free in {"photo": 5, "style": 3, "together": 15}.items():
        assert parts[name] == pytest.approx(free / 23, abs=0.02)


def test_shares_are_a_two_way_analysis_of_variance():
    table = noise(4, 3, 6) + PHOTOS[:4, :, :6]
    parts = shares(table)
    rows, columns = table.mean(1, keepdim=True), table.mean(0, keepdim=True)
    rest = table - rows - columns + table.mean((0, 1), keepdim=True)
    total = (table - table.mean((0, 1))).square().sum()
    assert parts["together"] == pytest.approx((rest.square().sum() / total).item())


def test_shares_know_neither_scale_nor_origin():
    table = noise(4, 4, 9)
    assert shares(7 * table + 3) == pytest.approx(shares(table), abs=1e-5)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 8), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_gram_matching_is_mean_discrepancy(m, k, n, seed):
    a, b = (
        noise(m, n, seed=seed, dtype=torch.float64),
        noise(k, n, seed=seed + 1, dtype=torch.float64),
    )
    discrepancy, distance = mean_discrepancy(a, b), gram_distance(a, b)
    size = separate.squared_dot(a, a).mean() + separate.squared_dot(b, b).mean()
    assert abs(discrepancy - distance) < 1e-10 * size
    assert abs(mean_discrepancy(a, a)) < 1e-10 * size
    assert torch.allclose(discrepancy, mean_discrepancy(b, a))


def test_gram_distance_is_that_of_the_style_loss():
    a, b = noise(1, 6, 5, 7), noise(1, 6, 4, 9, seed=1)
    ours = gram_distance(a[0].flatten(1).T, b[0].flatten(1).T)
    goal = style_transfer.gram(b)
    (term,) = style_transfer.style("relu1_1", goal).terms
    theirs = term.weight * term.distance(term.statistic(a))
    # The loss is relative to the goal's own size.
    size = goal.square().sum().item()
    assert ours.item() == pytest.approx(theirs.item() * size, rel=1e-4)


def test_a_linear_kernel_compares_means_alone():
    a, b = noise(30, 5, dtype=torch.float64), noise(20, 5, seed=1, dtype=torch.float64)
    discrepancy = mean_discrepancy(a, b, lambda x, y: x @ y.T)
    assert torch.allclose(discrepancy, (a.mean(0) - b.mean(0)).square().sum())


def test_a_ratio_by_hand():
    # Within: 1, 1, 1, 1. Between: 9, 16, 4, 9 and back.
    groups = [torch.tensor([[0.0], [1.0]]), torch.tensor([[3.0], [4.0]])]
    assert ratio(groups) == pytest.approx(1 / 9.5)


def test_a_ratio_from_nothing_different_to_nothing_alike():
    same = [noise(1, 9, seed=s).repeat(3, 1) for s in range(4)]
    assert ratio(same) == pytest.approx(0, abs=1e-5)
    mixed = [noise(30, 200, seed=s) for s in range(3)]
    assert ratio(mixed) == pytest.approx(1, abs=0.02)


def test_ratios_of_layers_are_those_of_their_maps():
    net = vgg.load("random", seed=3)
    objects = [
        [noise(1, 3, 16, 16, seed=10 * o + v).sigmoid() for v in range(2)]
        for o in range(3)
    ]
    ratios = invariance.ratios(net, objects, ["relu1_1", "relu2_1"])
    assert [*ratios] == ["relu1_1", "relu2_1"]
    maps = [
        [net.features(v, ["relu2_1"])["relu2_1"].flatten() for v in views]
        for views in objects
    ]
    assert ratios["relu2_1"] == pytest.approx(ratio([torch.stack(v) for v in maps]))
    flat = [torch.stack([v.flatten() for v in views]) for views in objects]
    assert invariance.pixel_ratio(objects) == pytest.approx(ratio(flat))


def test_tables_hold_maps_and_grams_of_every_picture():
    net = vgg.load("random")
    rows = [
        [noise(1, 3, 16, 16, seed=3 * p + s).sigmoid() for s in range(3)]
        for p in range(2)
    ]
    tables = separate.tables(net, rows, ["relu1_1", "relu2_1"])
    maps = net.features(rows[1][2], ["relu2_1"])["relu2_1"]
    assert torch.equal(tables["relu2_1"].maps[1, 2], maps.flatten())
    assert torch.equal(
        tables["relu2_1"].grams[1, 2], style_transfer.gram(maps).flatten()
    )
    assert tables["relu1_1"].grams.shape == (2, 3, 64 * 64)
    pair = separate.readouts(net, rows, ["relu1_1"])["relu1_1"]
    assert pair == (readout(tables["relu1_1"].maps), readout(tables["relu1_1"].grams))


def test_jobs_are_all_styles_of_the_first_photo_first():
    jobs = separate.jobs(["cat", "coffee"], ["brick", "grass", "gravel"], size=32)
    assert len(jobs) == 6
    assert jobs[1].sources == {"photo": "cat", "style": "grass"}
    assert jobs[5].sources == {"photo": "coffee", "style": "gravel"}
    assert {job.recipe.size for job in jobs} == {32}


def test_the_first_kernels_see_no_brightness_and_all_others_stay():
    net = vgg.load("random", seed=1)
    blind = invariance.zero_sum(net)
    grey = torch.full((1, 3, 16, 16), 0.2)
    middle = (..., slice(4, -4), slice(4, -4))
    first, second = (
        blind.features(g, ["conv1_1"])["conv1_1"][middle] for g in (grey, 3 * grey)
    )
    assert torch.allclose(first, second, atol=1e-3)
    assert torch.equal(blind.kernels["conv1_2"], net.kernels["conv1_2"])


def test_quarters_and_rows():
    picture = noise(1, 3, 8, 8)
    parts = separate.quarters(picture)
    assert torch.equal(parts[1], picture[..., :4, 4:])
    assert torch.equal(parts[2], picture[..., 4:, :4])
    assert separate.in_rows([1, 2, 3, 4], 2) == [[1, 2], [3, 4]]


def test_a_mean_is_taken_layer_by_layer():
    found = [("a", {"relu1_1": 1.0, "relu2_1": 3.0}), ("a", {"x": 2.0, "y": 5.0})]
    assert invariance.means(found) == [1.5, 4.0]
    assert invariance.difference(torch.zeros(2, 2), torch.ones(2, 2)) == 1


def test_the_trained_network_is_measured_and_then_random_ones():
    rows = [separate.quarters(noise(1, 3, 32, 32, seed=s).sigmoid()) for s in range(2)]
    for measure in (separate.same_painting, separate.same_person):
        found = [*separate.by_network(rows, ["relu1_1"], [0], measure)]
        assert [name for name, _ in found] == ["trained", "random\nweights"]
        assert all(0 <= one["relu1_1"] <= 1 for _, one in found)
