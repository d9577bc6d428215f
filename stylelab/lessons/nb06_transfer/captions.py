"""What the figures of notebook 06 show, and the answers to its questions."""

from stylelab.lessons.lesson import Caption, Lesson

lesson = Lesson(
    "06",
    {
        "pair": Caption(
            "Two pictures, and we want one",
            "A pavilion above a lake under an empty sky, and van Gogh's Starry Night.",
        ),
        "first": Caption(
            "The style comes first, the content later",
            "Two falling curves of the distance over the steps: after thirty steps the "
            "style is at 0.13, the content at 0.47.",
            answer="the style",
        ),
        "grown": Caption(
            "Noise, until a network sees a palace in it",
            "Grey noise, and a pavilion that has come out of it, in blue and yellow "
            "strokes.",
        ),
        "sky": Caption(
            "Where the photo is empty, the style is free",
            "The palace painted like The Starry Night, with swirls and lights in the "
            "sky; beside it the falling loss.",
        ),
        "starts": Caption(
            "Four starts, nearly one loss, four pictures",
            "Four transfers: two from noise, with wavy roofs; one from the photo, with "
            "sharp lines; one from the painting, with its cypress and moon.",
            answer="at different pictures with similar losses",
        ),
        "layer": Caption(
            "The deeper the content layer, the freer the painter",
            "Two transfers from noise: with relu2_2 every window and roof is there, "
            "with relu5_2 only the ghost of a palace, in strokes.",
            answer="relu5_2",
        ),
        "strokes": Caption(
            "More layers, larger strokes",
            "Four transfers with style from one, two, three and five layers: soft "
            "colours, fine ripples, short strokes, large round lights.",
            answer="relu5_1",
        ),
        "shares": Caption(
            "One layer has nine tenths of the absolute loss",
            within=15,
        ),
        "absolute": Caption(
            "What a layer weighs decides what is painted",
            "The palace twice: with the night and large lights of The Starry Night, "
            "and under a pale sky of short strokes.",
        ),
        "ways": Caption(
            "The same goal, the same number of steps, two ways",
            "Two transfers: Adam on pixels has a pale, patchy sky, L-BFGS on the "
            "spectrum the dark blue and the lights of the night.",
        ),
        "way": Caption(
            "The way down matters, not only the goal",
            "Four falling curves of the loss over the steps; L-BFGS on the spectrum is "
            "lowest.",
            answer="lbfgs, spectrum",
        ),
        "million": Caption(
            "With a loss near 1, torch's L-BFGS remembers nothing and stands still",
            "Left: the loss over twenty steps, which stays at 0.97 with factor 1 and "
            "falls to 0.19 with factor 100 and to 0.15 with 100,000. Right: y·s, below "
            "1e-10 with factor 1, far above it with the others.",
            answer="not at all",
        ),
        "rows": Caption(
            "More style, less content, from either start",
            "Four pictures from the photo, from the photo itself to a palace in "
            "swirls, and four from noise, from a palace to swirls and stars alone.",
        ),
        "curve": Caption(
            "A trade-off at a good rate: the curve sags towards the corner",
            "Style error over content error for both rows: two curves that fall "
            "steeply from the photo, and run flat to the painting.",
            within=0.12,
        ),
        "reverse": Caption(
            "The palace becomes a painting, the painting becomes a photo",
            "The palace in the swirls and colours of the Starry Night, and the Starry "
            "Night with a white sky and green leaves.",
        ),
    },
)
