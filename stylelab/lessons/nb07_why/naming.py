"""Is a painted photo still named rightly? Photos x styles x weights of the style."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

from stylelab.analysis import recognize
from stylelab.lessons.nb07_why import separate
from stylelab.runs.sweep import sweep

# The names of ImageNet that are right.
RIGHT = {
    "coffee": ("espresso",),
    "cat": ("tabby", "tiger cat", "Egyptian cat"),
    "palace": ("palace", "bell cote", "castle", "monastery"),
}


@dataclass(frozen=True)
class Judged:
    """A picture, and how surely the network still gives it a right name: 0..1.

    The weight is that of the style; 0 means the photo itself.
    """

    photo: str
    style: str
    weight: float
    picture: Tensor
    right: float
    first: str


def judge(photo: str, style: str, weight: float, picture: Tensor) -> Judged:
    """`picture`, made of `photo` and `style`, with the network's verdict."""
    right = recognize.probability(picture, *RIGHT[photo])
    first = recognize.recognize(picture)[0].name
    return Judged(photo, style, weight, picture, right, first)


def named(
    photos: Mapping[str, Tensor],
    styles: Mapping[str, Tensor],
    weights: Sequence[float],
    **options: object,
) -> Iterator[Judged]:
    """The photos, then each in each style, by weight; `options` are a Recipe's."""
    pairs = [(photo, style) for photo in photos for style in styles]
    for photo, style in pairs:
        yield judge(photo, style, 0, photos[photo])
    for weight in weights:
        jobs = separate.jobs(
            photos.values(), [*styles.values()], style_weight=weight, **options
        )
        for index, result in sweep(jobs):
            yield judge(*pairs[index], weight, result.picture)
