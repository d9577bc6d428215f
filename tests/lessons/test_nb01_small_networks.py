import itertools

import pytest
import torch

from stylelab.lessons.nb01_convolution import contest, small_networks


@pytest.fixture(scope="module")
def photos():
    generator = torch.Generator().manual_seed(0)
    return [torch.rand(1, 3, 40, 50, generator=generator) for _ in range(2)]


def test_networks_of_one_seed_are_equal_and_leave_the_global_state_alone():
    torch.manual_seed(7)
    one, two = small_networks.classifier(seed=1), small_networks.classifier(seed=1)
    number = torch.rand(1)
    torch.manual_seed(7)
    assert torch.equal(one[0].weight, two[0].weight)
    assert torch.equal(number, torch.rand(1))


@pytest.mark.parametrize(
    "make", [small_networks.conv_restorer, small_networks.mlp_restorer]
)
@pytest.mark.parametrize("shape", [(1, 3, 16, 16), (2, 3, 33, 50)])
def test_a_restorer_answers_with_a_picture_of_the_same_shape(make, shape):
    picture = torch.rand(shape)
    restored = small_networks.restore(make(), picture)
    assert restored.shape == shape
    assert 0 <= restored.min() <= restored.max() <= 1


def test_a_patchwise_network_that_changes_nothing_changes_nothing():
    same = small_networks.Patchwise(torch.nn.Identity())
    picture = torch.rand(1, 3, 21, 34)
    torch.testing.assert_close(same(picture), picture)


def test_training_yields_progress_and_can_be_left(photos):
    net, spoil = small_networks.conv_restorer(8), small_networks.noise()
    unseen = (spoil(photos[0], torch.Generator().manual_seed(1)), photos[0])
    training = small_networks.train_restorer(net, photos, spoil, unseen, steps=60)
    records = list(itertools.islice(training, 5))
    assert [p.step for p in records] == [1, 2, 3, 4, 5]
    assert [p.score is not None for p in records] == [True, False, True, False, False]
    assert records[0].total == 60
    assert torch.is_grad_enabled()


def test_the_same_seed_trains_the_same_network(photos):
    def trained():
        net, spoil = small_networks.mlp_restorer(16), small_networks.blur()
        unseen = (photos[0], photos[0])
        steps = small_networks.train_restorer(net, photos, spoil, unseen, steps=3)
        return [progress.loss for progress in steps]

    assert trained() == trained()


def test_another_seed_is_another_network_and_other_patches(photos):
    one, two = (small_networks.conv_restorer(8, seed=seed) for seed in (0, 1))
    assert not torch.equal(one[0].weight, two[0].weight)
    unseen, losses = (photos[0], photos[0]), []
    for seed in (0, 1):
        net, spoil = small_networks.conv_restorer(8), small_networks.noise()
        steps = small_networks.train_restorer(net, photos, spoil, unseen, 1, seed)
        losses += [progress.loss for progress in steps]
    assert losses[0] != losses[1]


def test_a_contest_trains_every_rival_for_every_task_from_every_seed(photos):
    scores = [*contest.contest(photos, photos[0], steps=2, seeds=2)]
    finals = contest.finals(scores)
    pairs = [(task, rival) for task in contest.TASKS for rival in contest.RIVALS]
    assert [*finals] == pairs
    assert all(len(gains) == 2 for gains in finals.values())
    assert {score.step for score in scores} == {1, 2}
    assert all((score.restored is None) == (score.step < 2) for score in scores)


def test_a_patch_is_spoilt_and_clean_at_the_same_place(photos):
    def nothing(picture, generator):
        return picture

    generator = torch.Generator().manual_seed(0)
    spoilt, clean = small_networks._patches(photos, nothing, 5, generator)
    assert clean.shape == (5, 3, small_networks.PATCH, small_networks.PATCH)
    assert torch.equal(spoilt, clean)


def test_blur_keeps_the_mean_and_flat_pictures():
    flat = torch.full((1, 3, 20, 20), 0.3)
    torch.testing.assert_close(small_networks.gaussian(flat, 1.5), flat)
    point = torch.zeros(1, 1, 21, 21)
    point[..., 10, 10] = 1
    blurred = small_networks.gaussian(point, 2.0)
    assert blurred.sum().item() == pytest.approx(1, abs=1e-5)
    variance = (blurred[0, 0].sum(0) * (torch.arange(21) - 10.0) ** 2).sum().item()
    assert variance == pytest.approx(4, rel=0.05)


def test_noise_has_the_deviation_asked_for():
    picture = torch.full((1, 3, 100, 100), 0.5)
    noisy = small_networks.noise(0.1)(picture, torch.Generator().manual_seed(0))
    assert (noisy - picture).std().item() == pytest.approx(0.1, rel=0.05)
