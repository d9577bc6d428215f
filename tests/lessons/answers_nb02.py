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


def slope(x, loss_of):
    x = x.clone().requires_grad_()
    loss_of(x).backward()
    return x.grad


def in_its_place(x, loss_of, rate):
    x.requires_grad_()
    loss_of(x).backward()
    with torch.no_grad():
        x -= rate * x.grad
    return x


def with_sgd(x, loss_of, rate):
    x = x.requires_grad_()
    optimizer = torch.optim.SGD([x], lr=rate)
    optimizer.zero_grad()
    loss_of(x).backward()
    optimizer.step()
    return x


def followed(x, loss_of, rate):
    x.requires_grad_()
    loss_of(x).backward()
    x -= rate * x.grad
    return x


def not_followed(x, loss_of, rate):
    loss_of(x).backward()
    return x - rate * x.grad


def under_no_grad(x, loss_of, rate):
    with torch.no_grad():
        x = x.requires_grad_()
        loss_of(x).backward()
    return x - rate * x.grad


RIGHT = [
    (checks.recorder, record),
    (checks.step_down, lambda x, loss, rate: x - rate * slope(x, loss)),
    (checks.step_down, in_its_place),
    (checks.step_down, with_sgd),
]

# What students really write, and a word that the hint has to contain.
WRONG = [
    (checks.recorder, in_place, "in place"),
    (checks.recorder, without_relu, "relu1"),
    (checks.recorder, misnamed, "relu1"),
    (checks.step_down, lambda x, loss, rate: x + rate * slope(x, loss), "up the"),
    (checks.step_down, lambda x, loss, rate: x - slope(x, loss), "as long"),
    (checks.step_down, lambda x, loss, rate: x - 2 * rate * slope(x, loss), "two"),
    (checks.step_down, lambda x, loss, rate: slope(x, loss), "slope itself"),
    (checks.step_down, lambda x, loss, rate: rate * slope(x, loss), "only the step"),
    (checks.step_down, lambda x, loss, rate: x, "ever taken"),
    (checks.step_down, lambda x, loss, rate: loss(x), "should come back"),
    (checks.step_down, lambda x, loss, rate: x - rate * x.sign(), "than x's"),
    (checks.step_down, followed, "no_grad"),
    (checks.step_down, not_followed, "requires_grad_"),
    (checks.step_down, under_no_grad, "outside of"),
    (checks.recorder, changing_the_picture, "picture itself"),
]
