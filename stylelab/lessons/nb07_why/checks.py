"""Checks for notebook 07, why does it work?"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from stylelab.lessons.answer import Answer, Hints, call, judge
from stylelab.lessons.nb07_why.separate import gram_distance


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


# Claims, their verdicts, and a question that helps to find each.
VERDICTS = {
    "deep layers care less about lighting than pixels do": (
        "measured",
        "its curve fell below the dotted line",
    ),
    "deep layers have forgotten the lamp": (
        "refuted",
        "among people, how often did relu5_1 find the same lamp",
    ),
    "a Gram matrix of relu2_1 tells more of the style than of the photo": (
        "measured",
        "compare how often it told the style, and how often the photo",
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
            yield "There is nothing to check so far: give each sentence its verdict."
        for claim, verdict in answers.items():
            if verdict not in ("measured", "refuted", "hypothesis"):
                yield f"'{claim}' is still open: measured, refuted or hypothesis?"
        for claim, (true, why) in VERDICTS.items():
            if answers[claim] != true:
                yield f"'{claim}' is not {answers[claim]}. Think: {why}."

    return judge(student, hints, "You know what was shown, and what was not.")
