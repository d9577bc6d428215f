"""What the figures of notebook 03 show, and the answers to its questions."""

from stylelab.lessons.lesson import Caption, Lesson

lesson = Lesson(
    "03",
    {
        "poked": Caption("A pixel reaches 25 neurons of relu1_2", within=1),
        "pool5": Caption("A neuron of pool5 sees 268 px", within=30),
        "boxes": Caption(
            "What one neuron can see of a photo, layer by layer",
            "A pavilion above a lake with five nested squares around one point: 156, "
            "68, 24, 10 and 3 pixels wide. The largest holds most of the building.",
        ),
        "roof": Caption(
            "All that a neuron knows of the world: a roof from relu4_1 on",
            "Five cut-outs around one point, 3 to 156 pixels wide: flat colours, a "
            "few tiles, an edge of a roof, a storey with a roof, nearly the whole "
            "pavilion.",
            answer="relu4_1",
        ),
        "gradient": Caption(
            "Every measured square is as large as computed", answer="as computed"
        ),
        "influence": Caption(
            "A neuron sees the middle of its field much better than its border",
            "Three square heat maps, each bright in the middle and dark towards its "
            "border. A white square holds 90 % of the influence: nearly the whole "
            "field of relu2_2, about half the width of the fields of relu4_1 and "
            "relu5_1.",
        ),
        "effective": Caption(
            "Half of the width holds nine tenths of the influence", within=15
        ),
        "growth": Caption(
            "Pooling makes fields grow: without it 16 convolutions see only 33 px",
            "Three curves over the layers: VGG-19's field up to 268 px, its effective "
            "field at about half of that, and a network without pooling, which ends "
            "at 33 px.",
            within=10,
        ),
        "patterns": Caption(
            "On a larger photo, the patterns of a style are smaller", answer="smaller"
        ),
        "board": Caption(
            "One convolution sees single stones, but stones live and die in chains",
            "The same corner of a Go board twice. Left: each stone has its number of "
            "empty neighbours, and every stone with a 1 is ringed. Right: only the "
            "stones in atari by the rules are ringed, far fewer.",
        ),
        "atari": Caption(
            "Atari by convolution is exact once enough layers carry the news along",
            "A curve over the number of layers: the share of stones judged as by the "
            "rules rises to 100 percent.",
            within=1,
        ),
    },
)
