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
            "diagonal two equal blocks of 3 x 3 are outlined; the other two blocks "
            "hold other numbers.",
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
        ),
        "layers": Caption(
            "With deeper layers, larger structures come back",
            "One row per texture: gravel, brick, a starry night. From the first layer "
            "alone come specks of colour; with two and three layers strokes, pebbles "
            "and bricks; with all five stars and a moon.",
        ),
        "drawn": Caption(
            "A wall that a program draws, and noise in its colours",
            "Two pieces of a wall of red bricks in straight rows, with dark mortar, "
            "and noise in the same red and dark colours.",
        ),
        "order": Caption(
            "relu2_1 brings most of the order, deeper layers add little",
            "Dots in six columns, with a bar at the middle of each. Noise in the "
            "wall's colours and relu1_1 alone have an order error of 2 and more; with "
            "relu2_1 it falls below 1, with more layers a little further, by less than "
            "the dots of a column differ, and the real pieces lie at 0.",
            answer="adding relu2_1",
        ),
        "ruler": Caption("The ruler is blind to where the crests lie", within=0.03),
        "phases": Caption(
            "A Gaussian knows gravel from far away, and no brick",
            "Two rows of three pictures: gravel from far away, random phases that look "
            "much like it, and a synthesis from Gram matrices; a wall, random phases "
            "that are a woven cloth without bricks, and a synthesis with bricks.",
        ),
        "learnt": Caption(
            "Few numbers make gravel; random filters make granite",
            "A piece of gravel and three syntheses of it: stones with sharp edges from "
            "Gram matrices and from means and deviations; grains with soft edges, like "
            "granite, from random filters.",
            answer="a texture, but not gravel",
        ),
        "random": Caption(
            "Random filters bring as much order as trained ones",
            "Dots in six columns. Those of five random networks lie between 0.6 and "
            "0.8, among those of three and of all five trained layers.",
        ),
        "pooling": Caption(
            "A mean of four makes the maps ever smaller, unless it is enlarged",
            "Two curves over the layers: with the mean of four the maps fall from 1 at "
            "relu1_1 to 0.12 at pool5; with 1.5 times the mean they stay near 1.",
            within=0.12,
        ),
        "remedies": Caption(
            "Average pooling leaves the grain, total variation takes too much",
            "A brick wall and four syntheses of it, with the strength of their finest "
            "waves beside those of the wall: about 18 times from Gram matrices alone "
            "and with average pooling, a quarter with total variation, once with the "
            "spectrum.",
            answer="average pooling",
        ),
        "grain": Caption(
            "The grain is a chequerboard that no layer minds",
            "Corners of the five walls, and below them their finest waves alone: faint "
            "in the real wall, patches of a chequerboard with Gram matrices alone and "
            "with average pooling, nothing with total variation, faint with the "
            "spectrum.",
        ),
    },
)
