"""What the figures of notebook 04 show, and the answers to its questions."""

from stylelab.lessons.lesson import Caption, Lesson

lesson = Lesson(
    "04",
    {
        "grown": Caption(
            "Noise is changed until relu4_2 answers as it did to the cat",
            "A cat that grew from noise, a little duller than the photo, and its "
            "falling loss.",
        ),
        "moments": Caption(
            "The eyes come first, the colours last",
            "Four moments of the run: eyes in a greenish haze, a face of wiry fur, "
            "then more and more of the cat's colours.",
            answer="the eyes",
        ),
        "layers": Caption(
            "The deeper the layer, the less it knows of the pixels",
            "A photo of a cat and what five layers know of it. From relu1_2 to relu3_2 "
            "it looks like the photo, from relu4_2 duller; from relu5_2 a cat with "
            "garish fur.",
        ),
        "deep": Caption("relu5_2 comes no nearer to the pixels than grey", within=3),
        "twins": Caption(
            "relu5_2 can hardly tell these three apart",
            "The photo and two wild reconstructions, which differ in fur and colours.",
            answer="another picture, the same to relu5_2",
        ),
        "grain": Caption(
            "Average pooling keeps the grain; 54 numbers of the photo calm it",
            "Four cats from relu5_2: alone and with average pooling loud and grainy, "
            "with smoothness pale and soft, with the spectrum of the photo calmer.",
            answer="54 numbers of the photo",
        ),
        "others": Caption(
            "You still see what it is; the namer no longer does",
            "A cup of coffee and a palace, each as a photo and as relu4_2 and relu5_2 "
            "know it: the colours turn wild, cup and roofs stay. The "
            "namer says espresso and palace, then potter's wheel and castle, then "
            "nematode and park bench.",
        ),
        "random": Caption(
            "Random weights: a copy from relu2_2, a ghost, then noise",
            "What four layers with random weights know of a cat: nearly a copy from "
            "relu2_2, a ghost from relu3_2, and noise from relu4_2 and relu5_2.",
            answer="a ghost of the cat",
        ),
        "average": Caption(
            "With average pooling a random relu3_2 gives back the cat, too",
            "Three rows, for relu3_2, relu4_2 and relu5_2, of a trained network and "
            "two random ones: the random cats are clear, then buried in noise, then "
            "gone.",
            answer="the cat, nearly as from a trained one",
        ),
        "seeds": Caption(
            "From relu4_2 on, random layers keep as many pixels, but no cat",
            "Three panels over relu3_2, relu4_2 and relu5_2, the trained network "
            "against five random ones. PSNR is alike for both; what is left of the "
            "loss is lower for most random ones; a cat is found in what the trained "
            "relu4_2 kept, and in no random one's.",
        ),
        "pixels": Caption(
            "The same loss and as many steps: waves find more of the photo",
            "The photo, a bluish reconstruction by pixels, and a warmer one by waves.",
        ),
        "waves": Caption(
            "In waves the loss falls faster",
            "Two falling curves of the loss over the steps; that of the waves ends "
            "lower.",
            answer="waves",
        ),
    },
)
