import pytest
import torch
import torch.nn.functional as F

from stylelab.core.layers import CONVS
from stylelab.lessons.nb01_convolution import checks as convolution_checks
from stylelab.lessons.nb02_layers import checks as layers_checks
from stylelab.lessons.nb03_fields import checks as fields_checks

BLUR = torch.ones(3, 3) / 9
SOBEL = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])[None, None] / 4


def steepness(picture):
    return F.conv2d(picture[None, None], SOBEL)[0, 0]


def record(picture, kernels, relu=torch.relu):
    found = {"conv1": F.conv2d(picture, kernels[0], padding=1)}
    found["relu1"] = relu(found["conv1"])
    found["conv2"] = F.conv2d(found["relu1"], kernels[1], padding=1)
    return found


def without_relu(picture, kernels):
    return record(picture, kernels, relu=lambda features: features)


def misnamed(picture, kernels):
    found = record(picture, kernels)
    return found | {"relu1": found["conv1"]}


def in_place(picture, kernels):
    return record(picture, kernels, relu=torch.relu_)


NAMES = {f"conv_{i}": name for i, name in enumerate(CONVS[:5], 1)}
MIXED_UP = NAMES | {"conv_2": "conv2_1"}
IDENTITY = torch.zeros(3, 3)
IDENTITY[1, 1] = 1

INVERTED = torch.tensor([[2, -1, 2], [-1, -3, -1], [2, -1, 2]])
SHARPER = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]

RIGHT = [
    (convolution_checks.output_size, lambda s, k, t, p: (s + 2 * p - k) // t + 1),
    (convolution_checks.sharpening, 2 * IDENTITY - BLUR),
    (convolution_checks.sharpening, SHARPER),
    (convolution_checks.edge_strength, lambda p: steepness(p).abs()),
    (convolution_checks.edge_strength, lambda p: abs(steepness(p).numpy())),
    (convolution_checks.edge_strength, lambda p: F.conv2d(p[None, None], SOBEL).abs()),
    (layers_checks.recorder, record),
    (layers_checks.strongest, lambda f, n: f[0].mean((1, 2)).topk(n).indices),
    (layers_checks.strongest, lambda f, n: (-f.numpy().mean((0, 2, 3))).argsort()[:n]),
    (fields_checks.next_field, lambda size, t, k, s: (size + (k - 1) * t, t * s)),
    (fields_checks.paper_names, NAMES),
    (fields_checks.convolutions_needed, lambda size: size // 2),
]

# What students really write, and a word that the hint has to contain.
WRONG = [
    (convolution_checks.output_size, lambda s, k, t, p: s - k + 1, "both sides"),
    (convolution_checks.output_size, lambda s, k, t, p: s - k, "loses one pixel"),
    (
        convolution_checks.output_size,
        lambda s, k, t, p: (s + 2 * p - k + 1) // t,
        "stride",
    ),
    (
        convolution_checks.output_size,
        lambda s, k, t, p: (s + 2 * p - k) / t + 1,
        "round down",
    ),
    (convolution_checks.sharpening, BLUR, "times as steep"),
    (convolution_checks.sharpening, IDENTITY, "negative"),
    (convolution_checks.sharpening, IDENTITY - BLUR, "sum to"),
    (convolution_checks.sharpening, torch.ones(5, 5) / 25, "shape"),
    (convolution_checks.sharpening, IDENTITY.roll(1, 0), "directions"),
    (convolution_checks.sharpening, INVERTED, "-5.00 times as steep"),
    (convolution_checks.edge_strength, lambda p: steepness(p).clamp(0, 1), "below 0"),
    (
        convolution_checks.edge_strength,
        lambda p: steepness(p).abs().mean(),
        "every place",
    ),
    (convolution_checks.edge_strength, lambda p: -steepness(p).abs(), "never below 0"),
    (convolution_checks.edge_strength, steepness, "Mirror"),
    (convolution_checks.edge_strength, lambda p: p * 0, "almost 0"),
    (convolution_checks.edge_strength, lambda p: steepness(p).abs() + 0.2, "flat"),
    (layers_checks.recorder, in_place, "in place"),
    (layers_checks.recorder, without_relu, "relu1"),
    (layers_checks.recorder, misnamed, "relu1"),
    (
        layers_checks.strongest,
        lambda f, n: f[0].amax((1, 2)).topk(n).indices,
        "largest mean",
    ),
    (layers_checks.strongest, lambda f, n: f[0].mean((1, 2)).argsort()[:n], "weakest"),
    (
        layers_checks.strongest,
        lambda f, n: f[0].mean((1, 2)).argsort()[-n:],
        "comes first",
    ),
    (layers_checks.strongest, lambda f, n: f[0].mean((1, 2)).topk(n), ".indices"),
    (
        layers_checks.strongest,
        lambda f, n: f[0].mean((1, 2)).topk(n).values,
        ".indices",
    ),
    (layers_checks.strongest, lambda f, n: [3], "yours are 1"),
    (fields_checks.next_field, lambda size, t, k, s: (size + k, t * s), "reaches one"),
    (fields_checks.next_field, lambda size, t, k, s: (size + k - 1, t * s), "apart"),
    (
        fields_checks.next_field,
        lambda size, t, k, s: (size + (k - 1) * t, t + s),
        "multiply",
    ),
    (fields_checks.next_field, lambda size, t, k, s: (size + 2 * t, t * s), "ReLU"),
    (fields_checks.next_field, lambda size, t, k, s: size + (k - 1) * t, "Two numbers"),
    (
        fields_checks.next_field,
        lambda size, t, k, s: (size + k // 2 * 2 * t, t * s),
        "pool1",
    ),
    (fields_checks.paper_names, MIXED_UP, "conv_2 is not conv2_1"),
    (fields_checks.paper_names, NAMES | {"conv_3": ...}, "still missing"),
    (fields_checks.convolutions_needed, lambda size: size // 3, "adds 2"),
    (fields_checks.convolutions_needed, lambda size: (size - 1) / 2, "even size"),
]


@pytest.mark.parametrize(("check", "answer"), RIGHT)
def test_a_right_answer_is_praised(check, answer):
    found = check(answer)
    assert found, found.text
    assert "Right" in found._repr_markdown_()


@pytest.mark.parametrize(("check", "answer", "hint"), WRONG)
def test_a_wrong_answer_gets_a_hint_that_fits(check, answer, hint):
    found = check(answer)
    assert not found
    assert hint in found.text
    assert "Not yet" in found._repr_markdown_()


@pytest.mark.parametrize("check", [check for check, _ in RIGHT])
def test_no_answer_yet_is_no_mistake(check):
    for empty in (None, ...):
        assert "nothing to check" in check(empty).text


@pytest.mark.parametrize(
    "check",
    [
        convolution_checks.output_size,
        convolution_checks.edge_strength,
        layers_checks.recorder,
        layers_checks.strongest,
        fields_checks.next_field,
        fields_checks.convolutions_needed,
    ],
)
def test_unfinished_functions_and_errors_are_answered(check):
    assert "nothing" in check(lambda *_: ...).text
    assert "ZeroDivisionError" in check(lambda *_: 1 / 0).text


def test_an_unfinished_dictionary_is_no_mistake():
    found = fields_checks.paper_names(dict.fromkeys(NAMES, ...))
    assert "nothing" in found.text
