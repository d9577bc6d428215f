"""What the figures of notebook 01 show, and the answers to its questions."""

from stylelab.lessons.lesson import Caption, Lesson

lesson = Lesson(
    "01",
    {
        "wall": Caption(
            "An edge filter's numbers sum to 0, a blur's to 1",
            "Three tables of 3 by 3 numbers: upright edges, with minus on the left "
            "and plus on the right; level edges, with minus above and plus below; "
            "blur, nine times 0.11.",
            answer="the edge filters",
        ),
        "level": Caption(
            "One picture, three filters: each asks its own question",
            "A pavilion above a lake in grey, and three maps of it: a slightly softer "
            "picture; its upright edges in orange and purple, mostly columns; its "
            "level edges, mostly roofs.",
            answer="nothing",
        ),
        "shape": Caption(
            "Five kernels give five maps, two pixels narrower without padding",
            answer="5 × 158 × 238",
        ),
        "rank": Caption(
            "Two edge filters are enough for every direction", answer="two"
        ),
        "mixed": Caption(
            "Two maps make the map of any direction, and miss no edge",
            "The top of the pavilion, three times: slanting edges at 45 degrees, at "
            "135 degrees, and the strength of all edges in white on black.",
        ),
        "learnt": Caption(
            "VGG-19's first layer: edges and colours that nobody drew",
            "64 tiny colour patterns: many are light on one side and dark on the "
            "other, at various angles, others a single colour or two opposite "
            "colours.",
        ),
        "chance": Caption(
            "Maps of edges come by chance, edge filters do not",
            "Two rows of dots. Maps like edges: VGG-19 has 24 of 64, five sets of "
            "random kernels have 12 to 16. Kernels like edge filters: VGG-19 has 26, "
            "the random sets have 0 or 1.",
            within=4,
        ),
        "examples": Caption(
            "Robots and bananas: only the form tells them apart",
            "Sixteen small noisy drawings in random colours, robots and bananas in "
            "turn.",
        ),
        "training": Caption(
            "A network learns to tell robots from bananas",
            "Two curves over the training steps: the loss falls towards 0, and the "
            "share of unseen pictures named rightly rises from one half to nearly 1.",
        ),
        "steps": Caption("95 % right after some 80 steps", within=20),
        "filters": Caption(
            "Training adds bars, edges and blobs to random numbers",
            "Three rows of eight colour patterns of 7 by 7 pixels. Before: coloured "
            "snow. After: snow in which bars and edges show. The difference: clear "
            "bars and edges.",
        ),
        "hard": Caption(
            "What it finds hardest: the probability that it gave to the truth",
            "The six unseen pictures that the network was least sure of, each with "
            "its true kind and the probability that the network gave to it.",
        ),
        "rivals": Caption(
            "Convolutions win both tasks, with 23 times fewer numbers",
            "Gain in decibel over the steps, for noise and for blur: the curves of "
            "five convolutional networks lie above those of five MLPs.",
            answer="the convolutions",
        ),
        "restored": Caption(
            "The answer can be a picture: noise (above) and blur (below) removed",
            "Two rows, noise and blur: spoilt, restored by convolutions, restored by "
            "the MLP.",
        ),
    },
)
