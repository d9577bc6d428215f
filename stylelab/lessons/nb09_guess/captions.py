"""What the figures of notebook 09 show, and the answers to its questions."""

from stylelab.lessons.lesson import Caption, Lesson

lesson = Lesson(
    "09",
    {
        "seconds": Caption("A guess takes a fraction of a second", within=0.3),
        "one pass": Caption(
            "One pass gives colours and strokes, but no swirls",
            "A palace by a lake; The Starry Night; the palace in blues and yellows, "
            "with short strokes everywhere and no stars.",
        ),
        "race": Caption(
            "The guess is ahead for a few steps; then the search is better",
            "For each of five pairs two falling curves of loss over seconds, and a dot "
            "far to the left of where the curve from the photo comes down to its "
            "height; there the step and the second are written.",
            answer="about 5 steps",
        ),
        "start": Caption(
            "A guess saves few steps as a start",
            answer="a few steps",
        ),
        "between": Caption(
            "From Hokusai to van Gogh in five steps of a straight line",
            "A palace five times: first in Hokusai's beige with dark lines, then bluer "
            "and with shorter strokes, until it has van Gogh's blue and yellow.",
            answer="a third style",
        ),
        "map": Caption(
            "Styles that look alike lie near each other",
            "Small pictures of photos, paintings and textures, scattered over a plane; "
            "the grey textures lie together at one edge.",
        ),
        "search": Caption(
            "The search, beside which the guess is measured",
            "A palace that takes on swirls and stars, beside a falling loss.",
        ),
        "kept": Caption(
            "The guess is good at colours and fine strokes, and poor at large forms",
            "Three curves over five layers: the photo's is high, the guess's rises "
            "with depth, the search's stays near zero.",
            within=0.15,
        ),
        "hard": Caption(
            "No bricks and no circles in a guess",
            "Two rows of a style, a guess and a search. In the style of bricks the "
            "guess is a cat with upright lines, and the search has joints around "
            "stones; in Kandinsky's style only the search has discs.",
            answer="both",
        ),
        "learning": Caption(
            "A network learns one style, crop by crop",
            "A palace that becomes blue and gets strokes; a falling, noisy loss.",
        ),
        "learnt": Caption(
            "What was learnt holds for a photo that the network never saw",
            "A cat, and the same cat in blue and yellow strokes.",
            answer="for any photo",
        ),
    },
)
