"""Answers to notebook 08's exercises: right ones, and what students really write."""

from stylelab.core import style_transfer
from stylelab.lessons.nb08_style import checks
from stylelab.runs import colors
from stylelab.teaching.answers.nb08 import guided_gram as guided


def kept(painted, photo):
    return photo + colors.luminance(painted) - colors.luminance(photo)


RIGHT = [
    (checks.keep_colours, kept),
    (checks.guided_gram, guided),
    (checks.guided_gram, lambda f, m: guided(f.double(), m).numpy()),
]
WRONG = [
    (
        checks.keep_colours,
        lambda painted, photo: photo,
        "what was painted is lost",
    ),
    (checks.keep_colours, lambda painted, photo: kept(photo, painted), "is lost"),
    (
        checks.keep_colours,
        lambda painted, photo: painted,
        "not those of the photo",
    ),
    (checks.keep_colours, lambda painted, photo: colors.grey(painted), "grey"),
    (
        checks.keep_colours,
        lambda a, b: b + a.mean(1, keepdim=True) - b.mean(1, keepdim=True),
        "green counts for more",
    ),
    (checks.keep_colours, lambda a, b: kept(a, b)[0], "shape"),
    (
        checks.guided_gram,
        lambda f, m: style_transfer.gram(f[None])[0],
        "where is the mask",
    ),
    (
        checks.guided_gram,
        lambda f, m: style_transfer.gram((f * m)[None])[0],
        "0.3 times",
    ),
    (checks.guided_gram, lambda f, m: guided(f, m) * m.sum(), "That is the sum"),
    (checks.guided_gram, lambda f, m: f * m, "4 x 4"),
    (checks.guided_gram, lambda f, m: 2 * guided(f, m), "Multiply every map"),
    (
        checks.guided_gram,
        lambda f, m: guided(f, m) * 18 / m.sum() / (2 - m.mean() / 0.3),
        "1 everywhere",
    ),
]
