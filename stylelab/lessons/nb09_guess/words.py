"""What the figures of notebook 09 say: a claim, and an alternative text."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "one pass": (
        "One pass gives colours and strokes, but no swirls",
        "A palace by a lake; The Starry Night; the palace in blues and yellows, with "
        "short strokes everywhere and no stars.",
    ),
    "race": (
        "The guess is ahead for seconds; then the search is better",
        "For each of five pairs two falling curves of loss over seconds, and a dot far "
        "to the left of where the curves come down to its height.",
    ),
    "between": (
        "From Hokusai to van Gogh in five steps of a straight line",
        "A palace five times: first in Hokusai's beige with dark lines, then bluer and "
        "with shorter strokes, until it has van Gogh's blue and yellow.",
    ),
    "map": (
        "Styles that look alike lie near each other",
        "Small pictures of photos, paintings and textures, scattered over a plane; the "
        "three grey textures lie together at the bottom.",
    ),
    "search": (
        "The search, beside which the guess is measured",
        "A palace that takes on swirls and stars, beside a falling loss.",
    ),
    "kept": (
        "The guess is good at colours and fine strokes, and poor at large forms",
        "Three curves over five layers: the photo's is high, the guess's rises with "
        "depth, the search's stays near zero.",
    ),
    "hard": (
        "No bricks and no circles in a guess",
        "Two rows of a style, a guess and a search. In the style of bricks the guess "
        "is a cat with upright lines, and the search has joints around stones.",
    ),
    "learning": (
        "A network learns one style, crop by crop",
        "A palace that becomes blue and gets strokes, beside a falling, noisy loss.",
    ),
    "learnt": (
        "What was learnt holds for a photo that the network never saw",
        "A cat, and the same cat in blue and yellow strokes.",
    ),
}
