"""The article's claim 11, content is the deep maps themselves, and its control.

Small pictures; each bound leaves room for another processor.
"""

import pytest

import stylelab as sl
from stylelab.lessons.nb04_content import control
from stylelab.lessons.nb04_content.control import Kept

SMALL = {"size": 96, "steps": 60, "spectrum_weight": 0}


def rebuild(layer: str, **options: object) -> Kept:
    run = sl.reconstruct("cat", content_layers=layer, **SMALL, **options)
    return control.kept(run.result(iter), sl.load("cat", 96))


@pytest.fixture(scope="module")
def trained() -> list[Kept]:
    return [rebuild(layer) for layer in ("relu1_2", "relu3_2", "relu5_2")]


def test_c11_deep_layers_forget_pixels_and_are_met_all_the_same(trained):
    first, middle, last = (one.decibels for one in trained)
    assert first > middle + 3 > last + 6
    assert max(one.left for one in trained) < 5  # % of the loss; 0.9 and 2.8 were seen


def test_c11_a_deep_layer_cannot_tell_two_different_pictures_apart():
    """Not forgotten by the search: another noise ends elsewhere, at as low a loss."""
    results = [
        sl.reconstruct("cat", content_layers="relu5_2", seed=seed, **SMALL).result(iter)
        for seed in (0, 1)
    ]
    one, other = (result.picture for result in results)
    assert float(control.decibels(one, other).split()[0]) < 18
    assert control.content_loss("relu5_2", one, other) < 0.1


def test_c11_random_weights_with_max_pooling_leave_a_ghost(trained):
    ghost = rebuild("relu3_2", weights="random")
    assert ghost.decibels < 19  # 17.0; trained 23.6
    assert ghost.left > 3 * trained[1].left  # the search is stuck: 6.7 %
    assert ghost.cat < 0.2


def test_c11_with_average_pooling_they_give_the_cat_back():
    """He, Wang, Hopcroft (2016) are right about the pixels."""
    rows = control.by_seed("cat", ["relu3_2"], (0, 1), pooling="average", **SMALL)
    for (one,) in rows:
        assert one.decibels > 21  # 22.5 and 28.4
        assert one.cat > 0.4  # 0.60 and 0.70


@pytest.mark.slow
def test_c11_but_deep_down_a_cat_is_found_only_with_trained_weights():
    layers = ("relu3_2", "relu4_2")
    average = {"pooling": "average", **SMALL}
    for shallow, deep in control.by_seed("cat", layers, range(5), **average):
        assert shallow.decibels > 20
        assert deep.cat < 0.2
    assert rebuild("relu4_2", pooling="average").cat > 0.5  # 0.72
