"""Checks of notebook 02: what students really write, and the hint it gets."""

import pytest
import torch
import torch.nn.functional as F

from stylelab.lessons.nb02_layers import checks


def record(picture, kernels, relu=torch.relu):
    maps = {"conv1": F.conv2d(picture, kernels[0], padding=1)}
    maps["relu1"] = relu(maps["conv1"])
    maps["conv2"] = F.conv2d(maps["relu1"], kernels[1], padding=1)
    return maps


def without_relu(picture, kernels):
    return record(picture, kernels, relu=lambda maps: maps)


def misnamed(picture, kernels):
    maps = record(picture, kernels)
    return maps | {"relu1": maps["conv1"]}


def in_place(picture, kernels):
    return record(picture, kernels, relu=torch.relu_)


def changing_the_picture(picture, kernels):
    return record(picture.mul_(2), kernels)


RIGHT = [
    (checks.recorder, record),
    (checks.strongest, lambda f, n: f[0].mean((1, 2)).topk(n).indices),
    (checks.strongest, lambda f, n: (-f.numpy().mean((0, 2, 3))).argsort()[:n]),
]

# What students really write, and a word that the hint has to contain.
WRONG = [
    (checks.recorder, in_place, "in place"),
    (checks.recorder, without_relu, "relu1"),
    (checks.recorder, misnamed, "relu1"),
    (checks.strongest, lambda f, n: f[0].amax((1, 2)).topk(n).indices, "largest mean"),
    (checks.strongest, lambda f, n: f[0].mean((1, 2)).argsort()[:n], "weakest"),
    (checks.strongest, lambda f, n: f[0].mean((1, 2)).argsort()[-n:], "comes first"),
    (checks.strongest, lambda f, n: f[0].mean((1, 2)).topk(n), ".indices"),
    (checks.strongest, lambda f, n: f[0].mean((1, 2)).topk(n).values, ".indices"),
    (checks.strongest, lambda f, n: [3], "yours are 1"),
    (checks.recorder, changing_the_picture, "picture itself"),
]


@pytest.mark.parametrize(("check", "right"), RIGHT)
def test_a_right_answer_is_praised(check, right):
    answer = check(right)
    assert answer, answer.text
    assert "Right" in answer._repr_markdown_()


@pytest.mark.parametrize(("check", "wrong", "hint"), WRONG)
def test_a_wrong_answer_gets_a_hint_that_fits(check, wrong, hint):
    answer = check(wrong)
    assert not answer
    assert hint in answer.text
    assert "Not yet" in answer._repr_markdown_()


@pytest.mark.parametrize("check", [check for check, _ in RIGHT])
def test_no_answer_yet_is_no_mistake(check):
    for empty in (None, ...):
        assert "nothing to check" in check(empty).text


@pytest.mark.parametrize("check", [checks.recorder, checks.strongest])
def test_unfinished_functions_and_errors_are_answered(check):
    assert "nothing" in check(lambda *_: ...).text
    assert "ZeroDivisionError" in check(lambda *_: 1 / 0).text
