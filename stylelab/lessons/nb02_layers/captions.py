"""What the figures of notebook 02 show, and the answers to its questions."""

from stylelab.lessons.lesson import Caption, Lesson

lesson = Lesson(
    "02",
    {
        "named": Caption(
            "A network trained on photos names the object in a photo",
            "Four photos, each with a bar chart of the five most probable of 1000 "
            "classes. Coffee is espresso, the cat one of three kinds of cat, the "
            "palace a palace.",
            answer="espresso",
        ),
        "sizes": Caption(
            "Deeper layers have more maps, and smaller ones",
            "The strongest map of five layers on one scale: 64 maps of 224 px at "
            "relu1_1, then 128 of 112, 256 of 56, 512 of 28, and 512 of 14 at relu5_1.",
            answer="more maps, and smaller ones",
        ),
        "maps": Caption(
            "Shallow maps redraw the cat; the deepest only point: here",
            "Five rows of the five strongest feature maps, from relu1_1 to relu5_1. "
            "The upper rows look like drawings of the cat, the lower ones like coarse "
            "spots.",
        ),
        "patches": Caption(
            "Each channel has a taste: patches that excite it resemble each other",
            "Three rows of five patches. Above, small bright dots on dark; in the "
            "middle, edges that fall from left to right; below, round things (stars, "
            "a spoon, a galaxy, an eye) and a village.",
        ),
        "slope": Caption(
            "A pixel that is too dark has a slope below 0", answer="below 0"
        ),
        "rates": Caption(
            "Small steps arrive slowly; steps that are too large never do",
            "Three curves of a pixel that should become 0.7. With rate 0.1 it comes "
            "near slowly, with 0.4 in three steps; with 1.05 it jumps to both sides, "
            "farther each time.",
            answer="it jumps too far, and farther each time",
        ),
        "gradient": Caption(
            "The slope is a picture, too: this channel would change the eyes",
            "A cat; the strength of the slope at each pixel, bright at both eyes, at "
            "an ear and in a corner; and one eye close by, in orange and purple.",
            answer="at the eyes",
        ),
        "by_hand": Caption(
            "Six steps against the slope, and round things grow out of noise",
            "Noise, and the picture after steps 2, 4 and 6: eye-like rings appear.",
        ),
        "grown": Caption(
            "Noise becomes what excites a channel far more than any photo",
            "Round things with rings around them, grown from noise, and the falling "
            "loss over the steps.",
        ),
        "six": Caption(
            "Shallow channels want to see patterns, deep ones want to see things",
            "Six pictures grown from noise: dots, a woven pattern, ropes or hair, "
            "berries, scaly shells, and bamboo-like tubes.",
        ),
        "control": Caption(
            "To random layers, all pictures look more and more alike",
            "The cosine of two pictures over five layers. For five networks with "
            "random weights it rises from 0.4 to 0.94, for the trained one it stays "
            "between 0.2 and 0.43.",
            within=0.15,
        ),
        "found": Caption(
            "It is a constant, not a confusion: without it, pictures are found again",
            "Two panels over five layers, trained against five random networks. With "
            "the mean map subtracted all cosines are -0.1; both networks find 7 to 10 "
            "of ten mirrored pictures.",
            within=1.5,
        ),
        "strongest": Caption(
            "The deepest trained map (above) points, the random one (below) blurs",
            "Two rows of five feature maps. In the trained network relu5_1 "
            "singles out parts of the cat; random maps are ever more blurred copies.",
        ),
    },
)
