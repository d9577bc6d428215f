"""What the figures of notebook 05 show, and the answers to its questions."""

from stylelab.lessons.lesson import Caption, Lesson

lesson = Lesson(
    "05",
    {
        "places": Caption(
            "The Gram matrix says what occurs together, and not where",
            "Four small matrices: maps of three features at four places, their mean "
            "products, the same maps with the places in another order, and the same "
            "products again.",
        ),
        "batch": Caption(
            "Half of the numbers multiply one picture with the other",
            "Six rows of four numbers, and a matrix of their 6 x 6 products. On its "
            "diagonal stand two equal blocks of 3 x 3; the two blocks beside it are "
            "different.",
            within=0.5,
        ),
        "disturbed": Caption(
            "The Gram matrix forgets where a feature stands, not what the feature is",
            "Four disturbances of a photo with two bars each. Shuffled maps and a "
            "rolled photo hardly change the Gram matrix, shuffled pixels change it "
            "most; the maps change a lot every time.",
            answer="4 pixels shuffled",
        ),
        "grown": Caption(
            "Noise, changed until its Gram matrices are those of gravel",
            "Gravel that grew from noise, and its loss, which falls over the steps.",
        ),
        "moments": Caption(
            "First edges, then stones with a light and a dark side",
            "A piece of gravel and four moments of the run: a net of edges in coloured "
            "noise, then flat stones, then stones with shadows, in grey.",
            answer="edges",
        ),
        "layers": Caption(
            "With deeper layers, larger structures come back",
            "One row per texture: gravel, brick, a starry night. From the first layer "
            "alone come specks of colour; with two and three layers strokes, pebbles "
            "and bricks; with all five stars and a moon.",
        ),
        "order": Caption(
            "Three layers put the wall in order; the last two add none",
            "Dots in six columns. Real pieces of the wall lie low, noise in its "
            "colours and relu1_1 alone high; with relu2_1 and relu3_1 the dots come "
            "down to the real pieces, and with all five they lie a little higher.",
            answer="and relu3_1",
        ),
        "phases": Caption(
            "A Gaussian knows gravel from far away, and no brick",
            "Two rows of three pictures: gravel from far away, random phases that look "
            "much like it, and a synthesis from Gram matrices; a wall, random phases "
            "that are a woven cloth without bricks, and a synthesis with bricks.",
        ),
        "ruler": Caption("The ruler is blind for phases", within=0.03),
        "numbers": Caption(
            "Six numbers of description for one of the picture", within=2
        ),
    },
)
