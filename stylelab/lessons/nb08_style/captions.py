"""What the figures of notebook 08 show, and the answers to its questions."""

from stylelab.lessons.lesson import Caption, Lesson

lesson = Lesson(
    "08",
    {
        "drawing": Caption(
            "The drawing is in the luminance",
            "A photo, the same in greys, and its colours alone, all equally light: "
            "windows and roofs can be seen in the greys only.",
            answer="in the luminance",
        ),
        "colours": Caption(
            "The same brush, with the painting's colours and with the photo's",
            "Three times the palace in van Gogh's strokes: blue and yellow; in the "
            "photo's own colours; and in a palette like the photo's.",
            answer="by luminance",
        ),
        "regions": Caption(
            "Two paintings, and where each of them goes",
            "A palace by a lake; a mask, white in the sky; The Starry Night; The Great "
            "Wave.",
        ),
        "guided": Caption(
            "A guided Gram matrix is that of its region alone",
            answer="the Gram matrix of the left half",
        ),
        "parted": Caption(
            "The sky from van Gogh, the earth from Hokusai",
            "A palace whose sky is full of swirls and stars, above trees that have "
            "become waves, beside the falling loss.",
        ),
        "windows": Caption(
            "The same 48 pixels hold more of the painting when it is small",
            "Three windows of 48 x 48 pixels into The Starry Night: most of it, one "
            "swirl, and a few strokes.",
        ),
        "brush": Caption(
            "The painting's size decides how wide the strokes become",
            "Three times the palace as a starry night: with many small stars, with "
            "some, and with a few broad strokes.",
            within=0.2,
        ),
        "sum": Caption(
            "A sum of losses and a mean of matrices have the same slope",
            answer="the same picture",
        ),
        "middle": Caption(
            "From one painter to another, by shares of their Gram matrices",
            "Five pictures of the palace, from the swirls of The Starry Night to the "
            "waves and the paper colour of The Great Wave.",
            answer="something of its own",
        ),
        "controls": Caption(
            "One control at a time, from the same picture",
            "Six pictures of the palace: a mixture of two styles; one of them alone; "
            "in the photo's colours; with small strokes; in two regions; without large "
            "forms.",
        ),
        "apart": Caption(
            "Colour and place come apart; painter, brush and large forms only in part",
            "A table of five controls by five measures, with a dot for each of ten "
            "trials. Beside the diagonal most dots lie near 0. Large forms move under "
            "the brush and another painter; the brush moves under another painter.",
            answer="another painter",
        ),
    },
)
