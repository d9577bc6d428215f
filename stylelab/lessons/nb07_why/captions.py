"""What the figures of notebook 07 show, and the answers to its questions."""

from stylelab.lessons.lesson import Caption, Lesson

lesson = Lesson(
    "07",
    {
        "lamps": Caption(
            "The same face four times: only the lamp has moved",
            "A bald plaster head, lit from the front, from the left, from below like a "
            "ghost, and from the right above. Each time other parts lie in shadow.",
        ),
        "pixels": Caption(
            "For pixels, the lamp matters more than the person",
            "One head, the same head lit from below, and a bearded head with a broad "
            "jaw, lit as the first one.",
            answer="another head, lit as before",
        ),
        "relit": Caption(
            "A photo under the same four lamps",
            "The pavilion four times: bright in the middle, from the left, from below, "
            "and from the right above.",
        ),
        "lamp": Caption(
            "The trained network cares less for the lamp with every layer",
            "Distance under another lamp over that of another object, from relu1_1 to "
            "relu5_1.",
            answer="the trained one falls",
        ),
        "light": Caption(
            "What is learnt is the fall after relu2_1",
            "Distance under another lamp over that of another object, from relu1_1 to "
            "relu5_1, now with the random networks whose first kernels sum to zero.",
            within=0.06,
        ),
        "people": Caption(
            "By row the person stays, by column the light",
            "Sixteen heads: a bald one, one with long hair and a fringe, one with a "
            "beard, and one with grey curls, each under four lamps.",
        ),
        "persons": Caption(
            "Training makes the person far easier to find",
            "How often the nearest picture under another lamp shows the same person, "
            "from relu1_1 to relu5_1.",
        ),
        "faces": Caption(
            "Deep layers have not forgotten the lamp",
            answer="always",
        ),
        "crossed": Caption(
            "Rows keep the photo, columns keep the style",
            "A cup of coffee, a cat, a pavilion and a rocket, each painted like The "
            "Starry Night, Composition VIII, The Great Wave and Bal du moulin de la "
            "Galette.",
        ),
        "told": Caption(
            "Maps tell both; an early Gram matrix tells the style alone",
            "How often the nearest neighbour has the same style, and the same photo.",
            within=12,
        ),
        "quarters": Caption(
            "Which quarter below belongs to which above?",
            "Two rows of cuttings from paintings by van Gogh, Kandinsky, Hokusai and "
            "Renoir.",
        ),
        "paintings": Caption(
            "Early style needs no training, deep style gains by it",
            "How often the Gram matrix of a quarter is nearest to another quarter of "
            "the same painting, from relu1_1 to relu5_1.",
            answer="about as well",
        ),
        "named": Caption(
            "The network soon stops seeing what is painted. Do you?",
            "A cup, a cat and a pavilion with more and more style, and how probable "
            "their right names are.",
            answer="the cat",
        ),
        "vgg": Caption(
            "With the same losses, VGG makes the better textures",
            "Bricks and the Starry Night as textures from VGG, from EfficientNet, and "
            "from EfficientNet smoothed, and how far their patches are off.",
            answer="worse than VGG's",
        ),
    },
)
