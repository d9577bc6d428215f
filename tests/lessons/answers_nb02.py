"""Answers to notebook 02's exercises: right ones, and what students really write."""

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
