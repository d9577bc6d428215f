"""Checks for notebook 07, why does it work?"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from stylelab.lessons.answer import Answer, Hints, Unfinished, call, judge, numbers
from stylelab.lessons.nb07_why.light import GAMMA
from stylelab.lessons.nb07_why.separate import gram_distance


def twice_the_light(student: Callable[[Tensor, float], Tensor]) -> Answer:
    """`student(pixels in 0..1, times)`: the pixels under so many times the light."""
    pixels = torch.tensor([0.0, 0.2, 0.4, 0.6])

    def hints() -> Hints:
        if not torch.allclose(numbers(student, pixels, 1.0), pixels, atol=1e-5):
            yield "With 1 times the light the picture should stay as it is."
        doubled = numbers(student, pixels, 2.0).clamp(max=1)
        if torch.allclose(doubled, (2 * pixels).clamp(max=1)):
            yield (
                f"You doubled the pixels. That is {2**GAMMA:.1f} times the light: undo "
                "the gamma first, and put it back after."
            )
        if torch.allclose(doubled, (pixels * 2**GAMMA).clamp(max=1)):
            yield "The gamma goes the other way: light is pixel ** 2.2."
        true = pixels * 2 ** (1 / GAMMA)
        if not torch.allclose(doubled, true, atol=1e-4):
            yield f"A pixel of 0.4 becomes {true[2]:.3f}, yours {doubled[2]:.3f}."
        if numbers(student, pixels, 100.0).max() > 1:
            yield "Under 100 times the light your pixels exceed 1, which is white."

    return judge(student, hints, "Twice the light is 1.37 times the pixel.")


def discrepancy(student: Callable[[Tensor, Tensor], Tensor]) -> Answer:
    """`student(a [M, N], b [K, N])`: the mean discrepancy with kernel (x . y)^2."""
    draws = torch.Generator().manual_seed(0)
    a, b = (torch.rand(n, 5, generator=draws, dtype=torch.float64) for n in (30, 20))

    def value(x: Tensor, y: Tensor) -> float:
        return float(call(student, x, y))

    def hints() -> Hints:
        ours, true = value(a, b), float(gram_distance(a, b))
        if abs(value(a, a)) > 1e-6:
            yield (
                "A set has the distance 0 from itself, and yours is "
                f"{value(a, a):.2g}: subtract the mean between the sets twice."
            )
        if abs(value(torch.cat([a, a]), b) - ours) > 1e-6:
            yield "With each vector of a twice, yours changes: take means, not sums."
        means = float((a.mean(0) - b.mean(0)).square().sum())
        if abs(ours - means) < 1e-6:
            yield "That is the distance of the means: is the product squared?"
        if abs(ours - true) > 1e-6:
            yield f"The Gram matrices are {true:.6f} apart, and yours is {ours:.6f}."

    return judge(
        student, hints, "It is the Gram matrices' distance, to the last digits."
    )


def share_right(student: Callable[[Tensor, Tensor], float]) -> Answer:
    """`student(distances [n, n], labels [n])`: how often the nearest other agrees."""
    draws = torch.Generator().manual_seed(1)
    points, noise = (torch.randn(60, 8, generator=draws) for _ in range(2))
    labels = torch.arange(60) % 3
    points[:, 0] += 20 * labels

    def value(vectors: Tensor) -> float:
        distances = (vectors[:, None] - vectors).norm(dim=2)  # exact: 0 to itself
        return float(call(student, distances, labels))

    def hints() -> Hints:
        if value(noise) > 0.99:
            yield (
                "On pure noise yours is right every time. Which picture is nearest if "
                "a picture may choose itself?"
            )
        if value(points) < 0.99:
            yield "Yours mixes up three groups far apart: nearest means smallest."
        distances = torch.cdist(noise, noise).fill_diagonal_(torch.inf)
        true = (labels[distances.argmin(1)] == labels).float().mean().item()
        if abs(value(noise) - true) > 1e-4:
            yield f"On one noise the share is {true:.3f}, and yours {value(noise):.3f}."

    praise = "On noise it is right about as often as guessing, as it has to be."
    return judge(student, hints, praise)


# Claims, their verdicts, and a question that helps to find each.
VERDICTS = {
    "deep layers care less about lighting than pixels do": (
        "measured",
        "the curve fell, and with random weights it did not",
    ),
    "deep layers have forgotten the lamp": (
        "refuted",
        "among people, how often did relu5_1 find the same lamp?",
    ),
    "a Gram matrix of relu2_1 tells more of the style than of the photo": (
        "measured",
        "compare its two readouts, and the shares of its variance",
    ),
    "a Gram matrix of relu5_1 knows nothing of the photo": (
        "refuted",
        "look at how often it told the photo",
    ),
    "Gram matching is a mean discrepancy": (
        "measured",
        "it is even an identity, and you saw it to the last digits",
    ),
    "content and style part because networks must be invariant": (
        "hypothesis",
        "no experiment here had one without the other, so none can tell cause from "
        "coincidence",
    ),
}


def verdicts(student: Mapping[str, str] | None) -> Answer:
    """Each of VERDICTS as "measured", "refuted" or "hypothesis"."""

    def hints() -> Hints:
        answers = {claim: student.get(claim) for claim in VERDICTS}
        if all(verdict in (None, ...) for verdict in answers.values()):
            raise Unfinished
        for claim, verdict in answers.items():
            if verdict not in ("measured", "refuted", "hypothesis"):
                yield f"'{claim}' is still open: measured, refuted or hypothesis?"
        for claim, (true, why) in VERDICTS.items():
            if answers[claim] != true:
                yield f"'{claim}' is not {answers[claim]}. Think: {why}."

    return judge(student, hints, "You know what was shown, and what was not.")
